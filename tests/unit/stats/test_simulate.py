"""The simulated worlds: reproducible, consistent, and with the shares they claim."""

import numpy as np
import pytest

from casepool.stats.simulation.literature import Mechanism, draw_replicates, publication_intercept, split_into_reports
from casepool.stats.simulation.operating import operating_characteristics
from casepool.stats.simulation.worlds import draw_worlds


def test_worlds_are_the_same_whatever_their_number():
    """A longer run extends a shorter one, and chunks differ."""
    short, long = list(draw_worlds(Mechanism(), 30, 5)), list(draw_worlds(Mechanism(), 120, 5))
    assert (len(short), len(long)) == (30, 120)
    assert [world.data for world in long[:30]] == [world.data for world in short]
    assert [world.events.tolist() for world in long[:30]] == [world.events.tolist() for world in short]
    assert [world.data for world in long[50:70]] != [world.data for world in long[100:]]


def test_reports_tell_every_patient_once():
    """And four of five tell one patient, the last what is left."""
    reports = split_into_reports(600, 400, np.random.default_rng(4))
    assert reports.sum(axis=0).tolist() == [600, 1000]
    assert (reports[:, 0] <= reports[:, 1]).all()
    assert set(reports[:, 1].tolist()) == {1, 2, 3, 4, 5}
    assert np.mean(reports[:, 1] == 1) == pytest.approx(0.8, abs=0.05)
    assert split_into_reports(0, 0, np.random.default_rng(4)).shape == (0, 2)


def test_reports_in_print_are_the_published_patients():
    """Registry patients who were published are in print too."""
    worlds = draw_replicates(Mechanism(odds_ratio=4.0), 5, np.random.default_rng(6))
    for s in range(len(worlds)):
        world = worlds.world(s)
        assert world.events.sum() == worlds.published[s, :, 0].sum()
        assert world.n.sum() == worlds.published[s].sum()


def test_counts_fit_into_one_another():
    """Nobody is in both lists without being in either; the joint input accepts every replicate."""
    worlds = draw_replicates(Mechanism(odds_ratio=4.0), 40, np.random.default_rng(1))
    assert (worlds.both <= np.minimum(worlds.registered, worlds.published)).all()
    with_registry = (worlds.registered.sum(axis=2) > 0).sum(axis=1)
    assert with_registry.max() <= 6
    for s in range(len(worlds)):
        data = worlds.data(s)
        assert data.linkage is not None
        assert data.linkage.responders + data.linkage.nonresponders == sum(data.complete_n)


@pytest.mark.parametrize("odds_ratio", [1.0, 8.0])
def test_one_fifth_of_the_patients_is_published(odds_ratio):
    """The intercept is solved for the expected share; observed within 1 point in 400 worlds."""
    mechanism = Mechanism(odds_ratio=odds_ratio, inclusion=(0.5, 0.5), registry_diseases=(13, 13))
    worlds = draw_replicates(mechanism, 400, np.random.default_rng(2))
    share = worlds.both.sum() / worlds.registered.sum()
    assert share == pytest.approx(0.20, abs=0.01)


def test_intercept_without_variation_is_the_logit_of_the_share():
    """With odds ratio 1 and no variation nothing is left to average over."""
    assert publication_intercept(Mechanism(publication_sd=0.0)) == pytest.approx(np.log(0.2 / 0.8))


def test_a_registry_that_prefers_responders_holds_more_of_them():
    """The violation acts in the direction it names."""
    fair, unfair = (
        draw_replicates(Mechanism(registry_odds_ratio=ratio), 300, np.random.default_rng(3)).registered.sum(axis=(0, 1))
        for ratio in (1.0, 3.0)
    )
    assert unfair[0] / unfair.sum() > fair[0] / fair.sum() + 0.05


def test_every_estimator_gives_numbers():
    """A handful of replicates through all of them."""
    found = operating_characteristics(Mechanism(odds_ratio=2.0), 4, 11)
    names = {"naive", "freeman_tukey", "glmm", "chapman", "complete_only", "joint", "own"}
    assert {estimator for estimator, _ in found} == names
    for one in found.values():
        assert np.isfinite([one.bias, one.rmse, one.coverage, one.mean_width]).all()
        assert one.replicates == 4
        assert 0 <= one.coverage <= 1
