"""The curated tables of the invented project."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.files import sheets
from casepool.files.sheets import key_of
from casepool.rows import rows_of
from casepool.typing import Row
from demo import literature, records
from demo.design import MARK, READ_ON, READERS
from demo.people import Person

_MISREAD_BY = 10
_DECIDED = {"reader": READERS[0], "date": READ_ON}


def curated_tables(persons: tuple[Person, ...], project: Path) -> dict[str, pd.DataFrame]:
    """Return the curated tables by name; the terms of diseases are those of the project itself."""
    patients = literature.patient_rows(persons)
    correction = _misread(patients)
    rows: dict[str, list[Row]] = {
        "reports": literature.report_rows(),
        "patients": patients,
        "cohorts": literature.cohort_rows(),
        "cumulative_incidences": literature.cumulative_incidence_rows(),
        "appraisal": literature.appraisal_rows(),
        "screening": records.screening_rows(),
        "identity_decisions": [_abstract_and_article(persons)],
        "corrections": [correction],
        "reading_list": _reading_list(),
        "context": [],
        "retraction_overrides": [],
        "grade": [],
        "disease_terms": rows_of(sheets.read_table("disease_terms", project / "data/curated/disease_terms.csv")),
    }
    return {name: framed(name, made) for name, made in rows.items()}


def framed(name: str, rows: list[Row]) -> pd.DataFrame:
    """Return rows as a table of the data contract; cells not given are empty."""
    return pd.DataFrame(rows, columns=TABLES[name].names).replace("", pd.NA)


def _misread(patients: list[Row]) -> Row:
    """Put a wrong age into the row that a reader copied wrong, and return its correction."""
    report_id, label = literature.MISREAD
    row = next(one for one in patients if (one["report_id"], one["patient_label"]) == (report_id, label))
    right = row["age_years"]
    row["age_years"] = right + _MISREAD_BY
    told: Row = {"table": "patients", "key": key_of(row, TABLES["patients"]), "column": "age_years"}
    told |= {"old": f"{right + _MISREAD_BY:g}", "new": f"{right:g}", "reason": "copied wrong", "source": "table 1"}
    return told | _DECIDED


def _abstract_and_article(persons: tuple[Person, ...]) -> Row:
    """Return the decision on the first patient of the abstract; the second one is left to be found."""
    abstract, article = abstract_and_article(persons)[0]
    told = {"case_a": abstract, "case_b": article, "decision": "same_patient"}
    return told | {"reason": f"{MARK}: the article says that the abstract told the patient."} | _DECIDED


def abstract_and_article(persons: tuple[Person, ...]) -> list[tuple[str, str]]:
    """Return the pairs of cases that the abstract and its article tell alike, in order of their ids."""
    cases = literature.told_cases(persons)
    in_abstract = {person.person_id: case for case, person in cases.items() if case.startswith("dummy2021/")}
    in_article = {person.person_id: case for case, person in cases.items() if case.startswith("dummy2022/")}
    return sorted((case, in_article[person]) for person, case in in_abstract.items())


def _reading_list() -> list[Row]:
    awaiting = {"citation_key": "synthetic_letter", "status": "awaiting_full_text", "disease": "sle"}
    awaiting |= {"what_to_find": f"{MARK}: response of the patient"}
    unknown = {"citation_key": "synthetic_unknown", "status": "unidentified", "disease": "itp"}
    return [awaiting, unknown | {"what_to_find": f"{MARK}: the publication itself"}]
