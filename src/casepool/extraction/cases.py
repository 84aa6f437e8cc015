"""Cases: each patient and each cohort stratum as one row of counts, with verdict and ascertainment."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.cases.eligibility import COMPUTED_REASONS, judge
from casepool.cases.patient_counts import patient_counts, publication_ids
from casepool.contract.cases import CASES
from casepool.extraction.appraisal import ascertainment_by_report
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.protocol import Outcome, Protocol
from casepool.model.study import Study, study
from casepool.model.vocabulary import Answer, Ascertainment, CaseKind, ScreeningDecision
from casepool.rows import missing, numbered_rows, rows_of
from casepool.typing import Row


def build_cases(frames: Mapping[str, pd.DataFrame], protocol: Protocol) -> pd.DataFrame:
    """Return the table ``cases``: one row for each patient and each cohort stratum.

    Parameters
    ----------
    frames : the curated tables ``reports``, ``patients``, ``cohorts`` and ``appraisal``.
    """
    reports = {row["report_id"]: row for row in rows_of(frames["reports"])}
    ascertainment = ascertainment_by_report(frames["appraisal"])
    rows = [patient_counts(row) for row in rows_of(frames["patients"])]
    rows += [_cohort_counts(row) for row in rows_of(frames["cohorts"])]
    for row in rows:
        report = reports[row["report_id"]]
        row |= _identification(row, report, ascertainment)
        row |= _verdict(row, report, protocol)
    return pd.DataFrame(rows).reindex(columns=CASES.names)


def _identification(row: Row, report: Row, ascertainment: Mapping[str, Ascertainment]) -> Row:
    known = ascertainment.get(str(row["report_id"]), Ascertainment.UNCLEAR)
    return {
        "case_id": f"{row['report_id']}/{row['label']}",
        "study_id": report["study_id"],
        "report_type": report["report_type"],
        "year": report["year"],
        "authors": report["authors"],
        "publication": publication_ids(report["pmid"], report["doi"]),
        "ascertainment": known.value,
    }


def _verdict(row: Row, report: Row, protocol: Protocol) -> Row:
    verdict = judge(row, report, protocol)
    return {
        "eligible": Answer.YES if verdict.eligible else Answer.NO,
        "exclusion_reason": verdict.reason,
        "age_not_reported": Answer.YES if verdict.age_not_reported else Answer.NO,
    }


def _cohort_counts(row: Row) -> Row:
    told = {name: not missing(row[name]) for name in row if name.startswith("n_")}
    evaluable = row["n_evaluable"] if told["n_response"] else 0
    declared = study()
    counts: Row = {
        **row,
        "label": row["stratum"],
        "treatment_year": None,  # a stratum spans years
        "kind": CaseKind.COHORT,
        "n_sex_known": row["n_treated"] if told["n_female"] else 0,
        "n_evaluable": evaluable,
        "n_response": row["n_response"] if told["n_response"] else 0,
        "n_none": row["n_none"] if told["n_none"] and told["n_response"] else 0,
        **{covariate.id: Answer.NOT_REPORTED for covariate in declared.covariates},
    }
    for outcome in declared.further_outcomes:
        of = declared.counted[outcome.id]
        counts[of.least], counts[of.most] = _successes(row, told, outcome, declared)
    for event in declared.events:
        of = declared.counted[event]
        known = told[of.least] and told[of.at_risk]
        counts[of.least] = row[of.least] if known else 0
        counts[of.most] = row[of.most if told[of.most] else of.least] if known else 0
        counts[of.known] = row[of.at_risk] if known else 0
    return counts


def _successes(row: Row, told: Mapping[str, bool], outcome: Outcome, declared: Study) -> tuple[int, int]:
    """Return how many of a cohort surely had an outcome, and how many may have had it.

    Where every grade of success is counted, these are the ones. Else responders who are not in another grade that is
    counted may have had it.
    """
    wanted = [f"n_{grade.id}" for grade in declared.graded if grade.id in outcome.success]
    others = [f"n_{grade.id}" for grade in declared.graded if grade.id not in outcome.success]
    least = sum(int(row[name]) for name in wanted if told[name])
    if all(told[name] for name in wanted):
        return least, least
    if not told["n_response"]:
        return 0, 0
    return least, int(row["n_response"]) - sum(int(row[name]) for name in others if told[name])


def verdict_problems(cases: pd.DataFrame, reports: pd.DataFrame) -> list[Problem]:
    """Return where the decision typed for a report contradicts the verdict on its cases."""
    problems: list[Problem] = []
    eligible = cases[cases["eligible"] == Answer.YES].groupby("report_id")["case_id"].agg(list).to_dict()
    told = set(cases["report_id"])
    for line, row in numbered_rows(reports):
        report, key = row["report_id"], f"report_id={row['report_id']}"
        decision, reason = row["decision"], row["exclusion_reason"]
        if decision == ScreeningDecision.INCLUDE and report in told and report not in eligible:
            expected = Message("exclude_by_rules")
            problems.append(Problem("reports.csv", line, key, "decision", "include", expected))
        if decision == ScreeningDecision.EXCLUDE and reason in COMPUTED_REASONS and report in eligible:
            expected = Message("include_by_rules", cases=tuple(eligible[report]))
            problems.append(Problem("reports.csv", line, key, "decision", f"exclude ({reason})", expected))
    return problems
