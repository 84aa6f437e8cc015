"""One-level GLMM against 40-digit optima and against R.

Tolerances: 1e-6 relative against the optima, because both sides solve the same equations
and only quadrature and rounding differ; against R 2e-5 in the estimate and 3e-4 in tau2,
because R's optimiser stops there (see README.md).
"""

import numpy as np
import pytest
from reference import cases
from scipy import special

from casepool.stats.glmm.fit import GlmmFit, fit_glmm

RELATIVE = 1e-6


@pytest.fixture(scope="module", params=cases.GLMM)
def fitted(request: pytest.FixtureRequest) -> tuple[str, GlmmFit]:
    """Return name and fit of one data set."""
    return request.param, fit_glmm(*cases.counts(request.param))


def test_estimate_variance_and_errors_equal_the_optimum(fitted: tuple[str, GlmmFit]) -> None:
    """The estimate, tau2 and both standard errors agree to 1e-6."""
    name, fit = fitted
    ref = cases.optimum(name)
    assert fit.status == "ok"
    assert fit.estimate == pytest.approx(ref["mu"], rel=RELATIVE)
    assert fit.se == pytest.approx(ref["se_mu"], rel=RELATIVE)
    assert fit.tau2 == pytest.approx(ref["tau2"], rel=RELATIVE)
    assert fit.tau2 == pytest.approx(ref["tau"] ** 2, rel=RELATIVE)
    assert fit.tau2_se == pytest.approx(ref["se_tau2"], rel=RELATIVE)


def test_loglik_equals_the_optimum_and_the_gradient_vanishes(fitted: tuple[str, GlmmFit]) -> None:
    """The log-likelihood includes the binomial coefficients."""
    name, fit = fitted
    ref = cases.optimum(name)
    assert fit.loglik == pytest.approx(ref["logLik_with_binomial_coefficients"], rel=RELATIVE)
    assert fit.gradient_norm is not None
    assert fit.gradient_norm < 1e-8


def test_intervals_equal_the_optimum_on_both_scales(fitted: tuple[str, GlmmFit]) -> None:
    """Wald and plug-in prediction intervals, logit and probability scale."""
    name, fit = fitted
    ref = cases.optimum(name)
    assert fit.ci == pytest.approx(ref["ci_wald"], rel=RELATIVE)
    assert fit.pi == pytest.approx(ref["pi_wald"], rel=RELATIVE)
    assert fit.proportion == pytest.approx(ref["prop"], rel=RELATIVE)
    assert special.expit(fit.ci) == pytest.approx(ref["prop_ci"], rel=RELATIVE)
    assert special.expit(fit.pi) == pytest.approx(ref["prop_pi"], rel=RELATIVE)


def test_fit_agrees_with_metafor_within_its_convergence(fitted: tuple[str, GlmmFit]) -> None:
    """R package metafor 3.8-1, nAGQ = 100, with z and with t(k-1) limits."""
    name, fit = fitted
    r = cases.r_output(name)
    assert fit.k == r["rma_glmm"]["k"]
    assert fit.estimate == pytest.approx(r["rma_glmm"]["b"], rel=2e-5)
    assert fit.se == pytest.approx(r["rma_glmm"]["se"], rel=2e-5)
    assert fit.tau2 == pytest.approx(r["rma_glmm"]["tau2"], rel=3e-4)
    assert fit.ci_t == pytest.approx(r["rma_glmm_t"]["ci"], rel=1e-4)


def test_pooled_likelihood_gives_the_ratio_test(fitted: tuple[str, GlmmFit]) -> None:
    """The statistic is twice the gain over the pooled logistic regression."""
    _, fit = fitted
    assert fit.loglik is not None
    assert fit.loglik_pooled is not None
    assert fit.lrt_statistic == pytest.approx(2 * (fit.loglik - fit.loglik_pooled), abs=1e-9)


@pytest.mark.parametrize("name", cases.SIMULATED)
def test_simulated_sets_agree_with_metafor(name: str) -> None:
    """R at its default 7 nodes: 1e-5 in the estimate, 2e-4 in tau2."""
    fit = fit_glmm(*cases.counts(name), profile=False)
    r = cases.r_output(name)
    assert fit.k == r["k"]
    assert fit.estimate == pytest.approx(r["b"], rel=1e-5)
    assert fit.tau2 == pytest.approx(r["tau2"], rel=2e-4)


@pytest.mark.parametrize("name", cases.GLMM)
def test_more_nodes_change_nothing(name: str) -> None:
    """The default number of nodes is enough: 80 nodes move the estimate by less than 1e-9."""
    x, n = cases.counts(name)
    default, dense = fit_glmm(x, n, profile=False), fit_glmm(x, n, profile=False, n_nodes=80)
    assert default.estimate == pytest.approx(dense.estimate, rel=1e-9)
    assert default.loglik == pytest.approx(dense.loglik, rel=1e-12)


@pytest.mark.parametrize("name", cases.GLMM)
def test_the_pooled_regression_agrees_with_glm(name: str) -> None:
    """R glm(cbind(x, n - x) ~ 1): logit of the pooled proportion and its standard error."""
    x, n = (np.sum(values) for values in cases.counts(name))
    fit = fit_glmm([x], [n], profile=False)
    r = cases.r_output(name)["glm_pooled"]
    assert fit.estimate == pytest.approx(r["b"], rel=1e-9)
    assert fit.se == pytest.approx(r["se"], rel=1e-6)
