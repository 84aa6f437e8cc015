"""The eight references of the national call for observations come out as its rules say.

``tests/reference/call_references.csv`` holds what was read off the call (provenance: references of
the national call for observations) and, counted by hand, the patients that its rules let in.
"""

from __future__ import annotations

import csv

import invented
import pytest

with (invented.ROOT / "tests" / "reference" / "call_references.csv").open(encoding="utf-8", newline="") as handle:
    REFERENCES = list(csv.DictReader(handle))
by_key = pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference["citation_key"])


def test_the_call_has_eight_references():
    """Numbered from one to eight."""
    assert [reference["reference_number"] for reference in REFERENCES] == [str(n) for n in range(1, 9)]


@by_key
def test_the_report_is_there_with_the_decision_that_the_rules_give(real, reference):
    """Included, or excluded at full text for the disease."""
    reports = real.curated["reports"].set_index("report_id")
    row = reports.loc[reference["citation_key"]].fillna("")
    excluded = reference["exclusion_reason"]
    assert (row["decision"], row["exclusion_reason"]) == ("exclude" if excluded else "include", excluded)
    assert row["year"] == int(reference["year"])


@by_key
def test_as_many_patients_are_eligible_as_counted_by_hand(real, reference):
    """One adult among children; two women with lupus; nobody with another disease."""
    cases = real.cases[real.cases["report_id"] == reference["citation_key"]]
    eligible = cases[cases["eligible"] == "yes"]
    assert eligible["n_treated"].sum() == int(reference["eligible_patients"])
    assert cases["n_treated"].sum() - eligible["n_treated"].sum() == int(reference["other_patients"])


@by_key
def test_eligible_patients_have_the_disease_and_setting_of_the_reference(real, reference):
    """As read off the title."""
    cases = real.cases[(real.cases["report_id"] == reference["citation_key"]) & (real.cases["eligible"] == "yes")]
    assert set(cases["disease"]) <= {reference["disease"]}
    if reference["setting"]:
        assert set(cases["setting"]) <= {reference["setting"]}


@by_key
def test_the_journal_and_pages_agree_where_they_are_told(real, reference):
    """No reference was mixed up with another."""
    row = real.curated["reports"].set_index("report_id").loc[reference["citation_key"]].fillna("")
    for name in ("volume", "issue"):
        assert row[name] in {"", reference[name]}


def test_the_title_only_reference_is_an_ungraded_response(real):
    """Remission in the title, no degree: basis title."""
    case = real.cases.set_index("case_id").loc["bathini2019/p1"]
    assert (case["response"], case["basis"], case["setting"]) == ("response_ungraded", "title", "post_hsct")


def test_the_reference_whose_outcome_was_not_seen_counts_nobody_as_evaluable(real):
    """Nothing is guessed until someone reads the full text."""
    case = real.cases.set_index("case_id").loc["jain2020/p1"]
    assert (case["response"], case["n_evaluable"]) == ("not_reported", 0)
