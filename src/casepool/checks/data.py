"""``casepool check``: every curated table and every reference between them, all problems at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.extraction.cases import build_cases, verdict_problems
from casepool.extraction.consistency import consistency_problems
from casepool.extraction.curated import Curated, read_curated
from casepool.extraction.hints import hints, waiting_hints
from casepool.extraction.plausible import plausibility_problems, uncounted_hints
from casepool.files import sheets
from casepool.identity.ledger import unique_patients
from casepool.model.errors import CuratedDataError, LinkageError, Problem, format_problems
from casepool.model.message import Message, text
from casepool.model.protocol import Protocol
from casepool.screening.notices import notice_problems
from casepool.screening.state import screening_problems
from casepool.search.importing import undescribed
from casepool.search.raw import Raw, read_raw
from casepool.search.records import merged_records
from casepool.sensitivity.variants import standing_for_others, unique_without


@dataclass(frozen=True)
class CheckReport:
    """What a check found: problems (none = the data can be built), normalisations, and hints for a person.

    A hint tells of a row that is sound, but that a person may want to look at or that enters no analysis.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    n_rows: dict[str, int]
    hints: tuple[Message, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain data."""
        return {
            "problems": [problem.as_dict() for problem in self.problems],
            "normalised": [str(note) for note in self.notes],
            "hints": [str(hint) for hint in self.hints],
            "rows": self.n_rows,
        }


def check_data(root: str | Path, protocol: Protocol, snapshot: str, raw: Raw | None = None) -> CheckReport:
    """Return every problem of the curated tables and raw files under ``root/data``; raises nothing on bad data.

    Parameters
    ----------
    raw : what stands in the raw files, where they have been read.
    """
    data = Path(root) / "data"
    curated = read_curated(data / "curated")
    sources = sheets.check_table("sources", data / "raw" / "sources.csv")
    problems = [*curated.problems, *sources.problems]
    if curated.readable:  # what a missing table would hold cannot be missed in the others
        problems += consistency_problems(curated, protocol)
        problems += plausibility_problems(curated, protocol)
    records = pd.DataFrame()
    renamed: tuple[Message, ...] = ()
    remarks: tuple[Message, ...] = ()
    if not sources.problems:
        problems += [_undescribed(path) for path in undescribed(root, sources.frame)]
        raw = raw or read_raw(sources.frame, root, snapshot)
        remarks = raw.remarks
        problems += _faults(raw)
        if not raw.messages:
            merged = merged_records(raw, sources.frame, root, snapshot, set(curated["screening"]["record_id"]))
            records, renamed = merged.records, merged.notes
    if not problems:
        problems += _screening(records, curated)
        cases = build_cases(curated.frames, protocol)
        problems += verdict_problems(cases, curated["reports"])
        problems += _identity(cases, curated["identity_decisions"])
    n_rows = {name: len(frame) for name, frame in curated.frames.items()}
    found_hints: tuple[Message, ...] = ()
    if curated.readable:
        found_hints = (*waiting_hints(curated), *hints(curated.frames), *uncounted_hints(curated, protocol))
    return CheckReport(tuple(problems), curated.notes, n_rows, (*renamed, *found_hints, *remarks))


def as_json(report: CheckReport) -> str:
    """Return the report as JSON text."""
    return json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n"


def check_text(report: CheckReport, language: str) -> str:
    """Return what a check found, in a language: what was normalised, what to look at, rows read, every problem."""
    beside = [Message("normalised", what=note) for note in report.notes]
    beside += [Message("to_look_at", what=hint) for hint in report.hints]
    beside.append(Message("rows_read", rows=tuple(f"{name} {n}" for name, n in report.n_rows.items())))
    problems = format_problems(report.problems, language) if report.problems else text(Message("no_problems"), language)
    return "\n".join([*(text(one, language) for one in beside), problems])


def require_valid(report: CheckReport) -> None:
    """Raise CuratedDataError with all problems of a report that has any."""
    if report.problems:
        raise CuratedDataError(report.problems)


def _faults(raw: Raw) -> list[Problem]:
    return [Problem("sources.csv", 0, "", "", one, Message("raw_files")) for one in raw.messages]


def _undescribed(path: str) -> Problem:
    return Problem("sources.csv", 0, "", "path", path, Message("described_import", file=path))


def _identity(cases: pd.DataFrame, decisions: pd.DataFrame) -> list[Problem]:
    """Return what stops the ledger, of all cases or without a report that stands for others (sensitivity analysis)."""
    expected = Message("decisions_that_agree")
    try:
        unique = unique_patients(cases, decisions)
    except LinkageError as error:
        return [Problem("identity_decisions.csv", 0, "", "", error.message, expected)]
    problems = []
    for report in sorted(standing_for_others(unique)):
        try:
            unique_without(cases, decisions, unique, cases["report_id"] == report)
        except LinkageError as error:
            left_out = Message("without_report", report=report)
            problems.append(Problem("identity_decisions.csv", 0, left_out, "", error.message, expected))
    return problems


def _screening(records: pd.DataFrame, curated: Curated) -> list[Problem]:
    reports = curated["reports"]
    retracted = notice_problems(records, reports, curated["retraction_overrides"])
    return [*screening_problems(records, curated["screening"], reports), *retracted]
