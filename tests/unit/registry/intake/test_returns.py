"""One returned file becomes text cells, whatever program wrote it."""

from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import pytest
from bad_returns import KEY, LABELS, book, cells, entry, french, saved, text
from invented import protocol

from casepool.contract.registry import FORM
from casepool.model.errors import FileError
from casepool.registry.intake.grids import Grid
from casepool.registry.intake.headers import recogniser
from casepool.registry.intake.reading import read_registry
from casepool.registry.intake.returns import read_return

RECOGNISE = recogniser(protocol())
ROWS = [entry("P1"), entry("P2", note="suivi à l’œil")]


def grid(folder, content: bytes, name: str = "a.csv") -> Grid:
    path = folder / name
    path.write_bytes(content)
    return read_return(path, RECOGNISE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_give_the_same_cells(tmp_path, encoding, separator):
    found = grid(tmp_path, french(*ROWS, separator=separator, encoding=encoding))
    assert (found.header, found.rows, found.lines) == (tuple(LABELS["fr"]), cells(*ROWS), [2, 3])


def test_what_was_met_is_noted_in_words(tmp_path):
    assert tuple(map(str, grid(tmp_path, french(*ROWS, encoding="cp1252")).notes)) == (
        "Windows-1252",
        "semicolons between cells",
    )


@pytest.mark.parametrize("name", ["a.CSV", "a.tsv", "a.txt", "a.b.csv"])
def test_text_files_are_known_by_their_suffix(tmp_path, name):
    assert grid(tmp_path, french(*ROWS), name).lines == [2, 3]


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_line_ends_of_any_system_are_read(tmp_path, ending):
    written = text(LABELS["fr"], cells(*ROWS)).replace("\r\n", ending)
    assert grid(tmp_path, written.encode()).rows == cells(*ROWS)


def test_the_line_by_which_excel_tells_the_separator_is_no_row(tmp_path):
    found = grid(tmp_path, b"sep=;\r\n" + french(*ROWS, encoding="utf-8"))
    assert (found.header_line, found.lines) == (2, [3, 4])


def test_empty_lines_are_no_rows_and_the_numbers_of_lines_stay(tmp_path):
    header, first, second, _ = french(*ROWS).decode("utf-8-sig").split("\r\n")
    found = grid(tmp_path, "\r\n".join([header, "", first, ";" * 35, second]).encode())
    assert found.lines == [3, 5]


def test_cells_that_excel_leaves_out_at_the_end_of_a_row_are_empty(tmp_path):
    found = grid(tmp_path, french(*ROWS).rstrip(b";\r\n").replace(b";;;;\r\n", b"\r\n"))
    assert {len(row) for row in found.rows} == {36}
    assert not found.faults


def test_columns_without_any_content_to_the_right_are_no_columns(tmp_path):
    content = text([*LABELS["fr"], *[""] * 600], [[*one, *[""] * 600] for one in cells(*ROWS)])
    assert len(grid(tmp_path, content.encode()).header) == 36


def test_a_line_break_inside_a_cell_does_not_end_the_row(tmp_path):
    found = grid(tmp_path, french(entry(note="un\ndeux"), entry("P2")))
    assert found.lines == [2, 3]


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path):
    values = {"age_years": 0.1 + 0.2, "n_doses": 8.0, "filled_on": dt.datetime(2026, 1, 31, 9, 30), "relapse": False}
    made = book(cells(entry()))
    for name, value in values.items():
        made.worksheets[0].cell(2, FORM.names.index(name) + 1).value = value
    row = dict(zip(FORM.names, grid(tmp_path, saved(made), "a.xlsx").rows[0], strict=True))
    assert [row[name] for name in values] == ["0.3", "8", "2026-01-31", "False"]


def test_dates_are_read_by_the_calendar_of_the_workbook(tmp_path):
    made = book(cells(entry()))
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.worksheets[0].cell(2, 3).value = dt.datetime(2026, 1, 31)
    assert grid(tmp_path, saved(made), "a.xlsx").rows[0][2] == "2026-01-31"


def test_the_sheet_with_the_form_is_found_behind_others(tmp_path):
    made = book(cells(*ROWS))
    made.create_sheet("Merci", 0)["A1"] = "bonjour"
    made.create_chartsheet("Courbe")
    assert grid(tmp_path, saved(made), "a.xlsx").lines == [2, 3]


def test_a_workbook_with_macros_is_read_without_them(tmp_path):
    content = saved(book(cells(*ROWS)))
    path = tmp_path / "a.xlsm"
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    assert read_return(path, RECOGNISE).rows == cells(*ROWS)


def test_a_workbook_that_tells_a_wrong_size_of_its_sheet_is_read_whole(tmp_path):
    content = saved(book(cells(*ROWS)))
    changed = tmp_path / "a.xlsx"
    with zipfile.ZipFile(changed, "w") as new, zipfile.ZipFile(saved_file(tmp_path, content)) as old:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:AJ3"', b'<dimension ref="A1"'))
    assert read_return(changed, RECOGNISE).rows == cells(*ROWS)


def saved_file(folder, content: bytes):
    path = folder / "old.xlsx"
    path.write_bytes(content)
    return path


def test_centre_cells_merged_over_their_rows_hold_for_each(tmp_path):
    made = book(cells(entry("P1"), entry("P2", centre="")))
    made.worksheets[0].merge_cells("A2:A3")
    (tmp_path / "a.xlsx").write_bytes(saved(made))
    assert len(read_registry(tmp_path, KEY, protocol()).registry) == 2


def test_a_message_never_holds_what_a_library_says_of_the_file(tmp_path, monkeypatch):
    def fail(*_, **__):
        message = "Zorglub"
        raise ValueError(message)

    monkeypatch.setattr("casepool.registry.intake.workbooks.ExcelReader", fail)
    with pytest.raises(FileError, match=r"^a damaged workbook that cannot be opened") as caught:
        grid(tmp_path, saved(book(cells(*ROWS))), "a.xlsx")
    assert caught.value.__suppress_context__
