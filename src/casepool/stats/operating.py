"""Bias, error, coverage and width of estimators over simulated replicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casepool.stats.diagnostics import chapman
from casepool.stats.freeman_tukey import fit_freeman_tukey
from casepool.stats.glmm import fit_glmm
from casepool.stats.intervals import clopper_pearson
from casepool.stats.joint import JointData, fit_joint
from casepool.stats.simulate import Mechanism, Replicates, replicate_chunks

FloatArray = NDArray[np.float64]
Estimate = tuple[float, float, float, float]
"""Estimate, lower limit, upper limit, truth."""


@dataclass(frozen=True)
class Operating:
    """How an estimator did, in percentage points.

    Attributes
    ----------
    estimator, target : str
        Which estimator and which truth: ``overall`` (equal-weight mean of the diseases with
        data), ``registry diseases`` (mean of those), ``disease`` and ``literature_only``
        (each rate by itself).
    n, failed : int
        Estimates, and replicates in which there was none.
    bias, rmse, coverage, width : float
        Mean error, root mean squared error, share of intervals that contain the truth
        (in %), mean width.
    """

    estimator: str
    target: str
    n: int
    failed: int
    bias: float
    rmse: float
    coverage: float
    width: float


def _truth(replicates: Replicates, s: int, data: JointData) -> float:
    return float(np.mean(replicates.rate[s][list(data.used)]))


def _naive(replicates: Replicates, s: int) -> Iterator[tuple[str, Estimate]]:
    data = replicates.data(s)
    x, n = sum(data.complete_events) + sum(data.selective_events), sum(data.complete_n) + sum(data.selective_n)
    if n:
        lower, upper = clopper_pearson(x, n)
        yield "overall", (x / n, float(lower), float(upper), _truth(replicates, s, data))


def _both_kinds(data: JointData) -> tuple[FloatArray, FloatArray]:
    x = np.array(data.complete_events) + np.array(data.selective_events)
    return x.astype(float), (np.array(data.complete_n) + np.array(data.selective_n)).astype(float)


def _freeman_tukey(replicates: Replicates, s: int) -> Iterator[tuple[str, Estimate]]:
    data = replicates.data(s)
    fit = fit_freeman_tukey(*_both_kinds(data))
    if fit.proportion is not None and fit.ci is not None:
        yield "overall", (fit.proportion, *fit.ci, _truth(replicates, s, data))


def _glmm(replicates: Replicates, s: int) -> Iterator[tuple[str, Estimate]]:
    fit = fit_glmm(*_both_kinds(replicates.data(s)), profile=False)
    if fit.proportion is not None and fit.proportion_ci is not None:
        # It estimates the median disease, whose rate differs a little from the mean of rates.
        yield "overall", (fit.proportion, *fit.proportion_ci, _truth(replicates, s, replicates.data(s)))


def _chapman(replicates: Replicates, s: int) -> Iterator[tuple[str, Estimate]]:
    inside = replicates.registered[s].sum(axis=1) > 0
    lists = (replicates.registered[s], replicates.published[s], replicates.both[s])
    k, a, q = (tuple(int(v) for v in part[inside].sum(axis=0)) for part in lists)
    fit = chapman((k[0], k[1]), (a[0], a[1]), (q[0], q[1]))
    if fit.proportion is not None and fit.ci is not None:
        yield "registry diseases", (fit.proportion, *fit.ci, float(np.mean(replicates.rate[s][inside])))


def _joint_estimates(replicates: Replicates, s: int, data: JointData) -> Iterator[tuple[str, Estimate]]:
    fit = fit_joint(data, grid="simulation")
    if fit.overall is not None:
        yield "overall", (fit.overall.mean, *fit.overall.ci, _truth(replicates, s, data))
    for d in data.used:
        rate = fit.diseases[d]
        estimate = (rate.mean, *rate.ci, float(replicates.rate[s, d]))
        yield "disease", estimate
        if data.complete_n[d] == 0:
            yield "literature_only", estimate


def _joint(replicates: Replicates, s: int) -> Iterator[tuple[str, Estimate]]:
    yield from _joint_estimates(replicates, s, replicates.data(s))


def _registry_only(replicates: Replicates, s: int) -> Iterator[tuple[str, Estimate]]:
    data = replicates.data(s)
    none = (0,) * data.size
    fit = fit_joint(JointData(data.complete_events, data.complete_n, none, none), grid="simulation")
    if fit.overall is not None:
        used = [d for d in range(data.size) if data.complete_n[d]]
        yield "registry diseases", (fit.overall.mean, *fit.overall.ci, float(np.mean(replicates.rate[s][used])))


ESTIMATORS: dict[str, Callable[[Replicates, int], Iterator[tuple[str, Estimate]]]] = {
    "naive": _naive,
    "freeman_tukey": _freeman_tukey,
    "glmm": _glmm,
    "chapman": _chapman,
    "registry_only": _registry_only,
    "joint": _joint,
}


def operating_characteristics(
    mechanism: Mechanism, n_replicates: int, seed: int, estimators: tuple[str, ...] = tuple(ESTIMATORS)
) -> tuple[Operating, ...]:
    """Return how each estimator did under a mechanism.

    Parameters
    ----------
    mechanism : Mechanism
        Parameters of the simulated world.
    n_replicates : int
        Replicates.
    seed : int
        Root seed; the same seed gives the same replicates to every estimator.
    estimators : tuple of str
        Keys of ``ESTIMATORS``.
    """
    found: dict[tuple[str, str], list[Estimate]] = {}
    for replicates in replicate_chunks(mechanism, n_replicates, seed):
        for s in range(len(replicates)):
            for name in estimators:
                for target, estimate in ESTIMATORS[name](replicates, s):
                    found.setdefault((name, target), []).append(estimate)
    return tuple(_operating(*key, np.array(rows), n_replicates) for key, rows in found.items())


def _operating(estimator: str, target: str, rows: FloatArray, n_replicates: int) -> Operating:
    estimate, lower, upper, truth = rows.T
    error = estimate - truth
    inside = (lower <= truth) & (truth <= upper)
    return Operating(
        estimator,
        target,
        len(rows),
        max(n_replicates - len(rows), 0),
        100.0 * float(error.mean()),
        100.0 * float(np.sqrt(np.mean(error**2))),
        100.0 * float(inside.mean()),
        100.0 * float(np.mean(upper - lower)),
    )
