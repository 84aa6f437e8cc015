"""Trim and fill on logits: effects by hand, and failures where there is nothing to trim."""

from __future__ import annotations

import math

import invented
import numpy as np
import pytest
from unit.pooling.test_rates import source

from casepool.files import store
from casepool.pooling.small_study import logit_effects, small_study, trim_and_fill_estimator
from casepool.stats.joint.data import JointData
from casepool.stats.joint.settings import Settings
from casepool.stats.own.data import OwnData
from casepool.stats.simulation.worlds import World


def world(events: list[int], n: list[int]) -> World:
    """Return a world of one disease with these reports."""
    data = JointData((0,), (0,), (sum(events),), (sum(n),))
    return World(data, OwnData(1, ()), np.array([0.5]), np.array(events), np.array(n))


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


def test_the_annex_has_a_row_for_every_tool_and_says_what_it_is_not(tmp_path):
    """Complete response has bounds only, so no tool runs on it; every row carries the note."""
    studies = invented.frame(
        "study_counts",
        *(source(f"alpha202{i}", 1, 1) for i in range(5)),
        source("beta2021", 6, 12, "complete", n_complete=2, n_complete_at_most=2),
    )
    found = small_study(studies, invented.protocol(), 0.95)
    store.write_table("small_study", found, tmp_path / "small_study.csv")
    assert set(found["note"]) == {"not a correction at n = 1"}
    rows = found.set_index(["outcome", "tool"])
    anyone = rows.loc["any_response"]
    assert set(anyone["status"]) == {"ok"}
    assert anyone.loc["trim_and_fill", "value"] <= anyone.loc["random_effects", "value"]
    assert (anyone["n_reports"].tolist(), anyone["n_single"].tolist()) == ([6] * 3, [5] * 3)
    assert set(rows.loc["complete_response", "status"]) == {"bounds"}


def test_the_pooled_logit_is_that_of_dersimonian_and_laird():
    """Two reports by hand: equal variances, so the mean of the logits."""
    effect, _ = logit_effects(np.array([1, 3]), np.array([4, 4]))
    studies = invented.frame("study_counts", source("alpha2020", 1, 4), source("beta2021", 3, 4))
    row = small_study(studies, invented.protocol(), 0.95).set_index(["outcome", "tool"])
    found = row.loc[("any_response", "random_effects"), "value"]
    assert found == pytest.approx(1 / (1 + math.exp(-effect.mean())))
