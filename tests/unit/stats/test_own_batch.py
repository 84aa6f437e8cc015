"""Own rates of many data sets: what one fit after the other gives, and the mean of some of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from unit.stats.test_own import NONE, SHIPPED, C, R, S, data_of, fixed, summary

from casepool.stats.joint.data import Linkage
from casepool.stats.own.batch import own_engine
from casepool.stats.own.batch_mean import batch_mean
from casepool.stats.own.data import Allowances
from casepool.stats.own.fit import fit_own
from casepool.stats.own.mean import mean_rate

LINKED = data_of(
    [(C, 14, 21), (R, 9, 17), (S, 2, 3)],
    [(R, 8, 10), (S, 7, 8)],
    [(R, 6, 12), (C, 2, 4)],
    [(R, 3, 3)],
    SHIPPED["waiha"],
    linkage=[(0, Linkage(9, 3, 8, 1)), (1, Linkage(8, 2, 2, 0)), (None, Linkage(4, 2, 5, 1))],
)
DATA = {
    "shipped": data_of(*SHIPPED.values()),
    "linked": LINKED,
    "turned round": data_of(*([(k, x, n) for k, x, n in told[::-1]] for told in SHIPPED.values())),
    "empty disease": data_of([], [(R, 3, 5)], [(S, 1, 1)]),
}


@pytest.mark.parametrize("allowances", [Allowances(), NONE, fixed(4.0), Allowances(registry_sd=0)])
def test_an_engine_finds_what_a_fit_finds(allowances):
    """Data sets one after the other, the first one again at the end."""
    engine = own_engine(allowances)
    for data in (*DATA.values(), DATA["shipped"]):
        for rate, other in zip(engine(data).rates, fit_own(data, allowances).rates, strict=True):
            if rate is None or other is None:
                assert rate is other
                continue
            assert summary(rate) == pytest.approx(summary(other), abs=1e-9)
            assert rate.ratio.mean() == pytest.approx(other.ratio.mean(), abs=1e-9)
            assert (rate.anchored, rate.n) == (other.anchored, other.n)


@pytest.mark.parametrize("diseases", [(0,), (1,), (0, 1), (0, 1, 2, 3), (0, 2, 4)])
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_mean_of_rates_is_that_of_one_fit(diseases, level):
    """By characteristic functions over every node; what diseases share by omega is little."""
    found, exact = batch_mean(own_engine()(LINKED), diseases, level), mean_rate(fit_own(LINKED), diseases, level)
    assert found.mean == pytest.approx(exact.mean, abs=1e-9)
    assert found.ci == pytest.approx(exact.ci, abs=1e-3)


def test_independent_rates_are_convolved():
    """Three beta posteriors, nothing shared, against a million draws."""
    told = [(C, 0, 20)], [(C, 12, 12)], [(C, 4, 9)]
    found = batch_mean(own_engine(NONE)(data_of(*told)), [0, 1, 2], 0.95)
    rng = np.random.default_rng(1)
    draws = sum(stats.beta(x + 1, n - x + 1).rvs(1_000_000, random_state=rng) for ((_, x, n),) in told) / 3
    assert found.mean == pytest.approx(draws.mean(), abs=3e-4)
    assert found.ci == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=1e-3)


def test_sharp_rates_keep_their_places():
    """Thousands of patients: nothing is lost between the bins."""
    fit = own_engine(fixed(1, source_sd=0))(data_of([(C, 3000, 10_000)], [(C, 9000, 10_000)]))
    found = batch_mean(fit, [0, 1], 0.95)
    assert found.ci == pytest.approx([0.6 - 1.96 * 0.00274, 0.6 + 1.96 * 0.00274], abs=1e-3)
