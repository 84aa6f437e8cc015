"""Trim and fill on logits: effects by hand, and failures where there is nothing to trim."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casepool.analysis.small_study import logit_effects, trim_and_fill_estimator
from casepool.stats.joint_data import JointData
from casepool.stats.joint_settings import Settings
from casepool.stats.worlds import World


def world(events: list[int], n: list[int]) -> World:
    """Return a world of one disease with these reports."""
    data = JointData((0,), (0,), (sum(events),), (sum(n),))
    return World(data, np.array([0.5]), np.array(events), np.array(n))


def test_a_half_is_added_to_both_counts():
    """1/1 is log 3 with variance 2/3 + 2, and 0/1 mirrors it."""
    effect, variance = logit_effects(np.array([1, 0]), np.array([1, 1]))
    assert effect == pytest.approx([math.log(3), -math.log(3)])
    assert variance == pytest.approx([2 / 3 + 2] * 2)


def test_filled_failures_lower_the_rate():
    """Five successes told singly beside a balanced cohort."""
    found = list(trim_and_fill_estimator(world([1] * 5 + [10], [1] * 5 + [20]), Settings()))
    ((target, estimate, truth),) = found
    assert (target, truth) == ("overall", 0.5)
    assert estimate is not None
    assert 0 < estimate[1] < estimate[0] < estimate[2] < 1
    assert estimate[0] < 0.62


@pytest.mark.parametrize("n", [[1], [1, 1]])
def test_below_three_reports_there_is_no_estimate(n):
    """None, not an error."""
    assert next(trim_and_fill_estimator(world([1] * len(n), n), Settings()))[1] is None
