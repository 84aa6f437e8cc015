"""Checks across the curated tables: what one table names must stand in another."""

from __future__ import annotations

from collections.abc import Iterator

from casepool.contract import TABLES
from casepool.diseases import DiseaseNames, Recognised, kind_of, sides
from casepool.extraction.curated import Curated, case_ids
from casepool.extraction.underlying import underlying_problems
from casepool.files import sheets
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ScreeningDecision, TermKind
from casepool.rows import missing, numbered_rows, rows_of, split_ids
from casepool.typing import Row


def consistency_problems(curated: Curated, protocol: Protocol) -> Iterator[Problem]:
    """Yield every reference between the curated tables that leads nowhere."""
    reports = set(curated["reports"]["report_id"].dropna())
    cases = set(case_ids(curated.frames))
    for name in ("patients", "cohorts", "cumulative_incidences", "appraisal"):
        yield from _unknown(curated, name, "report_id", reports, Message("report_id"))
    yield from _waiting_for_no_report(curated, reports)
    for name in ("patients", "cohorts", "context"):
        yield from _unknown(curated, name, "disease", set(protocol.by_id), Message("disease_id"))
    yield from _unknown(curated, "grade", "disease", set(protocol.eligible_ids), Message("eligible_disease_id"))
    yield from _unknown_in_terms(curated, set(protocol.by_id))
    yield from _unknown(curated, "patients", "same_patient_as", cases, Message("case_id", label="patient_label"))
    yield from _itself(curated)
    yield from _one_publication(curated)
    yield from _unknown_items(curated, cases | reports)
    for name, column in (("reports", "report_id"), ("patients", "patient_label"), ("cohorts", "stratum")):
        yield from _alike(curated, name, column)
    for column in ("case_a", "case_b"):
        yield from _unknown(curated, "identity_decisions", column, cases, Message("case_id", label="label"))
    yield from _reports_without_rows(curated, cases)
    yield from _rows_of_no_kind(curated, cases)
    yield from underlying_problems(curated, protocol)
    names = DiseaseNames(rows_of(curated["disease_terms"]), protocol)
    yield from _terms_read_twice(curated, names)
    yield from name_problems(curated, names)


def _unknown(curated: Curated, name: str, column: str, valid: set[str], expected: Message) -> Iterator[Problem]:
    frame = curated[name]
    wrong = frame[column].notna() & ~frame[column].isin(list(valid))
    for line, row in numbered_rows(frame[wrong]):
        near = sheets.nearest(str(row[column]), sorted(valid))
        key = sheets.key_of(row, TABLES[name])
        yield Problem(f"{name}.csv", line, key, column, str(row[column]), expected, near)


def _waiting_for_no_report(curated: Curated, reports: set[str]) -> Iterator[Problem]:
    for name, rows in curated.waiting.items():
        for line, key in rows:
            if key[0] not in reports:
                told = sheets.key_of(dict(zip(TABLES[name].key, key, strict=True)), TABLES[name])
                near = sheets.nearest(key[0], sorted(reports))
                yield Problem(f"{name}.csv", line, told, "report_id", key[0], Message("report_id"), near)


def _itself(curated: Curated) -> Iterator[Problem]:
    """Yield patients who are said to be themselves."""
    for line, row in numbered_rows(curated["patients"].dropna(subset=["same_patient_as"])):
        if row["same_patient_as"] == f"{row['report_id']}/{row['patient_label']}":
            key, found = sheets.key_of(row, TABLES["patients"]), str(row["same_patient_as"])
            yield Problem("patients.csv", line, key, "same_patient_as", found, Message("another_case"))


def _one_publication(curated: Curated) -> Iterator[Problem]:
    """Yield reports with the PMID or DOI of an earlier one: they are one report, or one id is wrong."""
    for column in ("pmid", "doi"):
        first: dict[str, str] = {}
        for line, row in numbered_rows(curated["reports"].dropna(subset=[column])):
            report, found = str(row["report_id"]), str(row[column])
            other = first.setdefault(found.casefold(), report)
            if other != report:
                expected = Message("id_of_one_report", other=other)
                yield Problem("reports.csv", line, f"report_id={report}", column, found, expected)


def _alike(curated: Curated, name: str, column: str) -> Iterator[Problem]:
    """Yield the ids that differ from an earlier one only in capitals: one of the two is a typing error."""
    table = TABLES[name]
    seen: dict[tuple[str, ...], str] = {}
    for line, row in numbered_rows(curated[name].dropna(subset=list(table.key))):
        before = seen.setdefault(tuple(str(row[part]).casefold() for part in table.key), str(row[column]))
        if before != row[column]:
            expected = Message("id_apart", other=before)
            yield Problem(f"{name}.csv", line, sheets.key_of(row, table), column, str(row[column]), expected)


