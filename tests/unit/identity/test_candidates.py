"""Pairs that a person should look at."""

from __future__ import annotations

import invented
import pytest

from casepool.identity.ledger import link

A, B = "alpha2020/p1", "beta2021/p1"


def pairs(cases, *decisions):
    """Return (case_a, case_b, outcome, source) of every pair."""
    made = invented.frame("identity_decisions", *(invented.decision(*one) for one in decisions))
    found = link(invented.frame("cases", *cases), made).pairs
    return list(found[["case_a", "case_b", "outcome", "source"]].itertuples(index=False, name=None))


def like(case_id, age=40, **changes):
    """Return a woman with immune thrombocytopenia."""
    return invented.case(case_id, age_years=age, **changes)


@pytest.mark.parametrize(
    ("age", "year", "alike"),
    [(40, 2020, True), (41, 2020, True), (42, 2020, False), (42, 2021, True), (43, 2021, False), (38, 2021, True)],
)
def test_ages_may_differ_by_a_year_and_the_time_between_the_reports(age, year, alike):
    """The same patient is older in a later report; ages are rounded."""
    place = {"centre": "CHU de Lyon", "country": "France"}
    found = pairs([like(A, **place), like(B, age, year=year, **place)])
    assert found == ([(A, B, "to_review", "score")] if alike else [])


@pytest.mark.parametrize(
    "changes",
    [
        {"sex": "male"},
        {"sex": "not_reported"},
        {"disease": "waiha"},
        {"report_id": "alpha2020"},
        {"age_years": None},
        {"eligible": "no"},
    ],
)
def test_patients_who_cannot_be_the_same_are_no_pair(changes):
    """Another sex or disease; one report; age or sex not told and no place in common; not eligible."""
    assert pairs([like(A), invented.case(B, **({"age_years": 40} | changes))]) == []


@pytest.mark.parametrize(
    ("verdict", "outcome"), [("same_patient", "same"), ("different", "distinct"), ("unsure", "to_review")]
)
def test_a_decided_pair_is_listed_with_its_decision_and_not_again(verdict, outcome):
    """A person is not asked twice, in whatever order the pair was typed."""
    assert pairs([like(A), like(B)], (B, A, verdict)) == [(B, A, outcome, "decision")]


def test_a_pair_told_by_the_extraction_is_not_asked_for():
    """``same_patient_as`` counts as a decision."""
    assert pairs([like(A), like(B, same_patient_as=A)]) == [(B, A, "same", "extraction")]


def test_a_decision_is_listed_rather_than_the_extraction():
    """Decisions win."""
    assert pairs([like(A), like(B, same_patient_as=A)], (A, B, "different")) == [(A, B, "distinct", "decision")]


def test_a_decision_on_a_case_that_is_not_eligible_is_left_out():
    """Only what could change a count is listed."""
    assert pairs([like(A), like(B, eligible="no")], (A, B)) == []
