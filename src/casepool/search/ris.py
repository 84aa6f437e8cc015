"""RIS exports of other databases, read with rispy into the same records as PubMed's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import rispy

from casepool.errors import SourceDataError
from casepool.search.citation import Record, citation


def parse_ris(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every entry of a RIS file, in file order.

    Raises
    ------
    SourceDataError
        If the file is not RIS or an entry carries no ID.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8-sig")
        entries = rispy.loads(text)
    except (OSError, UnicodeDecodeError, ValueError, rispy.parser.ParseError) as error:
        message = f"{source}: not a RIS file ({error}). Export it again."
        raise SourceDataError(message) from error
    if text.strip() and not entries:
        message = f"{source}: not a RIS file (no entry begins with TY). Export it again."
        raise SourceDataError(message)
    for number, entry in enumerate(entries, start=1):
        if not entry.get("id"):
            message = f"{source}: entry {number} has no ID; expected a line 'ID  - key' in each entry"
            raise SourceDataError(message)
        yield _record(entry)


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
        url=next(iter(urls), ""),
        abstract=_text(entry, "abstract", "notes_abstract"),
        keywords="; ".join(keywords),
    )


_LISTS = (("urls", "url"), ("authors", "first_authors"), ("keywords",))


def _list(entry: dict[str, object], *names: str) -> list[str]:
    found = next((entry[name] for name in names if entry.get(name)), [])
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def _text(entry: dict[str, object], *names: str) -> str:
    return next((str(entry[name]) for name in names if entry.get(name)), "")
