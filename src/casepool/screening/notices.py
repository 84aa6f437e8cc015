"""Retractions, expressions of concern and errata of records, and what they mean for included reports."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.literature import NOTICES
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.vocabulary import ScreeningDecision
from casepool.rows import missing, numbered_rows, rows_of, split_ids
from casepool.screening.state import match_reports
from casepool.typing import Row

RETRACTED = "retracted"


def notices(records: pd.DataFrame, state: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``notices``: every record that was retracted, doubted or corrected."""
    states = {str(row["record_id"]): row for row in rows_of(state)}
    reasons = dict(zip(overrides["report_id"], overrides["reason"], strict=True))
    rows = []
    for record in rows_of(records[records["notices"].notna()]):
        known = states[str(record["record_id"])]
        told = {name: record[name] for name in ("record_id", "notices", "notice_sources")}
        kept = {"report_id": known["report_id"], "state": known["state"]}
        rows.append({**told, **kept, "reason_to_keep": reasons.get(known["report_id"])})
    return pd.DataFrame(rows, columns=NOTICES.names)


def notice_problems(records: pd.DataFrame, reports: pd.DataFrame, overrides: pd.DataFrame) -> Iterator[Problem]:
    """Yield each included report that was retracted, unless an override gives a reason to keep it."""
    known = set(reports["report_id"])
    for line, row in numbered_rows(overrides):
        if row["report_id"] not in known:
            key = f"report_id={row['report_id']}"
            expected = Message("report_id")
            yield Problem("retraction_overrides.csv", line, key, "report_id", str(row["report_id"]), expected)
    allowed = set(overrides["report_id"])
    withdrawn = _retracted(records, reports)
    for line, row in numbered_rows(reports):
        report = str(row["report_id"])
        if row["decision"] == ScreeningDecision.INCLUDE and report in withdrawn and report not in allowed:
            expected = Message("exclude_or_override", notice=withdrawn[report])
            yield Problem("reports.csv", line, f"report_id={report}", "decision", "include", expected)


def _retracted(records: pd.DataFrame, reports: pd.DataFrame) -> dict[str, str]:
    """Return report_id → PubMed's words, for reports whose record was retracted."""
    linked: dict[str, Row] = match_reports(records, reports)
    found = {}
    for record in rows_of(records):
        report = linked.get(str(record["record_id"]))
        if report and RETRACTED in split_ids(record["notices"]):
            told = record["notice_sources"]
            found[str(report["report_id"])] = RETRACTED if missing(told) else str(told)
    return found
