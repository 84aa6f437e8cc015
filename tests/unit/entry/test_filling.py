"""A filled template reaches the tables whatever it is called, and never writes over what stands there."""

from __future__ import annotations

from pathlib import Path

import invented
import openpyxl
import pytest
from typer.testing import CliRunner

from casepool.contract.texts import column_label
from casepool.entry.filling import Correction, merge, offer
from casepool.extraction.curated import read_curated
from casepool.extraction.template import OF_A_REPORT, write_template
from casepool.model.errors import CuratedDataError, FileError
from casepool.model.message import text


def filled(path: Path, **rows: list[invented.Row]) -> Path:
    """Write the French workbook of a report with some rows (SYNTHETIC), as a person would type them."""
    write_template(OF_A_REPORT, path, invented.protocol(), "fr")
    book = openpyxl.load_workbook(path)
    for table, lines in rows.items():
        header = [cell.value for cell in book[table][1]]
        for number, row in enumerate(lines, start=2):
            for name, value in row.items():
                book[table].cell(number, header.index(column_label(table, name, "fr")) + 1).value = value
    book.save(path)
    return path


def test_new_rows_of_several_sheets_and_empty_cells_are_written_in_one_step(project, tmp_path):
    """The morning of a physician is in the tables, and no other byte of them moved."""
    patients = project / "data" / "curated" / "patients.csv"
    before = patients.read_text()
    new = invented.patient(patient_label="p2", sex="homme", response="partielle", age_years=61, disease="PTI")
    more = {"report_id": "alpha2020", "patient_label": "p1", "age_years": 40, "dose": "10 mg/kg", "death": "non"}
    file = filled(tmp_path / "Dupont (copie).xlsx", patients=[new, more], cohorts=[invented.cohort("alpha2020")])
    said = [text(one, "fr") for one in offer(project, file).said()]
    assert patients.read_text() == before
    assert "patients : 1 nouvelle(s), 1 complétée(s), 0 différente(s), 0 inchangée(s)" in said
    assert "  complétée : report_id=alpha2020, patient_label=p1 : dose = 10 mg/kg" in said
    merge(project, file)
    rows = read_curated(project / "data" / "curated")["patients"].set_index("patient_label")
    assert tuple(rows.loc["p2", ["sex", "response", "disease", "age_years"]]) == ("male", "partial", "itp", 61)
    assert tuple(rows.loc["p1", ["dose", "death", "age_years"]]) == ("10 mg/kg", "no", 40)
    assert len(read_curated(project / "data" / "curated")["cohorts"]) == 1
    assert not offer(project, file).writes


def test_a_cell_that_says_otherwise_is_kept_until_a_reason_makes_it_a_correction(project, tmp_path):
    """What was typed first is in git: it is corrected with a reason, never written over."""
    patients, row = project / "data" / "curated" / "patients.csv", invented.patient(age_years=45)
    before = patients.read_text()
    file = invented.write_csv(tmp_path / "any name.csv", "patients", row)
    assert "merge_kept" in [one.id for one in merge(project, file)]
    assert patients.read_text() == before
    merge(project, file, Correction("Digits exchanged.", "reader_two", "2026-02-01"))
    assert patients.read_text() == before
    curated = read_curated(project / "data" / "curated")
    assert (curated.problems, curated["patients"]["age_years"].tolist()) == ((), [45.0])
    with pytest.raises(FileError, match="corrected already"):
        merge(project, file, Correction("Again.", "reader_two", "2026-02-02"))


def test_a_file_with_a_mistake_writes_nothing_and_names_all_of_them(project, tmp_path):
    """Half of a file would be worse than none."""
    before = (project / "data" / "curated" / "patients.csv").read_text()
    rows = [
        invented.patient(patient_label=label, age_years=wrong) for label, wrong in (("p2", "old"), ("p3", "63 ans"))
    ]
    file = invented.write_csv(tmp_path / "p.csv", "patients", *rows, invented.patient(patient_label="p4"))
    with pytest.raises(CuratedDataError) as caught:
        merge(project, file)
    assert [(one.row, one.column, one.nearest) for one in caught.value.problems] == [
        (2, "age_years", ""),
        (3, "age_years", "63"),
    ]
    assert (project / "data" / "curated" / "patients.csv").read_text() == before


def test_a_file_that_is_no_table_is_refused_by_name(project, tmp_path):
    """A shopping list is not merged."""
    (tmp_path / "list.csv").write_text("milk,bread\n1,2\n")
    with pytest.raises(FileError, match=r"list\.csv: no sheet"):
        offer(project, tmp_path / "list.csv")


def test_the_command_shows_first_and_writes_with_yes(project, tmp_path, monkeypatch):
    """Without --yes, and nobody to ask, nothing is written and that is said."""
    from casepool.cli import filling, main

    monkeypatch.setattr(filling, "protocol_of", lambda _: invented.protocol())
    file = invented.write_csv(tmp_path / "p.csv", "patients", invented.patient(patient_label="p2", age_years=50))
    command = ["merge", str(file), "--folder", str(project), "--lang", "fr"]
    shown = CliRunner().invoke(main.app, command)
    assert (shown.exit_code, "Rien n’est encore écrit" in shown.output) == (0, True)
    done = CliRunner().invoke(main.app, [*command, "--yes"])
    assert "1 ligne écrite. Ensuite : casepool check" in done.output
    assert len(read_curated(project / "data" / "curated")["patients"]) == 2
