"""A table that a spreadsheet saved gets its form back, its values as they are; what is no matter of form is left."""

from __future__ import annotations

import invented
import openpyxl
import pytest

from casepool.entry import rows
from casepool.entry.tidying import tidy
from casepool.files import sheets
from casepool.model.errors import FileError

DAMAGES = {
    "semicolon, Windows": lambda text: text.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "tabs": lambda text: text.replace(",", "\t").encode(),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_form_is_put_right_and_no_value_changes(project, damage):
    place = rows.place_of(project, "reports")
    invented.write_csv(place.file, "reports", invented.report(journal="Méd Interne", title="a", authors="=SUM(1)"))
    before = sheets.read_table("reports", place.file)
    place.file.write_bytes(DAMAGES[damage](place.file.read_text()))
    (said,) = tidy(project)
    assert said.id == "tidied"
    rows.read(place)
    assert sheets.read_table("reports", place.file).equals(before)
    assert [one.id for one in tidy(project)] == ["all_tidy"]


def test_columns_of_another_order_come_back_into_theirs(project):
    place = rows.place_of(project, "retraction_overrides")
    place.file.write_text("reader,date,report_id,reason\nr,2026-01-31,alpha2020,x\n")
    tidy(project)
    assert rows.open_row(place, ("alpha2020",)).cells["reader"] == "r"


@pytest.mark.parametrize(
    "content",
    [
        b"report_id,reason,reader,date\na,caf\xc3\xa9,r,2026-01-31\nb,caf\xe9,r,2026-01-31\n",
        b"report_id,reason,reader,date,extra\na,b,r,2026-01-31,x\n",
        b"report_id,reason,reader,date\na,b,r,2026-01-31\na,c,r,2026-01-31\n",
        b"<<<<<<< ours\nreport_id,reason,reader,date\n=======\n>>>>>>> theirs\n",
        b'report_id,reason,reader,date\na,"b,r,2026-01-31\n',
        b"",
    ],
    ids=["two encodings", "an unknown column", "a key twice", "signs of a merge", "a lone quotation mark", "empty"],
)
def test_what_would_lose_or_guess_something_is_named_and_left(project, content):
    place = rows.place_of(project, "retraction_overrides")
    place.file.write_bytes(content)
    assert [one.id for one in tidy(project)] == ["not_tidied"]
    assert place.file.read_bytes() == content


def as_workbook(path, **changes):
    """Keep the patients of a project as a workbook alone, as a French reader types them."""
    header, row = (line.split(",") for line in path.read_text().splitlines())
    book = openpyxl.Workbook()
    book.active.title = "patients"
    book.active.append(header)
    book.active.append([changes.get(name, cell) or None for name, cell in zip(header, row, strict=True)])
    book.save(path.with_suffix(".xlsx"))
    path.unlink()
    return path.with_suffix(".xlsx")


def test_a_table_kept_as_a_workbook_becomes_csv_as_it_was_read_and_the_workbook_is_kept(project):
    """Nobody has to save it by hand in the right form before a row can be entered."""
    place = rows.place_of(project, "patients")
    workbook = as_workbook(place.file, sex="femme", date="31/01/2026")
    before, content = sheets.read_table("patients", workbook), workbook.read_bytes()
    with pytest.raises(FileError, match="casepool tidy"):
        rows.read(place)
    assert "workbook_tidied" in [one.id for one in tidy(project)]
    assert rows.open_row(place, ("alpha2020", "p1")).cells["sex"] == "female"
    assert sheets.read_table("patients", place.file).equals(before)
    assert not workbook.exists()
    assert (project / ".casepool" / "patients.xlsx").read_bytes() == content


def test_a_workbook_with_a_problem_stays_as_it_is(project):
    """What cannot be read is not guessed, and not lost."""
    workbook = as_workbook(rows.place_of(project, "patients").file, age_years="63 ans")
    (said,) = tidy(project)
    assert (said.id, said["n"]) == ("workbook_not_tidied", 1)
    assert workbook.exists()
