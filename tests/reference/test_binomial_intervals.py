"""Exact, score and Jeffreys limits of every study of the GLMM data sets, against R."""

import numpy as np
import pytest
from reference import cases

from casepool.stats.binomial import clopper_pearson, jeffreys, wilson

# R printed 12 digits; both sides invert the same functions, so 1e-9 leaves only rounding.
ABSOLUTE = 1e-9
METHODS = {
    "clopper_pearson": clopper_pearson,
    "wilson": wilson,
    "jeffreys_with_edge_rule": jeffreys,
}


@pytest.mark.parametrize("name", cases.GLMM)
@pytest.mark.parametrize("method", METHODS)
def test_limits_equal_r(name: str, method: str) -> None:
    """All studies of a data set at once."""
    rows = cases.r_output(name)["binomial_intervals"]
    lower, upper = METHODS[method]([row["x"] for row in rows], [row["n"] for row in rows])
    expected = np.array([row[method] for row in rows])
    assert lower == pytest.approx(expected[:, 0], abs=ABSOLUTE)
    assert upper == pytest.approx(expected[:, 1], abs=ABSOLUTE)
