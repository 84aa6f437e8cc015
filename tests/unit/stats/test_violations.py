"""Worlds in which an assumption is wrong: each does what its name says, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from casepool.stats.own.data import Kind
from casepool.stats.simulation.layout import Layout, SourceSize
from casepool.stats.simulation.operating import ESTIMATORS, tally
from casepool.stats.simulation.truth import LayoutTruth, LayoutWorlds
from casepool.stats.simulation.violations import NONE, VIOLATIONS
from casepool.stats.simulation.worlds import draw_chunk, draw_worlds

# Two trials, the smaller one first, and a disease of the literature; a registry of 400 in all.
LAYOUT = Layout(
    ("small", "large", "told"),
    (SourceSize(0, True, 100), SourceSize(0, False, 200), SourceSize(1, True, 200), SourceSize(1, False, 300),
     SourceSize(2, False, 400)),
)  # fmt: skip
REGISTRY = LAYOUT.with_registry(400, 3)
TRIALS, REPORTS, LISTED = (0, 2), (1, 3, 4), (5, 6, 7)


def worlds(name: str = "none", ratio: float = 4.0, layout: Layout = REGISTRY, size: int = 1500) -> LayoutWorlds:
    """Return worlds, their random numbers the same for all that draw alike."""
    return draw_chunk(LayoutTruth(layout, ratio, VIOLATIONS.get(name, NONE)), size, 3, 0)


def shift(found: LayoutWorlds, column: int) -> float:
    """Return by how much the log odds in a source differ from the true ones, over all worlds."""
    source = found.layout.sources[column]
    rate = found.rate[:, source.disease]
    grid = np.linspace(-4, 4, 801)
    expected = special.expit(special.logit(rate) + grid[:, None]).mean(axis=1)
    return float(np.interp(found.events[:, column].mean() / source.n, expected, grid))


def test_a_registry_is_shared_out_by_size():
    """The largest diseases first, every patient once."""
    assert [(s.disease, s.n) for s in REGISTRY.sources if s.registry] == [(1, 167), (2, 133), (0, 100)]
    assert [s.disease for s in LAYOUT.with_registry(40, 1).sources if s.registry] == [1]


def test_nothing_is_wrong_in_the_right_world():
    found = worlds()
    assert [shift(found, i) for i in (*TRIALS, *LISTED)] == pytest.approx([0.0] * 5, abs=0.05)
    assert [shift(found, i) for i in REPORTS] == pytest.approx([np.log(4)] * 3, abs=0.05)


def test_responders_of_the_registry_are_published_by_the_ratio_more_often():
    """A fifth in all, where all diseases are alike; known for every registry patient and none else."""
    alike = draw_chunk(LayoutTruth(REGISTRY, 4.0, tau=0.0), 1500, 3, 0)
    responders, published, others, published_others = alike.linked.sum(axis=(0, 1))
    assert responders + others == 1500 * 400
    assert (published / responders) / (published_others / others) == pytest.approx(4.0, rel=0.05)
    assert (published + published_others) / (responders + others) == pytest.approx(0.2, abs=0.01)
    assert not worlds(layout=LAYOUT, size=5).linked.any()


@pytest.mark.parametrize(
    ("name", "rates"),
    [("literature-worse", [0.75, 0.85, 0.35]), ("one-bad", [0.88, 0.35, 0.88])],
)
def test_rates_are_those_declared(name, rates):
    """With complete evidence of two of three diseases; the bad one is that of the largest trial."""
    assert worlds(name, layout=LAYOUT, size=2).rate == pytest.approx(np.array([rates, rates]))


def test_rates_of_two_humps_lie_at_one_or_the_other():
    rate = worlds("two-humped").rate
    high = rate > 0.6
    assert high.mean() == pytest.approx(0.5, abs=0.03)
    assert (rate[high].mean(), rate[~high].mean()) == pytest.approx((0.85, 0.35), abs=0.02)


@pytest.mark.parametrize(
    ("name", "shifts"),
    [("ratio-in-trials", [1, 1, 0]), ("ratio-elsewhere", [0, 0, 1])],
)
def test_the_ratio_differs_between_diseases_with_a_trial_and_others(name, shifts):
    found = worlds(name, 8.0)
    assert [shift(found, i) for i in REPORTS] == pytest.approx([np.log(8) * one for one in shifts], abs=0.08)
    assert [shift(found, i) for i in TRIALS] == pytest.approx([0, 0], abs=0.05)


def test_the_ratio_is_scattered():
    """Sources of 100,000 patients show the ratio of each disease, in a hundred worlds."""
    huge = Layout(("a",), (SourceSize(0, False, 100_000), SourceSize(0, True, 100_000)))
    found = worlds("ratio-spread", 4.0, huge, 1000)
    told, true = (np.clip(found.events[:, i] / 100_000, 1e-5, 1 - 1e-5) for i in (0, 1))
    log_ratio = special.logit(told) - special.logit(true)
    assert (log_ratio.mean(), log_ratio.std()) == pytest.approx((np.log(4), 0.7), abs=0.06)


@pytest.mark.parametrize(
    ("name", "odds"), [("registry-odds-2", 2), ("registry-odds-3", 3), ("registry-odds-half", 0.5)]
)
def test_a_registry_prefers_responders(name, odds):
    found = worlds(name)
    assert [shift(found, i) for i in LISTED] == pytest.approx([np.log(odds)] * 3, abs=0.06)
    assert [shift(found, i) for i in TRIALS] == pytest.approx([0, 0], abs=0.05)


@pytest.mark.parametrize(("name", "wrong", "right"), [("mislabelled-first", 2, 0), ("mislabelled-second", 0, 2)])
def test_a_trial_chose_its_patients_and_does_not_say_so(name, wrong, right):
    """The data call it complete."""
    found = worlds(name, 4.0)
    assert (shift(found, wrong), shift(found, right)) == pytest.approx((np.log(4), 0.0), abs=0.06)
    assert found.world(0).own.sources[wrong].kind == Kind.COMPLETE


@pytest.mark.parametrize("correlation", [0.1, 0.2])
def test_patients_of_a_source_resemble_each_other(correlation):
    """The variance of a share of n patients rises by 1 + (n - 1) times the correlation; its mean stays."""
    layout = Layout(("a",), (SourceSize(0, True, 20), SourceSize(0, False, 1)))
    truth = LayoutTruth(layout, 1.0, VIOLATIONS[f"correlated-{correlation:g}"], tau=0.0)
    found = draw_chunk(truth, 20_000, 1, 0).events
    assert found.mean(axis=0) == pytest.approx([12, 0.6], rel=0.02)
    assert found[:, 0].var() == pytest.approx(20 * 0.24 * (1 + 19 * correlation), rel=0.05)


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_both_engines_estimate_in_every_wrong_world(name):
    """The same worlds, the own rate by class and the mean of the anchored ones."""
    small = Layout(("a", "b", "c"), (SourceSize(0, True, 6), SourceSize(1, True, 4), SourceSize(2, False, 3)))
    truth = LayoutTruth(small.with_registry(6, 2), 4.0, VIOLATIONS[name])
    found = {
        (one.estimator, one.target): one
        for one in tally(draw_worlds(truth, 2, 1), {k: ESTIMATORS[k] for k in ("own", "joint", "naive")})
    }
    assert found["own", "anchored"].n == found["joint", "anchored"].n == found["naive", "anchored"].n
    assert found["own", "anchored_mean"].n == 2
    assert found["own", "disease c"].squared_error == pytest.approx(found["own", "literature_only"].squared_error)


@pytest.mark.parametrize(
    ("name", "layout", "said"),
    [
        ("registry-odds-3", LAYOUT, "found a layout without registry"),
        ("mislabelled-second", Layout(("a",), (SourceSize(0, True, 3),)), "found 1 complete sources; expected 2"),
    ],
)
def test_a_layout_that_cannot_have_it_is_refused(name, layout, said):
    with pytest.raises(ValueError, match=said):
        LayoutTruth(layout, 4.0, VIOLATIONS[name])
