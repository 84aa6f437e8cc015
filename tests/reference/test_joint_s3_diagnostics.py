"""Case S3: linkage log-likelihood, Mantel-Haenszel contrast, Chapman two-list estimate."""

import numpy as np
import pytest
from reference import cases

from casepool.stats.bias.diagnostics import chapman, mantel_haenszel
from casepool.stats.joint.fit import Linkage
from casepool.stats.joint.likelihood import linkage_loglik

CASE = cases.joint_case("S3")
# Closed forms, six decimals stored.
TOLERANCE = cases.joint_tolerance()["closed_form"]


def test_linkage_loglik() -> None:
    """Non-central hypergeometric log-likelihood at six values of beta."""
    table = CASE["input"]["linkage"]
    linkage = Linkage(table["K1"], table["Q1"], table["K0"], table["Q0"])
    found = linkage_loglik(linkage, np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0]))
    assert found == pytest.approx(np.array(CASE["expected"]["linkage_loglik"]), abs=TOLERANCE)


def test_mantel_haenszel() -> None:
    """Log odds ratio with the Robins-Breslow-Greenland standard error."""
    ref = CASE["expected"]["mantel_haenszel"]
    found = mantel_haenszel(*(CASE["input"][name] for name in ("rx", "rn", "lx", "ln")))
    assert found.estimate == pytest.approx(ref["logor"], abs=TOLERANCE)
    assert found.se == pytest.approx(ref["se"], abs=TOLERANCE)
    assert found.strata == ref["strata"]


def test_chapman() -> None:
    """Estimated numbers, proportion, limits and the usability rule."""
    given, ref = CASE["input"]["chapman"], CASE["expected"]["chapman"]
    found = chapman(*((given[f"{name}1"], given[f"{name}0"]) for name in ("k", "a", "q")))
    numbers = (found.responders, found.nonresponders, found.proportion)
    assert numbers == pytest.approx((ref["N1"], ref["N0"], ref["p"]), abs=TOLERANCE)
    assert found.ci == pytest.approx((ref["lo"], ref["hi"]), abs=TOLERANCE)
    assert found.usable is ref["usable"]
