"""Invented rows for the tests: no patient, report or reader here exists."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from casepool.contract import CURATED, TABLES
from casepool.model.protocol import Protocol, load_protocol
from casepool.model.study import study

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]

_SOURCE: Row = {"basis": "full_text", "source_locator": "Table 1", "reader": "reader_one", "date": "2026-01-31"}
_NOT_REPORTED = "not_reported"


@cache
def protocol() -> Protocol:
    """Return the protocol of the project."""
    return load_protocol(ROOT / "config" / "protocol.yaml")


def report(report_id: str = "alpha2020", **changes: Any) -> Row:
    """Return an included report."""
    row = {"report_id": report_id, "study_id": report_id, "report_type": "case_report", "decision": "include"}
    return row | {"year": 2020} | changes


def patient(report_id: str = "alpha2020", patient_label: str = "p1", **changes: Any) -> Row:
    """Return an adult with immune thrombocytopenia and a complete response."""
    row: Row = {"report_id": report_id, "patient_label": patient_label, "age_years": 40, "sex": "female"}
    row |= {"population": "adult", "disease": "itp", "disease_as_reported": "refractory ITP"}
    row |= {"setting": "primary", "autoimmune": "yes", "route": "iv", "response": "complete", "relapse": "no"}
    for name in ("prior_rituximab", "prior_bortezomib", "monotherapy", "death", "serious_infection"):
        row[name] = _NOT_REPORTED
    row |= {"hypogammaglobulinaemia": _NOT_REPORTED, "infusion_reaction": _NOT_REPORTED}
    return row | _SOURCE | changes


def cohort(report_id: str = "beta2021", stratum: str = "all", **changes: Any) -> Row:
    """Return a stratum of ten adults with immune thrombocytopenia, six of whom responded."""
    row: Row = {"report_id": report_id, "stratum": stratum, "population": "adult", "disease": "itp"}
    row |= {"disease_as_reported": "refractory ITP", "setting": "primary", "autoimmune": "yes", "route": "iv"}
    row |= {"monotherapy": _NOT_REPORTED, "n_treated": 10, "n_evaluable": 9, "n_response": 6, "n_none": 3}
    return row | _SOURCE | changes


def appraisal(report_id: str = "alpha2020", reader: str = "reader_one", **changes: Any) -> Row:
    """Return the appraisal of a report whose authors chose whom to tell."""
    row: Row = {"report_id": report_id, "reader": reader, "murad_1": "no", "jbi_4": "no", "jbi_5": "no"}
    return row | {key: _SOURCE[key] for key in ("basis", "source_locator", "date")} | changes


def decision(case_a: str, case_b: str, verdict: str = "same_patient") -> Row:
    """Return a decision on the identity of two cases."""
    row: Row = {"case_a": case_a, "case_b": case_b, "decision": verdict, "reason": "same centre"}
    return row | {"reader": "reader_one", "date": "2026-01-31"}


def correction(table: str, key: str, column: str, old: str | None, new: str | None) -> Row:
    """Return a correction of one cell."""
    row: Row = {"table": table, "key": key, "column": column, "old": old, "new": new}
    return row | {"reason": "misprint", "source": "erratum", "reader": "reader_one", "date": "2026-01-31"}


def screened(record_id: str, stage: str = "title_abstract", verdict: str = "include", **changes: Any) -> Row:
    """Return one reviewer's decision on a record."""
    row: Row = {"record_id": record_id, "stage": stage, "reviewer": "reader_one", "decision": verdict}
    return row | {"date": "2026-01-31"} | changes


def record(record_id: str, **changes: Any) -> Row:
    """Return a record of a database."""
    return {"record_id": record_id, "origin": "database", "source_file": "data/raw/invented.xml"} | changes


def grade(**changes: Any) -> Row:
    """Return a rating of the certainty of a disease."""
    row: Row = {"disease": "itp", "certainty": "low", "reason": "SYNTHETIC: two complete series agree"}
    return row | {"reader": "reader_one", "date": "2026-01-31"} | changes


