"""Laws of the single-stratum calculations."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from property.strategies import MANY, count_pairs

from casepool.stats.bias import bounds
from casepool.stats.binomial import clopper_pearson, jeffreys, wilson

RATIOS = st.floats(0.05, 50)
PROPORTIONS = st.floats(0, 1)


@MANY
@given(PROPORTIONS, RATIOS, RATIOS)
def test_deflating_twice_multiplies_the_ratios(p, a, b):
    """deflate(deflate(p, a), b) = deflate(p, a b), to rounding."""
    assert bounds.deflate(bounds.deflate(p, a), b) == pytest.approx(bounds.deflate(p, a * b), abs=1e-12)


@MANY
@given(st.floats(0.01, 0.99), st.floats(0.05, 0.95))
def test_deflating_by_the_tipping_ratio_gives_the_threshold(p, c):
    """The definition of the tipping point."""
    assert bounds.deflate(p, bounds.tipping_ratio(p, c)) == pytest.approx(c, abs=1e-12)


@MANY
@given(count_pairs(max_n=60, min_n=1), st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_contain_the_proportion_and_mirror(pair, level):
    """x/n is inside; exchanging responders and others mirrors the limits."""
    x, n = pair
    for method in (clopper_pearson, wilson, jeffreys):
        lower, upper = method(x, n, level)
        assert 0 <= lower <= x / n + 1e-12
        assert x / n - 1e-12 <= upper <= 1
        mirrored_lower, mirrored_upper = method(n - x, n, level)
        assert (mirrored_lower, mirrored_upper) == pytest.approx((1 - upper, 1 - lower), abs=1e-10)


@MANY
@given(count_pairs(max_n=40, min_n=1), st.integers(0, 60))
def test_worst_case_contains_every_completion(pair, unseen):
    """Whatever happened to the unseen patients, the true proportion is inside."""
    x, n = pair
    lower, upper = bounds.worst_case_known_treated(x, n, n + unseen)
    rates = (x + np.arange(unseen + 1)) / (n + unseen)
    assert rates.min() == pytest.approx(lower)
    assert rates.max() == pytest.approx(upper)


@MANY
@given(count_pairs(max_n=40, min_n=1), st.floats(0.05, 0.95))
def test_failures_needed_bring_the_proportion_to_the_threshold(pair, c):
    """X / (n + failures) = c."""
    x, n = pair
    failures = bounds.failures_needed(x, n, c)
    if x:
        assert x / (n + failures) == pytest.approx(c)


@MANY
@given(count_pairs(max_n=40, min_n=1), st.floats(1, 8))
def test_bounded_interval_contains_every_deflated_exact_interval(pair, ratio):
    """For each ratio between 1 and 8."""
    lower, upper = bounds.bounded_selection_interval(*pair)
    exact = clopper_pearson(*pair)
    assert lower <= bounds.deflate(exact[0], ratio) + 1e-12
    assert bounds.deflate(exact[1], ratio) <= upper + 1e-12
