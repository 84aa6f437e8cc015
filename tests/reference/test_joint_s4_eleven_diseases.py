"""Case S4: the joint model with 11 diseases, complete evidence in 4, linkage.

Tolerances come with the case: 5e-4 for probabilities, 5e-3 for limits of the overall rate,
2e-3 for beta, 1e-3 for tau, 0.05 for worth_n. Stored values have six decimals.
"""

from typing import Any

import numpy as np
import pytest
from reference import cases
from reference.joint_cases import joint_data

from casepool.stats.joint.fit import JointFit, fit_joint

CASE = cases.joint_case("S4")
EXPECTED: dict[str, Any] = CASE["expected"]
TOLERANCE = cases.joint_tolerance()


@pytest.fixture(scope="module")
def fit() -> JointFit:
    """Return the fit with linkage and without clustering."""
    return fit_joint(joint_data(CASE))


def rates(fit: JointFit) -> dict[str, list[float]]:
    """Return the disease rates under the names of the stored case."""
    return {
        "p_mean": [d.mean for d in fit.diseases],
        "p_sd": [d.sd for d in fit.diseases],
        "p_lo": [d.ci[0] for d in fit.diseases],
        "p_med": [d.median for d in fit.diseases],
        "p_hi": [d.ci[1] for d in fit.diseases],
    }


def assert_summaries(fit: JointFit, expected: dict[str, Any]) -> None:
    """Compare overall, new disease, beta and tau as far as they are stored."""
    assert fit.overall is not None
    overall = expected["overall"]
    assert fit.overall.mean == pytest.approx(overall["mean"], abs=TOLERANCE["overall_mean"])
    assert fit.overall.sd == pytest.approx(overall["sd"], abs=TOLERANCE["overall_mean"])
    limits = (overall["lo"], overall["hi"])
    assert fit.overall.ci == pytest.approx(limits, abs=TOLERANCE["overall_limits"])
    beta = (fit.reporting_ratio.log_mean, fit.reporting_ratio.log_sd)
    stored = (expected["beta_mean"], expected["beta_sd"])
    assert beta == pytest.approx(stored, abs=TOLERANCE["beta"])
    if "new_disease" in expected:
        new = fit.new_disease
        assert new is not None
        found = (new.mean, new.ci[0], new.median, new.ci[1])
        stored_new = tuple(expected["new_disease"][key] for key in ("mean", "lo", "med", "hi"))
        assert found == pytest.approx(stored_new, abs=TOLERANCE["p"])
    if "tau_mean" in expected:
        assert fit.tau is not None
        assert fit.tau.mean == pytest.approx(expected["tau_mean"], abs=TOLERANCE["tau"])


@pytest.mark.parametrize("name", ["p_mean", "p_sd", "p_lo", "p_med", "p_hi"])
def test_rates(fit: JointFit, name: str) -> None:
    """Mean, deviation, median and limits of all diseases."""
    assert rates(fit)[name] == pytest.approx(EXPECTED[name], abs=TOLERANCE["p"])


def test_worth_n_and_probabilities_above_thresholds(fit: JointFit) -> None:
    """The size worth_n is stored as "ess"."""
    worth = [d.worth_n for d in fit.diseases]
    assert worth == pytest.approx(EXPECTED["ess"], abs=TOLERANCE["ess"])
    for threshold, stored in EXPECTED["pr_above"].items():
        found = [d.probability_above[float(threshold)] for d in fit.diseases]
        assert found == pytest.approx(stored, abs=TOLERANCE["p"])


def test_overall_new_disease_and_hyperparameters(fit: JointFit) -> None:
    """Means and deviations of everything that is not a disease."""
    assert_summaries(fit, EXPECTED)
    assert fit.tau is not None
    assert fit.tau.sd == pytest.approx(EXPECTED["tau_sd"], abs=TOLERANCE["tau"])
    assert fit.mu_mean == pytest.approx(EXPECTED["mu_mean"], abs=TOLERANCE["tau"])


def test_reporting_ratio_limits(fit: JointFit) -> None:
    """Limits and median of beta, and the probability that it is positive."""
    ratio = fit.reporting_ratio
    stored = (EXPECTED["beta_lo"], EXPECTED["beta_hi"])
    assert ratio.log_ci == pytest.approx(stored, abs=TOLERANCE["beta"])
    assert np.log(ratio.median) == pytest.approx(EXPECTED["beta_med"], abs=TOLERANCE["beta"])
    above = EXPECTED["pr_beta_gt0"]
    assert ratio.probability_above_1 == pytest.approx(above, abs=TOLERANCE["p"])


def test_clustering_within_sources() -> None:
    """Intra-class correlation 0.10 within the sources of several patients."""
    stored = EXPECTED["with_sources_rho10"]
    fit = fit_joint(joint_data(CASE, with_sources=True), clustering=0.10)
    for name in ("p_mean", "p_lo", "p_hi"):
        assert rates(fit)[name] == pytest.approx(stored[name], abs=TOLERANCE["p"])
    assert_summaries(fit, stored)


def test_without_linkage() -> None:
    """The within-disease contrast alone."""
    stored = EXPECTED["without_linkage"]
    fit = fit_joint(joint_data(CASE), use_linkage=False)
    assert rates(fit)["p_mean"] == pytest.approx(stored["p_mean"], abs=TOLERANCE["p"])
    assert_summaries(fit, stored)


def test_dense_grid_agrees_with_the_refined_one(fit: JointFit) -> None:
    """Two resolutions of the same integral: 5e-5 in every rate and limit."""
    dense = fit_joint(joint_data(CASE), grid="dense")
    for name, values in rates(dense).items():
        assert rates(fit)[name] == pytest.approx(values, abs=5e-5)


def test_coarse_simulation_grid_stays_within_half_a_point(fit: JointFit) -> None:
    """The fixed grid of the simulations is coarser: 0.005 in every rate and limit."""
    coarse = fit_joint(joint_data(CASE), grid="simulation")
    for name, values in rates(coarse).items():
        assert rates(fit)[name] == pytest.approx(values, abs=5e-3)
