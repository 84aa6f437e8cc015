"""What people type is read forgivingly; what changes is noted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import invented
import openpyxl
import pytest

from casepool.contract import TABLES
from casepool.files.cells import read_cells
from casepool.files.dialect import normalise
from casepool.files.encoding import decode
from casepool.files.sheets import CheckedTable, check_table
from casepool.model.errors import FileError


@pytest.fixture
def plain(tmp_path: Path) -> bytes:
    """Return the bytes of a valid patients.csv of two patients."""
    rows = (invented.patient(note="Créteil"), invented.patient(patient_label="p2", age_years=61.5))
    return invented.write_csv(tmp_path / "plain.csv", "patients", *rows).read_bytes()


def read(folder: Path, content: bytes) -> CheckedTable:
    """Return the checked table of a patients.csv with this content."""
    path = folder / "patients.csv"
    path.write_bytes(content)
    return check_table("patients", path)


def test_a_plain_file_is_read_without_any_note(tmp_path, plain):
    """UTF-8, comma, LF is the project's own dialect."""
    checked = read(tmp_path, plain)
    assert (checked.problems, checked.notes, len(checked.frame)) == ((), (), 2)


def test_a_byte_order_mark_is_removed_and_noted(tmp_path, plain):
    """Excel writes the mark before the first column name."""
    checked = read(tmp_path, b"\xef\xbb\xbf" + plain)
    assert checked.problems == ()
    assert tuple(map(str, checked.notes)) == ("byte order mark removed",)


def test_windows_1252_is_read_and_noted(tmp_path, plain):
    """Accents survive the encoding of French Windows."""
    checked = read(tmp_path, plain.decode().encode("cp1252"))
    assert checked.frame["note"].iloc[0] == "Créteil"
    assert tuple(map(str, checked.notes)) == ("read as Windows-1252",)


def test_semicolons_separate_where_the_header_says_so(tmp_path, plain):
    """French Excel writes semicolons."""
    checked = read(tmp_path, plain.replace(b",", b";"))
    assert checked.problems == ()
    assert tuple(map(str, checked.notes)) == ("semicolon as separator",)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_line_ends_of_other_systems_give_the_same_table(tmp_path, plain, ending):
    """CRLF (Windows) and CR (old Mac) are line ends."""
    expected = read(tmp_path, plain).frame
    assert read(tmp_path, plain.replace(b"\n", ending)).frame.equals(expected)


def test_a_decimal_comma_is_a_decimal_point(tmp_path):
    """61,5 years are 61.5 years, and the change is noted."""
    row = invented.patient(age_years="61,5")
    checked = check_table("patients", invented.write_csv(tmp_path / "patients.csv", "patients", row))
    assert checked.frame["age_years"].iloc[0] == 61.5
    assert tuple(map(str, checked.notes)) == ("1 cell understood: age_years 1 (61,5: 61.5)",)


def test_a_comma_in_a_count_is_not_taken_for_a_decimal_comma(tmp_path):
    """1,000 patients must not become one patient."""
    row = invented.cohort(n_treated="1,000", n_evaluable="", n_response="", n_none="")
    checked = check_table("cohorts", invented.write_csv(tmp_path / "cohorts.csv", "cohorts", row))
    assert [problem.column for problem in checked.problems] == ["n_treated"]


def test_a_french_date_becomes_an_iso_date(tmp_path):
    """31/1/2026 is the thirty-first of January."""
    row = invented.patient(date="31/1/2026")
    checked = check_table("patients", invented.write_csv(tmp_path / "patients.csv", "patients", row))
    assert checked.frame["date"].iloc[0] == "2026-01-31"


@pytest.mark.parametrize("date", ["31/02/2026", "2026-02-30", "2026-1-5", "01-02-2026", "January 2026"])
def test_a_date_that_is_not_one_is_a_problem(tmp_path, date):
    """A day that does not exist, or another order, is not guessed."""
    row = invented.patient(date=date)
    checked = check_table("patients", invented.write_csv(tmp_path / "patients.csv", "patients", row))
    assert [str(problem.expected) for problem in checked.problems] == ["a date YYYY-MM-DD"]


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("response", "Réponse, degré non précisé", "response_ungraded"),
        ("response", "PARTIELLE", "partial"),
        ("response", "aucune", "none"),
        ("sex", "Femme", "female"),
        ("setting", "après greffe de CSH", "post_hsct"),
        ("death", "Non", "no"),
        ("basis", "texte intégral", "full_text"),
        ("route", "sous-cutanée", "sc"),
    ],
)
def test_french_labels_become_ids(tmp_path, column, typed, meant):
    """A label of either language stands for its id, whatever the case."""
    row = invented.patient(relapse="no", **{column: typed})
    checked = check_table("patients", invented.write_csv(tmp_path / "patients.csv", "patients", row))
    assert (checked.problems, checked.frame[column].iloc[0]) == ((), meant)


def test_an_empty_cell_of_a_set_with_not_reported_means_not_reported(tmp_path):
    """People leave blank what a paper does not tell."""
    row = invented.patient(death="")
    checked = check_table("patients", invented.write_csv(tmp_path / "patients.csv", "patients", row))
    assert checked.frame["death"].iloc[0] == "not_reported"


def test_nr_as_a_response_is_refused_because_it_also_means_no_response(tmp_path):
    """Haematologists write NR for non-response: taking it for "not reported" would hide failures."""
    row = invented.patient(response="NR", relapse="not_reported")
    checked = check_table("patients", invented.write_csv(tmp_path / "patients.csv", "patients", row))
    assert [problem.column for problem in checked.problems] == ["response"]


