"""RIS exports of other databases, read with rispy into the same records as PubMed's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import rispy

from casepool.model.message import Message
from casepool.search.formats.citation import Record, citation, unreadable

_FORMAT, _START, _KEY, _END = "RIS", "TY  - ", "ID  - ", "ER  - "
_TAG = re.compile(r"([A-Z][A-Z0-9])  -")
_LOOSE_START = re.compile(r"\s*TY\s*[-:]")
_SEVERAL = re.compile(r";\s*(?=\w+://)")  # RIS allows several addresses on a line; a DOI may hold a semicolon
_ADDRESS = re.compile(r"\w+://")
_WRAPPED = 60  # a line that was wrapped has this length at least with the word that did not fit; a list has short lines


def parse_ris(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every entry of a RIS file, in file order.

    Raises
    ------
    FileError
        If the file is not RIS, an entry is not closed or carries no ID, or a line stands outside all entries.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8-sig")
        lines = list(_whole_lines(text, source))
        entries = rispy.loads("\n".join(lines), delimiter_tags_mapping={})
    except (OSError, UnicodeDecodeError, ValueError, rispy.parser.ParseError) as error:
        raise unreadable(source, _FORMAT, str(error)) from error
    if text.strip() and not entries:
        raise unreadable(source, _FORMAT, Message("no_line_begins_with", begin=_START))
    for number, entry in enumerate(entries, start=1):
        if not entry.get("id"):
            raise unreadable(source, _FORMAT, Message("entry_without_key", entry=number, expected=_KEY))
        yield _record(entry)


def _whole_lines(text: str, source: Path) -> Iterator[str]:
    """Yield the lines of the entries, each value on one line (``findings/rispy_split_values.sh``).

    Refused is what rispy would leave out or join in silence: an entry that is not closed, tags outside an entry.
    """
    opened, whole = 0, ""  # the line where the entry began (0: in none), the value as far as it was read
    for number, line in enumerate(text.split("\n"), start=1):
        found = _TAG.match(line)
        tag = found[1] if found else ""
        _check(source, number, line, tag, opened)
        if not tag:
            whole = _joined(whole, line.strip()) if opened and line.strip() else whole
        elif opened or tag == "TY":
            yield whole
            whole = f"{tag}  - {line[5:].strip()}"
            opened = number if tag == "TY" else opened if tag != "ER" else 0
    yield whole
    _check(source, text.rstrip().count("\n") + 1, "", "end", opened)


def _check(source: Path, number: int, line: str, tag: str, opened: int) -> None:
    wrong = None
    if opened and tag in {"TY", "end"}:
        last = number - (tag == "TY")
        wrong = Message("entry_not_closed", line=opened, expected=_END, last=last)
    elif not tag and _LOOSE_START.match(line):
        wrong = Message("loose_start", line=number, found=line.strip(), expected=_START)
    elif not opened and tag not in {"", "TY", "ER", "end"}:
        wrong = Message("line_in_no_entry", line=number, tag=tag, expected=_START)
    if wrong:
        raise unreadable(source, _FORMAT, wrong)


def _joined(whole: str, line: str) -> str:
    """Return a value with the line that continues it; EndNote lists keywords and addresses one a line."""
    tag, last = whole[:2], whole.rpartition("\n")[2]
    if tag == "UR":
        return f"{whole}\n{tag}  - {line}" if _ADDRESS.match(line) else f"{whole}{line}"
    if tag == "KW" and len(f"{last} {line.split()[0]}") < _WRAPPED:
        return f"{whole}\n{tag}  - {line}"
    return f"{whole} {line}"


def _record(entry: dict[str, object]) -> Record:
    urls, authors, keywords = (_list(entry, *names) for names in _LISTS)
    medline = re.search("pubmed|medline", str(entry.get("name_of_database", "")), re.IGNORECASE)
    return citation(
        f"ris:{entry['id']}",
        year=entry.get("year") or entry.get("publication_year") or "",
        doi=_text(entry, "doi"),
        pmid=_text(entry, "accession_number") if medline else "",
        title=_text(entry, "title", "primary_title"),
        authors="; ".join(authors),
        journal=_text(entry, "secondary_title", "journal_name"),
        volume=_text(entry, "volume"),
        issue=_text(entry, "number"),
        pages="-".join(_text(entry, part) for part in ("start_page", "end_page") if entry.get(part)),
        language=_text(entry, "language"),
        publication_types=_text(entry, "type_of_reference"),
        url=_SEVERAL.split(next(iter(urls), ""))[0],
        abstract=_text(entry, "abstract", "notes_abstract"),
        keywords="; ".join(keywords),
    )


_LISTS = (("urls", "url"), ("authors", "first_authors"), ("keywords",))


def _list(entry: dict[str, object], *names: str) -> list[str]:
    found = next((entry[name] for name in names if entry.get(name)), [])
    return [str(one) for one in found if one] if isinstance(found, list) else [str(found)]


def _text(entry: dict[str, object], *names: str) -> str:
    return next((str(entry[name]) for name in names if entry.get(name)), "")
