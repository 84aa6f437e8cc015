"""The help sheet: instructions, then every column with what to enter and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from casepool.office.entry import EntryColumn, EntryForm
from casepool.office.frozen import never_a_formula
from casepool.office.style import ALARM, GREY, INK, body_font, colour_of, fill, header_font, thin_border
from casepool.office.words import office_words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (34.0, 46.0, 52.0, 15.0)
_TOTAL = sum(_WIDTHS)
_LINE_POINTS = 15.0
_LETTER = 0.93  # of the width of a digit, by which columns are measured


def write_help(sheet: Worksheet, form: EntryForm) -> None:
    """Fill the help sheet of a form."""
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    row = _write_top(sheet, form)
    row = _write_columns(sheet, form, row + 1)
    if form.rules:
        _line(sheet, row + 1, office_words(form.language)["rules"], size=13, bold=True)
        _write_lines(sheet, row + 2, form.rules)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = GREY


def _write_top(sheet: Worksheet, form: EntryForm) -> int:
    row = 1
    if form.mark:
        _line(sheet, row, form.mark, size=16, bold=True, colour=ALARM)
        row += 1
    _line(sheet, row, form.title, size=18, bold=True)
    _line(sheet, row + 1, form.subtitle, size=11, colour=GREY)
    return _write_lines(sheet, row + 3, form.instructions)


def _write_lines(sheet: Worksheet, row: int, lines: Iterable[str]) -> int:
    for line in lines:
        _line(sheet, row, f"•  {line}")
        row += 1
    return row


def _line(sheet: Worksheet, row: int, text: str, size: float = 11, colour: str = INK, *, bold: bool = False) -> None:
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, 1, never_a_formula(text))
    cell.font = body_font(size=size, bold=bold, colour=colour)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    n_lines = ceil(len(text) * _LETTER * size / 11 / _TOTAL)
    sheet.row_dimensions[row].height = max(n_lines * _LINE_POINTS * size / 11, 18)


def _write_columns(sheet: Worksheet, form: EntryForm, row: int) -> int:
    words = office_words(form.language)
    _write_row(sheet, row, tuple(words[name] for name in ("column", "what", "allowed", "needed")), header=INK)
    sheet.print_title_rows = f"{row}:{row}"
    for group in form.groups:
        if len(form.groups) > 1:
            row += 1
            _line(sheet, row, group, bold=True, colour="FFFFFF")
            sheet.cell(row, 1).fill = fill(colour_of(group, form))
        for column in (one for one in form.columns if one.group == group):
            row += 1
            _write_row(sheet, row, _told(column, form))
    return row + 1


def _told(column: EntryColumn, form: EntryForm) -> tuple[str, ...]:
    words = office_words(form.language)
    return column.header, column.what, column.allowed, words["needed_yes"] if column.needed else ""


def _write_row(sheet: Worksheet, row: int, texts: tuple[str, ...], header: str = "") -> None:
    from openpyxl.styles import Alignment

    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(row, number, never_a_formula(text) or None)
        cell.alignment = Alignment(wrap_text=True, vertical="center" if header else "top")
        cell.border = thin_border()
        cell.font = header_font() if header else body_font(bold=number == 1)
        if header:
            cell.fill = fill(header)
    n_lines = max(ceil(len(text) * _LETTER / width) for text, width in zip(texts, _WIDTHS, strict=True))
    sheet.row_dimensions[row].height = max(n_lines, 1) * _LINE_POINTS + 3
