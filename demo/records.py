"""The records of the invented search: exports of invented databases, and the decisions of two readers."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from dataclasses import dataclass
from io import StringIO

from casepool.model.vocabulary import Origin, ScreeningDecision, Stage
from casepool.screening.state import CONSENSUS
from casepool.typing import Row
from demo.design import MARK, PUBLICATION, PUBLICATIONS, READ_ON, READERS, SNAPSHOT, Publication
from demo.literature import authors_of, doi_of, title_of

RIS = "data/raw/imports/synthetic_database.ris"
SECOND = "data/raw/imports/synthetic_second_database.csv"
_SNAPSHOT_FOLDER = f"data/raw/pubmed/{SNAPSHOT}"
# PubMed numbers belong to PubMed: the invented publications come from an export of another database.
_NO_ARTICLE = b'<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet></PubmedArticleSet>\n'
_INCLUDE, _EXCLUDE = ScreeningDecision.INCLUDE, ScreeningDecision.EXCLUDE


@dataclass(frozen=True)
class Other:
    """A record that leads to no report: left out by its title, or not read yet (no reason)."""

    key: str
    topic: str
    reason: str = ""
    awaiting: bool = False

    @property
    def title(self) -> str:
        """The title, marked."""
        return f"{MARK}: daratumumab, {self.topic}"


OTHERS = (
    Other("other1", "multiple myeloma in an invented trial", "oncology"),
    Other("other2", "amyloidosis in ten invented patients", "oncology"),
    Other("other3", "plasma cells of an invented mouse", "in_vitro_or_animal"),
    Other("other4", "an opinion without a patient", "no_patient"),
    Other("other5", "a review of invented cases", "review"),
    Other("other6", "a letter whose text is not at hand, lupus", awaiting=True),
    Other("other7", "a title that nobody has read, thrombocytopenia"),
)
_DISAGREED = "other4"  # the readers do not agree on its title; consensus settles it
_SECOND_EXPORT = ("dummy2022", "esempio2021", "ejemplo2022")
UNREAD = ("ris:other7", "csv:synthetic_second_database.n1")


def raw_files() -> dict[str, bytes]:
    """Return path → content of the raw files of the search, ``sources.csv`` aside."""
    records = gzip.compress(_NO_ARTICLE, mtime=0)
    return {
        RIS: _ris().encode("utf-8"),
        SECOND: _second_export().encode("utf-8"),
        f"{_SNAPSHOT_FOLDER}/records.xml.gz": records,
        f"{_SNAPSHOT_FOLDER}/search.json": _description(records).encode("utf-8"),
    }


def source_rows(files: dict[str, bytes]) -> list[Row]:
    """Return the rows of ``sources``: what each raw file is, with its checksum."""
    numbers = {RIS: len(PUBLICATIONS) + len(OTHERS), SECOND: len(_SECOND_EXPORT) + 1}
    return [
        {
            "path": path,
            "origin": Origin.DATABASE,
            "query_or_release": f"{MARK}: invented export; no query was run",
            "accessed_on": SNAPSHOT,
            "licence": "invented, free of rights",
            "sha256": hashlib.sha256(content).hexdigest(),
            "n_records": numbers.get(path, 0),
            "note": MARK,
        }
        for path, content in files.items()
    ]


def _description(records: bytes) -> str:
    told = {
        "origin": "transcribed",
        "database": "PubMed",
        "date": SNAPSHOT,
        "query": None,
        "count": 0,
        "note": f"{MARK}: no record; an invented publication has no PubMed number.",
        "sha256": hashlib.sha256(records).hexdigest(),
    }
    return json.dumps(told, indent=2) + "\n"


def _ris() -> str:
    entries = [_ris_entry(one) for one in PUBLICATIONS]
    entries += [["TY  - JOUR", f"ID  - {one.key}", "AU  - Placeholder, Z", f"TI  - {one.title}"] for one in OTHERS]
    return "\n".join("\n".join([*entry, "ER  - ", ""]) for entry in entries)


def _ris_entry(one: Publication) -> list[str]:
    doi = [f"DO  - {doi_of(one)}"] if one.has_doi else []
    authors = [f"AU  - {name.rpartition(' ')[0]}, {name.rpartition(' ')[2]}" for name in authors_of(one)]
    told = [f"TI  - {title_of(one)}", f"PY  - {one.year}", "LA  - en", f"N1  - {MARK}"]
    return ["TY  - JOUR", f"ID  - {one.report_id}", *authors, *told, *doi]


def _second_export() -> str:
    """Return the export of a second database: three known publications, and one that is new."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["key", "title", "authors", "year", "doi"])
    known = [PUBLICATION[name] for name in _SECOND_EXPORT]
    for number, one in enumerate(known, start=1):
        writer.writerow([f"k{number}", title_of(one), "; ".join(authors_of(one)), one.year, doi_of(one)])
    writer.writerow(["n1", f"{MARK}: daratumumab, a title of the second database", "Placeholder Z", 2024, ""])
    return buffer.getvalue()


def screening_rows() -> list[Row]:
    """Return the rows of ``screening``: two readers, who disagree once."""
    rows: list[Row] = []
    for one in PUBLICATIONS:
        rows += _by_both(f"ris:{one.report_id}", Stage.TITLE_ABSTRACT, _INCLUDE)
        rows += _by_both(f"ris:{one.report_id}", Stage.FULL_TEXT, _EXCLUDE if one.excluded else _INCLUDE, one.excluded)
    for other in (one for one in OTHERS if one.reason or one.awaiting):
        decision = _EXCLUDE if other.reason else _INCLUDE
        rows += _by_both(f"ris:{other.key}", Stage.TITLE_ABSTRACT, decision, other.reason)
    return [*(row | _disagreement(row) for row in rows), _consensus()]


def _by_both(record: str, stage: Stage, decision: ScreeningDecision, reason: str = "") -> list[Row]:
    told = {"record_id": record, "stage": stage, "decision": decision, "exclusion_reason": reason or None}
    return [told | {"reviewer": reader, "date": READ_ON} for reader in READERS]


def _disagreement(row: Row) -> Row:
    differs = row["record_id"] == f"ris:{_DISAGREED}" and row["reviewer"] == READERS[1]
    return {"decision": _INCLUDE, "exclusion_reason": None} if differs else {}


def _consensus() -> Row:
    reason = next(one.reason for one in OTHERS if one.key == _DISAGREED)
    told = {"record_id": f"ris:{_DISAGREED}", "stage": Stage.TITLE_ABSTRACT, "decision": _EXCLUDE}
    return told | {"exclusion_reason": reason, "reviewer": CONSENSUS, "date": READ_ON}
