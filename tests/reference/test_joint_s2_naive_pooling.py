"""Case S2: naive pooling by disease, double arcsine and one-level GLMM.

The GLMM values were cross-checked against metafor 3.8-1 and lme4 1.1-31 with 25 nodes.
"""

import math

import numpy as np
import pytest
from reference import cases
from scipy import special

from casepool.stats.bias.freeman_tukey import fit_freeman_tukey
from casepool.stats.glmm.fit import fit_glmm

CASE = cases.joint_case("S2")
TOLERANCE = cases.joint_tolerance()


def test_freeman_tukey() -> None:
    """Closed form, six decimals stored."""
    ref = CASE["expected"]["freeman_tukey"]
    fit = fit_freeman_tukey(CASE["input"]["x"], CASE["input"]["n"])
    expected = (ref["est"], ref["tau2"], ref["Q"], ref["n_harm"])
    found = (fit.proportion, fit.tau2, fit.q, fit.harmonic_n)
    assert found == pytest.approx(expected, abs=TOLERANCE["closed_form"])
    assert fit.ci == pytest.approx((ref["lo"], ref["hi"]), abs=TOLERANCE["closed_form"])


def test_glmm() -> None:
    """Estimate, heterogeneity and chi-square profile limits of mu."""
    ref = CASE["expected"]["glmm_ml"]
    fit = fit_glmm(CASE["input"]["x"], CASE["input"]["n"])
    assert fit.tau2 is not None
    found = (fit.estimate, math.sqrt(fit.tau2), fit.proportion, fit.proportion_marginal)
    expected = (ref["mu"], ref["tau"], ref["p_median"], ref["p_marginal"])
    assert found == pytest.approx(expected, abs=TOLERANCE["ml_estimate"])
    assert fit.ci_profile == pytest.approx(tuple(ref["mu_ci"]), abs=TOLERANCE["ml_limits"])


def test_loglik_without_coefficients() -> None:
    """The stored value leaves the binomial coefficients out."""
    x, n = np.array(CASE["input"]["x"]), np.array(CASE["input"]["n"])
    coefficients = np.sum(special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1))
    fit = fit_glmm(x, n, profile=False)
    assert fit.loglik is not None
    core = CASE["expected"]["glmm_ml"]["loglik_core"]
    assert fit.loglik - coefficients == pytest.approx(core, abs=1e-5)
