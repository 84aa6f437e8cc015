"""The workbook that people fill in: the sheet, its help, its drop-down lists."""

from __future__ import annotations

from copy import copy
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any, cast

from casepool.model.protocol import Language
from casepool.office.checks import checks, list_name
from casepool.office.entry import EntryColumn, EntryForm
from casepool.office.frozen import EPOCH, frozen_office, never_a_formula
from casepool.office.help_sheet import write_help
from casepool.office.printing import prepare_print
from casepool.office.style import (
    ALARM,
    INK,
    NEEDED,
    PALE,
    body_font,
    colour_of,
    fill,
    header_font,
    needed_border,
    thin_border,
)
from casepool.office.words import office_words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ROWS_PREPARED = 60
_FIRST_ROW = 2
_WIDTHS = {"date": 13.0, "integer": 12.0, "number": 12.0}
_TEXT_WIDTH, _LIST_WIDTHS = 22.0, (13.0, 30.0)
_LINE_POINTS, _ROW_POINTS = 14.5, 18
_PAGES_WIDE_FROM = 16  # more columns than this cannot be read on one page
_COLUMNS_A_PAGE = 12
_LONGEST_TITLE = 31  # of a sheet


def entry_workbook(*forms: EntryForm) -> bytes:
    """Return the XLSX of one form or several, each with its help sheet; two calls give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    lists = tuple(dict.fromkeys(choices for form in forms for choices in form.lists))
    for form in forms:
        sheet = book.create_sheet(form.sheet)
        _write_header(sheet, form)
        _prepare_rows(sheet, form)
        for check in checks(form, lists):
            sheet.add_data_validation(check)
        _prepare_view(sheet, form)
    for form in forms:
        said = office_words(form.language)["help"]
        help_sheet = book.create_sheet(said if len(forms) == 1 else f"{said} {form.sheet}"[:_LONGEST_TITLE])
        write_help(help_sheet, form)
        prepare_print(help_sheet, form, "portrait", 1)
    _write_lists(book, lists, forms[0].language)
    _set_properties(book, forms)
    written = BytesIO()
    book.save(written)
    return frozen_office(written.getvalue())


def _write_header(sheet: Worksheet, form: EntryForm) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    lines = 1
    for number, column in enumerate(form.columns, start=1):
        cell = sheet.cell(1, number, never_a_formula(column.header))
        # No star, no mark: the header is what the reader knows, also when it is saved as CSV.
        cell.number_format = "@"
        cell.font, cell.fill = header_font(bold=column.needed), fill(colour_of(column.group, form))
        cell.border = needed_border() if column.needed else thin_border()
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        width = column_width(column)
        lines = max(lines, ceil(len(column.header) / (width - 2)))
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = (lines + 1) * _LINE_POINTS


def column_width(column: EntryColumn) -> float:
    """Return the width in characters: wide enough for the values, the header wraps."""
    longest_word = max(len(word) for word in column.header.split()) + 3.0
    if column.choices:
        low, high = _LIST_WIDTHS
        return max(longest_word, min(high, max(low, max(map(len, column.choices)) + 3.0)))
    pattern_width = 16.0 if column.source.pattern else _TEXT_WIDTH
    return max(longest_word, _WIDTHS.get(column.source.kind, pattern_width))


def _prepare_rows(sheet: Worksheet, form: EntryForm) -> None:
    from openpyxl.utils import get_column_letter

    # A text stays a text, whatever is typed: no number, no date, no formula.
    formats = {"date": office_words(form.language)["date_format"], "integer": "0", "number": "General"}
    for number, column in enumerate(form.columns, start=1):
        number_format = formats.get(column.source.kind, "@")
        sheet.column_dimensions[get_column_letter(number)].number_format = number_format
        for row in range(_FIRST_ROW, _FIRST_ROW + 3):
            _prepare_cell(sheet.cell(row, number), column, number_format)
        for row in range(_FIRST_ROW + 3, _FIRST_ROW + ROWS_PREPARED):
            # A copy of the line before the last: to set the style anew takes ten times as long.
            cell, model = (cast("Any", sheet.cell(one, number)) for one in (row, row - 2))
            cell._style = copy(model._style)
    for row in range(_FIRST_ROW, _FIRST_ROW + ROWS_PREPARED):
        sheet.row_dimensions[row].height = _ROW_POINTS


def _prepare_cell(cell: Any, column: EntryColumn, number_format: str) -> None:
    from openpyxl.styles import Alignment

    numeric = column.source.kind in {"integer", "number", "date"}
    cell.number_format, cell.border, cell.font = number_format, thin_border(), body_font()
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if numeric else "left")
    if column.needed and (cell.row == _FIRST_ROW or not column.once):
        cell.fill = fill(NEEDED)
    elif cell.row % 2:
        cell.fill = fill(PALE)


def _prepare_view(sheet: Worksheet, form: EntryForm) -> None:
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(form.columns))
    sheet.freeze_panes = f"{get_column_letter(form.n_frozen + 1)}2"
    sheet.auto_filter.ref = f"A1:{last}{1 + ROWS_PREPARED}"
    sheet.sheet_properties.tabColor = ALARM if form.mark else INK
    sheet.sheet_view.zoomScale = 100
    sheet.print_title_rows = "1:1"
    if form.n_frozen:
        letter = get_column_letter(form.n_frozen)
        sheet.print_title_cols = f"{letter}:{letter}"
    wide = len(form.columns) > _PAGES_WIDE_FROM
    pages_wide = ceil(len(form.columns) / _COLUMNS_A_PAGE) if wide else 1
    prepare_print(sheet, form, "landscape", pages_wide)


def _write_lists(book: Workbook, lists: tuple[tuple[str, ...], ...], language: Language) -> None:
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    sheet = book.create_sheet(office_words(language)["lists"])
    sheet.sheet_state = "hidden"
    for index, choices in enumerate(lists):
        name, letter = list_name(index), get_column_letter(index + 1)
        cells = [sheet.cell(row, index + 1, never_a_formula(text)) for row, text in enumerate((name, *choices), 1)]
        cells[0].font = body_font(bold=True)
        sheet.column_dimensions[letter].width = max(map(len, (name, *choices))) + 2
        place = f"{quote_sheetname(sheet.title)}!${letter}$2:${letter}${len(cells)}"
        book.defined_names[name] = DefinedName(name, attr_text=place)


def _set_properties(book: Workbook, forms: tuple[EntryForm, ...]) -> None:
    form = forms[0]
    properties = book.properties
    properties.creator = properties.lastModifiedBy = "casepool"
    properties.title = " · ".join((f"{form.mark} {form.title}".strip(), *(one.title for one in forms[1:])))
    properties.language = form.language
    properties.created = properties.modified = EPOCH
