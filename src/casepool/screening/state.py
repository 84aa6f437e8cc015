"""The state of each record, from the decisions of the reviewers; nothing is typed twice."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.contract.literature import SCREENING_STATE
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.vocabulary import ScreeningDecision, Stage
from casepool.rows import missing, numbered_rows, record_names, rows_of
from casepool.typing import Row

TO_SCREEN = "to_screen"
CONFLICT = "conflict"
EXCLUDED_TITLE = "excluded_title_abstract"
EXCLUDED_FULL_TEXT = "excluded_full_text"
AWAITING = "awaiting_full_text"
INCLUDED = "included"
CONSENSUS = "consensus"  # the reviewer id under which a conflict is settled


def screening_state(records: pd.DataFrame, screening: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``screening_state``: one row for each record.

    A record without decision waits (``to_screen``); reviewers who disagree make a ``conflict`` until a
    row of the reviewer ``consensus`` settles it. Decisions on a record that was merged into another hold
    for that one, unless it has its own.
    """
    decisions = {(str(row["record_id"]), str(row["stage"])): row for row in rows_of(_consensus(screening))}
    linked = match_reports(records, reports)
    rows = [_row(record, decisions, linked) for record in rows_of(records)]
    return pd.DataFrame(rows, columns=SCREENING_STATE.names)


def _consensus(screening: pd.DataFrame) -> pd.DataFrame:
    settled = screening.loc[screening["reviewer"] == CONSENSUS, ["record_id", "stage"]]
    keys = pd.MultiIndex.from_frame(screening[["record_id", "stage"]])
    open_ = ~keys.isin(pd.MultiIndex.from_frame(settled)) | (screening["reviewer"] == CONSENSUS).to_numpy()
    grouped = screening[open_].groupby(["record_id", "stage"], sort=True, dropna=False)
    agreed = grouped.agg(
        decision=("decision", _agreed),
        exclusion_reason=("exclusion_reason", lambda reasons: next(iter(reasons.dropna()), pd.NA)),
    )
    return agreed.reset_index()


def _agreed(decisions: pd.Series) -> str:
    return str(decisions.iloc[0]) if decisions.nunique() == 1 else CONFLICT


def _row(
    record: Row,
    decisions: Mapping[tuple[str, str], Row],
    linked: Mapping[str, Row],
) -> Row:
    key = str(record["record_id"])
    names = record_names(record)
    title = _first(decisions, names, Stage.TITLE_ABSTRACT)
    full = _first(decisions, names, Stage.FULL_TEXT)
    report = linked.get(key, {})
    reason = full.get("exclusion_reason") if full else title.get("exclusion_reason")
    return {
        "record_id": key,
        "origin": record["origin"],
        "source_file": record["source_file"],
        "title_abstract": _told(title),
        "full_text": _told(full),
        "exclusion_reason": reason,
        "state": _state(title.get("decision"), full.get("decision")),
        "report_id": report.get("report_id"),
        "study_id": report.get("study_id"),
    }


def _first(decisions: Mapping[tuple[str, str], Row], names: list[str], stage: Stage) -> Row:
    return next((decisions[name, stage] for name in names if (name, stage) in decisions), {})


def _told(decision: Row) -> object:
    told = decision.get("decision")
    return None if told == CONFLICT else told


def _state(title: object, full: object) -> str:
    if CONFLICT in {title, full}:
        return CONFLICT
    if title is None:
        return TO_SCREEN
    if title == ScreeningDecision.EXCLUDE:
        return EXCLUDED_TITLE
    by_full_text = {
        ScreeningDecision.INCLUDE.value: INCLUDED,
        ScreeningDecision.EXCLUDE.value: EXCLUDED_FULL_TEXT,
    }
    return by_full_text.get(str(full), AWAITING)


def match_reports(records: pd.DataFrame, reports: pd.DataFrame) -> dict[str, Row]:
    """Return record_id → report, matched by PMID, else by DOI, else by the key of the import."""
    rows = rows_of(reports)
    by_pmid = {str(row["pmid"]): row for row in rows if not missing(row["pmid"])}
    by_doi = {str(row["doi"]).casefold(): row for row in rows if not missing(row["doi"])}
    by_key = {f"ris:{row['report_id']}": row for row in rows}
    linked = {}
    for record in rows_of(records):
        key = str(record["record_id"])
        found = by_pmid.get(str(record["pmid"])) or by_doi.get(str(record["doi"]).casefold())
        found = found or next((by_key[name] for name in record_names(record) if name in by_key), None)
        if found:
            linked[key] = found
    return linked


def screening_problems(records: pd.DataFrame, screening: pd.DataFrame, reports: pd.DataFrame) -> list[Problem]:
    """Return where decisions name no record, or a report says otherwise than its record."""
    problems: list[Problem] = []
    known = {name for record in rows_of(records) for name in record_names(record)}
    for line, row in numbered_rows(screening):
        if row["record_id"] not in known:
            key = f"record_id={row['record_id']}, stage={row['stage']}, reviewer={row['reviewer']}"
            expected = Message("raw_record")
            problems.append(Problem("screening.csv", line, key, "record_id", str(row["record_id"]), expected))
    problems += _report_problems(screening_state(records, screening, reports), reports)
    return problems


def _report_problems(state: pd.DataFrame, reports: pd.DataFrame) -> list[Problem]:
    by_report = {row["report_id"]: row for row in rows_of(state.dropna(subset=["report_id"]))}
    problems = []
    for line, row in numbered_rows(reports):
        key, record = f"report_id={row['report_id']}", by_report.get(row["report_id"])
        if record is None:
            expected = Message("raw_record_of_report")
            problems.append(Problem("reports.csv", line, key, "report_id", str(row["report_id"]), expected))
            continue
        screened = (record["full_text"], record["exclusion_reason"])
        typed = (row["decision"], row["exclusion_reason"])
        if _texts(screened) != _texts(typed):
            agreed = " ".join(_texts(screened)).strip() or Message("no_agreed_decision")
            expected = Message("as_screened", decision=agreed, record=str(record["record_id"]))
            problems.append(Problem("reports.csv", line, key, "decision", " ".join(_texts(typed)).strip(), expected))
    return problems


def _texts(values: tuple[object, ...]) -> tuple[str, ...]:
    return tuple("" if value is None or missing(value) else str(value) for value in values)
