"""Trim and fill on logits: effects by hand, and failures where there is nothing to trim."""

from __future__ import annotations

import math

import invented
import numpy as np
import pytest
from meta_analyze import MetaAnalysisError, meta_analysis
from unit.pooling.test_rates import source

from casepool.files import store
from casepool.pooling.small_study import logit_effects, small_study, trim_and_fill_estimator, trimmed_and_filled
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


def by_the_library(effect, variance):
    """Return estimate and limits as PyMetaAnalysis gives them by itself; None where it raises."""
    try:
        found = meta_analysis(effect=effect, variance=variance, tau2_method="DL").trim_and_fill(side="left")
    except MetaAnalysisError:
        return None
    return found.adjusted_estimate, *found.adjusted_ci


def test_trim_and_fill_has_the_bits_of_the_library():
    """PyMetaAnalysis 0.9.0 on counts of case reports, and on any effects and variances; some of them raise there."""
    random = np.random.default_rng(7)
    sets = []
    for _ in range(150):
        n = np.where(random.random(random.integers(1, 40)) < 0.7, 1, random.integers(2, 30))
        sets.append(logit_effects(random.binomial(n, random.uniform(0.05, 0.95)), n))
        k = random.integers(2, 9)
        sets.append((random.normal(size=k) * random.choice([0.1, 10]), random.uniform(1e-4, 4, size=k)))
    expected = [by_the_library(*one) for one in sets]
    found = [trimmed_and_filled(*one, 0.95) for one in sets]
    assert [one and (one.estimate, one.ci_low, one.ci_high) for one in found] == expected
    plain = [meta_analysis(effect=e, variance=v, tau2_method="DL").estimate if len(e) > 1 else None for e, v in sets]
    assert 20 < sum(one is not None and one[0] != mean for one, mean in zip(expected, plain, strict=True)) < 290
    assert None in expected


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
