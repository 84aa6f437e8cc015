"""Which publication somebody means: one of the records of the project, or a new one with what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, utils

from casepool.contract import TABLES
from casepool.files import sheets
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.rows import missing, record_names, rows_of
from casepool.screening.state import match_reports
from casepool.search.formats.citation import digits, plain_doi
from casepool.search.formats.reading import read_export
from casepool.search.raw import read_raw
from casepool.search.records import merged_records

# What a report and its record both say.
CITED = ("pmid", "pmcid", "doi", "title", "authors", "journal", "year", "volume", "issue", "pages", "language")
_ALIKE = 90.0  # of 100: titles that a person should compare
_PDF = b"%PDF-"


@dataclass(frozen=True)
class Publication:
    """A publication as it is to be added.

    Attributes
    ----------
    facts : column of `CITED` → text; what is not known is not there.
    record_id : of its record; empty where there is none yet.
    source : the file that holds the record; empty where there is none yet.
    """

    facts: Mapping[str, str]
    record_id: str = ""
    source: str = ""


@dataclass(frozen=True)
class Library:
    """What a project knows: its records, each publication once, and its reports.

    Attributes
    ----------
    reports : the curated table, as it stands.
    """

    records: pd.DataFrame
    reports: pd.DataFrame
    names: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        rows = rows_of(self.records)
        names = {name: place for place, row in enumerate(rows) for name in record_names(row)}
        object.__setattr__(self, "names", names)

    def find(self, wanted: Publication) -> Publication | None:
        """Return the record of the same id, PubMed id or DOI, or None."""
        for row in rows_of(self.records):
            if wanted.record_id in record_names(row) or _same(row, wanted):
                return _of_record(row)
        return None

    def alike(self, wanted: Publication) -> list[Publication]:
        """Return the records whose title is much like that of a publication, the most like first."""
        title = wanted.facts.get("title", "")
        if not title:
            return []
        rows = [(_score(title, _text(row["title"])), row) for row in rows_of(self.records) if not missing(row["title"])]
        return [_of_record(row) for score, row in sorted(rows, key=lambda one: -one[0]) if score >= _ALIKE]

    def report_of(self, wanted: Publication) -> str:
        """Return the id of the report that describes a publication already, or an empty text."""
        linked = match_reports(self.records, self.reports)
        if wanted.record_id in linked:
            return str(linked[wanted.record_id]["report_id"])
        return next((str(row["report_id"]) for row in rows_of(self.reports) if _same(row, wanted)), "")


def library(root: str | Path, snapshot: str) -> Library:
    """Return what a project knows.

    Raises
    ------
    CuratedDataError, FileError
        If its tables of sources, screening or reports, or its raw files, cannot be read.
    """
    base = Path(root)
    sources = sheets.read_table("sources", base / "data" / "raw" / "sources.csv")
    screening, reports = (sheets.read_table(name, base / "data" / "curated" / f"{name}.csv") for name in _TABLES)
    merged = merged_records(read_raw(sources, base, snapshot), sources, base, snapshot, set(screening["record_id"]))
    return Library(merged.records, reports)


_TABLES = ("screening", "reports")


def wanted(text: str) -> list[Publication]:
    """Return what an argument names: a PubMed id, a DOI, or every publication of a file of references.

    Raises
    ------
    FileError
        If it is none of these, or the file cannot be read.
    """
    path = Path(text)
    if path.is_file():
        return [] if is_pdf(path) else [_of_record(record, str(path)) for record in read_export(path).records]
    if doi := plain_doi(text):
        return [Publication({"doi": doi})]
    if pmid := digits(text):
        return [Publication({"pmid": pmid})]
    raise FileError(Message("no_publication_named", found=text))


def is_pdf(path: Path) -> bool:
    """Return whether a file is a PDF, by its first bytes."""
    with path.open("rb") as handle:
        return handle.read(len(_PDF)) == _PDF


def title_line(one: Publication) -> Message:
    """Return how a publication is shown, so that a person sees whether it is the right one."""
    facts = one.facts
    parts = [facts.get("authors", "").split(";")[0], facts.get("journal", ""), facts.get("year", "")]
    ids = [f"{name.upper()} {facts[name]}" for name in ("pmid", "doi") if facts.get(name)]
    shown = tuple(part for part in (*parts, *ids, one.record_id) if part)
    return Message("publication_shown", title=facts.get("title", "") or Message("no_title_known"), facts=shown)


def _of_record(row: Mapping[str, object], source: str = "") -> Publication:
    facts = {name: _text(row[name]) for name in CITED}
    facts["language"] = _language_code(facts["language"])
    return Publication(
        {name: value for name, value in facts.items() if value},
        _text(row["record_id"]),
        source or _text(row.get("source_file")),
    )


def fitting(facts: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the facts that may stand in ``reports.csv``, and the columns of those that may not."""
    table = TABLES["reports"]
    frame = pd.DataFrame([{name: facts.get(name, "") or None for name in CITED}], dtype="string")
    wrong = []
    for name in CITED:
        column = table.column(name)
        cells = frame[name]
        if column.kind == "integer":
            cells = pd.to_numeric(cells, errors="coerce").astype("Int64")
        if facts.get(name) and (cells.isna().any() or not column.fits(cells).all()):
            wrong.append(name)
    return {name: value for name, value in facts.items() if name not in wrong}, tuple(wrong)


def _same(row: Mapping[str, object], wanted: Publication) -> bool:
    """Return whether a row bears the PubMed id or the DOI of a publication."""
    return any(_text(row[name]).casefold() == wanted.facts.get(name, "").casefold() != "" for name in ("pmid", "doi"))


def _score(one: str, other: str) -> float:
    return float(fuzz.token_sort_ratio(one, other, processor=utils.default_process))


def _language_code(told: str) -> str:
    """Return the code of two letters of a language in any of the ways that databases write it, or what was found."""
    first = told.split(";")[0].strip().casefold()
    if not first:
        return ""
    names = {name.casefold(): code for code, name in Locale("en").languages.items() if len(code) == 2}
    return str(get_global("language_aliases").get(first) or names.get(first) or first)


def _text(value: object) -> str:
    if value is None or missing(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def many_shown(found: Sequence[Publication]) -> tuple[Message, ...]:
    """Return how several publications are shown."""
    return tuple(title_line(one) for one in found)
