"""What an NBIB (MEDLINE) record of PubMed says beside the fields of every format: headings, notices, the vernacular.

Biopython knows which fields of MEDLINE are lists and which one text; the entries are split by our own reader, since an
empty line inside an abstract is the end of a record to Biopython (docs/decisions/0103).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from Bio import Medline

from casepool.search.formats.citation import Record, notices, vernacular_title
from casepool.search.formats.mapping import Entry

_REFERENCES = {
    "RIN": "RetractionIn",
    "PRIN": "PartialRetractionIn",
    "RRI": "RetractedandRepublishedIn",
    "ECI": "ExpressionOfConcernIn",
    "EIN": "ErratumIn",
    "CRI": "CorrectedandRepublishedIn",
}


def medline_facts(entry: Entry, record: Record) -> Record:
    """Return a record with what only MEDLINE says of it; with a PubMed id it is named after that."""
    pmid = str(record["pmid"])
    told = Medline.read(f"{tag:<4}- {value}\n" for tag, value in entry.pairs)  # type: ignore[no-untyped-call]
    references = [(kind, one) for tag, kind in _REFERENCES.items() for one in told.get(tag, ())]
    named = {"record_id": f"pmid:{pmid}", "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"} if pmid else {}
    return {
        **record,
        **named,
        "title": vernacular_title(str(record["title"]), told.get("TT", "")),
        "headings": "; ".join(_headings(told)),
        **notices(told.get("PT", ()), references),
    }


def _headings(told: Mapping[str, Any]) -> list[str]:
    """Return headings without subheading and star, and substances without their number: "0123456789 (a substance)"."""
    mesh = [one.partition("/")[0].strip("*") for one in told.get("MH", ())]
    return [*mesh, *(one.partition("(")[2].removesuffix(")") for one in told.get("RN", ()))]