def context(**changes: Any) -> Row:
    """Return the result of a trial of another drug against placebo."""
    row: Row = {"context_id": "gamma_trial", "drug": "another", "disease": "itp", "what": "platelets above 50"}
    row |= {"n_response": 25, "n_total": 30, "comparator_n_response": 3, "comparator_n_total": 15}
    row |= {"randomised": "yes", "comparator": "placebo"}
    return row | _SOURCE | changes


def case(case_id: str, **changes: Any) -> Row:
    """Return an eligible patient told by a selective source, with a complete response."""
    name = case_id.split("/", 1)[0]
    row: Row = {"case_id": case_id, "report_id": name, "study_id": name, "kind": "patient"}
    row |= {"report_type": "case_report", "year": 2020, "basis": "full_text", "ascertainment": "selective"}
    row |= {"disease": "itp", "setting": "primary", "autoimmune": "yes", "eligible": "yes", "age_not_reported": "no"}
    row |= {"route": "iv", "prior_rituximab": _NOT_REPORTED, "prior_bortezomib": _NOT_REPORTED}
    row |= {"monotherapy": _NOT_REPORTED, "sex": "female", "response": "complete", "n_sex_known": 1, "n_female": 1}
    row |= {"n_treated": 1, "n_evaluable": 1, "n_response": 1, "n_complete": 1, "n_none": 0}
    row |= changes
    doubtful = row["n_response"] if row["kind"] == "cohort" else row["n_complete"]
    row = {"n_complete_at_most": doubtful} | row
    return {f"n_{event}_at_most": row[f"n_{event}"] for event in study().events if f"n_{event}" in row} | row


def cohort_case(case_id: str, n_treated: int = 10, n_evaluable: int = 9, n_response: int = 6, **changes: Any) -> Row:
    """Return an eligible stratum known by counts."""
    counts = {"n_treated": n_treated, "n_evaluable": n_evaluable, "n_response": n_response, "n_complete": 0}
    row: Row = {"kind": "cohort", "sex": None, "response": None, "n_sex_known": 0, "n_female": 0}
    return case(case_id, **(row | counts | {"n_none": n_evaluable - n_response} | changes))


def form_row(patient_code: str = "P1", **changes: Any) -> Row:
    """Return a filled line of the data-collection form, by column id."""
    row: Row = {"centre": "Centre Alpha", "country": "France", "filled_on": "2026-01-31"}
    row |= {"centre_n_treated": 4, "centre_n_reported": 4, "patient_code": patient_code, "objection_checked": "yes"}
    told = patient()
    row |= {name: told[name] for name in TABLES["registry_form"].names if name in told and name != "note"}
    return row | {"treatment_year": 2023, "published": "no"} | changes


def frame(name: str, *rows: Row) -> pd.DataFrame:
    """Return rows as a typed table of the data contract; cells not given are empty."""
    table = TABLES[name]
    unknown = {column for row in rows for column in row}.difference(table.names)
    assert not unknown, f"{name} has no {sorted(unknown)}"
    # Column by column: a frame of objects that is typed afterwards takes three times as long.
    typed = {one.name: pd.array([row.get(one.name) for row in rows], dtype=one.dtype) for one in table.columns}
    return pd.DataFrame(typed)


def curated(
    reports: list[Row] | None = None,
    patients: list[Row] | None = None,
    cohorts: list[Row] | None = None,
    **others: list[Row],
) -> dict[str, pd.DataFrame]:
    """Return curated tables that agree with each other unless rows are given."""
    given: dict[str, list[Row]] = {
        "reports": [report()] if reports is None else reports,
        "patients": [patient()] if patients is None else patients,
        "cohorts": cohorts or [],
        "appraisal": [appraisal()],
        "disease_terms": [{"term": "itp", "kind": "name", "disease": "itp", "language": "en"}],
    }
    given |= others
    return {table.name: frame(table.name, *given.get(table.name, [])) for table in CURATED}


def write_csv(path: Path, name: str, *rows: Row, separator: str = ",") -> Path:
    """Write rows as a person's CSV file (no validation) and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, TABLES[name].names, delimiter=separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
