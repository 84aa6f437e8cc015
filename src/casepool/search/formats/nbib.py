"""What an NBIB (MEDLINE) record of PubMed says beside the fields of every format: headings, notices, the vernacular."""

from __future__ import annotations

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
    references = [(kind, one) for tag, kind in _REFERENCES.items() for one in entry.values.get(tag, ())]
    named = {"record_id": f"pmid:{pmid}", "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"} if pmid else {}
    return {
        **record,
        **named,
        "title": vernacular_title(str(record["title"]), " ".join(entry.values.get("TT", ()))),
        "headings": "; ".join(_headings(entry)),
        **notices(entry.values.get("PT", ()), references),
    }


def _headings(entry: Entry) -> list[str]:
    """Return headings without subheading and star, and substances without their number: "0123456789 (a substance)"."""
    mesh = [one.partition("/")[0].strip("*") for one in entry.values.get("MH", ())]
    return [*mesh, *(one.partition("(")[2].removesuffix(")") for one in entry.values.get("RN", ()))]
