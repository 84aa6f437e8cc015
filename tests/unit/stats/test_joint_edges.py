"""Edge cases of the joint model: never an exception, never a missing or infinite number."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from casepool.model.headline import Standing, standing_of_all, standing_of_disease
from casepool.stats.joint import pilot
from casepool.stats.joint.fit import JointData, JointPriors, Linkage, Source, fit_joint, sweep
from casepool.stats.joint.kinds import Kinds
from casepool.stats.joint.notes import Note
from casepool.stats.joint.posterior import joint_posterior
from casepool.stats.joint.settings import Settings

LARGE = [500] * 13
EDGES = {
    "one disease": ([5], [9], [12], [13]),
    "one disease, complete only": ([5], [9], [0], [0]),
    "one disease, selective only": ([0], [0], [3], [3]),
    "complete 0 %": ([0, 0, 0], [4, 5, 6], [3, 2, 1], [4, 3, 1]),
    "complete 100 %": ([4, 5, 6], [4, 5, 6], [3, 2, 1], [4, 3, 1]),
    "selective 100 %": ([2, 1, 3, 0], [4, 5, 6, 0], [3, 2, 7, 9], [3, 2, 7, 9]),
    "both 100 %": ([4, 5, 6], [4, 5, 6], [3, 2, 7], [3, 2, 7]),
    "both 0 %": ([0, 0, 0], [4, 5, 6], [0, 0, 0], [3, 2, 7]),
    "complete only": ([4, 2, 6], [8, 5, 7], [0, 0, 0], [0, 0, 0]),
    "selective only": ([0, 0, 0], [0, 0, 0], [4, 5, 6], [4, 7, 9]),
    "one complete patient": ([1, 0, 0], [1, 0, 0], [5, 6, 7], [6, 8, 9]),
    "all counts zero": ([0] * 4, [0] * 4, [0] * 4, [0] * 4),
    "no disease": ([], [], [], []),
    "13 x 500": (list(range(20, 500, 37)), LARGE, [min(500, x + 40) for x in range(20, 500, 37)], LARGE),
    "13 x 500, equal": ([300] * 13, LARGE, [400] * 13, LARGE),
    "13 x 500, all responders": (LARGE, LARGE, LARGE, LARGE),
    "100,000 patients": ([60_000], [100_000], [80_000], [100_000]),
}


def all_numbers(value: object) -> Iterator[float]:
    """Yield every float inside a result."""
    if isinstance(value, float):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from all_numbers(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from all_numbers(tuple(value.values()))
    elif isinstance(value, tuple):
        for item in value:
            yield from all_numbers(item)


@pytest.mark.parametrize("name", EDGES)
def test_every_number_is_finite(name):
    """The whole edge set, on the reporting grid."""
    columns = EDGES[name]
    fit = fit_joint(JointData(*columns))
    assert all(math.isfinite(number) for number in all_numbers(fit))
    assert len(fit.diseases) == len(columns[0])
    for rate in fit.diseases:
        assert 0 <= rate.ci[0] < rate.median < rate.ci[1] <= 1


@pytest.mark.parametrize("name", EDGES)
def test_fixed_grid_and_clustering_are_finite_too(name):
    """The simulation grid with the beta-binomial."""
    columns = EDGES[name]
    sources = tuple(Source(d, False, columns[2][d], n) for d, n in enumerate(columns[3]) if n > 1)
    fit = fit_joint(JointData(*columns, None, sources), clustering=0.1, grid="simulation")
    assert all(math.isfinite(number) for number in all_numbers(fit))


def test_overall_needs_three_diseases_with_data():
    """Two diseases with data and one without give no overall rate and no heterogeneity."""
    two = fit_joint(JointData([3, 4, 0], [6, 7, 0], [5, 4, 0], [6, 6, 0]))
    three = fit_joint(JointData([3, 4, 0], [6, 7, 0], [5, 4, 1], [6, 6, 2]))
    assert (two.overall, two.new_disease, two.tau) == (None, None, None)
    assert None not in (three.overall, three.new_disease, three.tau)
    assert Note("too_few_diseases", 2, 3) in two.notes
    assert Note("few_diseases", 3, 5) in three.notes


def test_without_complete_evidence_every_rate_is_withheld():
    """Every disease withheld, and the reason said."""
    fit = fit_joint(JointData(*EDGES["selective only"]))
    withheld = Standing("literature-only", "no_complete_source")
    assert standing_of_all(fit) == withheld
    assert [standing_of_disease(rate, fit) for rate in fit.diseases] == [withheld] * 3


def test_the_status_of_a_rate_follows_its_own_evidence_however_well_the_ratio_is_known():
    """One complete patient or eighty in another disease: the transported rate stays without a point."""
    for n in (1, 80):
        fit = fit_joint(JointData([n // 2, 0], [n, 0], [6, 5], [8, 6]))
        assert [standing_of_disease(rate, fit).status for rate in fit.diseases] == [
            "registry-anchored",
            "literature-only",
        ]


def test_without_selective_patients_the_ratio_is_its_prior():
    """There is nothing to correct, and the ratio is the prior."""
    fit = fit_joint(JointData(*EDGES["complete only"]))
    assert fit.reporting_ratio.log_mean == pytest.approx(math.log(2), abs=1e-6)
    assert fit.reporting_ratio.log_sd == pytest.approx(1.25, abs=1e-5)


def test_a_fixed_ratio_has_no_spread_and_no_linkage():
    """The linkage is ignored, and the note says that the ratio is an assumption."""
    columns = ([5, 4, 2], [9, 8, 5], [12, 5, 4], [13, 6, 6])
    plain, linked = (fit_joint(JointData(*columns, link), ratio=4.0) for link in (None, Linkage(8, 5, 6, 1)))
    assert linked == plain
    assert plain.reporting_ratio.ci == (4.0, 4.0)
    assert plain.notes[0] == Note("ratio_fixed", 4.0)


def test_sweep_passes_its_options_on():
    """Thresholds and level arrive in every fit."""
    fits = sweep(JointData([5], [9], [12], [13]), (1.0, 3.0), thresholds=(0.4,), level=0.8)
    assert [ratio for ratio, _ in fits] == [1.0, 3.0]
    assert all(list(fit.diseases[0].probability_above) == [0.4] for _, fit in fits)


def test_kappa_lowers_the_rate_of_a_registry_that_prefers_responders():
    """A positive shift means that the registry's own level is too high."""
    data = JointData([5, 4, 2], [9, 8, 5], [12, 5, 4], [13, 6, 6])
    rates = [fit_joint(data, kappa=kappa).diseases[0].mean for kappa in (-0.4, 0.0, 0.4)]
    assert rates[0] > rates[1] > rates[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clustering": 1.0}, "clustering = 1.0"),
        ({"ratio": 0.0}, "ratio = 0.0"),
        ({"level": 1.0}, "level = 1.0"),
        ({"thresholds": (0.0,)}, "thresholds"),
        ({"kappa": math.nan}, "kappa = nan"),
        ({"grid": "fine"}, "grid = 'fine'"),
    ],
)
def test_options_outside_their_range_are_named(options, message):
    """Wrong use raises, with the value found."""
    with pytest.raises(ValueError, match=message):
        fit_joint(JointData([1], [2], [1], [2]), **options)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: JointData([3], [2], [0], [0]), "0 <= events <= n"),
        (lambda: JointData([0.5], [2], [0], [0]), "fraction"),
        (lambda: JointData([1], [2], [0, 1], [0, 1]), "equal length"),
        (lambda: JointData([1], [2], [0], [0], Linkage(2, 1, 1, 0)), "more registry patients"),
        (lambda: JointData([1], [2], [0], [0], None, (Source(0, True, 2, 2),)), "exceed its totals"),
        (lambda: JointData([1], [2], [0], [0], None, (Source(1, True, 1, 1),)), "no such disease"),
        (lambda: Linkage(1, 2, 0, 0), "0 <= events <= n"),
        (lambda: JointPriors(tau_sd=0.0), "tau_sd = 0.0"),
    ],
)
def test_contradicting_counts_are_refused(build, message):
    """The constructors check what the model takes for granted."""
    with pytest.raises(ValueError, match=message):
        build()


CONTRADICTORY = JointData([7, 343, 1, 0], [252, 350, 24, 318], [279, 0, 35, 393], [279, 330, 80, 393])


def test_counts_that_contradict_each_other_beyond_what_numbers_hold_are_said_to():
    """Of one disease complete sources know no responder and others only responders, of another the other way round."""
    assert Note("coarse_grid") in fit_joint(CONTRADICTORY).notes


def test_large_unequal_counts_are_resolved():
    """Steps towards the mode led from one plain of the density to the other and back: the box lay beside the mass."""
    data = JointData(
        [378, 348, 0, 48, 345, 28], [384, 352, 28, 48, 345, 51],
        [261, 360, 65, 335, 18, 170], [265, 360, 135, 335, 36, 329],
    )  # fmt: skip
    settings = Settings()
    kinds = Kinds.among(data, data.used, settings.clustering)
    taus = np.array([0.3, 1.0, 2.0, 4.0])
    _, look = pilot._Model(kinds, settings, None).maximise(taus)
    assert look.longest.max() < pilot.TOLERANCE
    assert not joint_posterior(data, settings).cut_off
