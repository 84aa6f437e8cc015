"""Case S5: one disease with both kinds of evidence; no overall, no tau, no prediction."""

import numpy as np
import pytest
from reference import cases
from reference.joint_cases import joint_data

from casepool.stats.joint.fit import JointFit, fit_joint

CASE = cases.joint_case("S5")
EXPECTED = CASE["expected"]
TOLERANCE = cases.joint_tolerance()


@pytest.fixture(scope="module")
def fit() -> JointFit:
    """Return the fit with linkage."""
    return fit_joint(joint_data(CASE))


def test_rate(fit: JointFit) -> None:
    """The five summaries of the one rate."""
    rate = fit.diseases[0]
    found = (rate.mean, rate.sd, rate.ci[0], rate.median, rate.ci[1])
    stored = [EXPECTED[key][0] for key in ("p_mean", "p_sd", "p_lo", "p_med", "p_hi")]
    assert found == pytest.approx(tuple(stored), abs=TOLERANCE["p"])
    assert rate.worth_n == pytest.approx(EXPECTED["ess"][0], abs=TOLERANCE["ess"])
    for threshold, above in EXPECTED["pr_above"].items():
        assert rate.probability_above[float(threshold)] == pytest.approx(above[0], abs=5e-4)


def test_reporting_ratio(fit: JointFit) -> None:
    """Beta from one contrast and the linkage."""
    ratio = fit.reporting_ratio
    found = (ratio.log_mean, ratio.log_sd, *ratio.log_ci, np.log(ratio.median))
    keys = ("beta_mean", "beta_sd", "beta_lo", "beta_hi", "beta_med")
    assert found == pytest.approx(tuple(EXPECTED[key] for key in keys), abs=TOLERANCE["beta"])
    above = EXPECTED["pr_beta_gt0"]
    assert ratio.probability_above_1 == pytest.approx(above, abs=TOLERANCE["p"])


def test_what_needs_three_diseases_is_not_reported(fit: JointFit) -> None:
    """The case lists what must be None."""
    assert EXPECTED["reported"] == {"overall": None, "new_disease": None, "tau": None}
    assert (fit.overall, fit.new_disease, fit.tau) == (None, None, None)
