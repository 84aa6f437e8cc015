"""One record in the common form, whatever export it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from casepool.model.errors import FileError
from casepool.model.message import Message

Record = dict[str, object]
FIELDS = (
    "record_id", "pmid", "pmcid", "doi", "title", "authors", "journal", "year", "volume", "issue", "pages",
    "language", "publication_types", "url", "abstract", "keywords", "headings", "notices", "notice_sources",
)  # fmt: skip
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.\-]+")

# What PubMed says of an article that was corrected, doubted or withdrawn: by publication type, by reference.
_TYPES = {"Retracted Publication": "retracted", "Corrected and Republished Article": "erratum"}
_REFERENCES = {
    "RetractionIn": "retracted",
    "PartialRetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "erratum",
    "CorrectedandRepublishedIn": "erratum",
}


def citation(record_id: str, year: object = "", doi: str = "", pmid: str = "", **facts: str) -> Record:
    """Return a record with every field; what is not told is empty, ids are in their plain form."""
    told: dict[str, object] = {name: " ".join(text.split()) for name, text in facts.items()}
    record: Record = {**dict.fromkeys(FIELDS, ""), **told}
    return {**record, "record_id": record_id, "year": year_in(str(year)), "doi": plain_doi(doi), "pmid": digits(pmid)}


def unreadable(source: Path, format_: str, fault: Message | str) -> FileError:
    """Return the error of a file that is not, or not wholly, in its format."""
    return FileError(Message("not_in_format", file=str(source), format=format_, fault=fault))


def plain_doi(text: str) -> str:
    """Return the DOI in a text (an address, a prefix) or an empty text."""
    found = _DOI.search(text)
    return found[0].rstrip(".,;") if found else ""


def digits(text: str) -> str:
    """Return a PubMed id, or an empty text where there is none."""
    found = re.fullmatch(r"(?:PMID:?\s*)?([1-9]\d{0,8})(?:\.0)?", text.strip())
    return found[1] if found else ""


def year_in(text: str) -> int | None:
    """Return the first year that a date in words or numbers tells."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def safe_id(text: str) -> str:
    """Return a text as part of an id: letters, digits and _ - . only."""
    return _UNSAFE.sub("_", text.strip()).strip("_")


def notices(types: Iterable[str], references: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return the fields ``notices`` and ``notice_sources`` from PubMed's two signals.

    Parameters
    ----------
    types : publication types.
    references : kind and source of each comment or correction.
    """
    found = [(_TYPES[one], f"publication type {one}") for one in types if one in _TYPES]
    found += [(_REFERENCES[kind], f"{kind} {source}".strip()) for kind, source in references if kind in _REFERENCES]
    kinds = dict.fromkeys(kind for kind, _ in found)
    return {"notices": "; ".join(kinds), "notice_sources": "; ".join(source for _, source in found)}
