"""The joint model keeps its promises under known truth, and naive pooling does not.

400 replicates: the Monte Carlo error of a bias is about 0.4 points, of a coverage near 95 %
about 1 point, near 25 % about 2 points; the bounds leave room for it.
"""

import pytest

from casepool.stats.operating import Operating, operating_characteristics
from casepool.stats.simulate import Mechanism

pytestmark = pytest.mark.simulation

SEED, REPLICATES = 20_260_101, 400
NAIVE_BIAS = {1.0: 0.0, 2.0: 8.0, 4.0: 15.0, 8.0: 20.0}


@pytest.fixture(scope="module", params=NAIVE_BIAS)
def found(request: pytest.FixtureRequest) -> tuple[float, dict[tuple[str, str], Operating]]:
    """Return the operating characteristics at one reporting odds ratio."""
    mechanism = Mechanism(odds_ratio=request.param)
    rows = operating_characteristics(mechanism, REPLICATES, SEED, ("naive", "joint"))
    return request.param, {(row.estimator, row.target): row for row in rows}


def test_bias_of_the_overall_rate_stays_small(found):
    """At most 3 points up to an odds ratio of 4, at most 4 at 8."""
    odds_ratio, rows = found
    assert abs(rows["joint", "overall"].bias) <= (4.0 if odds_ratio == 8.0 else 3.0)


def test_intervals_cover_and_are_not_too_wide(found):
    """93 to 99 % overall, 92.5 to 97.5 % per disease, at most 38 points wide; no failures."""
    _, rows = found
    overall = rows["joint", "overall"]
    assert 93.0 <= overall.coverage <= 99.0
    assert 92.5 <= rows["joint", "disease"].coverage <= 97.5
    assert 92.5 <= rows["joint", "literature_only"].coverage <= 97.5
    assert overall.width <= 38.0
    assert overall.failed == 0


def test_naive_pooling_is_biased_as_it_must_be(found):
    """Negative control: a simulation without this bias would prove nothing."""
    odds_ratio, rows = found
    naive = rows["naive", "overall"]
    assert naive.bias == pytest.approx(NAIVE_BIAS[odds_ratio], abs=2.0)
    if odds_ratio == 4.0:
        assert naive.coverage < 30.0
