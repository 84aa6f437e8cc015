"""BibTeX exports, split into entries by bibtexparser; values that are joined, cut off or run together are read here.

bibtexparser 2.1 leaves ``a # {b}`` as it stands (``findings/bibtexparser_joined_values.sh``) and takes a field that
follows without a comma for a part of the one before.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser import model
from bibtexparser.splitter import Splitter

from casepool.model.message import Message
from casepool.search.formats.mapping import Entry
from casepool.search.formats.tex import plain_text

_FIELD = re.compile(r",?\s*([\w.+:\-]+)\s*=\s*")
_WORD = re.compile(r"[^\s,#{}\"]+")
_ENCLOSING = re.compile(r"(?<!\\)[{}]|\"")
_JOINED = re.compile(r"\s*#\s*")
_AS_IT_STANDS = frozenset({"url", "key", "kind"})
_SHOWN = 40

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it warns of is a remark here


def read_bibtex(text: str, verbatim: frozenset[str] = frozenset()) -> tuple[list[Entry], list[Message]]:
    """Return the entries of a BibTeX text and remarks on what was mended or could not be read.

    Parameters
    ----------
    verbatim : fields that a program fills with text of its own, in which braces are no marks of TeX.
    """
    reader = _Reader(_AS_IT_STANDS | verbatim)
    for block in Splitter(text).split().blocks:
        reader.take(block)
    return reader.entries, reader.remarks


class _Reader:
    def __init__(self, verbatim: frozenset[str]) -> None:
        self.verbatim = verbatim
        self.entries: list[Entry] = []
        self.remarks: list[Message] = []
        self.macros: dict[str, str] = {}

    def take(self, block: model.Block) -> None:
        line = (block.start_line or 0) + 1
        if isinstance(block, model.String):
            self.macros[block.key.lower()] = self._value(block.value)[0]
        elif isinstance(block, model.Entry):
            self._entry(block, line)
        elif isinstance(block, model.ParsingFailedBlock):
            inner = block.ignore_error_block
            self._entry(inner, line) if isinstance(inner, model.Entry) else self._mend(block.raw or "", line)
        elif isinstance(block, model.ImplicitComment) and re.search(r"\{.*=|=\s*\{", block.comment, re.DOTALL):
            found = " ".join(block.comment.split())[:_SHOWN]
            self.remarks.append(Message("text_outside_entries", line=line, found=found))

    def _mend(self, raw: str, line: int) -> None:
        """Read an entry that is not closed as far as it goes."""
        depth = len(re.findall(r"(?<!\\)\{", raw)) - len(re.findall(r"(?<!\\)\}", raw))
        blocks = Splitter(raw.rstrip().rstrip(",") + "}" * depth).split().blocks
        mended = next((one for one in blocks if isinstance(one, model.Entry)), None)
        if mended is None:
            self.remarks.append(Message("entry_unreadable", line=line, found=" ".join(raw.split())[:_SHOWN]))
            return
        self.remarks.append(Message("entry_not_closed", line=line, expected="}"))
        self._entry(mended, line)

    def _entry(self, entry: model.Entry, line: int) -> None:
        fields: dict[str, str] = {}
        for one in entry.fields:
            for name, value in self._fields(one.key, str(one.value), line):
                fields.setdefault(name.lower(), value)
        told = [("key", entry.key), ("kind", entry.entry_type)]
        told += [(name, value) for name, given in fields.items() for value in self._plain(name, given)]
        self.entries.append(Entry(line, tuple(told)))

    def _fields(self, name: str, raw: str, line: int) -> Iterator[tuple[str, str]]:
        """Yield a field, and those that follow it without a comma."""
        value, rest = self._value(raw)
        while follows := _FIELD.match(rest):
            yield name, value
            name = follows[1]
            self.remarks.append(Message("comma_missing", line=line, field=name))
            value, rest = self._value(rest[follows.end() :])
        yield name, f"{value} {rest}".strip()

    def _plain(self, name: str, value: str) -> list[str]:
        """Return what a value says: people one by one, ids without the marks of TeX, all else as text."""
        if name in {"author", "editor"}:
            return _people(value)
        if name == "doi":
            return [re.sub(r"\{?\\?_\}?", "_", value).strip("{}")]
        return [value if name in self.verbatim else plain_text(value)]

    def _value(self, raw: str) -> tuple[str, str]:
        """Return a value, whose parts may be joined with #, and what stands behind it."""
        parts: list[str] = []
        place = 0
        while True:
            part, place = _part(raw, place, self.macros)
            parts.append(part)
            joined = _JOINED.match(raw, place)
            if joined is None:
                return "".join(parts), raw[place:].strip()
            place = joined.end()


def _part(raw: str, place: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """Return the part of a value that begins at `place`, without braces or quotation marks, and where it ends."""
    if raw[place : place + 1] in {"{", '"'}:
        end = _end(raw, place)
        return raw[place + 1 : end], end + 1
    word = _WORD.match(raw, place)
    return (macros.get(word[0].lower(), word[0]), word.end()) if word else ("", place)


def _end(raw: str, start: int) -> int:
    """Return where the brace or quotation mark closes that opens at `start`, or the end of the text."""
    quoted, depth = raw[start] == '"', 0
    for found in _ENCLOSING.finditer(raw, start + quoted):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found[0] == ('"' if quoted else "}"):
            return found.start()
    return len(raw)


def _people(text: str) -> list[str]:
    """Return the authors: joined with "and" outside braces; a last "others" stands for those not named."""
    names, depth, start = [], 0, 0
    for found in re.finditer(r"\\\S|[{}]|\s+and(?=\s)", text, re.IGNORECASE):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found[0].strip().lower() == "and":
            names.append(text[start : found.start()])
            start = found.end()
    last = text[start:]
    names += [] if names and last.strip().lower() == "others" else [last]
    return [plain_text(name) for name in names if name.strip()]
