"""Laws of the one-level and two-level mixed models."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from property.strategies import FEW, count_pairs
from scipy import integrate, special, stats

from casepool.stats.glmm.fit import fit_glmm
from casepool.stats.glmm.likelihood import evaluate, prepare_data
from casepool.stats.joint.max_likelihood import fit_joint_ml

STUDIES = st.lists(count_pairs(max_n=15, min_n=1), min_size=2, max_size=8)


@FEW
@given(STUDIES, st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_matter(studies, random):
    """Estimate, heterogeneity and likelihood are the same after shuffling."""
    shuffled = studies[:]
    random.shuffle(shuffled)
    first, second = (fit_glmm(*zip(*s, strict=True), profile=False) for s in (studies, shuffled))
    assert first.status == second.status
    if first.estimate is not None:
        for name in ("estimate", "se", "tau2", "loglik"):
            assert getattr(second, name) == pytest.approx(getattr(first, name), rel=1e-9, abs=1e-9)


@FEW
@given(STUDIES)
def test_exchanging_responders_and_others_changes_the_sign(studies):
    """Mu becomes -mu; everything else stays."""
    x, n = (np.array(column) for column in zip(*studies, strict=True))
    first, second = fit_glmm(x, n, profile=False), fit_glmm(n - x, n, profile=False)
    if first.estimate is not None:
        assert second.estimate == pytest.approx(-first.estimate, abs=1e-6)
        assert second.se == pytest.approx(first.se, rel=1e-6)
        assert second.loglik == pytest.approx(first.loglik, abs=1e-9)


@FEW
@given(STUDIES)
def test_empty_studies_change_nothing_but_their_place(studies):
    """A study without patients has a zero random effect and no weight."""
    x, n = (list(column) for column in zip(*studies, strict=True))
    first, second = fit_glmm(x, n, profile=False), fit_glmm([0, *x], [0, *n], profile=False)
    assert second.k == first.k
    assert second.estimate == pytest.approx(first.estimate) if first.estimate is not None else True
    if first.blups:
        assert second.blups == pytest.approx((0.0, *first.blups), abs=1e-9)


@FEW
@given(STUDIES, st.floats(-2, 2), st.floats(0.05, 2))
def test_quadrature_equals_adaptive_integration(studies, mu, tau):
    """Against scipy.integrate.quad, study by study: 1e-9 in the log-likelihood."""
    x, n = (np.array(column) for column in zip(*studies, strict=True))
    data = prepare_data(x, n, np.ones((len(x), 1)), np.arange(len(x)))

    def density(z: float, xi: int, ni: int) -> float:
        p = special.expit(mu + tau * z)
        return float(stats.binom.pmf(xi, ni, p) * stats.norm.pdf(z))

    total = sum(
        np.log(integrate.quad(density, -12, 12, args=(xi, ni), epsabs=1e-14, epsrel=1e-11, limit=200)[0])
        for xi, ni in zip(x, n, strict=True)
    )
    found = evaluate(data, np.array([mu, tau])).loglik + data.log_coefficients
    assert found == pytest.approx(total, abs=1e-9)


@FEW
@given(STUDIES, st.floats(-2, 2), st.floats(0.1, 2))
def test_derivatives_equal_differences(studies, mu, tau):
    """Gradient and Hessian against central differences of the likelihood and the gradient."""
    x, n = (np.array(column) for column in zip(*studies, strict=True))
    data = prepare_data(x, n, np.ones((len(x), 1)), np.arange(len(x)))
    theta, step = np.array([mu, tau]), 1e-5
    at = evaluate(data, theta)
    for i in range(2):
        shift = step * np.eye(2)[i]
        up, down = evaluate(data, theta + shift), evaluate(data, theta - shift)
        assert at.gradient[i] == pytest.approx((up.loglik - down.loglik) / (2 * step), abs=1e-5)
        assert at.hessian[i] == pytest.approx((up.gradient - down.gradient) / (2 * step), abs=1e-4)


@FEW
@given(STUDIES)
def test_intervals_are_nested_and_bounded(studies):
    """The prediction interval contains the usual one, and this the Wald interval; proportions stay in [0, 1]."""
    fit = fit_glmm(*zip(*studies, strict=True))
    low, high = fit.proportion_ci
    assert 0 <= low <= fit.proportion <= high <= 1
    if fit.proportion_pi is not None:
        assert fit.pi[0] <= fit.ci[0] < fit.estimate < fit.ci[1] <= fit.pi[1]
        assert fit.proportion_pi[0] < special.expit(fit.pi[0])
        assert special.expit(fit.pi[1]) < fit.proportion_pi[1]
    if fit.ci_profile is not None and None not in fit.ci_profile:
        assert fit.ci_profile[0] < fit.estimate < fit.ci_profile[1]


def test_splitting_sources_within_a_disease_leaves_the_two_level_fit():
    """Rows of one disease and kind can be merged: the likelihood differs by a constant."""
    merged = fit_joint_ml([5, 12, 2, 4, 7, 6], [8, 13, 4, 5, 12, 9], [0, 1, 0, 1, 0, 1], list("aabbcc"))
    split = fit_joint_ml([5, 10, 2, 2, 4, 7, 6], [8, 10, 3, 4, 5, 12, 9], [0, 1, 1, 0, 1, 0, 1], list("aaabbcc"))
    assert (split.mu, split.beta) == pytest.approx((merged.mu, merged.beta), rel=1e-7)
    assert split.tau == pytest.approx(merged.tau, abs=1e-5)
