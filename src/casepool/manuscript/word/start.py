"""The first chapter as a Word document: content controls where a build has something to say."""

from __future__ import annotations

from typing import Any

from lxml import etree

from casepool.manuscript.build import Build
from casepool.manuscript.chapter import Block
from casepool.manuscript.offer import missing
from casepool.manuscript.sources import Reference
from casepool.manuscript.word.package import W
from casepool.manuscript.word.writing import write_run
from casepool.report.tables.word_styles import CAPTION, NOTE, frozen_document, styled_document
from casepool.report.words.catalogue import load_catalogue, set_french_spaces


def chapter_docx(blocks: list[Block], build: Build) -> bytes:
    """Return the chapter as a Word document whose controls are empty: a pull fills them.

    Parameters
    ----------
    blocks : of the chapter.
    """
    document = styled_document(build.language, "")
    document.core_properties.author = document.core_properties.last_modified_by = ""
    for block in blocks:
        _add(document, block, build)
    return frozen_document(document)


def _add(document: Any, block: Block, build: Build) -> None:
    if block.kind == "heading":
        document.add_heading(str(block.parts[0]), block.level)
    elif block.kind == "table":
        _caption(document, block.references[0], build, keep_next=True)
        _add_control(document, block.references[0])
    elif block.kind == "figure":
        _add_control(document, block.references[0], keep_next=True)
        _caption(document, block.references[0], build, keep_next=False)
        notes = Reference("sentence", f"figure.{block.references[0].name}.notes")
        if missing("sentence", notes.name, "", build) is None:
            _add_control(document, notes, style=NOTE)
    elif len(block.parts) == 1 and block.references:
        _add_control(document, block.references[0])
    else:
        paragraph = document.add_paragraph()
        for part in block.parts:
            text = set_french_spaces(part) if isinstance(part, str) and build.language == "fr" else part
            paragraph._p.append(control(text)) if isinstance(text, Reference) else paragraph.add_run(text)


def _caption(document: Any, reference: Reference, build: Build, *, keep_next: bool) -> None:
    """Add a caption with a number that Word counts; its words follow the build where it has any."""
    paragraph = document.add_paragraph(style=CAPTION)
    paragraph.paragraph_format.keep_with_next = keep_next
    label = load_catalogue(build.language).text(f"number_caption_{reference.kind}")
    paragraph.add_run(f"{label}\u00a0")
    field = paragraph._p.makeelement(f"{W}fldSimple", {f"{W}instr": f" SEQ {label} \\* ARABIC "})
    run = field.makeelement(f"{W}r")
    write_run(run, "#")
    field.append(run)
    paragraph._p.append(field)
    named = Reference("sentence", f"{reference.kind}.{reference.name}.caption")
    if missing("sentence", named.name, "", build) is None:
        paragraph.add_run(". ")
        paragraph._p.append(control(named))


def _add_control(document: Any, reference: Reference, *, keep_next: bool = False, style: str = "") -> None:
    """Add a control that stands among paragraphs."""
    element = control(reference, plain=False)
    paragraph = element.makeelement(f"{W}p")
    properties = etree.SubElement(paragraph, f"{W}pPr")
    if style:
        etree.SubElement(properties, f"{W}pStyle", {f"{W}val": document.styles[style].style_id})
    if keep_next:
        etree.SubElement(properties, f"{W}keepNext")
    content = element.find(f"{W}sdtContent")
    for child in list(content):
        paragraph.append(child)
    content.append(paragraph)
    document.element.body.insert(len(document.element.body) - 1, element)


def control(reference: Reference, *, plain: bool = True) -> Any:
    """Return an empty content control for what is named, to stand inside a line.

    Its title is its tag, and it is one of plain text: LibreOffice 7.4 keeps nothing else of it.

    Parameters
    ----------
    plain : whether it holds a text and no more.
    """
    tag = {f"{W}val": f"casepool:{reference.place}"}
    element = etree.Element(f"{W}sdt", nsmap={"w": W[1:-1]})
    properties = etree.SubElement(element, f"{W}sdtPr")
    etree.SubElement(properties, f"{W}alias", tag)
    etree.SubElement(properties, f"{W}tag", tag)
    etree.SubElement(properties, f"{W}showingPlcHdr")
    if plain:
        etree.SubElement(properties, f"{W}text")
    run = etree.SubElement(etree.SubElement(element, f"{W}sdtContent"), f"{W}r")
    write_run(run, f"[{reference.name}]")
    return element
