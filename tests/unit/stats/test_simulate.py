"""The simulated worlds: reproducible, consistent, and with the shares they claim."""

import numpy as np
import pytest

from casepool.stats.operating import operating_characteristics
from casepool.stats.simulate import Mechanism, draw_replicates, publication_intercept, replicate_chunks


def test_chunks_are_the_same_whatever_the_total():
    """A longer run extends a shorter one."""
    short = list(replicate_chunks(Mechanism(), 30, 5))
    long = list(replicate_chunks(Mechanism(), 120, 5))
    assert [len(chunk) for chunk in long] == [50, 50, 20]
    assert (long[0].published[:30] == short[0].published).all()
    assert not (long[1].published[:20] == long[2].published).all()


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
    rows = operating_characteristics(Mechanism(odds_ratio=2.0), 4, 11)
    assert {row.estimator for row in rows} == {"naive", "freeman_tukey", "glmm", "chapman", "registry_only", "joint"}
    for row in rows:
        assert np.isfinite([row.bias, row.rmse, row.coverage, row.width]).all()
        assert 0 <= row.coverage <= 100
