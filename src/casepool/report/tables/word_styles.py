"""A Word document whose every look is a named style, so that a template restyles what is pasted from it."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from casepool.office.frozen import EPOCH, FIRST, frozen_parts

if TYPE_CHECKING:
    from docx.document import Document

TABLE, TEXT, NUMBER, NOTE = "casepool Table", "Table Text", "Table Number", "Table Note"
# Where a table is wide: the same in smaller type.
WIDE = " Wide"
CAPTION, TOTAL = "Caption", "Strong"
_FONT = "Arial"
_BODY, _CELL, _WIDE_CELL, _NOTE = 10, 9, 7.5, 8
_MARGIN = 25
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_RULE, _THIN = "12", "6"


def locale(language: str) -> str:
    """Return the language of a document as Word names it."""
    return "fr-FR" if language == "fr" else "en-GB"


def styled_document(language: str, title: str) -> Document:
    """Return an empty portrait document (A4, a text of 16 cm) with the styles of tables, captions and notes."""
    import docx
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    document.part._styles_part._element = deepcopy(_styles(language))
    _set_language(document.settings.element, language)
    properties = document.core_properties
    properties.title, properties.language = title, locale(language)
    properties.author, properties.last_modified_by, properties.comments = "casepool", "casepool", ""
    properties.created = properties.modified = EPOCH
    properties.revision = 1
    _drop_thumbnail(document)
    return document


def frozen_document(document: Document) -> bytes:
    """Return the bytes of a document that says no date, with fixed dates in its zip directory."""
    return frozen_parts(_parts(document), without=_DATES)


def _parts(document: Document) -> dict[str, bytes]:
    """Return the parts of a document as python-docx saves them; to pack them twice takes as long as to fill a table."""
    from docx.opc import pkgwriter
    from docx.opc.packuri import PACKAGE_URI

    package = document.part.package
    parts = list(package.iter_parts())
    types: Any = pkgwriter._ContentTypesItem  # without types
    packed = {FIRST: types.from_parts(parts).blob, PACKAGE_URI.rels_uri.membername: package.rels.xml}
    for part in parts:
        packed[part.partname.membername] = part.blob
        if len(part.rels):
            packed[part.partname.rels_uri.membername] = part.rels.xml
    return packed


@cache
def _styles(language: str) -> Any:
    """Return the styles of the documents of a language; to make them takes half the time of a short table."""
    import docx

    document = docx.Document()
    _set_language(document.styles.element, language)
    _set_paragraphs(document)
    _set_table(document)
    return document.styles.element


def _set_language(part: Any, language: str) -> None:
    """Set the language of all texts, or of the theme; the template of the library says American English."""
    from docx.oxml.ns import qn

    for tag in ("w:lang", "w:themeFontLang"):
        for found in part.iter(qn(tag)):
            found.set(qn("w:val"), locale(language))


def _set_paragraphs(document: Document) -> None:
    normal = _style(document, "Normal", points=_BODY, after=4)
    normal.font.name = _FONT
    normal.paragraph_format.line_spacing = 1.0
    for name, points in (("", _CELL), (WIDE, _WIDE_CELL)):
        _style(document, TEXT + name, points=points, after=1)
        _style(document, NUMBER + name, points=points, after=1, right=True)
    _style(document, NOTE, points=_NOTE, after=2)
    caption = _style(document, CAPTION, points=_BODY, after=4)
    caption.paragraph_format.keep_with_next = True
    caption.font.bold, caption.font.color.rgb = True, None
    _remove(caption.element, "w:color")


def _style(document: Document, name: str, *, points: float, after: float, right: bool = False) -> Any:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    styles = document.styles
    style: Any = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = None if name == "Normal" else document.styles["Normal"]
    style.font.size = Pt(points)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(after)
    style.quick_style = True
    if right:
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return style


def _set_table(document: Document) -> None:
    """Add the style of the tables: rules above, below and under the bold heading, as in a printed article."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    style: Any = document.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    side = '<w:{0} w:type="dxa" w:w="72"/>'
    whole = (
        f"<w:tblPr {nsdecls('w')}><w:tblBorders>{_line('top', _RULE)}{_line('bottom', _RULE)}</w:tblBorders>"
        f"<w:tblCellMar>{side.format('left')}{side.format('right')}</w:tblCellMar></w:tblPr>"
    )
    first = (
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'{_line("bottom", _THIN)}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    style.element.append(parse_xml(whole))
    style.element.append(parse_xml(first))


def _line(side: str, size: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'


def _remove(element: Any, tag: str) -> None:
    from docx.oxml.ns import qn

    for found in list(element.iter(qn(tag))):
        found.getparent().remove(found)


def _drop_thumbnail(document: Document) -> None:
    """Take away the picture of another document that the template of the library brings along."""
    relations = document.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]
