"""Checks across the curated tables: what one table names must stand in another."""

from __future__ import annotations

from collections.abc import Iterator

from casepool import tables
from casepool.errors import Problem
from casepool.extraction.curated import Curated, case_ids
from casepool.extraction.underlying import underlying_problems
from casepool.protocol import Protocol
from casepool.rows import numbered_rows, split_ids
from casepool.schemas import TABLES
from casepool.vocabulary import ScreeningDecision


def consistency_problems(curated: Curated, protocol: Protocol) -> Iterator[Problem]:
    """Yield every reference between the curated tables that leads nowhere."""
    reports = set(curated["reports"]["report_id"].dropna())
    cases = set(case_ids(curated.frames))
    for name in ("patients", "cohorts", "cumulative_incidences", "appraisal"):
        yield from _unknown(curated, name, "report_id", reports, "a report_id of reports.csv")
    for name in ("patients", "cohorts", "disease_terms", "context"):
        yield from _unknown(curated, name, "disease", set(protocol.by_id), "a disease id of the protocol")
    yield from _unknown(curated, "patients", "same_patient_as", cases, "a case id, report_id/patient_label")
    yield from _unknown_items(curated, cases | reports)
    for column in ("case_a", "case_b"):
        yield from _unknown(curated, "identity_decisions", column, cases, "a case id, report_id/label")
    yield from _reports_without_rows(curated, cases)
    yield from underlying_problems(curated, protocol)
    yield from _term_problems(curated)


def _unknown(curated: Curated, name: str, column: str, valid: set[str], expected: str) -> Iterator[Problem]:
    frame = curated[name]
    wrong = frame[column].notna() & ~frame[column].isin(list(valid))
    for line, row in numbered_rows(frame[wrong]):
        near = tables.nearest(str(row[column]), sorted(valid))
        key = tables.key_of(row, TABLES[name])
        yield Problem(f"{name}.csv", line, key, column, str(row[column]), expected, near)


def _unknown_items(curated: Curated, valid: set[str]) -> Iterator[Problem]:
    for line, row in numbered_rows(curated["cohorts"]):
        for item in split_ids(row["includes_case"]):
            if item not in valid:
                key = tables.key_of(row, TABLES["cohorts"])
                near = tables.nearest(item, sorted(valid))
                expected = "case ids or report ids that exist, separated by semicolons"
                yield Problem("cohorts.csv", line, key, "includes_case", item, expected, near)


def _reports_without_rows(curated: Curated, cases: set[str]) -> Iterator[Problem]:
    told = {case.split("/", 1)[0] for case in cases}
    appraised = set(curated["appraisal"]["report_id"])
    reports = curated["reports"]
    for line, row in numbered_rows(reports[(reports["decision"] == ScreeningDecision.INCLUDE).fillna(value=False)]):
        report, key = row["report_id"], f"report_id={row['report_id']}"
        if report not in told:
            expected = "at least one row in patients.csv or cohorts.csv for an included report"
            yield Problem("reports.csv", line, key, "decision", "include", expected)
        elif report not in appraised:
            expected = "a row in appraisal.csv for an included report"
            yield Problem("reports.csv", line, key, "decision", "include", expected)


def _term_problems(curated: Curated) -> Iterator[Problem]:
    terms = curated["disease_terms"].dropna(subset=["term", "disease"])
    known = dict(zip(terms["term"].str.casefold(), terms["disease"], strict=True))
    for name in ("patients", "cohorts"):
        for line, row in numbered_rows(curated[name].dropna(subset=["disease_as_reported", "disease"])):
            reported = str(row["disease_as_reported"])
            meant = disease_of_term(reported, known)
            if meant != row["disease"]:
                key = tables.key_of(row, TABLES[name])
                expected = (
                    f"a text with a term of disease_terms.csv for {row['disease']} (its longest term means {meant})"
                )
                yield Problem(f"{name}.csv", line, key, "disease_as_reported", reported, expected)


def disease_of_term(text: str, terms: dict[str, str]) -> str | None:
    """Return the disease of the longest term that stands in a text, or None."""
    folded = text.casefold()
    found = [term for term in terms if term in folded]
    return terms[max(found, key=lambda term: (len(term), term))] if found else None
