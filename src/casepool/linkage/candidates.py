"""Pairs of cases that a person should look at: undecided look-alikes, and what was left unsure."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from casepool.rows import Row, missing, rows_of
from casepool.schemas.cases import CANDIDATE_PAIRS
from casepool.vocabulary import Answer, CaseKind, IdentityDecision, Sex

_DECIDED_OUTCOME = {
    IdentityDecision.SAME_PATIENT: "same",
    IdentityDecision.DIFFERENT: "distinct",
    IdentityDecision.UNSURE: "to_review",
}


def candidate_pairs(cases: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``candidate_pairs``: decided pairs and undecided look-alikes.

    Look-alikes are patients of one disease in different studies, of the same known sex, whose ages
    differ by no more than one year and the time between the reports.
    """
    eligible = cases[cases["eligible"] == Answer.YES].sort_values("case_id")
    disease = eligible.set_index("case_id")["disease"].to_dict()
    rows = [
        {
            "case_a": row["case_a"],
            "case_b": row["case_b"],
            "disease": disease[row["case_a"]],
            "outcome": _DECIDED_OUTCOME[IdentityDecision(row["decision"])],
            "source": "decision",
            "explanation": row["reason"],
        }
        for row in rows_of(decisions)
        if row["case_a"] in disease and row["case_b"] in disease
    ]
    rows += [row for row in _told_links(eligible) if _pair(row) not in {_pair(one) for one in rows}]
    decided = {_pair(row) for row in rows}
    rows += [row for row in _look_alikes(eligible) if _pair(row) not in decided]
    return pd.DataFrame(rows, columns=CANDIDATE_PAIRS.names)


def _pair(row: Row) -> frozenset[str]:
    return frozenset((row["case_a"], row["case_b"]))


def _told_links(eligible: pd.DataFrame) -> list[Row]:
    """Return the pairs that the extraction itself tells as one patient (``same_patient_as``)."""
    known = set(eligible["case_id"])
    told = eligible.dropna(subset=["same_patient_as"])
    return [
        {
            "case_a": row["case_id"],
            "case_b": row["same_patient_as"],
            "disease": row["disease"],
            "outcome": "same",
            "source": "extraction",
            "explanation": "same_patient_as",
        }
        for row in rows_of(told)
        if row["same_patient_as"] in known
    ]


def _look_alikes(eligible: pd.DataFrame) -> list[Row]:
    known = eligible[
        (eligible["kind"] == CaseKind.PATIENT) & eligible["age_years"].notna() & (eligible["sex"] != Sex.NOT_REPORTED)
    ]
    pairs = []
    for (disease, sex), block in known.groupby(["disease", "sex"], sort=True):
        for one, other in combinations(rows_of(block), 2):
            if one["study_id"] != other["study_id"] and _ages_fit(one, other):
                explanation = f"same disease, both {sex}, ages {one['age_years']:g} and {other['age_years']:g}"
                pairs.append(
                    {
                        "case_a": one["case_id"],
                        "case_b": other["case_id"],
                        "disease": disease,
                        "outcome": "to_review",
                        "source": "look-alike",
                        "explanation": explanation,
                    }
                )
    return pairs


def _ages_fit(one: Row, other: Row) -> bool:
    years = 0 if missing(one["year"]) or missing(other["year"]) else abs(one["year"] - other["year"])
    return bool(abs(one["age_years"] - other["age_years"]) <= 1 + years)
