"""Eligibility is computed: report, then disease, then age."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.cases.eligibility import judge

INCLUDE = {"decision": "include", "exclusion_reason": pd.NA}


def verdict(report=None, eligibility=None, **case):
    """Return (reason, age_not_reported) of an invented patient."""
    protocol = invented.protocol()
    if eligibility:
        changed = protocol.eligibility.model_copy(update=eligibility)
        protocol = protocol.model_copy(update={"eligibility": changed})
    found = judge(invented.patient(**case), report or INCLUDE, protocol)
    assert found.eligible == (found.reason is None)
    return found.reason, found.age_not_reported


@pytest.mark.parametrize(
    ("age", "population", "expected"),
    [
        (18, "adult", (None, False)),
        (17.9, "adult", ("under_18", False)),
        (18, "child", (None, False)),
        (pd.NA, "adult", (None, False)),
        (pd.NA, "child", ("under_18", False)),
        (pd.NA, "mixed", (None, True)),
        (pd.NA, "not_reported", (None, True)),
    ],
)
def test_the_truth_table_of_age(age, population, expected):
    """A told age decides; else the population; nothing told counts with a flag."""
    assert verdict(age_years=age, population=population) == expected


@pytest.mark.parametrize("population", ["mixed", "not_reported"])
def test_an_unknown_age_is_left_out_where_the_protocol_says_so(population):
    """The sensitivity analysis is a choice of the protocol."""
    found = verdict(age_years=pd.NA, population=population, eligibility={"count_unknown_age": False})
    assert found == ("under_18", True)


def test_a_disease_that_is_not_asked_about_is_out_before_age():
    """The first reason in the order of the rules is the one that is told."""
    assert verdict(disease="cold_agglutinin", age_years=5) == ("disease_not_eligible", False)


@pytest.mark.parametrize("autoimmune", ["no", "uncertain"])
def test_alloimmune_cytopenia_counts_unless_the_protocol_leaves_it_out(autoimmune):
    """The call names post-transplant cytopenias: in by default, out by one key."""
    assert verdict(autoimmune=autoimmune) == (None, False)
    out = verdict(autoimmune=autoimmune, eligibility={"count_alloimmune": False})
    assert out == ("disease_not_eligible", False)


def test_an_autoimmune_disease_counts_where_the_protocol_leaves_alloimmune_ones_out():
    assert verdict(autoimmune="yes", eligibility={"count_alloimmune": False}) == (None, False)


@pytest.mark.parametrize(
    "reason", ["duplicate_publication", "other_drug", "review", "protocol_only", "oncology", "no_patient", "other"]
)
def test_a_case_of_an_excluded_report_is_out_for_the_reason_of_the_report(reason):
    """A duplicate publication counts nobody twice."""
    assert verdict({"decision": "exclude", "exclusion_reason": reason}) == (reason, False)


@pytest.mark.parametrize("reason", ["under_18", "disease_not_eligible"])
def test_a_reason_that_the_rules_compute_is_not_believed_for_a_case(reason):
    """A report of children with one adult: the adult is judged alone."""
    assert verdict({"decision": "exclude", "exclusion_reason": reason}) == (None, False)


def test_a_case_whose_full_text_is_awaited_is_out_for_now():
    """Its outcome is not known yet."""
    assert verdict({"decision": "awaiting", "exclusion_reason": pd.NA}) == ("outcome_not_reported", False)
