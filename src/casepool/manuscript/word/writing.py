"""Putting text into a control or a cell: the words change, the looks stay those of the author."""

from __future__ import annotations

import copy
import re
from typing import Any

from casepool.manuscript.word.controls import Control
from casepool.manuscript.word.package import W

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Marks that stand between runs and must outlive them: a reference, a comment.
_MARKS = {
    f"{W}{name}"
    for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd")
}
_WRITTEN = re.compile("([\u00ad\u2011\n\t])")
_SIGNS = {"\u00ad": "softHyphen", "\u2011": "noBreakHyphen", "\n": "br", "\t": "tab"}
_PLACEHOLDER = "PlaceholderText"


def write_texts(control: Control, paragraphs: list[str]) -> None:
    """Put paragraphs into a control, in the looks of what it held; inside a line they stand one behind the other."""
    look = _look(control)
    showing = control.element.find(f"{W}sdtPr/{W}showingPlcHdr")
    if showing is not None:
        showing.getparent().remove(showing)
    held = [one for one in control.paragraphs if one.getparent() is not None]
    if not held and not control.is_block:
        _fill(control.content, " ".join(paragraphs), look)
        return
    if not held:
        held = [control.content.makeelement(f"{W}p")]
        control.content.append(held[0])
    first = held[0]
    for other in held[1:]:
        other.getparent().remove(other)
    fill_paragraph(first, paragraphs[0] if paragraphs else "", look)
    place = first
    for text in paragraphs[1:]:
        other = _like(first)
        fill_paragraph(other, text, look)
        place.addnext(other)
        place = other


def fill_paragraph(paragraph: Any, text: str, look: Any = None) -> None:
    """Put a text into a paragraph, in the looks of its first run, else in those that are given."""
    runs = [one for one in paragraph.iter(f"{W}r") if one.find(f"{W}t") is not None]
    _fill(paragraph, text, run_look(runs[0]) if runs else look)


def run_look(run: Any) -> Any:
    """Return a copy of the looks of a run; None where it has none of its own."""
    found = run.find(f"{W}rPr")
    if found is None:
        return None
    look = copy.deepcopy(found)
    for child in list(look):
        style = child.tag == f"{W}rStyle" and child.get(f"{W}val") == _PLACEHOLDER
        if style or child.tag in {f"{W}ins", f"{W}del"}:
            look.remove(child)
    return look


def _look(control: Control) -> Any:
    """Return the looks for what is written: those of its text, else those that its properties give."""
    runs = [one for one in control.content.iter(f"{W}r") if one.find(f"{W}t") is not None]
    if runs and not control.is_placeholder:
        return run_look(runs[0])
    given = control.element.find(f"{W}sdtPr/{W}rPr")
    return copy.deepcopy(given) if given is not None else (run_look(runs[0]) if runs else None)


def _like(paragraph: Any) -> Any:
    other = paragraph.makeelement(f"{W}p")
    properties = paragraph.find(f"{W}pPr")
    if properties is not None:
        other.append(copy.deepcopy(properties))
    return other


def _fill(place: Any, text: str, look: Any) -> None:
    """Put one run with the text where the runs were; properties and marks stay."""
    kept = list(place.iter(*_MARKS))
    index = None
    for child in list(place):
        if child.tag == f"{W}pPr" or child.tag in _MARKS or child.find(f"{W}commentReference") is not None:
            continue
        index = place.index(child) if index is None else index
        place.remove(child)
    run = place.makeelement(f"{W}r")
    if look is not None:
        run.append(copy.deepcopy(look))
    write_run(run, text)
    place.insert(_after_starts(place) if index is None else index, run)
    for mark in kept:
        if mark.getparent() is None or place not in mark.iterancestors():
            place.append(mark)


def _after_starts(place: Any) -> int:
    """Return where the text begins: behind the properties and the marks that open."""
    opening = [one for one in place if one.tag == f"{W}pPr" or one.tag.endswith("Start")]
    return place.index(opening[-1]) + 1 if opening else 0


def write_run(run: Any, text: str) -> None:
    """Put a text into a run, with breaks, tabs and hyphens as Word has them."""
    for part in _WRITTEN.split(text):
        if part in _SIGNS:
            run.append(run.makeelement(f"{W}{_SIGNS[part]}"))
        elif part:
            written = run.makeelement(f"{W}t", {XML_SPACE: "preserve"})
            written.text = part
            run.append(written)
