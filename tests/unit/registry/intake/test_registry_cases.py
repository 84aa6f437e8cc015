"""Accepted rows become cases that add up like patients of the literature."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from invented import frame, protocol

from casepool.cases.eligibility import judge
from casepool.cases.patient_counts import patient_counts
from casepool.files import store
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Autoimmune, Sex
from casepool.registry.intake.cases import registry_cases
from casepool.rows import rows_of

PROTOCOL = protocol()


def accepted(number: int = 1, **changes) -> dict:
    """Return an accepted row: a woman with immune thrombocytopenia and a complete response."""
    row = {"pseudonym": f"{number:012x}", "centre_pseudonym": "registry-aaaaaa", "return_label": "return-00000000"}
    row |= {"row": number + 1, "centre": "Alpha", "country": "Utopia", "filled_on": "2026-01-31"}
    row |= {"centre_n_treated": 1, "centre_n_reported": 1, "patient_code": f"P{number}", "objection_checked": "yes"}
    row |= {"age_years": 47.5, "sex": "female", "disease": "itp", "setting": "primary", "autoimmune": "yes"}
    row |= dict.fromkeys(("prior_rituximab", "prior_bortezomib", "monotherapy", *study().events), "not_reported")
    return row | {"route": "iv", "response": "complete", "published": "no", "ascertainment": "complete"} | changes


def cases(*rows: dict) -> pd.DataFrame:
    return registry_cases(frame("registry", *rows), PROTOCOL)


def test_a_case_is_named_by_its_pseudonym_and_its_report_by_the_centre():
    case = cases(accepted()).iloc[0]
    assert (case["case_id"], case["report_id"], case["study_id"]) == (
        "registry/000000000001",
        "registry-aaaaaa",
        "registry-aaaaaa",
    )
    assert (case["kind"], case["report_type"], case["basis"]) == ("patient", "registry_call", "full_text")
    assert pd.isna(case["year"])
    assert pd.isna(case["same_patient_as"])


def test_what_tells_patients_apart_is_passed_on():
    told = {"treatment_year": 2023, "dose": "16 mg/kg", "n_doses": 8, "published": "yes"}
    case = cases(accepted(**told, publication_pmid="31415926", publication_doi="10.1000/AB")).iloc[0]
    assert (case["centre"], case["country"]) == ("Alpha", "Utopia")
    assert {name: case[name] for name in told} == told
    assert case["publication"] == "pmid:31415926; doi:10.1000/ab"


def test_the_table_keeps_the_data_contract_even_when_empty():
    for rows in ((), (accepted(2), accepted(1))):
        table = cases(*rows)
        store.checked("cases", table)
        assert table["case_id"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"age_years": 17}, "under_18"),
        ({"disease": "graves"}, "disease_not_eligible"),
        ({"age_years": None}, None),
        ({}, None),
    ],
)
def test_the_protocol_judges_whom_the_intake_accepts(changes, reason):
    case = cases(accepted(**changes)).iloc[0]
    assert (None if pd.isna(case["exclusion_reason"]) else case["exclusion_reason"]) == reason
    assert case["eligible"] == ("yes" if reason is None else "no")
    assert case["age_not_reported"] == ("yes" if changes.get("age_years", 1) is None else "no")


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "response": st.sampled_from(list(study().response)),
            "sex": st.sampled_from(list(Sex)),
            "disease": st.sampled_from(list(PROTOCOL.by_id)),
            "autoimmune": st.sampled_from(list(Autoimmune)),
            "age_years": st.one_of(st.none(), st.floats(0, 120)),
            **{event: st.sampled_from(list(Answer)) for event in study().events},
        }
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_counts_and_verdicts_are_those_of_one_patient_at_a_time(drawn):
    rows = [accepted(number, **one) for number, one in enumerate(drawn, start=1)]
    for case, row in zip(rows_of(cases(*rows)), rows, strict=True):
        counts = patient_counts(row)
        assert {name: case[name] for name in counts if name.startswith("n_") and name not in row} == {
            name: count for name, count in counts.items() if name.startswith("n_") and name not in row
        }
        verdict = judge(row | {"population": "not_reported"}, {"decision": "include"}, PROTOCOL)
        assert (case["eligible"] == "yes", case["age_not_reported"] == "yes") == (
            verdict.eligible,
            verdict.age_not_reported,
        )
