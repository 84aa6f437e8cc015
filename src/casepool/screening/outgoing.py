"""Records as screening programs read them: ASReview, Rayyan (CSV or RIS) and Covidence (RIS).

ASReview 3 takes records as one whose title and abstract are equal once cut down to a-z and 0-9, shows one of
them and writes its label to all (``findings/asreview_groups.sh``). So no two records are exported that it would
take as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

import pandas as pd

from casepool.rows import missing, rows_of
from casepool.typing import Row


class Program(StrEnum):
    """The screening programs whose files are written and read."""

    ASREVIEW = "asreview"
    RAYYAN = "rayyan"
    COVIDENCE = "covidence"


# Column of the program → column of the table of records.
_COLUMNS: dict[Program, Mapping[str, str]] = {
    Program.ASREVIEW: {
        "casepool_id": "record_id", "id": "record_id", "title": "title", "abstract": "abstract", "authors": "authors",
        "year": "year", "journal": "journal", "keywords": "keywords", "doi": "doi", "pubmed_id": "pmid", "url": "url",
    },
    Program.RAYYAN: {
        "key": "record_id", "title": "title", "year": "year", "journal": "journal", "volume": "volume",
        "issue": "issue", "pages": "pages", "authors": "authors", "url": "url", "language": "language",
        "abstract": "abstract", "keywords": "keywords", "doi": "doi", "pubmed_id": "pmid", "pmc_id": "pmcid",
    },
}  # fmt: skip
_COLUMNS[Program.COVIDENCE] = _COLUMNS[Program.RAYYAN]
# Column → tag of RIS, in the order of the lines.
_TAGS: Mapping[str, str] = {
    "key": "ID", "id": "ID", "title": "TI", "authors": "AU", "year": "PY", "journal": "T2", "volume": "VL",
    "issue": "IS", "pages": "SP", "doi": "DO", "pubmed_id": "AN", "url": "UR", "language": "LA", "abstract": "AB",
    "keywords": "KW", "notes": "N1",
}  # fmt: skip
_LISTS = frozenset({"authors", "keywords"})


def export_records(records: pd.DataFrame, program: Program) -> pd.DataFrame:
    """Return records as the columns that a program reads."""
    columns = _COLUMNS[program]
    frame = pd.DataFrame({name: records[column] for name, column in columns.items()})
    if program is not Program.ASREVIEW:
        frame["notes"] = "casepool_id: " + records["record_id"].astype(str)
    else:
        frame["abstract"] = _told_apart(records)
    return frame


def _told_apart(records: pd.DataFrame) -> list[str]:
    """Return abstracts that ASReview tells apart: marked citations where there is none or the title is no name.

    The number stands first: the mark differs in it even where ids differ in signs only, and ASReview's cut of
    licence notices at the end of an abstract does not reach it.
    """
    rows = rows_of(records)
    n_titles = Counter(_latin(row["title"]) for row in rows)
    abstracts: list[str] = []
    for number, row in enumerate(rows, start=1):
        text = "" if missing(row["abstract"]) else str(row["abstract"])
        if _latin(text) and n_titles[_latin(row["title"])] == 1:
            abstracts.append(text)
            continue
        year = "" if missing(row["year"]) else str(int(row["year"]))
        facts = [str(row[name]) for name in ("journal", "authors") if not missing(row[name])]
        cited = [f"casepool: record {number}", str(row["record_id"]), *facts[:1], *filter(None, [year]), *facts[1:]]
        said = "; ".join(cited if text else [*cited, "no abstract"])
        abstracts.append(f"[{said}] {text}".strip())
    return abstracts


def _latin(value: object) -> str:
    """Return what ASReview 3.0.8 compares of a text: its letters a-z and digits."""
    text = "" if missing(value) else unicodedata.normalize("NFKD", str(value)).lower()
    return re.sub("[^a-z0-9]", "", text)


def as_ris(frame: pd.DataFrame) -> str:
    """Return exported records as RIS; the id stands in ``ID`` and in a note, which every program gives back."""
    entries = ["\n".join(["TY  - JOUR", *_lines(row), "ER  - ", ""]) for row in rows_of(frame)]
    return "\n".join(entries)


def _lines(row: Row) -> Iterator[str]:
    told = {**row, "notes": row.get("notes") or f"casepool_id: {row['casepool_id']}"}
    for column, tag in _TAGS.items():
        value = told.get(column)
        if value is None or missing(value):
            continue
        text = str(int(value)) if column == "year" else " ".join(str(value).split())
        yield from (f"{tag}  - {part}" for part in (text.split("; ") if column in _LISTS else [text]))
