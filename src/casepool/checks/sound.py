"""What of the curated tables can be judged further although other rows are wrong: a typing error hides nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from casepool.extraction.curated import Curated
from casepool.model.errors import Problem
from casepool.model.protocol import Protocol
from casepool.rows import record_names, rows_of
from casepool.screening.state import match_reports


def sound_frames(curated: Curated, protocol: Protocol) -> dict[str, pd.DataFrame]:
    """Return the tables without the rows that break their contract, and without cases of no known report or disease."""
    frames = {name: frame[~frame.index.isin(_wrong(curated.problems, name))] for name, frame in curated.frames.items()}
    reports = set(frames["reports"]["report_id"])
    for name in ("patients", "cohorts"):
        frame = frames[name]
        known = frame["report_id"].isin(reports) & frame["disease"].isin(list(protocol.by_id))
        frames[name] = frame[known.astype(bool)]
    return frames


def reports_left_out(curated: Curated, frames: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the reports of which a case is left out: what the others say is not the whole."""
    left: set[str] = set()
    for name in ("patients", "cohorts"):
        whole = curated[name]
        left |= set(whole.loc[~whole.index.isin(frames[name].index), "report_id"].dropna())
    return left


def reports_screened(curated: Curated, frames: Mapping[str, pd.DataFrame], records: pd.DataFrame) -> pd.DataFrame:
    """Return the sound reports of which no decision on their record is left out."""
    screening, reports = curated["screening"], frames["reports"]
    gone = set(screening.loc[~screening.index.isin(frames["screening"].index), "record_id"].dropna())
    linked = match_reports(records, reports)
    doubtful = {
        linked[str(record["record_id"])]["report_id"]
        for record in rows_of(records)
        if str(record["record_id"]) in linked and gone.intersection(record_names(record))
    }
    return reports[~reports["report_id"].isin(list(doubtful))]


def concerns(problems: Iterable[Problem], *tables: str) -> bool:
    """Return whether any problem is one of these tables."""
    return any(Path(problem.file).stem in tables for problem in problems)


def _wrong(problems: Iterable[Problem], table: str) -> list[int]:
    """Return the index of the rows of a table that have a problem."""
    return [one.row - 2 for one in problems if one.row and Path(one.file).stem == table]
