"""A table in a control: its words follow the build, its looks stay those of the author once there are any."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from casepool.manuscript.word.controls import Control, same, text_of
from casepool.manuscript.word.package import Package, R, W
from casepool.manuscript.word.styles import Styles
from casepool.manuscript.word.writing import fill_paragraph, run_look

_STYLED = ("pStyle", "rStyle", "tblStyle")


@dataclass(frozen=True)
class MadeTable:
    """A table as the build wrote it, as a Word file of its own: a caption, the table, its notes.

    Attributes
    ----------
    package : the file.
    """

    package: Package

    @cached_property
    def _blocks(self) -> list[Any]:
        body = self.package.tree(self.package.main).find(f"{W}body")
        return [one for one in body if one.tag in {f"{W}p", f"{W}tbl"}]

    @cached_property
    def blocks(self) -> list[Any]:
        """The table and the notes that follow it; the caption is the author's, or a sentence of its own."""
        first = next((n for n, one in enumerate(self._blocks) if one.tag == f"{W}tbl"), len(self._blocks))
        return [one for one in self._blocks[first:] if one.tag == f"{W}tbl" or text_of(one)]

    @property
    def caption(self) -> str:
        """The text above the table without its number, which Word counts."""
        before = self._blocks[: self._blocks.index(self.blocks[0])] if self.blocks else []
        lines = [_without_number(one) for one in before]
        return next((line for line in lines if line), "")

    @property
    def text(self) -> str:
        """What a reader reads in it."""
        return "\n".join(text_of(one) for one in self.blocks)


def _without_number(paragraph: Any) -> str:
    """Return the text of a caption behind the field that counts it."""
    ends = [one for one in paragraph.iter(f"{W}fldChar") if one.get(f"{W}fldCharType") == "end"]
    ends += list(paragraph.iter(f"{W}fldSimple"))
    if not ends:
        return text_of(paragraph)
    last = ends[-1]
    while last.getparent() is not paragraph:
        last = last.getparent()
    later = copy.deepcopy(paragraph)
    for child in list(later)[: paragraph.index(last) + 1]:
        later.remove(child)
    return text_of(later).lstrip(".: \u00a0–")


def write_table(control: Control, made: MadeTable, package: Package) -> None:
    """Put the table of a build into a control.

    A table of as many columns that is there already keeps its style, widths and paragraphs: only words change, rows
    come and go. Else the table of the build takes its place, with the style and width of the one before.
    """
    wanted = made.blocks
    held = [one for one in control.content if one.tag in {f"{W}tbl", f"{W}p"}]
    showing = control.element.find(f"{W}sdtPr/{W}showingPlcHdr")
    if showing is not None:
        showing.getparent().remove(showing)
        for child in held:
            control.content.remove(child)
        held = []
    tables = [one for one in held if one.tag == f"{W}tbl"]
    if len(tables) == 1 and _columns(tables[0]) == _columns(wanted[0]):
        _refill(tables[0], wanted[0])
        _refill_notes(control, tables[0], wanted[1:], Adoption(control.part, made.package, package))
        return
    for child in held:
        control.content.remove(child)
    adopted = [Adoption(control.part, made.package, package).of(one) for one in wanted]
    if tables:
        _keep_looks(tables[0], adopted[0])
    for element in adopted:
        control.content.append(element)


@dataclass(frozen=True)
class Adoption:
    """Takes elements of another Word file into a part: with the styles they name and the addresses they lead to."""

    part: str
    source: Package
    package: Package

    def of(self, element: Any) -> Any:
        """Return a copy of an element that fits into the part."""
        taken = copy.deepcopy(element)
        styles = Styles(self.package)
        for name in _STYLED:
            for one in taken.iter(f"{W}{name}"):
                one.set(f"{W}val", styles.adopt(self.source, one.get(f"{W}val")))
        for name in ("bookmarkStart", "bookmarkEnd", "sectPr"):
            for one in list(taken.iter(f"{W}{name}")):
                one.getparent().remove(one)
        for one in list(taken.iter(f"{W}hyperlink")):
            self._link(one)
        return taken

    def _link(self, link: Any) -> None:
        """Give a link its address in the part; one without an address becomes plain text."""
        found = [one for one in self.source.relations(self.source.main) if one.get("Id") == link.get(f"{R}id")]
        if found and found[0].get("TargetMode") == "External":
            link.set(f"{R}id", self.package.relate(self.part, "hyperlink", found[0].get("Target"), external=True))
            self.package.touch(self.part)
        else:
            for child in link:
                link.addprevious(child)
            link.getparent().remove(link)


def _columns(table: Any) -> int:
    return max((len(_cells(row)) for row in _rows(table)), default=0)


def _rows(table: Any) -> list[Any]:
    return [one for one in table.iter(f"{W}tr") if _table_of(one) is table]


def _table_of(element: Any) -> Any:
    return next(one for one in element.iterancestors() if one.tag == f"{W}tbl")


def _cells(row: Any) -> list[Any]:
    return [one for one in row.iter(f"{W}tc") if next(a for a in one.iterancestors() if a.tag == f"{W}tr") is row]


def _is_head(row: Any) -> bool:
    return row.find(f"{W}trPr/{W}tblHeader") is not None


def _refill(table: Any, wanted: Any) -> None:
    """Put the words of a table into another one of as many columns, row by row of the same kind."""
    rows, told = _rows(table), _rows(wanted)
    for row, other in _paired(rows, told):
        for cell, of in zip(_cells(row), _cells(other), strict=False):
            if not same(text_of(cell), text_of(of)):
                _write_cell(cell, of)
    for row in rows[len(told) :]:
        row.getparent().remove(row)


def _paired(rows: list[Any], told: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each row that is wanted with the row that takes its words; those that lack are copies of the last one."""
    last = rows[-1]
    for number, other in enumerate(told):
        if number < len(rows):
            yield rows[number], other
        else:
            row = copy.deepcopy(last)
            last.addnext(row)
            last = row
            yield row, other


def _write_cell(cell: Any, wanted: Any) -> None:
    paragraphs = list(cell.iter(f"{W}p"))
    texts = [text_of(one) for one in wanted.iter(f"{W}p")]
    sources = [one for one in wanted.iter(f"{W}r") if one.find(f"{W}t") is not None]
    look = run_look(sources[0]) if sources else None
    for other in paragraphs[1:]:
        other.getparent().remove(other)
    fill_paragraph(paragraphs[0], "\n".join(texts), look)


def _refill_notes(control: Control, table: Any, wanted: list[Any], adoption: Adoption) -> None:
    """Put the notes below a table: the words of those that are there, copies for those that lack."""
    held = list(table.itersiblings(f"{W}p"))
    place = table
    for number, note in enumerate(wanted):
        if number < len(held):
            if not same(text_of(held[number]), text_of(note)):
                fill_paragraph(held[number], text_of(note))
            place = held[number]
        else:
            place.addnext(taken := adoption.of(note))
            place = taken
    for spare in held[len(wanted) :]:
        control.content.remove(spare)


def _keep_looks(before: Any, now: Any) -> None:
    """Give a new table the style, width and place of the one before it."""
    old, new = before.find(f"{W}tblPr"), now.find(f"{W}tblPr")
    if old is None or new is None:
        return
    for name in ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLook"):
        was, is_now = old.find(f"{W}{name}"), new.find(f"{W}{name}")
        if was is None:
            continue
        if is_now is not None:
            new.replace(is_now, copy.deepcopy(was))
        elif name == "tblStyle":
            new.insert(0, copy.deepcopy(was))
