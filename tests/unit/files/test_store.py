"""Tables between stages: one dialect, the same rules for who writes and who reads."""

from __future__ import annotations

from pathlib import Path

import invented
import pandas as pd
import pytest

from casepool.contract import TABLES
from casepool.files import sheets, store
from casepool.model.errors import CuratedDataError, FileError, StoredTableError

RELAPSE_WITHOUT_RESPONSE = invented.patient(response="none", relapse="yes")


def stored(folder: Path, *rows: invented.Row, name: str = "reports") -> Path:
    """Return the path of a table that was written."""
    path = folder / f"{name}.csv"
    store.write_table(name, invented.frame(name, *rows), path)
    return path


def test_rows_are_written_in_the_order_of_their_key(tmp_path):
    """Two people who type in another order make the same file."""
    frame = invented.frame("reports", invented.report("beta2021"), invented.report("alpha2020"))
    store.write_table("reports", frame, tmp_path / "reports.csv")
    lines = (tmp_path / "reports.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["report_id", "alpha2020", "beta2021"]


def test_a_row_that_reading_refuses_is_not_written(tmp_path):
    """A lost response without a response breaks a rule over the row, not a column."""
    typed = invented.write_csv(tmp_path / "typed.csv", "patients", RELAPSE_WITHOUT_RESPONSE)
    with pytest.raises(CuratedDataError, match="relapse = yes"):
        sheets.read_table("patients", typed)
    with pytest.raises(StoredTableError, match=r"row 2, relapse; expected"):
        stored(tmp_path / "made", RELAPSE_WITHOUT_RESPONSE, name="patients")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([invented.report(year=1789)], "row 2, year; expected a whole number from 19"),
        ([invented.report(), invented.report()], "row 3, report_id; expected each key once"),
        ([invented.report(report_type=None)], "row 2, report_type; expected one of"),
        ([invented.report(report_type="")], "row 2, report_type; expected one of"),
        ([invented.report(study_id="two words")], "row 2, study_id; expected an id"),
    ],
)
def test_a_table_that_breaks_its_contract_is_not_written(tmp_path, rows, told):
    """What the next stage could not read is not handed on: columns, keys and required cells."""
    with pytest.raises(StoredTableError) as raised:
        stored(tmp_path, *rows)
    assert told in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_every_fault_is_named_by_row_and_column_and_no_value_is_quoted(tmp_path):
    """The message may go to a log, and the table may be private."""
    rows = (invented.report("alpha2020", year=1789), invented.report("beta2021", report_type="zorglub"))
    with pytest.raises(
        StoredTableError, match=r"2 fault\(s\) in a stored table\n  row 2, year.*\n  row 3, report_type"
    ) as e:
        stored(tmp_path, *rows)
    assert "1789" not in str(e.value)
    assert "zorglub" not in str(e.value)


def test_what_people_type_in_other_forms_is_not_read_between_stages(tmp_path):
    """No guess at encodings, separators, labels, decimal commas, order or line ends: each other form is refused."""
    path = stored(
        tmp_path, invented.patient(note="Créteil", age_years=61.5), invented.patient("beta2021"), name="patients"
    )
    content = path.read_bytes()
    header, first, second = content.decode().splitlines()
    others = {
        "semicolons": content.replace(b",", b";"),
        "windows encoding": content.decode().encode("cp1252"),
        "byte order mark": b"\xef\xbb\xbf" + content,
        "line ends": content.replace(b"\n", b"\r\n"),
        "label": content.replace(b",complete,", "Complète".encode().join([b",", b","])),
        "decimal comma": content.replace(b",61.5,", b',"61,5",'),
        "more digits": content.replace(b",61.5,", b",61.50,"),
        "a count as a number": content.replace(b",61.5,", b",6.15e1,"),
        "another order": f"{header}\n{second}\n{first}\n".encode(),
        "columns moved": content.replace(b"report_id,patient_label", b"patient_label,report_id", 1),
        "a column less": b"\n".join(line.rpartition(b",")[0] for line in content.splitlines()) + b"\n",
        "a cell too many": content.replace(b",61.5,", b",61.5,,"),
        "a cell too few": content.replace(b",61.5,", b","),
        "an empty row": content + b"\n",
        "no end of line": content[:-1],
        "quotation marks": content.replace(b",61.5,", b',"61.5",'),
        "nothing": b"",
    }
    assert {name for name, other in others.items() if other == content} == set()
    assert [name for name, other in others.items() if _is_read(path, other)] == []
    assert _is_read(path, content)


def _is_read(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    try:
        store.read_table("patients", path)
    except StoredTableError:
        return False
    return True


def test_a_file_changed_by_hand_is_refused_at_the_line_of_the_change(tmp_path):
    """Whoever edits a stage table instead of its source learns where."""
    path = stored(tmp_path, invented.report("alpha2020"), invented.report("beta2021"))
    path.write_text(path.read_text().replace("beta2021,", "beta2021 ,", 1))
    with pytest.raises(StoredTableError, match="row 3, report_id"):
        store.read_table("reports", path)
    path.write_text(path.read_text().replace("beta2021 ,", '"beta2021",', 1))
    with pytest.raises(StoredTableError, match="line 3; expected the form and order in which the program writes"):
        store.read_table("reports", path)


def test_a_missing_stage_table_is_a_source_data_error(tmp_path):
    """The message names the file."""
    with pytest.raises(FileError, match="cannot be read"):
        store.read_table("reports", tmp_path / "reports.csv")


def test_columns_that_the_contract_does_not_know_are_not_written(tmp_path):
    """A frame may carry more than its table; a column that is missing is an error."""
    frame = invented.frame("reports", invented.report()).assign(extra="x")
    store.write_table("reports", frame, tmp_path / "reports.csv")
    assert list(store.read_table("reports", tmp_path / "reports.csv").columns) == TABLES["reports"].names
    with pytest.raises(KeyError, match="year"):
        store.write_table("reports", frame.drop(columns="year"), tmp_path / "reports.csv")


def test_an_empty_text_is_stored_as_missing(tmp_path):
    """A CSV cell has one sign for both."""
    found = store.read_table("reports", stored(tmp_path, invented.report(title="")))
    assert found["title"].isna().all()


def test_frames_are_stacked_in_the_types_of_the_contract():
    """A frame that lacks a column has missing cells there."""
    whole = invented.frame("reports", invented.report())
    both = store.stack("reports", whole, pd.DataFrame({"report_id": ["beta2021"]}))
    assert both.dtypes.to_dict() == whole.dtypes.to_dict()
    assert both["report_id"].tolist() == ["alpha2020", "beta2021"]
    assert both["year"].isna().tolist() == [False, True]
