"""Worlds on the layout of real sources: sizes kept, print shifted by exactly the ratio."""

import numpy as np
import pytest

from casepool.stats.joint.settings import Settings
from casepool.stats.simulation.layout import Layout, SourceSize
from casepool.stats.simulation.operating import ESTIMATORS, tally
from casepool.stats.simulation.truth import LayoutTruth
from casepool.stats.simulation.worlds import draw_chunk, draw_worlds

LAYOUT = Layout(
    ("itp", "sle", "waiha"),
    (SourceSize(0, True, 20), SourceSize(0, False, 1), SourceSize(1, False, 6), SourceSize(2, False, 1)),
)


def test_sizes_are_those_of_the_layout():
    """By disease and kind, in every world; sources of several patients are named."""
    assert (LAYOUT.complete_n, LAYOUT.selective_n) == ((20, 0, 0), (1, 6, 1))
    for world in draw_worlds(LayoutTruth(LAYOUT, 4.0), 5, 1):
        assert (world.data.complete_n, world.data.selective_n) == ((20, 0, 0), (1, 6, 1))
        assert [(one.disease, one.complete, one.n) for one in world.data.sources] == [(0, True, 20), (1, False, 6)]
        assert world.events.sum() == sum(world.data.complete_events) + sum(world.data.selective_events)
        assert world.n.tolist() == [20, 1, 6, 1]


def test_a_chunk_can_be_repeated_alone():
    """Its number and the seed are enough."""
    truth = LayoutTruth(LAYOUT, 2.0)
    first, again, other = (draw_chunk(truth, 8, 3, index) for index in (4, 4, 5))
    assert (first.events == again.events).all()
    assert (first.rate != other.rate).all()


def test_odds_in_print_are_the_true_odds_times_the_ratio():
    """Without spread between diseases: 0.6 becomes 1.5 * 4 / (1 + 1.5 * 4)."""
    large = Layout(("one",), (SourceSize(0, False, 1000), SourceSize(0, True, 1000)))
    worlds = draw_chunk(LayoutTruth(large, 4.0, tau=0.0), 200, 7, 0)
    told, complete = worlds.events.mean(axis=0) / 1000
    assert worlds.rate == pytest.approx(0.6)
    assert told == pytest.approx(6 / 7, abs=0.005)
    assert complete == pytest.approx(0.6, abs=0.005)


def test_rates_do_not_depend_on_the_ratio():
    """So that ratios are compared on the same truths."""
    one, eight = (draw_chunk(LayoutTruth(LAYOUT, ratio), 10, 3, 0) for ratio in (1.0, 8.0))
    assert (one.rate == eight.rate).all()
    assert one.events[:, 1:].sum() < eight.events[:, 1:].sum()


def test_complete_sources_alone_ignore_the_ratio_and_predict_the_other_diseases():
    """Diseases without complete source get the prediction for a new one: the same for all."""
    settings = Settings(grid="simulation", thresholds=())
    (world,) = draw_worlds(LayoutTruth(LAYOUT, 8.0), 1, 5)
    (told,) = ESTIMATORS["complete_only"]([world], settings)
    found = [estimate for target, estimate, _ in told if target == "literature_only"]
    assert len(found) == 2
    assert found[0] == pytest.approx(found[1], abs=1e-12)
    found = {
        (one.estimator, one.target): one
        for ratio in (1.0, 8.0)
        for one in tally(draw_worlds(LayoutTruth(LAYOUT, ratio), 1, 5), {str(ratio): ESTIMATORS["complete_only"]})
    }
    assert found["1.0", "disease"].width == pytest.approx(found["8.0", "disease"].width)


def test_no_overall_rate_below_three_diseases():
    """As in the joint fit."""
    two = Layout(("a", "b"), (SourceSize(0, True, 5), SourceSize(1, False, 5)))
    found = tally(draw_worlds(LayoutTruth(two), 2, 1), {"joint": ESTIMATORS["joint"]})
    assert {one.target for one in found} == {"disease", "disease a", "disease b", "anchored", "literature_only"}


@pytest.mark.parametrize("sources", [(SourceSize(1, True, 3),), (SourceSize(0, True, 0),), (SourceSize(-1, True, 2),)])
def test_impossible_sources_are_refused(sources):
    """No such disease, or nobody in it."""
    with pytest.raises(ValueError, match="expected a disease below 1 and n from 1 on"):
        Layout(("one",), sources)


def test_a_ratio_of_zero_is_refused():
    """Nothing would ever be printed."""
    with pytest.raises(ValueError, match="ratio = 0"):
        LayoutTruth(LAYOUT, 0.0)


def test_sums_of_chunks_are_the_sums_of_the_whole():
    """To rounding, in every quantity."""
    truth, chosen = LayoutTruth(LAYOUT, 4.0), {name: ESTIMATORS[name] for name in ("naive", "glmm")}
    whole = tally(draw_worlds(truth, 20, 3, size=10), chosen)
    chunks = [draw_chunk(truth, 10, 3, index) for index in (0, 1)]
    parts = [tally([chunk.world(s) for s in range(10)], chosen) for chunk in chunks]
    for one, first, second in zip(whole, *parts, strict=True):
        both = first + second
        assert (both.replicates, both.asked, both.n, both.covered) == (20, one.asked, one.n, one.covered)
        assert np.array([both.error, both.squared_error, both.width]) == pytest.approx(
            np.array([one.error, one.squared_error, one.width]), abs=1e-12
        )


def test_estimates_that_do_not_exist_are_counted_and_not_averaged():
    """Where everybody responded the mixed model has no estimate."""
    tiny = Layout(("a", "b", "c"), tuple(SourceSize(d, False, 1) for d in range(3)))
    (glmm,) = tally(draw_worlds(LayoutTruth(tiny, 8.0), 30, 2), {"glmm": ESTIMATORS["glmm"]})
    assert glmm.asked == 30
    assert 0 < glmm.n < 30
    assert glmm.estimable == glmm.n / 30
    assert glmm.bias is not None
