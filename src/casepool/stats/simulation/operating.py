"""Bias, error, coverage and width of estimators over simulated worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from casepool.stats.bias.diagnostics import chapman
from casepool.stats.bias.freeman_tukey import fit_freeman_tukey
from casepool.stats.binomial import clopper_pearson
from casepool.stats.glmm.fit import fit_glmm
from casepool.stats.joint.data import JointData
from casepool.stats.joint.settings import Settings, joint_posterior
from casepool.stats.joint.summary import disease_distribution, summarise_overall, summarise_rate
from casepool.stats.simulation.tally import Tally
from casepool.stats.simulation.worlds import Truth, World, draw_worlds
from casepool.typing import FloatArray

Estimate = tuple[float, float, float]
"""Estimate, lower limit, upper limit."""
Found = tuple[str, Estimate | None, float]
"""Target, estimate where there is one, truth."""
Estimator = Callable[[World, Settings], Iterator[Found]]

OVERALL, DISEASE, LITERATURE_ONLY, REGISTRY = "overall", "disease", "literature_only", "registry diseases"
SIMULATION = Settings(thresholds=(), grid="simulation")
# Enough for one decimal of a percentage point.
NEGLIGIBLE = 1e-5


def overall_truth(world: World) -> float:
    """Return the equal-weight mean of the true rates of the diseases with data."""
    return float(np.mean(world.rate[list(world.data.used)]))


def _both_kinds(data: JointData) -> tuple[FloatArray, FloatArray]:
    x = np.array(data.complete_events) + np.array(data.selective_events)
    return x.astype(float), (np.array(data.complete_n) + np.array(data.selective_n)).astype(float)


def _naive(world: World, settings: Settings) -> Iterator[Found]:
    x, n = _both_kinds(world.data)
    used = list(world.data.used)
    totals = np.append(x[used], x.sum()), np.append(n[used], n.sum())
    lower, upper = clopper_pearson(*totals, settings.level)
    estimates = [
        (float(a / b), float(low), float(high)) for a, b, low, high in zip(*totals, lower, upper, strict=True) if b
    ]
    yield OVERALL, estimates[-1], overall_truth(world)
    yield from _by_disease(world, used, estimates[:-1])


def _by_disease(world: World, used: Iterable[int], estimates: Iterable[Estimate]) -> Iterator[Found]:
    for d, estimate in zip(used, estimates, strict=True):
        truth = float(world.rate[d])
        yield DISEASE, estimate, truth
        if world.data.complete_n[d] == 0:
            yield LITERATURE_ONLY, estimate, truth


def _freeman_tukey(world: World, settings: Settings) -> Iterator[Found]:
    fit = fit_freeman_tukey(*_both_kinds(world.data), settings.level)
    found = None if fit.proportion is None or fit.ci is None else (fit.proportion, *fit.ci)
    yield OVERALL, found, overall_truth(world)


def _glmm(world: World, settings: Settings) -> Iterator[Found]:
    # It estimates the median disease, whose rate differs a little from the mean of rates.
    fit = fit_glmm(*_both_kinds(world.data), level=settings.level)
    shown = None if fit.proportion is None or fit.proportion_ci is None else (fit.proportion, *fit.proportion_ci)
    # Without a finite fit the exact interval stands in its place, which is another row.
    found = None if fit.estimate is None else shown
    yield OVERALL, found, overall_truth(world)


def _chapman(world: World, settings: Settings) -> Iterator[Found]:
    if world.lists is None:
        return
    inside = world.lists[0].sum(axis=1) > 0
    k, a, q = (tuple(int(v) for v in part[inside].sum(axis=0)) for part in world.lists)
    fit = chapman((k[0], k[1]), (a[0], a[1]), (q[0], q[1]), settings.level)
    found = None if fit.proportion is None or fit.ci is None else (fit.proportion, *fit.ci)
    yield REGISTRY, found, float(np.mean(world.rate[inside]))


def _hierarchical(world: World, data: JointData, settings: Settings) -> Iterator[Found]:
    used = world.data.used
    posterior = joint_posterior(data, settings, used)
    if len(used) >= settings.min_diseases:
        overall = summarise_overall(posterior, world.data.n_used_diseases, settings.level, NEGLIGIBLE)
        yield OVERALL, (overall.mean, *overall.ci), overall_truth(world)
    rates = (summarise_rate(disease_distribution(posterior, i), settings.level) for i in range(len(used)))
    yield from _by_disease(world, used, ((rate.mean, *rate.ci) for rate in rates))


def _joint(world: World, settings: Settings) -> Iterator[Found]:
    yield from _hierarchical(world, world.data, settings)


def _complete_only(world: World, settings: Settings) -> Iterator[Found]:
    """Yield what complete sources say alone; other diseases get the prediction for a new one."""
    data, none = world.data, (0,) * world.data.size
    kept = tuple(source for source in data.sources if source.complete)
    complete = JointData(data.complete_events, data.complete_n, none, none, None, kept)
    # Nothing here depends on the reporting ratio, so one value of it does.
    yield from _hierarchical(world, complete, replace(settings, ratio=1.0))


ESTIMATORS: Mapping[str, Estimator] = {
    "naive": _naive,
    "freeman_tukey": _freeman_tukey,
    "glmm": _glmm,
    "chapman": _chapman,
    "complete_only": _complete_only,
    "joint": _joint,
}


def tally(
    worlds: Iterable[World], estimators: Mapping[str, Estimator], settings: Settings = SIMULATION
) -> tuple[Tally, ...]:
    """Return the sums of every estimator and target over worlds.

    Parameters
    ----------
    worlds : iterable of World
        Simulated literatures.
    estimators : mapping of str to Estimator
        By name.
    settings : Settings
        Level of the intervals, and the switches of the joint model.
    """
    sums: dict[tuple[str, str], Tally] = {}
    replicates = 0
    for world in worlds:
        replicates += 1
        if not world.data.used:
            continue  # nobody was told of: there is no truth to estimate
        for name, estimator in estimators.items():
            for target, estimate, truth in estimator(world, settings):
                key = name, target
                sums[key] = sums.get(key, Tally(name, target, 0, 0, 0, 0.0, 0.0, 0, 0.0)) + _one(key, estimate, truth)
    return tuple(replace(one, replicates=replicates) for one in sums.values())


def _one(key: tuple[str, str], estimate: Estimate | None, truth: float) -> Tally:
    if estimate is None:
        return Tally(*key, 0, 1, 0, 0.0, 0.0, 0, 0.0)
    value, lower, upper = estimate
    error = value - truth
    return Tally(*key, 0, 1, 1, error, error * error, int(lower <= truth <= upper), upper - lower)


def operating_characteristics(
    truth: Truth, n_replicates: int, seed: int, estimators: tuple[str, ...] = tuple(ESTIMATORS)
) -> dict[tuple[str, str], Tally]:
    """Return how estimators did, by estimator and target.

    Parameters
    ----------
    truth : Mechanism or LayoutTruth
        The simulated world.
    n_replicates : int
        Replicates.
    seed : int
        Root seed; the same seed gives the same replicates to every estimator.
    estimators : tuple of str
        Keys of ``ESTIMATORS``.
    """
    chosen = {name: ESTIMATORS[name] for name in estimators}
    found = tally(draw_worlds(truth, n_replicates, seed), chosen)
    return {(one.estimator, one.target): one for one in found}
