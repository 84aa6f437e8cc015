"""The paper form as a Word document of two pages."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from casepool.model.protocol import Language, Protocol
from casepool.office.frozen import EPOCH, frozen_office
from casepool.office.style import ALARM, GREY, GROUP_COLOURS, INK
from casepool.registry.form import paper_layout as layout
from casepool.registry.form.paper import GRID, PaperField, PaperForm, PaperSection, paper_form
from casepool.registry.form.word_cells import (
    add_box,
    add_text,
    fixed_height,
    page_field,
    paragraph,
    plain_table,
    rule_below,
    shade,
    tab_stop,
)
from casepool.registry.form.words import words

_LINE = "8A94A0"
_FONT, _PLAIN, _BOLD = "Arial", "Helvetica", "Helvetica-Bold"  # letters of one width
_SPACE = "\u00a0"  # a box never stands alone at the end of a line


def form_docx(protocol: Protocol, language: Language) -> bytes:
    """Return the document; two calls give the same bytes."""
    import docx

    form = paper_form(protocol, language)
    document = docx.Document()
    _prepare(document, form)
    for page, sections in enumerate(form.pages):
        if page:
            _head_again(document, form)
        else:
            _head(document, form)
        table = plain_table(document, [layout.COLUMN] * GRID, layout.GUTTER)
        space = layout.space_below(form, page)
        for section in sections:
            _section(table, section, space)
    _between(document, 1)  # Word ends with a paragraph: without this one it adds a higher one
    written = BytesIO()
    document.save(written)
    return frozen_office(written.getvalue())


def _prepare(document: Any, form: PaperForm) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    section = document.sections[0]
    section.page_width, section.page_height = Pt(layout.PAGE_WIDTH), Pt(layout.PAGE_HEIGHT)
    section.left_margin = section.right_margin = section.top_margin = Pt(layout.MARGIN)
    section.bottom_margin = Pt(layout.MARGIN + 4)
    section.header_distance = section.footer_distance = Pt(layout.MARGIN / 2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(layout.BODY)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    locale = "fr-FR" if form.language == "fr" else "en-GB"
    properties = normal.element.get_or_add_rPr()
    properties.append(properties.makeelement(qn("w:lang"), {qn("w:val"): locale}))
    told = document.core_properties
    told.title, told.subject, told.language = f"{form.mark} {form.title}".strip(), form.subtitle, locale
    told.author, told.last_modified_by, told.comments, told.revision = "casepool", "casepool", "", 1
    told.created = told.modified = EPOCH
    foot = section.footer.paragraphs[0]
    foot.style = normal
    _foot(foot, form)


def _foot(line: Any, form: PaperForm) -> None:
    tab_stop(line, layout.WIDTH, right=True)
    add_text(line, f"{form.star}  ·  {form.subtitle}\t", 7, GREY)
    before, after = words(form.language)["paper"]["page"].split("{page}")
    add_text(line, before, 7, GREY)
    page_field(line, 7, GREY)
    add_text(line, after, 7, GREY)


def _title(document: Any, form: PaperForm, size: float) -> Any:
    line = document.add_paragraph()
    tab_stop(line, layout.WIDTH, right=True)
    add_text(line, form.title, size, INK, bold=True)
    if form.mark:
        add_text(line, f"\t{form.mark}", 13, ALARM, bold=True)
    return line


def _head(document: Any, form: PaperForm) -> None:
    _title(document, form, 19)
    subtitle = document.add_paragraph()
    add_text(subtitle, form.subtitle, 9, GREY)
    paragraph(subtitle, after=6)
    table = plain_table(document, [layout.WIDTH], 0)
    cell = table.add_row().cells[0]
    shade(cell, "FDF3F2", bar=ALARM)
    add_text(cell.paragraphs[0], form.instructions_title, 9, ALARM, bold=True)
    paragraph(cell.paragraphs[0], before=2, left=10)
    for text in form.instructions:
        line = cell.add_paragraph()
        add_text(line, f"•\t{text}", layout.BODY)
        tab_stop(line, 20)
        paragraph(line, left=20, hanging=10)
    paragraph(cell.paragraphs[-1], after=3, left=20, hanging=10)
    _between(document)


def _head_again(document: Any, form: PaperForm) -> None:
    title = _title(document, form, 11)
    title.paragraph_format.page_break_before = True
    paragraph(title, after=8)
    table = plain_table(document, [layout.COLUMN * 4, layout.COLUMN * 2], layout.GUTTER)
    for cell, field in zip(table.add_row().cells, form.again, strict=True):
        line = cell.paragraphs[0]
        add_text(line, field.label.removesuffix(" *"), 8, GREY)
        add_text(line, f"  {field.prefix}", 9, INK, bold=True)
        rule_below(line, _LINE)
        paragraph(line, exact=13)
    _between(document)


def _between(document: Any, height: float = 10) -> None:
    """Add the empty line without which Word joins two tables."""
    line = document.add_paragraph()
    paragraph(line, exact=height)


def _section(table: Any, section: PaperSection, space: float) -> None:
    row = table.add_row()
    fixed_height(row, layout.SECTION_TITLE)
    cell = row.cells[0].merge(row.cells[-1])
    line = cell.paragraphs[0]
    add_text(line, section.title, 11, GROUP_COLOURS[section.colour], bold=True)
    rule_below(line, GROUP_COLOURS[section.colour], eighths=10)
    paragraph(line, after=3)
    for fields in section.rows:
        _field_row(table, fields, space)


def _field_row(table: Any, fields: tuple[PaperField, ...], space: float) -> None:
    row = table.add_row()
    height = layout.row_height(fields) + space
    start = 0
    for field in fields:
        cell = row.cells[start].merge(row.cells[start + field.span - 1])
        start += field.span
        used = _question(cell, field)
        if not field.in_two_columns:
            _answer(cell, field, layout.question_height(fields) - used)
    if fields[0].in_two_columns:
        fixed_height(row, layout.question_height(fields))
        _pairs(table, fields[0], space)
    else:
        fixed_height(row, height)


def _question(cell: Any, field: PaperField) -> float:
    line = cell.paragraphs[0]
    add_text(line, field.label, layout.LABEL, INK, bold=True)
    paragraph(line, exact=layout.LABEL_LINE)
    width = layout.field_width(field)
    used = layout.LABEL_LINE * len(layout.text_lines(field.label, _BOLD, layout.LABEL, width))
    if field.note:
        note = cell.add_paragraph()
        add_text(note, field.note, layout.NOTE, GREY)
        paragraph(note, exact=layout.NOTE_LINE)
        used += layout.NOTE_LINE * len(layout.text_lines(field.note, _PLAIN, layout.NOTE, width))
    return used


def _answer(cell: Any, field: PaperField, above: float) -> None:
    line = cell.add_paragraph()
    if field.boxes:
        for box in field.boxes:
            _tick(line, f"{box}{_SPACE}{_SPACE} ")
        paragraph(line, before=max(above, 0), exact=layout.BOX_LINE)
        return
    for number in range(field.n_lines):
        ruled = line if number == 0 else cell.add_paragraph()
        tab_stop(ruled, layout.field_width(field), right=True)
        add_text(ruled, field.prefix, layout.ANSWER, INK, bold=True)
        add_text(ruled, f"\t{field.unit}", 7.5, GREY)
        rule_below(ruled, _LINE, eighths=4 + number % 2)
        paragraph(ruled, before=layout.RULED_LINE - 12 + (max(above, 0) if number == 0 else 0), exact=11)


def _tick(line: Any, text: str) -> None:
    add_box(line)
    add_text(line, text.replace(" ", _SPACE, text.count(" ") - text.endswith(" ")), layout.ANSWER)


def _pairs(table: Any, field: PaperField, space: float) -> None:
    pairs = field.pairs
    for number, pair in enumerate(pairs):
        row = table.add_row()
        half = GRID // 2
        for place, text in enumerate(pair):
            cell = row.cells[place * half].merge(row.cells[place * half + half - 1])
            line = cell.paragraphs[0]
            add_box(line)
            add_text(line, text, layout.ANSWER)
            paragraph(line, left=layout.BOX, hanging=layout.BOX)
        last = number == len(pairs) - 1
        fixed_height(row, layout.BOX_LINE + (space if last else 0))
