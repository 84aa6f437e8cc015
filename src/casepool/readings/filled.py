"""The comparison as a sheet: what differs goes out, what an adjudicator filled in comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES, Column, Table
from casepool.contract.readings import ADJUDICATIONS
from casepool.contract.texts import column_label
from casepool.files import sheets
from casepool.files.cells import read_cells
from casepool.files.dialect import Normalised, normalise_cell
from casepool.files.formulas import rows_as_csv, unguarded
from casepool.files.sheets import nearest
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.folding import fold
from casepool.model.message import Message, text
from casepool.model.protocol import Language
from casepool.model.vocabulary import label
from casepool.readings.comparison import Comparison, Difference
from casepool.typing import Row

# As the columns stand in the sheet: both values side by side, for the list beside the cell to fill in.
HEADERS = {
    "table": Message("sheet_table"),
    "key": Message("sheet_key"),
    "column": Message("sheet_column"),
    "field": Message("sheet_field"),
    "reader_a": Message("sheet_reader_a"),
    "where_a": Message("sheet_where_a"),
    "reader_b": Message("sheet_reader_b"),
    "where_b": Message("sheet_where_b"),
    "value_a": Message("sheet_value_a"),
    "value_b": Message("sheet_value_b"),
    "value": Message("sheet_value"),
    "reason": Message("sheet_reason"),
    "adjudicator": Message("sheet_adjudicator"),
    "date": Message("sheet_date"),
}
COLUMNS = tuple(HEADERS)
_BESIDE = ("field", "where_a", "where_b")  # for the one who fills it in; nothing of it is read back
_NOTHING = (Message("empty"), Message("no_row_of_it"))  # an empty cell of the sheet is not filled in yet
_MISSING = {"reason": Message("adjudication_reason"), "adjudicator": Message("adjudication_adjudicator")}
_LANGUAGES = ("en", "fr")
_WIDTHS = {
    "key": 46,
    "column": 24,
    "field": 26,
    "where_a": 26,
    "where_b": 26,
    "value_a": 26,
    "value_b": 26,
    "value": 26,
    "reason": 44,
}


@dataclass(frozen=True)
class Filled:
    """What an adjudicator decided: the new rows of ``adjudications``, and how many lines are still empty."""

    rows: pd.DataFrame
    n_open: int


def sheet_rows(differences: Sequence[Difference], language: Language) -> list[list[str]]:
    """Return the sheet of differences: a header in words, values as readers know them, four cells to fill in."""
    header = [text(one, language) for one in HEADERS.values()]
    return [header, *(_line(one, language) for one in differences)]


def _line(one: Difference, language: Language) -> list[str]:
    values = [_shown(one, value, language) for value in (one.value_a, one.value_b)]
    places = [one.reader_a, one.where_a, one.reader_b, one.where_b]
    field = column_label(one.table, one.column, language)
    return [one.table, one.key, one.column, field, *places, *values, "", "", "", ""]


def _shown(one: Difference, value: str, language: str) -> str:
    """Return a value as readers know it; one that is not there is named, for an empty cell is not filled in yet."""
    if not value:
        return text(Message("no_row_of_it" if one.of_row else "empty"), language)
    column = TABLES[one.table].column(one.column)
    if column.vocabulary:
        return label(value, language)
    return value.replace(".", ",") if column.kind == "number" and language == "fr" else value


def as_file(rows: Sequence[Sequence[str]], path: Path, title: str) -> bytes:
    """Return the sheet as the suffix of a file asks: CSV, or XLSX with both values to choose from.

    Raises
    ------
    FileError
        If the name of the file ends in neither.
    """
    if path.suffix.lower() == ".csv":
        return rows_as_csv(rows).encode("utf-8-sig")  # with the mark, a spreadsheet reads the accents
    if path.suffix.lower() == ".xlsx":
        return _workbook(rows, title)
    raise FileError(Message("csv_or_xlsx", file=path.name))


def _workbook(rows: Sequence[Sequence[str]], title: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    from casepool.office.frozen import frozen_office, never_a_formula

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    to_fill = {COLUMNS.index(name) + 1 for name in ("value", "reason", "adjudicator", "date")}
    for number, row in enumerate(rows, start=1):
        for place, cell_text in enumerate(row, start=1):
            cell = sheet.cell(number, place, never_a_formula(cell_text) or None)
            cell.number_format, cell.alignment = "@", Alignment(wrap_text=place != 2, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
            if place in to_fill:
                cell.fill = PatternFill("solid", fgColor="FFF4CE")
    for place, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, 16)
    first, second, target = (get_column_letter(COLUMNS.index(one) + 1) for one in ("value_a", "value_b", "value"))
    for number in range(2, len(rows) + 1):
        # A third value may be typed: the list only offers the two.
        choice = DataValidation("list", formula1=f"${first}${number}:${second}${number}", showErrorMessage=False)
        choice.add(f"{target}{number}")
        sheet.add_data_validation(choice)
    sheet.freeze_panes = "E2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    written = BytesIO()
    book.save(written)
    return frozen_office(written.getvalue())


def read_filled(path: Path, compared: Sequence[Comparison], day: str) -> Filled:
    """Return what an adjudicator filled in; the file may be that of any language, CSV or XLSX.

    Parameters
    ----------
    day : of the decision where the sheet names none.

    Raises
    ------
    CuratedDataError
        With every line that names no difference, whose values are no longer those of the readings, or that is half
        filled in.
    """
    cells, _ = read_cells(path)
    header = _columns(cells[0] if cells else [], path.name)
    known = {one.place: one for each in compared if each.opened for one in each.unsettled}
    rows: list[Row] = []
    problems: list[Problem] = []
    n_open = 0
    for line, row in enumerate(cells[1:], start=2):
        told = {name: unguarded(row[place].strip()) if place < len(row) else "" for name, place in header.items()}
        if not any(told.values()):
            continue
        if not any(told[name] for name in ("value", "reason", "adjudicator")):
            n_open += 1
            continue
        found = known.get(tuple(told[name] for name in ("table", "key", "column", "reader_a", "reader_b")))
        if found is None:
            problems.append(_problem(path.name, line, told, "key", Message("open_difference")))
            continue
        wrong = list(_line_problems(path.name, line, told, found))
        problems += wrong
        if not wrong:
            rows.append(_row(found, told, day))
    if problems:
        raise CuratedDataError(problems)
    return Filled(pd.DataFrame(rows, columns=ADJUDICATIONS.names), n_open)


def _columns(header: Sequence[str], file: str) -> Mapping[str, int]:
    """Return column → place; a header is known in both languages and by its ids."""
    names = {fold(text(one, language)): name for name, one in HEADERS.items() for language in _LANGUAGES}
    names |= {fold(name): name for name in COLUMNS}
    places = {names[fold(cell)]: place for place, cell in enumerate(header) if fold(cell) in names}
    missing = tuple(one for name, one in HEADERS.items() if name not in {*places, *_BESIDE})
    if missing:
        raise FileError(Message("no_comparison_sheet", file=file, columns=missing))
    return places


def _line_problems(file: str, line: int, told: Mapping[str, str], found: Difference) -> Iterator[Problem]:
    for name in ("value_a", "value_b"):
        if typed_value(found, told[name]) != getattr(found, name):
            yield _problem(
                file, line, told, name, Message("value_of_reader", value=_shown(found, getattr(found, name), "en"))
            )
    if not told["value"]:
        yield _problem(file, line, told, "value", Message("value_or_empty"))
    else:
        yield from _value_problems(file, line, told, found)
    for name, expected in _MISSING.items():
        if not told[name]:
            yield _problem(file, line, told, name, expected)
    date = ADJUDICATIONS.column("date")
    if told["date"] and not date.fits(pd.Series([normalise_cell(told["date"], date)], dtype="string"))[0]:
        yield _problem(file, line, told, "date", date.expectation())


def _value_problems(file: str, line: int, told: Mapping[str, str], found: Difference) -> Iterator[Problem]:
    """Yield what is wrong with the value itself, by the rules of its column."""
    value = typed_value(found, told["value"])
    if found.of_row:
        if value and value not in {found.label, found.value_a, found.value_b}:
            yield _problem(file, line, told, "value", Message("row_or_none", label=found.label))
        return
    column = TABLES[found.table].column(found.column)
    if not _fits(column, value):
        near = nearest(told["value"], column.members) if column.members else ""
        yield _problem(file, line, told, "value", column.expectation(), near)


def _fits(column: Column, value: str) -> bool:
    """Return whether a value may stand in a column."""
    one = Table("one", (column.name,), (column,))
    frame = pd.DataFrame({column.name: pd.array([value or None], dtype="string")})
    return not sheets.check_cells(Normalised(frame, (2,), ()), one, "").problems


def typed_value(found: Difference, cell: str) -> str:
    """Return what was typed as the value of a difference: ids for labels, an empty text for "(empty)"."""
    if fold(cell) in {fold(text(one, language)) for one in _NOTHING for language in _LANGUAGES}:
        return ""
    column = TABLES[found.table].column(found.column)
    value = normalise_cell(cell, column)
    if column.kind in {"integer", "number"}:
        try:
            return f"{float(value):.12g}"
        except ValueError:
            return value
    return value


def _row(found: Difference, told: Mapping[str, str], day: str) -> Row:
    value = typed_value(found, told["value"])
    beside = {name: getattr(found, name) or None for name in ("value_a", "value_b")}
    named = {name: getattr(found, name) for name in ("table", "key", "column", "reader_a", "reader_b")}
    date = normalise_cell(told["date"], ADJUDICATIONS.column("date")) or day
    decided = {"value": (found.label if found.of_row else value) if value else None}
    return named | beside | decided | {"reason": told["reason"], "adjudicator": told["adjudicator"], "date": date}


def _problem(file: str, line: int, told: Mapping[str, str], column: str, expected: Message, near: str = "") -> Problem:
    key = ", ".join(part for part in (told["table"], told["key"], told["column"]) if part)
    return Problem(file, line, key, column, told[column] or Message("empty"), expected, near)
