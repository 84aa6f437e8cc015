"""The shares behind the bits are fixed, add up, and reward agreement."""

from __future__ import annotations

import invented
import pytest

from casepool.contract.cases import CASES
from casepool.identity import fields
from casepool.identity.agreement import COMPARE, compare
from casepool.identity.fields import COHORT_FIELDS
from casepool.model.study import study

by_field = pytest.mark.parametrize("field", fields.fields().values(), ids=lambda field: field.name)
PAGE = (invented.ROOT / "docs" / "identity.md").read_text(encoding="utf-8")


@by_field
def test_the_findings_of_a_field_are_all_there_are(field):
    """Shares among pairs of one patient and of two each add up to one."""
    assert sum(level.m for level in field.levels) == pytest.approx(1)
    assert sum(level.u for level in field.levels) == pytest.approx(1)


@by_field
def test_agreement_speaks_for_one_patient_and_the_last_finding_against(field):
    """The first finding is full agreement."""
    assert field.levels[0].m > field.levels[0].u
    assert field.levels[0].bits == max(level.bits for level in field.levels)
    assert field.levels[-1].bits == min(level.bits for level in field.levels)
    assert field.levels[-1].bits < 0


def test_an_agreement_that_many_pairs_share_weighs_nothing_towards_sure_and_a_difference_weighs_whole():
    """The usual dose makes nobody sure, an unusual one still speaks against."""
    for name in ("sex", "dose", "route", "prior_rituximab", "prior_bortezomib", "setting", "death", "autoimmune"):
        same, *others = fields.fields()[name].levels
        assert same.bits > 0 == same.towards_sure
        assert all(level.towards_sure == level.bits < 0 for level in others)
    for name in ("age", "treatment_year", "n_doses", "n_prior_lines", "response", "follow_up"):
        same = fields.fields()[name].levels[0]
        assert same.towards_sure == same.bits > 0
    assert f"u above {fields.COMMON:g}" in PAGE


@by_field
def test_every_field_can_be_compared_and_names_a_column_of_the_cases(field):
    """Words of a finding quote the column."""
    assert callable(compare(field.name))
    assert field.column in CASES.names


def test_nothing_is_compared_that_has_no_shares():
    """And the fields of cohorts and facts exist."""
    declared = {one.id for one in (*study().covariates, *study().events.values()) if one.identity}
    assert {*COMPARE, *declared} == set(fields.fields())
    assert {*COHORT_FIELDS, *fields.facts()} <= set(fields.fields())


@by_field
def test_the_page_on_identity_tells_the_shares_of_the_field(field):
    """Documented means the same numbers."""
    for level in field.levels:
        assert f"| {level.m:g} | {level.u:g} | {level.bits:+.1f} |".replace("-", "−") in PAGE


def test_the_page_on_identity_tells_the_thresholds():
    """Prior odds and thresholds in bits."""
    for bits in (fields.PRIOR_BITS, fields.PRIOR_BITS_TWO_CENTRES, fields.PRIOR_BITS_COHORT, fields.REVIEW_BITS):
        assert f"−{-bits:g} bits" in PAGE
    for bits in (fields.SURE_BITS, fields.SURE_FACT_BITS, fields.AHEAD_BITS):
        assert f"{bits:g} bits" in PAGE
