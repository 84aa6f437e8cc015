"""Edges of the diagnostics; their values are in the reference tests."""

import math

import numpy as np
import pytest

from casepool.stats.bias.diagnostics import LogOddsRatio, chapman, in_conflict, mantel_haenszel, published_by_response
from casepool.stats.joint.fit import Linkage
from casepool.stats.joint.likelihood import beta_binomial_loglik, binomial_loglik, linkage_loglik


def test_contrast_needs_a_disease_with_both_kinds():
    """No common disease: not estimable, with the reason."""
    found = mantel_haenszel([1, 0], [2, 0], [0, 1], [0, 2])
    assert (found.estimate, found.strata) == (None, 0)
    assert found.reason == "no_shared_disease"


def test_contrast_with_responders_only_is_not_estimable():
    """An infinite log odds ratio is no estimate."""
    assert mantel_haenszel([4], [4], [5], [5]).estimate is None


def test_contrast_of_one_stratum_is_the_sample_odds_ratio():
    """With Woolf's variance, to which Robins-Breslow-Greenland reduces."""
    found = mantel_haenszel([4], [10], [14], [15])
    assert found.estimate == pytest.approx(math.log(14 * 6 / (1 * 4)))
    assert found.se == pytest.approx(math.sqrt(1 / 14 + 1 + 1 / 4 + 1 / 6))


def test_exact_test_of_a_known_table():
    """5 of 13 and 1 of 11 published: two-sided p by enumeration of the hypergeometric."""
    found = published_by_response(13, 5, 11, 1)
    terms = np.array([math.comb(13, q) * math.comb(11, 6 - q) for q in range(7)]) / math.comb(24, 6)
    assert found.p_value == pytest.approx(terms[terms <= terms[5] * (1 + 1e-9)].sum())


@pytest.mark.parametrize("table", [(0, 0, 4, 1), (3, 0, 4, 0), (3, 3, 4, 4)])
def test_exact_test_with_an_empty_margin_is_not_estimable(table):
    """Nothing to compare."""
    found = published_by_response(*table)
    assert found.p_value is None
    assert found.reason


def test_conflict_needs_two_estimates():
    """None when one is missing; a difference of more than two standard errors otherwise."""
    missing = LogOddsRatio(None, None, 0)
    assert in_conflict(missing, LogOddsRatio(1.0, 0.5, 1)) is None
    assert in_conflict(LogOddsRatio(3.0, 0.5, 3), LogOddsRatio(0.0, 0.5, 1)) is True
    assert in_conflict(LogOddsRatio(1.0, 0.5, 3), LogOddsRatio(0.0, 0.5, 1)) is False


def test_two_lists_are_usable_with_five_in_both():
    """The rule of five for either response status."""
    assert chapman((20, 20), (30, 30), (5, 5)).usable
    assert not chapman((20, 20), (30, 30), (5, 4)).usable
    with pytest.raises(ValueError, match="both <= either list"):
        chapman((3, 3), (3, 3), (4, 1))


def test_linkage_probabilities_sum_to_one():
    """Over all possible numbers of published responders, at any beta."""
    beta = np.array([-2.0, 0.0, 1.5])
    total = sum(np.exp(linkage_loglik(Linkage(6, q, 5, 4 - q), beta)) for q in range(5))
    assert total == pytest.approx(np.ones(3))


def test_linkage_stays_finite_at_extreme_ratios():
    """Clipping keeps the odds finite."""
    assert np.isfinite(linkage_loglik(Linkage(6, 5, 5, 1), np.linspace(-30, 30, 61))).all()


def test_beta_binomial_probabilities_sum_to_one():
    """With the binomial coefficient restored."""
    eta = np.array([-3.0, 0.0, 2.0])
    total = sum(math.comb(7, x) * np.exp(beta_binomial_loglik(eta, x, 7, 0.2)) for x in range(8))
    assert total == pytest.approx(np.ones(3))


def test_beta_binomial_of_one_patient_is_bernoulli():
    """A single patient cannot be correlated with anybody."""
    eta = np.linspace(-20, 20, 41)
    for x in (0, 1):
        assert beta_binomial_loglik(eta, x, 1, 0.1) == pytest.approx(binomial_loglik(eta, x, 1), abs=1e-9)
