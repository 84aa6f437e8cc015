"""Records to ASReview and Rayyan, and the decisions made there back.

Every exported record carries its id (``casepool_id``); where a program drops it, the PubMed id, the DOI,
then the title name the record.

ASReview 3 takes records as one whose title and abstract are equal once cut down to a-z and 0-9, shows one of
them and writes its label to all (``findings/asreview_groups.sh``). So no two records are exported that it would
take as one, and a label that it wrote to several is no decision on any of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from casepool.contract.curated import SCREENING
from casepool.model.errors import Problem
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import ExclusionReason, ScreeningDecision, Stage, canonical
from casepool.rows import missing, record_names, rows_of
from casepool.typing import Row


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
# ASReview's own label, then those of imported files, in the order in which ASReview 3 looks for them.
_OWN_LABEL = "asreview_label"
_LABELS = ("included", "label", "final_included", "label_included")
_GROUP = "asreview_group_id"
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
_BINARY = {"0", "1"}


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
    told = [dict(zip(header, (cell.strip() for cell in row), strict=False)) for row in cells[1:]]
    labels = [list(_verdicts(row, reviewer)) for row in told]
    find = _finder(records)
    ids = [find(row) if verdicts else "" for row, verdicts in zip(told, labels, strict=True)]
    groups = _groups(told, ids)
    known = {(str(row["record_id"]), str(row["reviewer"])): row for row in rows_of(_first_stage(screening))}
    rows: dict[tuple[str, str], Row] = {}
    problems: list[Problem] = []
    n_known = 0
    for line, (row, verdicts, record_id) in enumerate(zip(told, labels, ids, strict=True), start=2):
        if verdicts and not record_id:
            shown = row.get("title", "")[:80] or Message("no_title")
            problems.append(Problem(file, line, "", "title", shown, Message("project_record")))
            continue
        group = row.get(_GROUP, "")
        shared = len(groups.get(group, ())) > 1
        for verdict in verdicts:
            before = known.get((record_id, verdict.reviewer))
            key = f"record_id={record_id}, reviewer={verdict.reviewer}"
            if before is None and shared:
                problems.append(
                    Problem(file, line, key, _GROUP, group, Message("label_of_one_record", n=len(groups[group])))
                )
            elif before is None:
                rows[record_id, verdict.reviewer] = _row(record_id, verdict, day)
            elif shared or before["decision"] == verdict.decision:  # a decision on the record itself holds
                n_known += 1
            else:
                expected = Message("decision_stands", decision=str(before["decision"]))
                problems.append(Problem(file, line, key, "decision", verdict.decision, expected))
    frame = pd.DataFrame(list(rows.values()), columns=SCREENING.names)
    return Imported(frame, n_known, sum(not verdicts for verdicts in labels), tuple(problems))


def _groups(told: Sequence[Mapping[str, str]], ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the labelled records of each group of ASReview."""
    groups: dict[str, set[str]] = {}
    for row, record_id in zip(told, ids, strict=True):
        if row.get(_GROUP) and record_id:
            groups.setdefault(row[_GROUP], set()).add(record_id)
    return groups


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
    given = {name: told[name].removesuffix(".0") for name in (_OWN_LABEL, *_LABELS) if told.get(name)}
    name = _OWN_LABEL if _OWN_LABEL in told else next(iter(given), "")
    label = given.get(name, "")
    if label in _BINARY:
        others = [f"{other} = {value}" for other, value in given.items() if value in _BINARY - {label}]
        note = f"ASReview ({name}, not {', '.join(others)})" if others else "ASReview"
        yield _verdict(reviewer, _VERDICTS[label], "", note)


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
