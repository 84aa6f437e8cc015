"""Laws of the model with moderators: what is only another way of writing changes nothing."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from property.strategies import FEW, count_pairs
from scipy import integrate, special, stats

from casepool.stats.glmm.moderators import fit_glmm_moderators

ROWS = st.lists(st.tuples(count_pairs(max_n=9, min_n=1), st.integers(0, 1)), min_size=4, max_size=9)


def columns(rows):
    """Return events, n and the binary column."""
    return np.array([x for (x, _), _ in rows]), np.array([n for (_, n), _ in rows]), np.array([z for _, z in rows])


@FEW
@given(ROWS)
def test_exchanging_the_levels_changes_the_sign(rows):
    """And leaves error, likelihood and status."""
    x, n, z = columns(rows)
    first, second = (fit_glmm_moderators(x, n, column, profile=False) for column in (z, 1 - z))
    assert first.status == second.status
    if first.coefficients:
        assert second.coefficients[0].estimate == pytest.approx(-first.coefficients[0].estimate, abs=1e-6)
        assert second.coefficients[0].se == pytest.approx(first.coefficients[0].se, rel=1e-5)
        assert second.loglik == pytest.approx(first.loglik, abs=1e-8)


@FEW
@given(ROWS)
def test_a_group_may_be_told_patient_by_patient(rows):
    """Rows of one study share its intercept, so only the binomial coefficients differ."""
    x, n, z = columns(rows)
    single = np.concatenate([np.arange(size) < events for events, size in zip(x, n, strict=True)]).astype(int)
    study = np.repeat(np.arange(len(n)), n)
    groups = fit_glmm_moderators(x, n, z, profile=False)
    patients = fit_glmm_moderators(single, np.ones(len(single)), z[study], study, profile=False)
    assert patients.status == groups.status
    if groups.coefficients:
        assert patients.coefficients[0].estimate == pytest.approx(groups.coefficients[0].estimate, abs=1e-5)
        assert patients.tau2 == pytest.approx(groups.tau2, abs=1e-5)
        coefficients = np.sum(np.log(special.comb(n, x)))
        assert patients.loglik + coefficients == pytest.approx(groups.loglik, abs=1e-7)


@FEW
@given(ROWS, st.floats(-3, 3), st.floats(0.2, 5))
def test_unit_and_origin_of_a_column_do_not_matter(rows, origin, unit):
    """The estimate scales, the test does not change."""
    x, n, z = columns(rows)
    first = fit_glmm_moderators(x, n, z, profile=False)
    second = fit_glmm_moderators(x, n, origin + unit * z, profile=False)
    assert first.status == second.status
    if first.coefficients:
        assert unit * second.coefficients[0].estimate == pytest.approx(first.coefficients[0].estimate, abs=1e-5)
        assert second.coefficients[0].p_value == pytest.approx(first.coefficients[0].p_value, abs=1e-5)


def test_the_likelihood_is_the_integral_it_claims_to_be():
    """Two studies of three rows each, integrated by scipy at the optimum and not exceeded nearby."""
    x, n = np.array([2, 5, 1, 7, 6, 3]), np.array([9, 8, 6, 9, 7, 8])
    z, study = np.array([0, 1, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 1])
    fit = fit_glmm_moderators(x, n, z, study)

    def loglik(a: float, b: float, tau: float) -> float:
        def term(u: float, s: int) -> float:
            rows = study == s
            p = special.expit(a + b * z[rows] + u)
            return float(np.prod(stats.binom.pmf(x[rows], n[rows], p)) * stats.norm.pdf(u, 0, tau))

        return sum(np.log(integrate.quad(term, -12, 12, args=(s,), epsabs=1e-14, limit=200)[0]) for s in (0, 1))

    a, b, tau = fit.intercept.estimate, fit.coefficients[0].estimate, np.sqrt(fit.tau2)
    assert fit.status == "ok"
    assert fit.loglik == pytest.approx(loglik(a, b, tau), abs=1e-8)
    for change in ((0.05, 0, 0), (0, 0.05, 0), (0, 0, 0.05), (0, -0.05, 0.02)):
        assert loglik(a + change[0], b + change[1], tau + change[2]) < fit.loglik
    lower, upper = fit.coefficients[0].ci_profile
    assert lower < b < upper
