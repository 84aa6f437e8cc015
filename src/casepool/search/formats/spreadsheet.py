"""CSV exports of Rayyan, Zotero, Covidence, ASReview, Embase and PubMed, told apart by their columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from casepool.files.cells import read_cells
from casepool.model.errors import FileError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.search.formats.citation import Record, citation, safe_id, unreadable

_FORMAT = "CSV"
# Column of a record → the names of it in exports (folded: no case, no accents, _ as a space), best first.
_NAMES: dict[str, tuple[str, ...]] = {
    "key": ("key", "record id", "covidence #", "covidence number", "ref", "refid", "pui", "embase id", "id"),
    "title": ("title", "article title", "primary title", "titre", "document title"),
    "authors": ("authors", "author", "author names", "auteurs", "first authors"),
    "year": ("year", "publication year", "published year", "pub year", "annee", "date"),
    "journal": ("journal", "publication title", "source title", "journal/book", "source", "secondary title"),
    "doi": ("doi", "digital object identifier"),
    "pmid": ("pmid", "pubmed id", "pubmedid", "medline pmid", "pubmed"),
    "pmcid": ("pmcid", "pmc id", "pmc"),
    "volume": ("volume", "vol"),
    "issue": ("issue", "number"),
    "pages": ("pages", "page range"),
    "language": ("language", "language of article", "langue"),
    "publication_types": ("publication types", "publication type", "item type", "type", "type of reference"),
    "url": ("url", "urls", "link", "full text link"),
    "abstract": ("abstract", "abstract note", "notes abstract", "resume"),
    "keywords": ("keywords", "manual tags", "automatic tags", "mesh terms", "emtree drug index terms"),
}


def parse_spreadsheet(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every row of a CSV export, in file order.

    A row without key is named after what it says, so that the next export names it alike.

    Raises
    ------
    FileError
        If the file cannot be read or has no column of titles.
    """
    source = Path(path)
    try:
        rows, _ = read_cells(source)
    except OSError as error:
        raise FileError(Message("file_cannot_be_read", file=str(source), error=str(error.strerror))) from error
    except FileError as error:
        raise unreadable(source, _FORMAT, error.message) from error
    header = [fold(name) for name in rows[0]] if rows else []
    places = {field: _place(header, names) for field, names in _NAMES.items()}
    if places["title"] is None:
        raise unreadable(
            source, _FORMAT, Message("no_column_of_titles", found=tuple(rows[0]) if rows else Message("empty"))
        )
    for row in rows[1:]:
        if any(cell.strip() for cell in row):
            yield _record(_told(row, places), source.stem)


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _told(row: Sequence[str], places: Mapping[str, int | None]) -> dict[str, str]:
    return {name: row[place].strip() for name, place in places.items() if place is not None and place < len(row)}


def _record(told: dict[str, str], stem: str) -> Record:
    key = safe_id(told.pop("key", ""))
    if not key:
        facts = "|".join(fold(told.get(name, "")) for name in ("title", "year", "authors"))
        key = hashlib.sha256(facts.encode()).hexdigest()[:12]
    return citation(f"csv:{safe_id(stem)}.{key}", **told)
