"""Writing display tables for Word, with the same bytes every time."""

from __future__ import annotations

import math
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from casepool.office.frozen import EPOCH, frozen_office
from casepool.report.tables.display import DisplayColumn, DisplayTable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell

_WIDE_COLUMNS = 6
_FONT, _POINTS, _WIDE_POINTS = "Arial", 9, 8


def docx_bytes(table: DisplayTable) -> bytes:
    """Return a Word document with the title, the table and its notes."""
    import docx

    document = docx.Document()
    _prepare(document, table)
    title = document.add_paragraph()
    title.add_run(table.title).bold = True
    title.paragraph_format.keep_with_next = True
    _add_table(document, table)
    for note in table.notes:
        _small(document.add_paragraph().add_run(note), _POINTS - 1)
    return frozen_docx(document)


def frozen_docx(document: Document) -> bytes:
    """Return the bytes of a document with fixed dates, inside and in its zip directory."""
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.comments = "casepool", "casepool", ""
    properties.created = properties.modified = EPOCH
    properties.revision = 1
    written = BytesIO()
    document.save(written)
    return frozen_office(written.getvalue())


def _prepare(document: Document, table: DisplayTable) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if len(table.columns) > _WIDE_COLUMNS:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_POINTS + 1)
    normal.paragraph_format.space_after = Pt(3)
    language = normal.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): _locale(table.language)})
    normal.element.get_or_add_rPr().append(language)
    document.core_properties.title = table.title
    document.core_properties.language = _locale(table.language)


def _locale(language: str) -> str:
    return "fr-FR" if language == "fr" else "en-GB"


def _add_table(document: Document, table: DisplayTable) -> None:
    grid = document.add_table(rows=2, cols=len(table.columns))
    grid.autofit = False
    section = document.sections[0]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    total = math.fsum(column.weight for column in table.columns)
    widths = [int(room * column.weight / total) for column in table.columns]
    points = _WIDE_POINTS if len(table.columns) > _WIDE_COLUMNS else _POINTS
    for row, bold in zip(grid.rows, (False, True), strict=True):
        for cell, column, width in zip(row.cells, table.columns, widths, strict=True):
            cell.width = width
            _prepare_cell(cell, column, bold=bold, points=points)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    _fill(grid, table)
    _rule(grid)


def _fill(grid: Table, table: DisplayTable) -> None:
    """Put copies in place of the two rows, plain and bold: a row that is copied costs a tenth of a new one."""
    patterns = list(grid._tbl.tr_lst)
    texts = [tuple(column.label.replace("\u00ad", "") for column in table.columns), *table.rows]
    for index, row in enumerate(texts):
        copied = deepcopy(patterns[index == 0 or index - 1 in table.bold_rows])
        for cell, text in zip(copied.tc_lst, row, strict=True):
            cell.p_lst[0].r_lst[0].text = text
        grid._tbl.append(copied)
    for pattern in patterns:
        grid._tbl.remove(pattern)


def _prepare_cell(cell: _Cell, column: DisplayColumn, *, bold: bool, points: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.alignment = {"left": ALIGN.LEFT, "right": ALIGN.RIGHT, "center": ALIGN.CENTER}[column.align]
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run()
    run.bold = bold
    _small(run, points)


def _small(run: Any, points: int) -> None:
    from docx.shared import Pt

    run.font.size = Pt(points)


def _rule(grid: Table) -> None:
    """Draw the rules of a booktabs table and repeat the heading on every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    rows = grid.rows
    _border(rows[0].cells, {"top": 12, "bottom": 6})
    _border(rows[len(rows) - 1].cells, {"bottom": 12, **({"top": 6} if len(rows) == 2 else {})})
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)


def _border(cells: tuple[_Cell, ...], sizes: dict[str, int]) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for cell in cells:
        borders = OxmlElement("w:tcBorders")
        for side, size in sizes.items():
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(size)), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        cell._tc.get_or_add_tcPr().append(borders)
