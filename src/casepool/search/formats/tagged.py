"""Exports of tagged lines: RIS, NBIB, Web of Science, Ovid, EndNote (%), RefWorks, … One reader, a grammar for each.

An entry begins with its first tag and ends where the format says so, where the tag that opens entries comes again, or
where behind an empty line the first tag of the file comes again. Where neither an end nor an opening tag is written,
any tag of the entry behind an empty line begins the next, and any tag at all behind two. So an end that is missing,
tags before the opening one, and entries without a line between them are read; what the format does not allow is
remarked on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from casepool.model.message import Message
from casepool.search.formats.mapping import Entry, names_of

_ADDRESS = re.compile(r"\w+://")
_WRAPPED = 60  # a line that was wrapped has this length at least with the word that did not fit; a list has short lines
_SHOWN = 40  # characters of a line that a remark shows


@dataclass(frozen=True)
class Grammar:
    """How a tagged format is written.

    Attributes
    ----------
    name : what people call the format.
    split : a line with a tag → its tag and value; any other → None.
    start, end : the tags that open and close an entry (`end` empty: nothing closes one).
    listed : tags of which each line without a tag is a further value.
    indented : a line without a tag continues a value only if it is indented.
    """

    name: str
    split: Callable[[str], tuple[str, str] | None]
    start: frozenset[str]
    end: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    indented: bool = False


def _by(pattern: str) -> Callable[[str], tuple[str, str] | None]:
    compiled = re.compile(pattern)

    def split(line: str) -> tuple[str, str] | None:
        found = compiled.match(line)
        return (found[1], (found[2] or "").strip()) if found else None

    return split


def _ovid(line: str) -> tuple[str, str] | None:
    """Return a numbered beginning (``<12.>``), a tag, or a name on a line of its own whose value is indented below."""
    if found := re.match(r"<(\d+)\.?\s*>", line):
        return "<", found[1]
    if found := re.match(r"([A-Z][A-Z0-9])(?:  ?- |  )(.*)", line):
        return found[1], found[2].strip()
    name = re.sub(r"\s*\[[A-Z]{2}\]$", "", line.rstrip()).casefold()
    return (name, "") if name in names_of("ovid") else None


RIS = Grammar("RIS", _by(r"([A-Z][A-Z0-9]{1,4})  -(?=\s|TY  -|$)(.*)"), frozenset({"TY"}), frozenset({"ER"}))
_LOOSE_RIS = replace(RIS, split=_by(r"\s*([A-Z][A-Z0-9])\s{0,2}[-–:](?:\s|$)(.*)"))
_LOOSE_START = re.compile(r"^(?!TY  -)[ \t]*TY[ \t]*[-–:](?:\s|$).*$", re.MULTILINE)
NBIB = Grammar("NBIB", _by(r"(?=[A-Z ]{4}-|[A-Z]{4} -)([A-Z]{2,4}) *- ?(.*)"), frozenset({"PMID"}), indented=True)
WOS = Grammar(
    "Web of Science", _by(r"([A-Z][A-Z0-9])(?: (.*)|$)"), frozenset({"PT"}), frozenset({"ER", "EF"}),
    frozenset({"AU", "AF", "BA", "BF", "BE", "CA", "ED", "C1", "CR"}), indented=True,
)  # fmt: skip
OVID = Grammar("Ovid", _ovid, frozenset({"<", "VN"}), listed=frozenset({"AU", "FA", "authors"}), indented=True)
REFER = Grammar("EndNote", _by(r"(%[!-~]) ?(.*)"), frozenset({"%0"}), listed=frozenset({"%K"}))
COCHRANE = Grammar("Cochrane", _by(r"(Record|[A-Z]{2,3})(?:: ?| (?=#\d))(.*)"), frozenset({"Record", "ID"}))
EU_CTR = Grammar(
    "EU Clinical Trials Register", _by(r"([A-Z][A-Za-z]+(?: [A-Za-z]+){0,4})\*?:\s*(.*)"), frozenset({"EudraCT Number"})
)
REFWORKS = Grammar("RefWorks", _by(r"([A-Z][A-Z0-9]) (.*)"), frozenset({"RT"}))


def read_tagged(text: str, grammar: Grammar) -> tuple[list[Entry], list[Message]]:
    """Return the entries of a text and remarks on what was not written as the format asks."""
    remarks: list[Message] = []
    if grammar is RIS and (loose := _LOOSE_START.search(text)):
        number = text.count("\n", 0, loose.start()) + 1
        remarks.append(Message("loose_start", line=number, found=loose[0].strip()[:_SHOWN], expected="TY  - "))
        grammar = _LOOSE_RIS
    reader = _Reader(grammar)
    for number, line in enumerate(text.split("\n"), start=1):
        reader.take(number, line)
    reader.close(closed=False)
    return reader.entries, remarks + reader.remarks


@dataclass
class _Reader:
    """What has been read: the entries that are finished, and the one that is open."""

    grammar: Grammar
    entries: list[Entry] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    line: int = 0  # where the open entry began
    opening: str = ""  # the first tag of the file
    gap: int = 0  # empty lines just before this one

    def take(self, number: int, line: str) -> None:
        found = self.grammar.split(line)
        if found:
            self._tag(number, *found)
            self.gap = 0
        elif not line.strip():
            self.gap += 1
        elif self.pairs and (line[0].isspace() or not self.grammar.indented):
            tag, value = self.pairs.pop()
            self.pairs += [(tag, one) for one in _joined(self.grammar, tag, value, line.strip())]

    def _tag(self, number: int, tag: str, value: str) -> None:
        if tag in self.grammar.end:
            self.close(closed=True)
            if again := self.grammar.split(value):  # two files joined without a line end between them
                self._tag(number, *again)
            return
        self.opening = self.opening or tag
        if self._begins(tag):
            self.close(closed=False)
        self.line = self.line if self.pairs else number
        self.pairs.append((tag, value))

    def _begins(self, tag: str) -> bool:
        """Return whether a tag begins the next entry, though nothing closed the one that is open."""
        loose = not self.grammar.end and self.opening not in self.grammar.start
        if not any(one == tag for one, _ in self.pairs):
            return loose and self.gap > 1
        return tag in self.grammar.start or (self.gap > 0 and (loose or tag == self.opening))

    def close(self, *, closed: bool) -> None:
        """End the entry, if one is open; remark on an end or a beginning that is not there."""
        if not self.pairs:
            return
        if self.grammar.end and not closed:
            self.remarks.append(Message("entry_not_closed", line=self.line, expected=max(self.grammar.end)))
        if self.grammar.end and not any(tag in self.grammar.start for tag, _ in self.pairs):
            self.remarks.append(Message("entry_without_start", line=self.line, expected=max(self.grammar.start)))
        self.entries.append(Entry(self.line, tuple(self.pairs)))
        self.pairs = []


def _joined(grammar: Grammar, tag: str, value: str, line: str) -> list[str]:
    """Return a value with the line that continues it; EndNote lists keywords and addresses one a line."""
    if not value:
        return [line]
    if tag in grammar.listed:
        return [value, line]
    if grammar.start == RIS.start and tag == "UR":
        return [value, line] if _ADDRESS.match(line) else [f"{value}{line}"]
    if grammar.start == RIS.start and tag == "KW" and len(f"{value} {line.split()[0]}") < _WRAPPED:
        return [value, line]
    return [f"{value} {line}"]