def _unknown_items(curated: Curated, valid: set[str]) -> Iterator[Problem]:
    for line, row in numbered_rows(curated["cohorts"]):
        for item in split_ids(row["includes_case"]):
            if item not in valid:
                key = sheets.key_of(row, TABLES["cohorts"])
                near = sheets.nearest(item, sorted(valid))
                expected = Message("existing_ids")
                yield Problem("cohorts.csv", line, key, "includes_case", item, expected, near)


def _reports_without_rows(curated: Curated, cases: set[str]) -> Iterator[Problem]:
    waits = {name: {key[0] for _, key in rows} for name, rows in curated.waiting.items()}
    told = {case.split("/", 1)[0] for case in cases}.union(*(waits.get(name, ()) for name in ("patients", "cohorts")))
    appraised = set(curated["appraisal"]["report_id"]) | waits.get("appraisal", set())
    reports = curated["reports"]
    for line, row in numbered_rows(reports[(reports["decision"] == ScreeningDecision.INCLUDE).fillna(value=False)]):
        report, key = row["report_id"], f"report_id={row['report_id']}"
        if report not in told:
            expected = Message("row_for_included")
            yield Problem("reports.csv", line, key, "decision", "include", expected)
        elif report not in appraised:
            expected = Message("appraisal_for_included")
            yield Problem("reports.csv", line, key, "decision", "include", expected)


def _rows_of_no_kind(curated: Curated, cases: set[str]) -> Iterator[Problem]:
    """Yield the reports whose kind is left open though their rows are filled in: the stages ask for it."""
    told = {case.split("/", 1)[0] for case in cases}
    reports = curated["reports"]
    for line, row in numbered_rows(reports[reports["report_type"].isna()]):
        if row["report_id"] in told and row["decision"] == ScreeningDecision.AWAITING:
            key, expected = f"report_id={row['report_id']}", TABLES["reports"].column("report_type").expectation()
            yield Problem("reports.csv", line, key, "report_type", Message("empty"), expected)


def _unknown_in_terms(curated: Curated, valid: set[str]) -> Iterator[Problem]:
    for line, row in numbered_rows(curated["disease_terms"].dropna(subset=["term"])):
        named = [("disease", one) for one in split_ids(row["disease"])]
        named += [("term", one) for one in sides(row["term"])] if kind_of(row) == TermKind.TOGETHER else []
        for column, found in named:
            if found not in valid:
                near = sheets.nearest(found, sorted(valid))
                expected = Message("disease_id")
                yield Problem("disease_terms.csv", line, f"term={row['term']}", column, found, expected, near)


def _terms_read_twice(curated: Curated, names: DiseaseNames) -> Iterator[Problem]:
    known: dict[tuple[str, ...], Row] = {}
    for line, row in numbered_rows(curated["disease_terms"].dropna(subset=["term"])):
        words = names.words_of(row["term"])
        first = known.setdefault(words, row)
        may, told = split_ids(first["disease"]), split_ids(row["disease"])
        if words and may != told:
            diseases, found = (", ".join(one) or Message("empty") for one in (may, told))
            expected = Message("as_in_term", diseases=diseases, term=str(first["term"]))
            yield Problem("disease_terms.csv", line, f"term={row['term']}", "disease", found, expected)


def name_problems(curated: Curated, names: DiseaseNames) -> Iterator[Problem]:
    """Yield every row whose disease is not one that its ``disease_as_reported`` may mean."""
    for name in ("patients", "cohorts"):
        for line, row in numbered_rows(curated[name].dropna(subset=["disease_as_reported", "disease"])):
            reported = str(row["disease_as_reported"])
            meant = names.recognise(reported)
            # Under which of several candidates a patient is filed, a person has decided.
            filed = [one for one in (row["disease"], row.get("underlying_disease")) if not missing(one)]
            if not set(meant.candidates).intersection(filed):
                near = "" if meant.candidates else names.nearest(reported)
                key, expected = sheets.key_of(row, TABLES[name]), _expected_name(str(row["disease"]), meant)
                yield Problem(f"{name}.csv", line, key, "disease_as_reported", reported, expected, near)


def _expected_name(disease: str, meant: Recognised) -> Message:
    if not meant.candidates:
        return Message("no_term_in_text", disease=disease)
    candidates, terms = tuple(meant.candidates), tuple(meant.terms)
    if meant.disease:
        return Message("text_means", disease=disease, candidates=candidates, terms=terms)
    return Message("text_may_mean", disease=disease, candidates=candidates, terms=terms)
