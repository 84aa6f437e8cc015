"""BibTeX exports (Zotero, Mendeley, JabRef, Google Scholar): entries, macros, braces and TeX accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from casepool.errors import SourceDataError
from casepool.search.citation import Record, citation, safe_id

_ENTRY = re.compile(r"@(\w+)\s*\{", re.IGNORECASE)
_FIELD = re.compile(r"\s*([\w\-]+)\s*=\s*")
_ACCENT = re.compile(r"\\(?:([`'^\"~=.])\s*|([uvHcdbrk])(?:\s+|(?=\{)))(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))")
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328",
}  # fmt: skip
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
            "AA": "Å", "i": "ı"}  # fmt: skip
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i)(?![A-Za-z])\s?(?:\{\})?")
_COMMAND = re.compile(r"\\[A-Za-z]+\s?")
_ESCAPED = re.compile(r"\\([&%$#_{}])")


def parse_bibtex(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every entry of a BibTeX file, in file order.

    Raises
    ------
    SourceDataError
        If the file is not BibTeX, an entry is not closed or has no key.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{source}: not a BibTeX file ({error}). Export it again as BibTeX (UTF-8)."
        raise SourceDataError(message) from error
    if text.strip() and not _ENTRY.search(text):
        message = f"{source}: not a BibTeX file (no entry begins with @). Export it again."
        raise SourceDataError(message)
    macros: dict[str, str] = {}
    for kind, body in _entries(text, source):
        if kind == "string":
            macros |= _fields(body, macros)
        elif kind not in {"comment", "preamble"}:
            key, _, rest = body.partition(",")
            if not safe_id(key) or "=" in key:
                message = f"{source}: an entry @{kind} has no key; expected @{kind}{{key, …"
                raise SourceDataError(message)
            yield _record(kind, safe_id(key), _fields(rest, macros))


def _entries(text: str, source: Path) -> Iterator[tuple[str, str]]:
    place = 0
    while found := _ENTRY.search(text, place):
        end = _closing(text, found.end())
        if end < 0:
            line = text.count("\n", 0, found.start()) + 1
            message = f"{source}: the entry at line {line} is not closed; expected }} at its end. Export it again."
            raise SourceDataError(message)
        yield found[1].lower(), text[found.end() : end]
        place = end + 1


def _closing(text: str, start: int) -> int:
    """Return where the brace closes that was opened before `start` (−1: nowhere)."""
    depth = 1
    for place in range(start, len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return place
    return -1


def _fields(body: str, macros: dict[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    place = 0
    while found := _FIELD.match(body, place):
        value, place = _value(body, found.end(), macros)
        fields.setdefault(found[1].lower(), value)
        comma = body.find(",", place)
        if comma < 0:
            break
        place = comma + 1
    return fields


def _value(body: str, place: int, macros: dict[str, str]) -> tuple[str, int]:
    """Return a value (parts may be joined with #) and where it ends."""
    parts: list[str] = []
    while True:
        if body[place : place + 1] == "{":
            end = _closing(body, place + 1)
            parts.append(body[place + 1 : end])
            place = end + 1
        elif body[place : place + 1] == '"':
            end = _quote(body, place + 1)
            parts.append(body[place + 1 : end])
            place = end + 1
        else:
            word = re.compile(r"[^\s,#]*").match(body, place)
            assert word is not None  # the pattern matches the empty text
            parts.append(macros.get(word[0].lower(), word[0]))
            place = word.end()
        joined = re.compile(r"\s*#\s*").match(body, place)
        if joined is None:
            return "".join(parts), place
        place = joined.end()


def _quote(body: str, start: int) -> int:
    depth = 0
    for place in range(start, len(body)):
        depth += {"{": 1, "}": -1}.get(body[place], 0)
        if body[place] == '"' and depth == 0:
            return place
    return len(body)


def plain_text(text: str) -> str:
    """Return a TeX text without commands and braces: accents become letters."""
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _ESCAPED.sub(r"\1", _COMMAND.sub("", text).replace("---", "—").replace("--", "–").replace("~", " "))
    return unicodedata.normalize("NFC", " ".join(text.replace("{", "").replace("}", "").split()))


def _accented(found: re.Match[str]) -> str:
    letter = found[3] or found[4]
    return unicodedata.normalize("NFC", letter + _MARKS[found[1] or found[2]])


def _record(kind: str, key: str, fields: dict[str, str]) -> Record:
    told = {name: plain_text(value) for name, value in fields.items() if name not in {"doi", "url"}}
    authors = [plain_text(one) for one in re.split(r"\s+and\s+", fields.get("author", "")) if one.strip()]
    pmid = told.get("pmid") or (told.get("eprint", "") if told.get("eprinttype", "").lower() == "pubmed" else "")
    return citation(
        f"bib:{key}",
        year=told.get("year") or told.get("date", ""),
        doi=fields.get("doi", "").replace("\\_", "_"),
        pmid=pmid,
        pmcid=told.get("pmcid", ""),
        title=told.get("title", ""),
        authors="; ".join(authors),
        journal=told.get("journal") or told.get("journaltitle") or told.get("booktitle", ""),
        volume=told.get("volume", ""),
        issue=told.get("number") or told.get("issue", ""),
        pages=told.get("pages", "").replace("–", "-"),
        language=told.get("language") or told.get("langid", ""),
        publication_types=kind,
        url=fields.get("url", ""),
        abstract=told.get("abstract", ""),
        keywords=told.get("keywords", ""),
    )
