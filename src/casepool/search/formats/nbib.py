"""NBIB (MEDLINE) exports of PubMed, read with Biopython."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from Bio import Medline

from casepool.model.message import Message
from casepool.search.formats.citation import Record, citation, notices, safe_id, unreadable

_FORMAT, _KEY = "NBIB", "PMID- "
_REFERENCES = {
    "RIN": "RetractionIn",
    "PRIN": "PartialRetractionIn",
    "RRI": "RetractedandRepublishedIn",
    "ECI": "ExpressionOfConcernIn",
    "EIN": "ErratumIn",
    "CRI": "CorrectedandRepublishedIn",
}


def parse_nbib(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every record of an NBIB file, in file order.

    Raises
    ------
    FileError
        If the file is not NBIB, or a record has neither PMID nor DOI.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(source, _FORMAT, str(error)) from error
    if text.strip() and _KEY.strip() not in text:
        raise unreadable(source, _FORMAT, Message("no_line_begins_with", begin=_KEY))
    lines = iter(text.splitlines(keepends=True))
    parsed = Medline.parse(lines)  # type: ignore[no-untyped-call]  # Biopython carries no annotations here
    for number, fields in enumerate(parsed, start=1):
        yield _record(fields, source, number)


def _record(fields: Mapping[str, str | list[str]], source: Path, number: int) -> Record:
    pmid = _one(fields, "PMID")
    doi = next((one for name in ("LID", "AID") for one in _all(fields, name) if one.endswith("[doi]")), "")
    if not pmid and not doi:
        raise unreadable(source, _FORMAT, Message("entry_without_key", entry=number, expected=_KEY))
    types = _all(fields, "PT")
    references = ((kind, one) for name, kind in _REFERENCES.items() for one in _all(fields, name))
    return citation(
        f"pmid:{pmid}" if pmid else f"nbib:{safe_id(doi.removesuffix('[doi]'))}",
        year=_one(fields, "DP"),
        doi=doi.removesuffix("[doi]"),
        pmid=pmid,
        pmcid=_one(fields, "PMC"),
        title=_one(fields, "TI") or _one(fields, "BTI"),
        authors="; ".join(_all(fields, "AU") or _all(fields, "CN")),
        journal=_one(fields, "TA") or _one(fields, "JT") or _one(fields, "BTI"),
        volume=_one(fields, "VI"),
        issue=_one(fields, "IP"),
        pages=_one(fields, "PG"),
        language="; ".join(_all(fields, "LA")),
        publication_types="; ".join(types),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        abstract=_one(fields, "AB"),
        keywords="; ".join([*_all(fields, "MH"), *_all(fields, "OT")]),
        headings="; ".join(_headings(fields)),
        **notices(types, references),
    )


def _headings(fields: Mapping[str, str | list[str]]) -> list[str]:
    """Return headings without subheading and star, and substances without their number: "0123456789 (a substance)"."""
    mesh = [one.partition("/")[0].strip("*") for one in _all(fields, "MH")]
    return [*mesh, *(one.partition("(")[2].removesuffix(")") for one in _all(fields, "RN"))]


def _all(fields: Mapping[str, str | list[str]], name: str) -> list[str]:
    found = fields.get(name, [])
    return [found] if isinstance(found, str) else list(found)


def _one(fields: Mapping[str, str | list[str]], name: str) -> str:
    return " ".join(_all(fields, name))
