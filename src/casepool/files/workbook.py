"""A table that was filled in as a workbook: which sheet it is, and every cell whose value is not in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casepool.contract.columns import Table
from casepool.contract.texts import column_named
from casepool.files.cells import cell_text, open_workbook
from casepool.model.errors import FileError
from casepool.model.message import Message

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Place = tuple[int, int]


@dataclass(frozen=True)
class FilledSheet:
    """The rows of a sheet as text.

    Attributes
    ----------
    notes : what is to be said of the form that was met.
    met : (line, position of the column) → what was found and expected, of cells whose value is not in the file.
    """

    rows: list[list[str]]
    notes: tuple[Message, ...] = ()
    met: Mapping[Place, tuple[Message, Message]] = field(default_factory=dict)


def read_filled(path: Path, table: Table) -> FilledSheet:
    """Return the sheet of a workbook that holds a table: called like it, else with its columns, else the first filled.

    Raises
    ------
    FileError
        If the workbook cannot be read, or no sheet is filled.
    """
    with closing(open_workbook(path, values=True)) as book, closing(open_workbook(path, values=False)) as formulas:
        sheets = {sheet.title: _rows(sheet) for sheet in book.worksheets}
        title = _chosen(sheets, table)
        sheet = book[title]
        notes = [Message("read_from_spreadsheet")]
        if title.strip().casefold() != table.name and title != next(iter(sheets)):
            notes.append(Message("sheet_chosen", sheet=title))
        notes += _unseen(sheet)
        return FilledSheet(sheets[title], tuple(notes), dict(_without_value(sheet, formulas[title])))


def sheets_of(path: Path, tables: Mapping[str, Table]) -> list[str]:
    """Return the names of the tables that have a sheet of a workbook of their own, in the order of its sheets."""
    with closing(open_workbook(path, values=True)) as book:
        found = {sheet.title: _rows(sheet) for sheet in book.worksheets}
    fits = {title: max(tables, key=lambda name: _columns_known(rows, tables[name])) for title, rows in found.items()}
    return [
        name
        for title, name in fits.items()
        if _columns_known(found[title], tables[name]) >= len(tables[name].key) and sum(map(any, found[title])) > 1
    ]


def _chosen(sheets: Mapping[str, list[list[str]]], table: Table) -> str:
    named = next((title for title in sheets if title.strip().casefold() == table.name), None)
    if named is not None:
        return named
    best = max(sheets, key=lambda title: _columns_known(sheets[title], table))
    if _columns_known(sheets[best], table):
        return best
    filled = next((title for title, rows in sheets.items() if any(map(any, rows))), None)
    if filled is None:
        raise FileError(Message("empty_file"))
    return filled


def _columns_known(rows: list[list[str]], table: Table) -> int:
    return len({column_named(table, cell.strip()) for cell in rows[0]} & set(table.names)) if rows else 0


def _rows(sheet: Worksheet) -> list[list[str]]:
    rows = [[cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    return rows if any(map(any, rows)) else []


def _unseen(sheet: Worksheet) -> Iterator[Message]:
    """Yield what counts although a person may think that it does not: hidden rows, and rows struck through."""
    filled = [row for row in sheet.iter_rows(min_row=2) if any(cell.value is not None for cell in row)]
    hidden = [str(row[0].row) for row in filled if sheet.row_dimensions[int(row[0].row or 0)].hidden]
    struck = [str(row[0].row) for row in filled if any(cell.value is not None and cell.font.strike for cell in row)]
    if hidden:
        yield Message("rows_hidden", rows=tuple(hidden))
    if struck:
        yield Message("rows_struck", rows=tuple(struck))


def _without_value(sheet: Worksheet, formulas: Worksheet) -> Iterator[tuple[Place, tuple[Message, Message]]]:
    """Yield the cells that a merged block hides, and the formulas that nobody has reckoned."""
    for block in sheet.merged_cells.ranges:
        first = sheet.cell(block.min_row, block.min_col)
        covered = [place for place in block.cells if place != (block.min_row, block.min_col) and place[0] > 1]
        if first.value is not None:
            said = Message("cell_merged", cell=first.coordinate), Message("value_of_its_own")
            yield from (((row, column - 1), said) for row, column in covered)
    for line, row in enumerate(formulas.iter_rows(min_row=2), start=2):
        for place, cell in enumerate(row):
            if cell.data_type == "f" and sheet.cell(line, place + 1).value is None:
                yield (line, place), (Message("formula_without_value", formula=_formula(cell)), Message("value_typed"))


def _formula(cell: Any) -> str:
    return str(getattr(cell.value, "text", cell.value))
