"""Many data sets on one lattice: the figures of single fits, whatever stands beside them."""

import pytest

from casepool.stats.joint.fit import JointData, Linkage, Source, fit_joint
from casepool.stats.joint.many import fit_many
from casepool.stats.joint.settings import Settings

SOURCES = (Source(0, True, 4, 5), Source(0, True, 10, 21), Source(2, False, 5, 6))
SETS = (
    JointData((14, 0, 0, 0, 0), (26, 0, 0, 0, 0), (2, 3, 7, 6, 0), (3, 3, 8, 12, 0), None, SOURCES),
    JointData((3, 5, 0), (8, 9, 0), (6, 2, 4), (7, 5, 6), Linkage(3, 2, 4, 1)),
    JointData((0, 2), (4, 6), (3, 0), (3, 2)),
)


@pytest.mark.parametrize("settings", [Settings(clustering=0.1), Settings(ratio=2.0), Settings(kappa=0.4)])
def test_rates_are_those_of_a_single_fit(settings):
    """To 0.003 for rates and limits, and 0.006 for limits of the mean, which is a mixture of normal distributions."""
    for data, found in zip(SETS, fit_many([(data, data.used) for data in SETS], settings), strict=True):
        single = fit_joint(data, clustering=settings.clustering, ratio=settings.ratio, kappa=settings.kappa)
        rates = [(single.diseases[d].mean, *single.diseases[d].ci) for d in data.used]
        for many, one in zip(found.rates, rates, strict=True):
            assert many == pytest.approx(one, abs=3e-3)
        if single.overall is None:
            assert found.overall is None
        else:
            assert found.overall == pytest.approx((single.overall.mean, *single.overall.ci), abs=6e-3)


def test_a_set_is_fitted_alike_whatever_stands_beside_it():
    """Tables are shared, posteriors are not."""
    asked = [(data, data.used) for data in SETS]
    together = fit_many(asked, Settings(clustering=0.1))
    for one, beside in zip(asked, together, strict=True):
        (alone,) = fit_many([one], Settings(clustering=0.1))
        assert [value for rate in beside.rates for value in rate] == pytest.approx(
            [value for rate in alone.rates for value in rate], abs=1e-5
        )