def save_sheet(path: Path, *rows: list[object]) -> Path:
    """Write rows as the first sheet of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_spreadsheet_gives_the_same_table_as_a_csv_file(tmp_path, plain):
    """Numbers and dates of a workbook become the text of a CSV cell."""
    expected = read(tmp_path, plain).frame
    names = TABLES["patients"].names
    rows = [invented.patient(note="Créteil"), invented.patient(patient_label="p2", age_years=61.5)]
    cells = [[row.get(name) for name in names] for row in rows]
    for row in cells:
        row[names.index("date")] = dt.datetime(2026, 1, 31)
    checked = check_table("patients", save_sheet(tmp_path / "patients.xlsx", names, *cells))
    assert checked.problems == ()
    assert checked.frame.equals(expected)
    assert tuple(map(str, checked.notes)) == ("read from a spreadsheet",)


def test_a_broken_spreadsheet_is_a_problem_and_no_crash(tmp_path):
    """A CSV saved under the wrong name is no workbook."""
    path = tmp_path / "patients.xlsx"
    path.write_text("report_id,patient_label\n")
    (problem,) = check_table("patients", path).problems
    assert str(problem.expected) == "a readable CSV or XLSX file"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_the_unicode_text_of_spreadsheets_is_read(tmp_path, plain, encoding):
    """Excel saves "Unicode text" as UTF-16 with tabs; the form is noted, the content is the same."""
    tabs = plain.decode().replace(",", "\t")
    assert read(tmp_path, tabs.encode(encoding)).frame.equals(read(tmp_path, plain).frame)


def test_nul_bytes_are_refused(tmp_path, plain):
    """A binary file is no text table."""
    (problem,) = read(tmp_path, plain[:9] + b"\x00" + plain[9:]).problems
    assert "NUL bytes" in str(problem.found)


def test_damaged_bytes_leave_the_other_accents_as_they_are(tmp_path):
    """Read as Windows-1252, every accent of the file would be wrong for the sake of one byte."""
    text, notes = decode("été, café, naïve".encode() + b" \xff")
    assert (text, [str(one) for one in notes]) == (
        "été, café, naïve \ufffd",
        ["1 character cannot be read, and was replaced by a question mark"],
    )


def test_a_short_row_is_filled_with_empty_cells():
    """Spreadsheets leave out empty cells at the end of a row."""
    table = TABLES["disease_terms"]
    cells = normalise([table.names, ["itp", "name", "itp", "en"]], table)
    assert cells.frame["note"].isna().all()


def test_a_row_with_more_cells_than_the_header_is_a_problem(tmp_path):
    """A comma outside quotation marks shifts the cells: nothing is cut off in silence."""
    path = tmp_path / "disease_terms.csv"
    path.write_text("term,kind,disease,language,note\nitp,name,itp,en,a note, with a comma\n")
    (problem,) = check_table("disease_terms", path).problems
    assert (problem.row, str(problem.found), str(problem.expected)[:7]) == (2, "6 cells", "5 cells")


def test_a_quotation_mark_left_open_is_a_problem(tmp_path):
    """An open quotation mark would swallow every row after it."""
    path = tmp_path / "disease_terms.csv"
    path.write_text('term,kind,disease,language,note\nitp,name,itp,en,"open\npti,name,itp,fr,\n')
    (problem,) = check_table("disease_terms", path).problems
    assert "quot" in str(problem.found)


def test_a_very_long_cell_is_read(tmp_path):
    """The csv module refuses cells above 131,072 characters; abstracts with their references exceed that."""
    path = tmp_path / "disease_terms.csv"
    path.write_text(f"term,kind,disease,language,note\nitp,name,itp,en,{'x' * 200_000}\n")
    assert len(check_table("disease_terms", path).frame["note"][0]) == 200_000


def test_an_empty_file_is_one_problem(tmp_path):
    """One line says it; a list of all the missing columns would not help."""
    (problem,) = read(tmp_path, b"").problems
    assert str(problem.found) == "the file is empty"


def test_a_header_without_rows_is_an_empty_table(tmp_path):
    """No correction is a valid table of corrections."""
    path = invented.write_csv(tmp_path / "corrections.csv", "corrections")
    checked = check_table("corrections", path)
    assert (len(checked.frame), checked.problems) == (0, ())


def test_empty_rows_are_dropped_and_the_line_numbers_stay(tmp_path, plain):
    """A message names the line that the person sees in the editor."""
    header, first, second = plain.splitlines()
    checked = read(tmp_path, b"\n".join([header, first, b"", b"," * header.count(b","), first]) + b"\n")
    assert len(checked.frame) == 2
    assert [problem.row for problem in checked.problems] == [5]
    assert second not in first


def test_a_header_that_stands_twice_is_a_problem(tmp_path, plain):
    """Which of the two columns counts cannot be known."""
    problems = read(tmp_path, plain.replace(b",country,", b",sex,", 1)).problems
    found = [(problem.column, str(problem.found)) for problem in problems]
    assert found == [("sex", "column stands more than once"), ("country", "column is missing")]


def test_reading_a_missing_file_says_so(tmp_path):
    """The table is empty and the problem is told."""
    (problem,) = check_table("patients", tmp_path / "patients.csv").problems
    assert "No such file" in str(problem.found)


def test_read_cells_raises_a_source_data_error_on_nul_bytes(tmp_path):
    """Callers outside check_table get an error of casepool."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\x00b")
    with pytest.raises(FileError, match="NUL bytes"):
        read_cells(path)
