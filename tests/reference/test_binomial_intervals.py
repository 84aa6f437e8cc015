"""Exact, score and Jeffreys limits of every study of the GLMM data sets, against R."""

import numpy as np
import pytest
from reference import cases
from statsmodels.stats.proportion import proportion_confint

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


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(("method", "name"), [("clopper_pearson", "beta"), ("wilson", "wilson")])
def test_limits_equal_statsmodels_to_the_last_digits(method: str, name: str, level: float) -> None:
    """Every count of up to 30 patients and some of 1,000: the same formulas, written down once more."""
    counts = np.array([(x, n) for n in (*range(1, 31), 1000) for x in range(0, n + 1, 1 if n <= 30 else 37)])
    found = METHODS[method](counts[:, 0], counts[:, 1], level)
    expected = proportion_confint(counts[:, 0], counts[:, 1], alpha=1 - level, method=name)
    assert np.array(found) == pytest.approx(np.clip(expected, 0.0, 1.0), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_jeffreys_limits_equal_statsmodels_but_for_the_edges(level: float) -> None:
    """There the usual rule sets 0 and 1; the upper quantile is taken from its own side, hence the tolerance."""
    counts = np.array([(x, n) for n in range(2, 31) for x in range(1, n)])
    found = jeffreys(counts[:, 0], counts[:, 1], level)
    expected = proportion_confint(counts[:, 0], counts[:, 1], alpha=1 - level, method="jeffreys")
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-11)
