"""Fixed effects of moderators against 40-digit optima, lme4 and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from reference import cases

from casepool.stats.glmm.moderators import fit_glmm_moderators
from casepool.stats.joint.max_likelihood import fit_joint_ml

RELATIVE = 1e-6


def test_one_binary_column_and_shared_intercepts_equal_the_two_level_optimum():
    """The model of twolevel_a: selective as moderator, disease as study; with glmer's coefficient."""
    events, n, selective, disease = cases.two_level_columns("twolevel_a")
    fit = fit_glmm_moderators(events, n, selective, disease)
    ref, r = cases.optimum("twolevel_a"), cases.r_output("twolevel_a")
    (moderator,) = fit.coefficients
    assert fit.status == "ok"
    assert (fit.intercept.estimate, moderator.estimate) == pytest.approx(tuple(ref["b"]), rel=RELATIVE)
    assert (fit.intercept.se, moderator.se) == pytest.approx(tuple(ref["se"]), rel=RELATIVE)
    assert np.sqrt(fit.tau2) == pytest.approx(ref["sd_disease"], rel=RELATIVE)
    assert fit.loglik == pytest.approx(ref["logLik_with_binomial_coefficients"], rel=RELATIVE)
    assert moderator.estimate == pytest.approx(r["glmer"]["b"][1], rel=RELATIVE)
    assert fit.k == fit_joint_ml(events, n, selective, disease, profile=False).k


@pytest.mark.parametrize("name", ["cbpp_by_herd", "pritz1997"])
def test_a_column_of_noise_leaves_the_fit_of_the_intercept_in_place(name):
    """With a coefficient near zero the likelihood is at least that of the model without it."""
    events, n = cases.counts(name)
    ref = cases.optimum(name)
    noise = np.arange(len(n)) % 2
    fit = fit_glmm_moderators(events, n, noise, profile=False)
    loglik = next(value for key, value in ref.items() if key.startswith("logLik_with"))
    assert fit.loglik >= loglik - 1e-9


def test_patients_told_singly_equal_logistic_regression():
    """Each patient a study: nothing is known of tau2, and statsmodels' Logit has the same answer."""
    rng = np.random.default_rng(8)
    columns = np.column_stack([rng.integers(0, 2, 60), rng.normal(size=60)])
    y = rng.binomial(1, 1 / (1 + np.exp(-(0.3 + 0.8 * columns[:, 0] - 0.5 * columns[:, 1]))))
    fit = fit_glmm_moderators(y, np.ones(60), columns, profile=False)
    ref = sm.Logit(y, sm.add_constant(columns)).fit(disp=0)
    found = (fit.intercept, *fit.coefficients)
    assert fit.status == "boundary_tau2"
    assert [one.estimate for one in found] == pytest.approx(ref.params, rel=RELATIVE)
    assert [one.se for one in found] == pytest.approx(ref.bse, rel=RELATIVE)
    assert [one.p_value for one in found] == pytest.approx(ref.pvalues, rel=1e-5)
    assert fit.loglik == pytest.approx(ref.llf, rel=1e-9)


def test_groups_without_heterogeneity_equal_the_binomial_glm():
    """At tau2 = 0 estimates, errors and likelihood are those of statsmodels' GLM."""
    x, n, dose = np.array([3, 5, 8, 9]), np.array([10, 12, 14, 12]), np.array([0.0, 1.0, 2.0, 3.0])
    fit = fit_glmm_moderators(x, n, dose)
    ref = sm.GLM(np.column_stack([x, n - x]), sm.add_constant(dose), family=sm.families.Binomial()).fit()
    assert (fit.status, fit.tau2) == ("boundary_tau2", 0.0)
    assert fit.coefficients[0].estimate == pytest.approx(ref.params[1], rel=RELATIVE)
    assert fit.coefficients[0].se == pytest.approx(ref.bse[1], rel=RELATIVE)
    assert fit.loglik == pytest.approx(ref.llf, rel=1e-9)
