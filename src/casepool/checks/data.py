"""``casepool check``: every curated table and every reference between them, all problems at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casepool.checks.sound import concerns, reports_left_out, reports_screened, sound_frames
from casepool.extraction.cases import build_cases, verdict_problems
from casepool.extraction.consistency import consistency_problems
from casepool.extraction.curated import Curated, read_curated
from casepool.extraction.hints import hints, waiting_hints
from casepool.extraction.improbable import improbabilities
from casepool.extraction.plausible import plausibility_problems, uncounted_hints
from casepool.files import sheets
from casepool.identity.ledger import unique_patients
from casepool.model.errors import CuratedDataError, LinkageError, Problem, format_problems
from casepool.model.message import Message, text
from casepool.model.protocol import Protocol
from casepool.readings.judging import reading_hints, reading_problems
from casepool.readings.kept import read_kept
from casepool.screening.notices import notice_problems
from casepool.screening.state import screening_problems
from casepool.search.importing import undescribed
from casepool.search.raw import Raw, read_raw
from casepool.search.records import merged_records
from casepool.sensitivity.variants import standing_for_others, unique_without


@dataclass(frozen=True)
class CheckReport:
    """What a check found, by level.

    Attributes
    ----------
    problems : what stops the build, each with what is expected (none = the data can be built).
    notes : what was read otherwise than typed.
    n_rows : rows of each table.
    hints : rows that are sound, but that a person may want to look at, or that enter no analysis.
    warnings : cells and rows that are possible and improbable: a person looks, the build goes on.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    n_rows: dict[str, int]
    hints: tuple[Message, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """Return the report as plain data, in a language."""
        return {
            "problems": [problem.as_dict(language) for problem in self.problems],
            "warnings": [warning.as_dict(language) for warning in self.warnings],
            "normalised": [text(note, language) for note in self.notes],
            "hints": [text(hint, language) for hint in self.hints],
            "rows": self.n_rows,
        }


def check_data(
    root: str | Path, protocol: Protocol, snapshot: str, raw: Raw | None = None, today: dt.date | None = None
) -> CheckReport:
    """Return every problem of the curated tables and raw files under ``root/data``; raises nothing on bad data.

    Parameters
    ----------
    raw : what stands in the raw files, where they have been read.
    today : see `casepool.extraction.improbable.improbabilities`.
    """
    data, kept = Path(root) / "data", read_kept(root)
    curated = read_curated(data / "curated")
    sources = sheets.check_table("sources", data / "raw" / "sources.csv")
    problems = [*curated.problems, *sources.problems]
    warnings = [*curated.warnings, *sources.warnings]
    found_hints: tuple[Message, ...] = ()
    if curated.readable:  # what a missing table would hold cannot be missed in the others
        problems += consistency_problems(curated, protocol)
        problems += plausibility_problems(curated, protocol)
        warnings += improbabilities(curated, protocol, today)
        found_hints = (
            *waiting_hints(curated),
            *hints(curated.frames),
            *uncounted_hints(curated, protocol),
            *reading_hints(kept, curated.typed, curated.frames),
        )
    records: pd.DataFrame | None = None
    renamed: tuple[Message, ...] = ()
    remarks: tuple[Message, ...] = ()
    if not sources.problems:
        problems += [_undescribed(path) for path in undescribed(root, sources.frame)]
        raw = raw or read_raw(sources.frame, root, snapshot)
        remarks = raw.remarks
        problems += _faults(raw)
        if not raw.messages:
            merged = merged_records(raw, sources.frame, root, snapshot, set(curated["screening"]["record_id"].dropna()))
            records, renamed = merged.records, merged.notes
    if curated.readable:
        problems += _of_sound_rows(curated, protocol, records, problems)
        problems += reading_problems(kept, curated.typed, curated.frames)
    n_rows = {name: len(frame) for name, frame in curated.frames.items()}
    return CheckReport(
        _in_files(problems, curated),
        curated.notes,
        n_rows,
        (*renamed, *found_hints, *remarks),
        _in_files(warnings, curated),
    )


def _of_sound_rows(
    curated: Curated, protocol: Protocol, records: pd.DataFrame | None, before: Sequence[Problem]
) -> Iterator[Problem]:
    """Yield what is wrong with screening, verdicts and identity, as far as other problems leave it to be judged."""
    frames = sound_frames(curated, protocol)
    if records is not None:
        reports = reports_screened(curated, frames, records)
        yield from screening_problems(records, frames["screening"], reports)
        yield from notice_problems(records, frames["reports"], frames["retraction_overrides"])
    cases = build_cases(frames, protocol)
    partly = reports_left_out(curated, frames)
    yield from verdict_problems(cases[~cases["report_id"].isin(list(partly))], frames["reports"])
    if not concerns(before, "reports", "patients", "cohorts", "identity_decisions"):
        yield from _identity(cases, frames["identity_decisions"])


def _in_files(problems: Iterable[Problem], curated: Curated) -> tuple[Problem, ...]:
    """Return the problems, each in the file that was read (a table may be a workbook), none of them twice."""
    files = {f"{name}.csv": file for name, file in curated.files.items()}
    return tuple(dict.fromkeys(replace(one, file=files.get(one.file, one.file)) for one in problems))


def as_json(report: CheckReport, language: str = "en") -> str:
    """Return the report as JSON text; its keys are the same in every language."""
    return json.dumps(report.as_dict(language), ensure_ascii=False, indent=2) + "\n"


def check_text(report: CheckReport, language: str) -> str:
    """Return what a check found, in a language: notes, what to look at, rows read, every warning, every problem."""
    beside = [Message("normalised", what=note) for note in report.notes]
    beside += [Message("to_look_at", what=hint) for hint in report.hints]
    beside.append(Message("rows_read", rows=tuple(f"{name} {n}" for name, n in report.n_rows.items())))
    lines = [text(one, language) for one in beside]
    if report.warnings:
        lines.append(format_problems(report.warnings, language, Message("warnings_found", n=len(report.warnings))))
    problems = format_problems(report.problems, language) if report.problems else text(Message("no_problems"), language)
    return "\n".join([*lines, problems])


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
