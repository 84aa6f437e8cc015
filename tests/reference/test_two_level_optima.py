"""Joint maximum likelihood (disease intercept, selective indicator) against optimum and R."""

import numpy as np
import pytest
from reference import cases

from casepool.stats.joint.max_likelihood import JointMlFit, fit_joint_ml

RELATIVE = 1e-6


@pytest.fixture(scope="module", params=cases.TWO_LEVEL)
def fitted(request: pytest.FixtureRequest) -> tuple[str, JointMlFit]:
    """Return name and fit of one data set."""
    return request.param, fit_joint_ml(*cases.two_level_columns(request.param))


def test_fixed_effects_and_errors_equal_the_optimum(fitted: tuple[str, JointMlFit]) -> None:
    """Both coefficients, both standard errors and the covariance agree to 1e-6."""
    name, fit = fitted
    ref = cases.optimum(name)
    assert fit.status == "ok"
    assert (fit.mu, fit.beta) == pytest.approx(tuple(ref["b"]), rel=RELATIVE)
    assert (fit.mu_se, fit.beta_se) == pytest.approx(tuple(ref["se"]), rel=RELATIVE)
    assert np.array(fit.vcov) == pytest.approx(np.array(ref["vcov"]), rel=RELATIVE)


def test_variance_and_loglik_equal_the_optimum(fitted: tuple[str, JointMlFit]) -> None:
    """The disease variance and the log-likelihood with binomial coefficients."""
    name, fit = fitted
    ref = cases.optimum(name)
    assert fit.tau == pytest.approx(ref["sd_disease"], rel=RELATIVE)
    assert fit.loglik == pytest.approx(ref["logLik_with_binomial_coefficients"], rel=RELATIVE)
    assert fit.tau_se is not None
    assert fit.tau is not None
    assert fit.tau_se / fit.tau == pytest.approx(ref["se_log_sd"], rel=RELATIVE)


def test_random_effects_are_the_conditional_modes_of_lme4(fitted: tuple[str, JointMlFit]) -> None:
    """As ranef() of glmer; 1e-6 absolute because R stops at 1e-7 in the variance."""
    name, fit = fitted
    r = cases.r_output(name)
    assert fit.blups == pytest.approx(tuple(r["glmer"]["ranef"]), abs=1e-6)
    assert fit.beta == pytest.approx(r["glmer"]["b"][1], rel=1e-6)
    assert fit.k == r["n_diseases"]


def test_profile_limits_lie_outside_the_wald_limits_of_a_large_sample() -> None:
    """The t(k-1) cut makes the profile interval wider than the normal one."""
    fit = fit_joint_ml(*cases.two_level_columns("twolevel_a"))
    assert fit.beta_ci_profile is not None
    lower, upper = fit.beta_ci_profile
    assert fit.beta is not None
    assert fit.beta_se is not None
    assert lower is not None
    assert upper is not None
    assert lower < fit.beta - 1.96 * fit.beta_se < fit.beta + 1.96 * fit.beta_se < upper
