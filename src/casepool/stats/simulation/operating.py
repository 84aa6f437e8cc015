"""Bias, error, coverage and width of estimators over simulated worlds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice

import numpy as np

from casepool.stats.bias.diagnostics import chapman
from casepool.stats.bias.freeman_tukey import fit_freeman_tukey
from casepool.stats.binomial import clopper_pearson
from casepool.stats.glmm.fit import fit_glmm
from casepool.stats.joint.data import JointData
from casepool.stats.joint.many import Estimate, SetRates, fit_many
from casepool.stats.joint.settings import Settings
from casepool.stats.own.batch import BatchFit, own_engine
from casepool.stats.own.batch_mean import batch_mean
from casepool.stats.own.data import OwnData
from casepool.stats.simulation.tally import Tally
from casepool.stats.simulation.worlds import Truth, World, draw_worlds
from casepool.typing import FloatArray

Found = tuple[str, Estimate | None, float]
"""Target, estimate where there is one, truth."""
Estimator = Callable[[Sequence[World], Settings], Iterable[Iterable[Found]]]
"""What it finds in each of several worlds."""

OVERALL, DISEASE, REGISTRY = "overall", "disease", "registry diseases"
ANCHORED, LITERATURE_ONLY, ANCHORED_MEAN = "anchored", "literature_only", "anchored_mean"
SIMULATION = Settings(thresholds=(), grid="simulation")
AT_ONCE = 50  # worlds that an estimator is given together


def one_by_one(estimator: Callable[[World, Settings], Iterator[Found]]) -> Estimator:
    """Return an estimator that looks at each world by itself."""

    def each(worlds: Sequence[World], settings: Settings) -> Iterator[Iterator[Found]]:
        return (estimator(world, settings) for world in worlds)

    return each


def one_disease(name: str) -> str:
    """Return the target of a single disease."""
    return f"{DISEASE} {name}"


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
        yield LITERATURE_ONLY if world.data.complete_n[d] == 0 else ANCHORED, estimate, truth
        if world.names:
            yield one_disease(world.names[d]), estimate, truth


def _freeman_tukey(world: World, settings: Settings) -> Iterator[Found]:
    fit = fit_freeman_tukey(*_both_kinds(world.data), settings.level)
    found = None if fit.proportion is None or fit.ci is None else (fit.proportion, *fit.ci)
    yield OVERALL, found, overall_truth(world)


def _glmm(world: World, settings: Settings) -> Iterator[Found]:
    # It estimates the median disease, whose rate differs a little from the mean of rates.
    fit = fit_glmm(*_both_kinds(world.data), level=settings.level, only_shown=True)
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


def _hierarchical(worlds: Sequence[World], data: Iterable[JointData], settings: Settings) -> Iterator[Iterator[Found]]:
    asked = [(counts, world.data.used) for counts, world in zip(data, worlds, strict=True)]
    return (_of_world(*both) for both in zip(worlds, fit_many(asked, settings), strict=True))


def _of_world(world: World, found: SetRates) -> Iterator[Found]:
    if found.overall is not None:
        yield OVERALL, found.overall, overall_truth(world)
    yield from _by_disease(world, world.data.used, found.rates)


def _joint(worlds: Sequence[World], settings: Settings) -> Iterator[Iterator[Found]]:
    return _hierarchical(worlds, (world.data for world in worlds), settings)


def _complete_only(worlds: Sequence[World], settings: Settings) -> Iterator[Iterator[Found]]:
    """Return what complete sources say alone; other diseases get the prediction for a new one."""
    # Nothing here depends on the reporting ratio, so one value of it does.
    return _hierarchical(worlds, (_complete(world.data) for world in worlds), replace(settings, ratio=1.0))


def _complete(data: JointData) -> JointData:
    none = (0,) * data.size
    kept = tuple(source for source in data.sources if source.complete)
    return JointData(data.complete_events, data.complete_n, none, none, None, kept)


@lru_cache(maxsize=1)
def _engine() -> Callable[[OwnData], BatchFit]:
    return own_engine()


def _own(world: World, settings: Settings) -> Iterator[Found]:
    """Yield the own rates and the mean of those that rest on complete evidence; there is no mean of all."""
    fit, used = _engine()(world.own), world.data.used
    rates = [rate for rate in fit.rates if rate is not None]
    yield from _by_disease(world, used, ((rate.mean, *rate.interval(settings.level)) for rate in rates))
    anchored = [d for d in used if world.data.complete_n[d]]
    if anchored:
        mean = batch_mean(fit, anchored, settings.level)
        yield ANCHORED_MEAN, (mean.mean, *mean.ci), float(np.mean(world.rate[anchored]))


ESTIMATORS: Mapping[str, Estimator] = {
    "naive": one_by_one(_naive),
    "freeman_tukey": one_by_one(_freeman_tukey),
    "glmm": one_by_one(_glmm),
    "chapman": one_by_one(_chapman),
    "complete_only": _complete_only,
    "joint": _joint,
    "own": one_by_one(_own),
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
    sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    replicates, left = 0, iter(worlds)
    while some := tuple(islice(left, AT_ONCE)):
        replicates += len(some)
        used = [world for world in some if world.data.used]  # nobody was told of: there is no truth to estimate
        for name, estimator in estimators.items() if used else ():
            for target, estimate, truth in chain.from_iterable(estimator(used, settings)):
                sums[name, target].add(estimate, truth)
    return tuple(Tally(*key, replicates, *vars(one).values()) for key, one in sums.items())


@dataclass
class _Sums:
    """The sums of a tally while they grow, in its order."""

    asked: int = 0
    n: int = 0
    error: float = 0.0
    squared_error: float = 0.0
    covered: int = 0
    width: float = 0.0

    def add(self, estimate: Estimate | None, truth: float) -> None:
        """Take one estimate, or that there was none."""
        self.asked += 1
        if estimate is None:
            return
        value, lower, upper = estimate
        error = value - truth
        self.n += 1
        self.error += error
        self.squared_error += error * error
        self.covered += lower <= truth <= upper
        self.width += upper - lower


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
