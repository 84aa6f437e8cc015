"""Our own functions against those of scipy, which take longer to import than a table of counts to pool."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special as reference, stats

from casepool.stats import special

LOGITS = np.linspace(-700.0, 700.0, 2001)
POSITIVE = np.concatenate([np.logspace(-9, 7, 2000), np.arange(1, 300) / 2])
COUNTS = [(x, n) for n in (1, 2, 7, 30, 1000, 1_000_000) for x in sorted({1, (n + 1) // 3 or 1, (n + 1) // 2, n})]


@pytest.mark.parametrize(
    ("name", "at"),
    [("expit", LOGITS), ("log_expit", LOGITS), ("logit", np.linspace(0, 1, 1001)[1:-1]), ("gammaln", POSITIVE)],
)
def test_a_function_of_one_argument_equals_that_of_scipy(name, at):
    """Relative error of a few roundings; absolute near a zero."""
    found, expected = getattr(special, name)(at), getattr(reference, name)(at)
    assert found == pytest.approx(expected, rel=2e-14, abs=1e-13 if name == "gammaln" else 1e-15)


def test_nothing_of_a_zero_is_a_number():
    """X log y where x is 0, and the logits of 0 and 1."""
    assert special.xlogy([0.0, 2.0], [0.0, 3.0]).tolist() == reference.xlogy([0.0, 2.0], [0.0, 3.0]).tolist()
    assert special.logit([0.0, 1.0]).tolist() == [-np.inf, np.inf]


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_sums_of_exponentials_do_not_overflow(axis):
    """Along an axis and over all."""
    values = np.array([[-900.0, 0.0, 3.0], [800.0, 801.0, -2.0]])
    assert special.logsumexp(values, axis) == pytest.approx(reference.logsumexp(values, axis), rel=1e-14)
    assert special.softmax(values) == pytest.approx(reference.softmax(values), rel=1e-14)


@pytest.mark.parametrize(("x", "n"), COUNTS)
@pytest.mark.parametrize("tail", [0.5, 0.025, 1e-6])
def test_quantiles_of_the_beta_distribution_equal_those_of_scipy(x, n, tail):
    """Both tails, from one patient to a million."""
    lower = special.expit(special.beta_quantile_logit(float(x), n - x + 1.0, tail))
    upper = special.expit(-special.beta_quantile_logit(n - x + 1.0, float(x), tail))
    assert lower == pytest.approx(stats.beta.ppf(tail, x, n - x + 1), rel=1e-11)
    assert upper == pytest.approx(stats.beta.isf(tail, x, n - x + 1), rel=1e-11)
