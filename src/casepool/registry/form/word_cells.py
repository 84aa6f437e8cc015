"""Small pieces of a Word page: runs, paragraphs, tables without lines, rules, page numbers."""

from __future__ import annotations

from typing import Any

from casepool.office.style import INK

_BOX, _BOX_FONT, _BOX_SIZE = "\u2610", "Segoe UI Symbol", 10.5


def add_text(line: Any, text: str, size: float, colour: str = INK, *, bold: bool = False) -> None:
    """Add a run of text to a paragraph; an empty text adds nothing."""
    from docx.shared import Pt, RGBColor

    if text:
        run = line.add_run(text)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour)


def add_box(line: Any) -> None:
    """Add an empty check box and a space at which no line breaks, from a font that has the sign."""
    from docx.oxml.ns import qn

    add_text(line, _BOX, _BOX_SIZE)
    box = line.runs[-1]
    box.font.name = _BOX_FONT
    for script in ("w:eastAsia", "w:cs"):
        box._element.rPr.rFonts.set(qn(script), _BOX_FONT)
    add_text(line, "\u00a0", _BOX_SIZE)


def paragraph(
    line: Any,
    *,
    before: float = 0,
    after: float = 0,
    left: float = 0,
    hanging: float = 0,
    exact: float = 0,
) -> None:
    """Set the spaces of a paragraph in points."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    shape = line.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.left_indent, shape.first_line_indent = Pt(left), Pt(-hanging)
    if exact:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(exact)


def tab_stop(line: Any, place: float, *, right: bool = False) -> None:
    """Add a tab stop to a paragraph."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Pt

    side = WD_TAB_ALIGNMENT.RIGHT if right else WD_TAB_ALIGNMENT.LEFT
    line.paragraph_format.tab_stops.add_tab_stop(Pt(place), side)


def rule_below(line: Any, colour: str, eighths: int = 5) -> None:
    """Draw a line below a paragraph; its weight counts eighths of a point.

    Word joins paragraphs with equal lines into one frame: let the weight alternate.
    """
    from docx.oxml.ns import qn

    properties = line._p.get_or_add_pPr()
    borders = properties.makeelement(qn("w:pBdr"), {})
    drawn = {"val": "single", "sz": str(eighths), "space": "1", "color": colour}
    borders.append(borders.makeelement(qn("w:bottom"), {qn(f"w:{key}"): value for key, value in drawn.items()}))
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def plain_table(document: Any, widths: list[float], gutter: float) -> Any:
    """Return a table without lines and rows: columns of fixed widths in points, empty space at their right."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    properties = table._tbl.tblPr
    margins = properties.makeelement(qn("w:tblCellMar"), {})
    for side, width in (("left", 0.0), ("right", gutter)):
        size = {qn("w:w"): str(round(width * 20)), qn("w:type"): "dxa"}
        margins.append(margins.makeelement(qn(f"w:{side}"), size))
    properties.insert_element_before(margins, "w:tblLook")
    return table


def fixed_height(row: Any, height: float) -> None:
    """Give a row at least a height in points, and keep it on one page."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    row.height, row.height_rule = Pt(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = row._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:cantSplit"), {}))


def shade(cell: Any, colour: str, bar: str) -> None:
    """Fill a cell, and draw a bar at its left."""
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    borders = properties.makeelement(qn("w:tcBorders"), {})
    drawn = {"val": "single", "sz": "24", "space": "0", "color": bar}
    borders.append(borders.makeelement(qn("w:left"), {qn(f"w:{key}"): value for key, value in drawn.items()}))
    properties.append(borders)
    filled = {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): colour}
    properties.append(properties.makeelement(qn("w:shd"), filled))


def page_field(line: Any, size: float, colour: str) -> None:
    """Add the number of the page, as Word counts it."""
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("shown", "1"), ("end", "")):
        add_text(line, "x", size, colour)
        run = line.runs[-1]
        run.text = text if kind == "shown" else ""
        if kind in {"begin", "separate", "end"}:
            run._r.append(run._r.makeelement(qn("w:fldChar"), {qn("w:fldCharType"): kind}))
        elif not kind:
            code = run._r.makeelement(qn("w:instrText"), {})
            code.text = text
            run._r.append(code)
