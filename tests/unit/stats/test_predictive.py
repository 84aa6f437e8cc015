"""Posterior predictive check: exact sums, against closed forms and against simulation."""

import math

import numpy as np
import pytest
from scipy import special, stats

from casepool.stats.joint.fit import JointData, Source, fit_joint
from casepool.stats.joint.predictive import count_distribution, predictive_checks
from casepool.stats.joint.settings import Settings

DATA = JointData(
    (14, 0, 10), (26, 0, 10), (2, 11, 7), (3, 11, 8), None, (Source(0, True, 10, 21), Source(2, False, 5, 6))
)


def test_every_cell_with_patients_is_checked_once():
    """Diseases times kinds, empty cells left out."""
    found = predictive_checks(DATA, Settings(clustering=0.1))
    assert [(one.disease, one.complete, one.events, one.n) for one in found] == [
        (0, True, 14, 26), (0, False, 2, 3), (1, False, 11, 11), (2, True, 10, 10), (2, False, 7, 8),
    ]  # fmt: skip


def test_the_expected_count_is_that_of_the_corrected_rate():
    """Without shift of the complete sources the predictive mean is n times the posterior mean."""
    checks, fit = predictive_checks(DATA, Settings(clustering=0.1)), fit_joint(DATA, clustering=0.1)
    for one in checks:
        if one.complete:
            assert one.expected == pytest.approx(one.n * fit.diseases[one.disease].mean, abs=1e-6)


def test_both_tails_share_the_observed_count():
    """They exceed one by its probability, and no probability leaves its range."""
    for one in predictive_checks(DATA, Settings(clustering=0.1)):
        assert 1.0 < one.lower + one.upper < 2.0
        assert 0.0 < one.p_value <= 1.0


def test_one_patient_has_the_posterior_mean_as_tail():
    """1/1: P(count >= 1) is the mean of the rate."""
    data = JointData([1], [1], [0], [0])
    (check,) = predictive_checks(data, Settings())
    assert check.upper == pytest.approx(fit_joint(data).diseases[0].mean, abs=1e-8)
    assert check.lower == pytest.approx(1.0)


def test_the_distribution_of_a_count_is_binomial_beta_binomial_or_their_sum():
    """Against scipy, at three logits."""
    eta = np.array([-1.0, 0.3, 2.0])
    p, s = special.expit(eta), 0.9 / 0.1
    plain = count_distribution(DATA, 2, False, eta, 0.0)
    assert plain == pytest.approx(np.array([stats.binom.pmf(np.arange(9), 8, q) for q in p]), abs=1e-12)
    mixed = count_distribution(DATA, 2, False, eta, 0.1)
    for row, q in zip(mixed, p, strict=True):
        pair, six = stats.binom.pmf(np.arange(3), 2, q), stats.betabinom.pmf(np.arange(7), 6, s * q, s * (1 - q))
        assert row == pytest.approx(np.convolve(pair, six), abs=1e-12)


def test_sums_agree_with_simulated_counts():
    """40,000 draws from the posterior of one disease, by rejection from its prior."""
    rng = np.random.default_rng(3)
    data = JointData([5], [8], [12], [13])
    size = 4_000_000
    theta = rng.normal(0, np.hypot(1.5, np.abs(rng.normal(size=size))))
    beta = rng.normal(math.log(2), 1.25, size)
    likelihood = stats.binom.pmf(5, 8, special.expit(theta)) * stats.binom.pmf(12, 13, special.expit(theta + beta))
    kept = rng.random(size) < likelihood / likelihood.max()
    complete, told = special.expit(theta[kept]), special.expit((theta + beta)[kept])
    first, second = predictive_checks(data, Settings())
    assert first.upper == pytest.approx(np.mean(rng.binomial(8, complete) >= 5), abs=0.006)
    assert second.lower == pytest.approx(np.mean(rng.binomial(13, told) <= 12), abs=0.006)


def test_counts_that_contradict_the_model_are_found():
    """In three diseases print shows far more responders than complete sources, in a fourth fewer."""
    fair = JointData([10, 10, 10, 32], [20, 20, 20, 40], [18, 18, 18, 12], [20, 20, 20, 40])
    odd = min(predictive_checks(fair, Settings()), key=lambda one: one.p_value)
    assert odd.disease == 3
    assert odd.p_value < 0.05


def test_no_patients_no_check():
    """And a spread of the ratio is not covered."""
    assert predictive_checks(JointData([0], [0], [0], [0]), Settings()) == ()
    with pytest.raises(ValueError, match="one reporting ratio"):
        predictive_checks(DATA, Settings(ratio_spread=0.5))
