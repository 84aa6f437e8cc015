"""The joint model keeps its promises under known truth, and naive pooling does not.

400 replicates: the Monte Carlo error of a bias is about 0.4 points, of a coverage near 95 %
about 1 point, near 25 % about 2 points; the bounds leave room for it.
"""

import pytest

from casepool.pooling.small_study import trim_and_fill_estimator
from casepool.stats.simulation.literature import Mechanism
from casepool.stats.simulation.operating import operating_characteristics, tally
from casepool.stats.simulation.tally import Tally
from casepool.stats.simulation.worlds import draw_worlds

pytestmark = pytest.mark.simulation

SEED, REPLICATES = 20_260_101, 400
NAIVE_BIAS = {1.0: 0.0, 2.0: 8.0, 4.0: 15.0, 8.0: 20.0}


@pytest.fixture(scope="module", params=NAIVE_BIAS)
def found(request: pytest.FixtureRequest) -> tuple[float, dict[tuple[str, str], Tally]]:
    """Return the operating characteristics at one reporting odds ratio."""
    mechanism = Mechanism(odds_ratio=request.param)
    return request.param, operating_characteristics(mechanism, REPLICATES, SEED, ("naive", "complete_only", "joint"))


def test_bias_of_the_overall_rate_stays_small(found):
    """At most 3 points up to an odds ratio of 4, at most 4 at 8."""
    odds_ratio, rows = found
    assert 100 * abs(rows["joint", "overall"].bias) <= (4.0 if odds_ratio == 8.0 else 3.0)


def test_intervals_cover_and_are_not_too_wide(found):
    """93 to 99 % overall, 92.5 to 97.5 % per disease, at most 38 points wide; no failures."""
    _, rows = found
    overall = rows["joint", "overall"]
    assert 0.93 <= overall.coverage <= 0.99
    assert 0.925 <= rows["joint", "disease"].coverage <= 0.975
    assert 0.925 <= rows["joint", "literature_only"].coverage <= 0.975
    assert overall.mean_width <= 0.38
    assert overall.estimable == 1.0


def test_complete_sources_alone_are_unbiased_and_imprecise(found):
    """They do not depend on the ratio, at the price of wider intervals than the joint model's."""
    _, rows = found
    alone, joint = rows["complete_only", "overall"], rows["joint", "overall"]
    assert 100 * abs(alone.bias) <= 3.0
    assert alone.mean_width > joint.mean_width + 0.04
    assert rows["complete_only", "literature_only"].mean_width > 0.75


def test_naive_pooling_is_biased_as_it_must_be(found):
    """Negative control: a simulation without this bias would prove nothing."""
    odds_ratio, rows = found
    naive = rows["naive", "overall"]
    assert 100 * naive.bias == pytest.approx(NAIVE_BIAS[odds_ratio], abs=2.0)
    if odds_ratio == 4.0:
        assert naive.coverage < 0.30


TRIM_AND_FILL = {1.0: -4.9, 2.0: 1.2, 4.0: 5.1, 8.0: 9.0}


@pytest.mark.parametrize("odds_ratio", TRIM_AND_FILL)
def test_trim_and_fill_subtracts_without_selection_and_too_little_with_it(odds_ratio):
    """Biases of an independent implementation, 600 replicates; 1.5 points for Monte Carlo error."""
    worlds = draw_worlds(Mechanism(odds_ratio=odds_ratio), 300, SEED)
    (found,) = tally(worlds, {"trim_and_fill": trim_and_fill_estimator})
    assert 100 * found.bias == pytest.approx(TRIM_AND_FILL[odds_ratio], abs=1.5)
