"""Writing display tables for Word, with the same bytes every time: named styles, a caption that numbers itself."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from casepool.report.tables.display import DisplayTable, InLanguage
from casepool.report.tables.widths import columns_of, hyphenated, least_width, shared_widths
from casepool.report.tables.word_styles import (
    CAPTION,
    NOTE,
    NUMBER,
    TABLE,
    TEXT,
    TOTAL,
    WIDE,
    frozen_document,
    locale,
    styled_document,
)
from casepool.report.words.catalogue import load_catalogue

if TYPE_CHECKING:
    from docx.document import Document

# The text of a portrait A4 page between margins of 25 mm, in points and in twentieths of a point.
_ROOM, _TWENTIETHS = 453.0, 9071
_GAP = 7.5
_POINTS = 9.0
_WIDE_POINTS = 7.5
# What Word writes as an element of its own, where other programs write a sign.
_SIGNS = {"\u00ad": "w:softHyphen", "\u2011": "w:noBreakHyphen"}


def docx_bytes(table: DisplayTable) -> bytes:
    """Return a portrait Word document with the caption, the table and its notes."""
    part, blank = _sheet(table.language)
    part._element = deepcopy(blank)
    document: Document = part.document
    document.core_properties.title = table.title
    add_table(document, table)
    return frozen_document(document)


@cache
def _sheet(language: str) -> tuple[Any, Any]:
    """Return the document that each table has to itself in turn, and what stands in it before.

    To open one takes as long as to fill it, and to empty it takes longer the more it held.
    """
    part = styled_document(language, "").part
    return part, part._element


def add_table(document: Document, table: DisplayTable, number: int = 1) -> None:
    """Add the caption, the table and its notes to a document that `styled_document` made.

    Parameters
    ----------
    number : of the caption until Word counts anew; also tells the bookmarks of a document apart.
    """
    _caption(document, table, number)
    columns = columns_of(table)
    room = _ROOM - _GAP * len(columns)
    wide = least_width(columns) * _POINTS > room
    points = _WIDE_POINTS if wide else _POINTS
    widths = [points * width + _GAP for width in shared_widths(columns, room / points)]
    grid = document.add_table(rows=0, cols=len(columns))
    grid.style = document.styles[TABLE]
    _stretch(grid, widths)
    names = [(NUMBER if one.align == "right" else TEXT) + (WIDE if wide else "") for one in table.columns]
    pattern = _pattern(grid, [document.styles[name].style_id for name in names])
    labels = tuple(column.label for column in table.columns)
    total = str(document.styles[TOTAL].style_id)
    for index, cells in enumerate((labels, *table.rows), start=-1):
        row = _add_row(grid, deepcopy(pattern), index)
        _fill(row, cells, table.language, total if index in table.bold_rows else "")
    for note in table.notes:
        _write(document.add_paragraph(style=NOTE), note)


def _caption(document: Document, table: DisplayTable, number: int) -> None:
    """Add "Table 1. Title" with a number that Word counts, in a bookmark to refer to."""
    label = load_catalogue(table.language).text("caption_label")
    paragraph = document.add_paragraph(style=CAPTION)
    _mark(paragraph, "bookmarkStart", id=str(number), name=f"casepool_table_{table.key}")
    paragraph.add_run(f"{label}\u00a0")
    for kind in ("begin", "separate", "end"):
        _mark(paragraph.add_run(), "fldChar", fldCharType=kind)
        if kind == "begin":
            run = paragraph.add_run()
            _mark(run, "instrText").text = f" SEQ {label} \\* ARABIC "
        if kind == "separate":
            paragraph.add_run(str(number))
    _mark(paragraph, "bookmarkEnd", id=str(number))
    _write(paragraph, f". {table.title}")


def _mark(parent: Any, tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    if tag == "instrText":
        element.set(qn("xml:space"), "preserve")
    parent._element.append(element)
    return element


def _stretch(grid: Any, widths: list[float]) -> None:
    """Make the table as wide as the text, its columns as wide as they need; a program may fit them anew."""
    from docx.oxml.ns import qn

    grid.autofit = True
    properties = grid._tbl.tblPr
    width = properties.find(qn("w:tblW"))
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")
    look = properties.find(qn("w:tblLook"))
    for name in ("firstColumn", "lastRow", "lastColumn"):
        look.set(qn(f"w:{name}"), "0")
    look.set(qn("w:noVBand"), "1")
    look.set(qn("w:noHBand"), "1")
    look.set(qn("w:val"), "0620")
    for column, width in zip(grid._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(round(_TWENTIETHS * width / sum(widths))))


def _pattern(grid: Any, styles: list[str]) -> Any:
    """Return a row of empty cells with widths and styles; no row is parted between pages.

    The rows of the table are copies of it: to find the style of each cell anew takes ten times as long.
    """
    row = grid.add_row()._tr
    properties = row.get_or_add_trPr()
    properties.append(properties.makeelement(_name("w:cantSplit")))
    for cell, style, width in zip(row.tc_lst, styles, grid._tbl.tblGrid.gridCol_lst, strict=True):
        cell.width = width.w
        cell.p_lst[0].style = style
    grid._tbl.remove(row)
    return row


def _add_row(grid: Any, row: Any, index: int) -> Any:
    """Add a row and return it, -1 being the heading, which is repeated on each page."""
    if index < 0:
        properties = row.get_or_add_trPr()
        properties.append(properties.makeelement(_name("w:tblHeader")))
    grid._tbl.append(row)
    return row


def _fill(row: Any, cells: tuple[str, ...], language: str, style: str) -> None:
    """Write the cells of a row, their text in a style by its id: to find it by its name takes as long as the rest."""
    from docx.text.paragraph import Paragraph

    for cell, text in zip(row.tc_lst, cells, strict=True):
        run = _write(Paragraph(cell.p_lst[0], row), hyphenated(text, language))
        if style:
            run._r.style = style


def _write(paragraph: Any, text: str) -> Any:
    """Add a text to a paragraph, its soft and no-break hyphens as Word has them, marked with its own language."""
    run = paragraph.add_run()
    if isinstance(text, InLanguage):
        properties = run._r.get_or_add_rPr()
        properties.append(properties.makeelement(_name("w:lang"), {_name("w:val"): locale(text.language)}))
    for part in re.split("([\u00ad\u2011])", text):
        if part in _SIGNS:
            run._r.append(run._r.makeelement(_name(_SIGNS[part])))
        elif part:
            written = run._r.makeelement(_name("w:t"), {_name("xml:space"): "preserve"})
            written.text = part
            run._r.append(written)
    return run


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
