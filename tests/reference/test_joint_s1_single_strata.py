"""Case S1: intervals, deflation, tipping points and bounds of four strata.

Values are stored with six decimals, hence the tolerance of 1e-6.
"""

from typing import Any

import numpy as np
import pytest
from reference import cases

from casepool.stats import binomial
from casepool.stats.bias import bounds

ENTRIES: list[dict[str, Any]] = cases.joint_case("S1")["expected"]
TOLERANCE = cases.joint_tolerance()["closed_form"]


@pytest.fixture(params=ENTRIES, ids=[f"{e['x']}/{e['n']}" for e in ENTRIES])
def entry(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return one stratum."""
    found: dict[str, Any] = request.param
    return found


def close(value: Any, expected: Any) -> bool:
    """Return whether numbers or pairs agree within the stored digits."""
    return bool(np.allclose(np.asarray(value), np.asarray(expected), rtol=0, atol=TOLERANCE))


def test_intervals(entry: dict[str, Any]) -> None:
    """Clopper-Pearson, Wilson, Jeffreys."""
    x, n = entry["x"], entry["n"]
    assert close(binomial.clopper_pearson(x, n), entry["clopper_pearson"])
    assert close(binomial.clopper_pearson(x, n), entry["cp"])
    assert close(binomial.wilson(x, n), entry["wilson"])
    assert close(binomial.jeffreys(x, n), entry["jeffreys"])


def test_sweep_deflates_point_and_limits(entry: dict[str, Any]) -> None:
    """Each reporting ratio maps the proportion and its exact limits."""
    assert close(entry["x"] / entry["n"], entry["p"])
    lower, upper = binomial.clopper_pearson(entry["x"], entry["n"])
    for ratio, expected in entry["sweep"].items():
        values = bounds.deflate([entry["x"] / entry["n"], lower, upper], float(ratio))
        assert close(values, expected)


def test_tipping_points(entry: dict[str, Any]) -> None:
    """Infinite for a stratum of responders only; the lower limit is always finite."""
    lower, _ = binomial.clopper_pearson(entry["x"], entry["n"])
    for threshold, expected in entry["tipping"].items():
        point = bounds.tipping_ratio(entry["x"] / entry["n"], float(threshold))
        assert close(point, float(expected["point"]))
        assert close(bounds.tipping_ratio(lower, float(threshold)), expected["lower"])


def test_failures_needed(entry: dict[str, Any]) -> None:
    """Unreported non-responders that lower the rate to the threshold."""
    for threshold, expected in entry["failures_needed"].items():
        assert close(bounds.failures_needed(entry["x"], entry["n"], float(threshold)), expected)


def test_bounds(entry: dict[str, Any]) -> None:
    """Bounded selection and the two worst cases (40 treated; one fifth published)."""
    x, n = entry["x"], entry["n"]
    assert close(bounds.bounded_selection_interval(x, n), entry["bounded"])
    assert close(bounds.worst_case_known_treated(x, n, 40), entry["manski_N40"])
    assert close(bounds.worst_case_published_fraction(x, n, 0.2), entry["manski_f20"])
