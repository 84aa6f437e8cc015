"""RIS exports of other databases, read with rispy into the same records as PubMed's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import rispy

from casepool.errors import SourceDataError

Record = dict[str, object]


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
    urls = entry.get("urls") or ()
    authors = entry.get("authors") or entry.get("first_authors") or ()
    return {
        "record_id": f"ris:{entry['id']}",
        "pmid": "",
        "pmcid": "",
        "doi": entry.get("doi", ""),
        "title": entry.get("title") or entry.get("primary_title") or "",
        "authors": "; ".join(authors) if isinstance(authors, list) else "",
        "journal": entry.get("secondary_title") or entry.get("journal_name") or "",
        "year": _year(entry),
        "volume": entry.get("volume", ""),
        "issue": entry.get("number", ""),
        "pages": "-".join(str(entry[part]) for part in ("start_page", "end_page") if entry.get(part)),
        "language": entry.get("language", ""),
        "publication_types": entry["type_of_reference"],
        "url": urls[0] if isinstance(urls, list) and urls else entry.get("url", ""),
    }


def _year(entry: dict[str, object]) -> int | None:
    match = re.match(r"\d{4}", str(entry.get("year") or entry.get("publication_year") or ""))
    return int(match[0]) if match else None
