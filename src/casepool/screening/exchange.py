"""Records to ASReview and Rayyan, and the decisions made there back.

Every exported record carries its id (``casepool_id``); where a program drops it, the PubMed id, the DOI,
then the title name the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from casepool.errors import Problem
from casepool.rows import Row, missing, record_names, rows_of
from casepool.schemas.curated import SCREENING
from casepool.vocabulary import ExclusionReason, ScreeningDecision, Stage, canonical, fold


class Program(StrEnum):
    """The screening programs whose files are written and read."""

    ASREVIEW = "asreview"
    RAYYAN = "rayyan"


# Column of the program → column of the table of records.
_COLUMNS: Mapping[Program, Mapping[str, str]] = {
    Program.ASREVIEW: {
        "casepool_id": "record_id", "title": "title", "abstract": "abstract", "authors": "authors", "year": "year",
        "journal": "journal", "keywords": "keywords", "doi": "doi", "pubmed_id": "pmid", "url": "url",
    },
    Program.RAYYAN: {
        "key": "record_id", "title": "title", "year": "year", "journal": "journal", "volume": "volume",
        "issue": "issue", "pages": "pages", "authors": "authors", "url": "url", "language": "language",
        "abstract": "abstract", "keywords": "keywords", "doi": "doi", "pubmed_id": "pmid", "pmc_id": "pmcid",
    },
}  # fmt: skip
_LABELS = ("included", "label_included", "asreview_label", "final_included", "label")
_ID = re.compile(r"casepool_id: *([A-Za-z0-9_.:\-]+)")
_INCLUSION = re.compile(r"RAYYAN-INCLUSION: *\{([^}]*)\}")
_VERDICT = re.compile(r'"([^"]+)" *=> *"(Included|Excluded|Maybe)"')
_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS: *([^|]*)")
_VERDICTS = {
    "Included": ScreeningDecision.INCLUDE,
    "Excluded": ScreeningDecision.EXCLUDE,
    "Maybe": ScreeningDecision.AWAITING,
    "1": ScreeningDecision.INCLUDE,
    "0": ScreeningDecision.EXCLUDE,
}


@dataclass(frozen=True)
class Imported:
    """Decisions read from a program: rows to add, how many stood there already, and what cannot be used."""

    rows: pd.DataFrame
    n_known: int
    n_unlabelled: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Verdict:
    reviewer: str
    decision: ScreeningDecision
    reason: str = ""
    note: str = ""


def export_records(records: pd.DataFrame, program: Program) -> pd.DataFrame:
    """Return records as the columns that a program reads."""
    columns = _COLUMNS[program]
    frame = pd.DataFrame({name: records[column] for name, column in columns.items()})
    if program is Program.RAYYAN:
        frame["notes"] = "casepool_id: " + records["record_id"].astype(str)
    return frame


def import_decisions(
    cells: Sequence[Sequence[str]], records: pd.DataFrame, screening: pd.DataFrame, reviewer: str, day: str, file: str
) -> Imported:
    """Return the decisions on title and abstract that a program's CSV export holds.

    Parameters
    ----------
    cells : header and rows of the file; Rayyan is told by its notes, ASReview by its label column.
    reviewer : id of the reviewer (ASReview names none; Rayyan names its own).
    day : date of the decisions.
    file : name of the file for messages.
    """
    header = [name.strip().casefold() for name in cells[0]] if cells else []
    find = _finder(records)
    known = {(str(row["record_id"]), str(row["reviewer"])): row for row in rows_of(_first_stage(screening))}
    rows: dict[tuple[str, str], Row] = {}
    problems: list[Problem] = []
    n_known = n_unlabelled = 0
    for line, row in enumerate(cells[1:], start=2):
        told = dict(zip(header, (cell.strip() for cell in row), strict=False))
        verdicts = list(_verdicts(told, reviewer))
        n_unlabelled += not verdicts
        record_id = find(told) if verdicts else ""
        if verdicts and not record_id:
            shown = told.get("title", "")[:80] or "(no title)"
            problems.append(Problem(file, line, "", "title", shown, "a record of the project (id, PMID, DOI or title)"))
            continue
        for verdict in verdicts:
            before = known.get((record_id, verdict.reviewer))
            if before is None:
                rows[record_id, verdict.reviewer] = _row(record_id, verdict, day)
            elif before["decision"] == verdict.decision:
                n_known += 1
            else:
                key = f"record_id={record_id}, reviewer={verdict.reviewer}"
                expected = f"{before['decision']}, as screening.csv says; a decision is changed there by hand"
                problems.append(Problem(file, line, key, "decision", verdict.decision, expected))
    frame = pd.DataFrame(list(rows.values()), columns=SCREENING.names)
    return Imported(frame, n_known, n_unlabelled, tuple(problems))


def _first_stage(screening: pd.DataFrame) -> pd.DataFrame:
    return screening[screening["stage"] == Stage.TITLE_ABSTRACT]


def _finder(records: pd.DataFrame) -> Callable[[Mapping[str, str]], str]:
    """Return the function that names the record which a row of an export tells."""
    by: dict[tuple[str, str], set[str]] = {}
    for record in rows_of(records):
        key = str(record["record_id"])
        for name in record_names(record):
            by.setdefault(("id", name), set()).add(key)
        for column in ("pmid", "doi", "title"):
            if not missing(record[column]):
                by.setdefault((column, fold(str(record[column]))), set()).add(key)

    def find(told: Mapping[str, str]) -> str:
        noted = _ID.search(told.get("notes", ""))
        wanted = [("id", told.get("casepool_id") or (noted[1] if noted else "") or told.get("key", ""))]
        wanted += [("pmid", told.get("pubmed_id", "")), ("doi", told.get("doi", "")), ("title", told.get("title", ""))]
        for kind, value in wanted:
            found = by.get((kind, value if kind == "id" else fold(value)), set()) if value else set()
            if len(found) == 1:
                return next(iter(found))
        return ""

    return find


def _verdicts(told: Mapping[str, str], reviewer: str) -> Iterator[_Verdict]:
    inclusion = _INCLUSION.search(told.get("notes", ""))
    if inclusion:
        reasons = _REASONS.search(told["notes"])
        for name, word in _VERDICT.findall(inclusion[1]):
            yield _verdict(fold(name).replace(" ", "_"), _VERDICTS[word], reasons[1] if reasons else "", "Rayyan")
        return
    label = next((told[name] for name in _LABELS if told.get(name)), "")
    if label.removesuffix(".0") in {"0", "1"}:
        yield _verdict(reviewer, _VERDICTS[label.removesuffix(".0")], "", "ASReview")


def _verdict(reviewer: str, decision: ScreeningDecision, reasons: str, program: str) -> _Verdict:
    if decision is not ScreeningDecision.EXCLUDE:
        return _Verdict(reviewer, decision, note=program)
    said = [one.strip() for one in reasons.split(",") if one.strip()]
    ids = [canonical(one, ExclusionReason) for one in said]
    reason = next((one for one in ids if one in tuple(ExclusionReason)), ExclusionReason.OTHER.value)
    return _Verdict(reviewer, decision, reason, f"{program}: {', '.join(said)}" if said else program)


def _row(record_id: str, verdict: _Verdict, day: str) -> Row:
    return {
        "record_id": record_id,
        "stage": Stage.TITLE_ABSTRACT.value,
        "reviewer": verdict.reviewer,
        "decision": verdict.decision.value,
        "exclusion_reason": verdict.reason or None,
        "date": day,
        "note": verdict.note,
    }
