"""Rates of many data sets under the same switches, for simulations.

All share one coarse lattice, so that what a kind of disease says at its nodes is tabulated once and kept: the
posterior of a data set is a sum of rows of tables. Products and quantiles of all sets are taken together, in single
precision. Rates lie within 0.002 of those of a single fit, means of diseases as mixtures of normal distributions.
Letters as in the lattice; nodes are kept as (B, R).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casepool.stats import special
from casepool.stats.joint.data import JointData
from casepool.stats.joint.kinds import Kind, Kinds
from casepool.stats.joint.lattice import Box, Lattice
from casepool.stats.joint.likelihood import linkage_loglik
from casepool.stats.joint.posterior import Evidence, log_prior
from casepool.stats.joint.settings import Settings
from casepool.stats.quadrature import gauss_legendre, quantiles
from casepool.typing import FloatArray, IntArray

Single = NDArray[np.float32]
Estimate = tuple[float, float, float]
"""Mean, lower and upper limit."""

THETA_STEP, THETA_LIMIT, MU_STRIDE, BETA_STRIDE, TAU_NODES = 0.15, 11.0, 3, 4, 8
TAU_REACH, MU_REACH, BETA_REACH = 3.5, 3.75, 4.0  # deviations of the priors
SMALLEST = 1e-30
NEGLIGIBLE, UNLIKELY = 1e-4, 3e-5  # beside the greatest mass: for the mean of the diseases, for their rates
# Bins of the mean over its range of 1 (the period is 2), classes of deviation.
BINS, CLASSES, LEAST_VARIANCE = 200, 10, 1e-5
# Kinds whose tables are kept, and those that are tabulated at once.
MOST_KINDS, AT_ONCE = 1500, 16


@dataclass(frozen=True)
class SetRates:
    """What one data set says: the rate of each disease with data, and their mean where there are enough of them."""

    rates: tuple[Estimate, ...]
    overall: Estimate | None


def fit_many(sets: Sequence[tuple[JointData, tuple[int, ...]]], settings: Settings) -> list[SetRates]:
    """Return the rates of several data sets.

    Parameters
    ----------
    sets : sequence of (JointData, tuple of int)
        Counts without groups, and the positions of the diseases asked for; one without data has the prediction.
    settings : Settings
        Switches of all of them (without a resolution: the lattice is fixed).
    """
    return _engine(settings).fit(sets)


@lru_cache(maxsize=4)
def _engine(settings: Settings) -> _Engine:
    return _Engine(settings)


@dataclass(frozen=True)
class _Table:
    """What a kind of disease says: ``log L`` and ``1 / L`` at the nodes, moments of its rate there, its likelihood.

    Shapes (B, R), (B, R), (B, R), (B, R) and (B, G); B is 1 without selective evidence.
    """

    log_given: Single
    inverse: Single
    mean: Single
    variance: Single
    likelihood: Single


Told = Sequence[Sequence[_Table]]


class _Engine:
    def __init__(self, settings: Settings) -> None:
        priors = settings.priors
        tau, weights = gauss_legendre(TAU_NODES, 0.0, TAU_REACH * priors.tau_sd)
        side = MU_REACH * priors.mu_sd * np.ones(TAU_NODES)
        unit, fixed = BETA_STRIDE * THETA_STEP, settings.ratio is not None
        last = 0 if fixed else int(np.ceil(BETA_REACH * priors.beta_sd / unit))
        low, high = priors.mu_mean - side, priors.mu_mean + side
        origin = settings.log_ratio if settings.log_ratio is not None else priors.beta_mean
        box = Box(
            THETA_STEP, MU_STRIDE, BETA_STRIDE, tau, weights, low, high, origin, -last, last, theta_limit=THETA_LIMIT
        )
        self.settings, self.lattice = settings, Lattice(box)
        self.kernel = self.lattice.kernel.astype(np.float32)
        log_mass = log_prior(self.lattice, priors, fixed=fixed) + np.log(self.lattice.weight)[:, None]
        self.log_mass = np.ascontiguousarray(log_mass.T, np.float32)
        self.tables: dict[Kind, _Table] = {}
        tail = 0.5 - settings.level / 2
        self.tails = np.array([tail, 1.0 - tail])

    def fit(self, sets: Sequence[tuple[JointData, tuple[int, ...]]]) -> list[SetRates]:
        """Return the rates of each data set."""
        kinds = [Kinds.among(data, asked, self.settings.clustering) for data, asked in sets]
        self._tabulate({kind for one in kinds for kind in one.kinds})
        told = [[self.tables[one.kinds[k]] for k in one.of] for one in kinds]
        masses = self._masses([data for data, _ in sets], told)
        rates = iter(self._rates(masses, told))
        overall = self._overall(masses, told)
        least = self.settings.min_diseases
        return [
            SetRates(tuple(next(rates) for _ in these), mean if len(these) >= least else None)
            for these, mean in zip(told, overall, strict=True)
        ]

    def _tabulate(self, wanted: set[Kind]) -> None:
        if len(self.tables) > MOST_KINDS:
            self.tables.clear()
        new = sorted(wanted - self.tables.keys())
        for start in range(0, len(new), AT_ONCE):
            some = tuple(new[start : start + AT_ONCE])
            ones = np.ones(len(some))
            evidence = Evidence(self.lattice, Kinds(some, tuple(range(len(some))), ones, ones), self.settings)
            for k, kind in enumerate(some):
                self.tables[kind] = self._table(evidence, k)

    def _table(self, evidence: Evidence, k: int) -> _Table:
        likelihood = evidence.likelihood(k).T.astype(np.float32)
        p = special.expit(self.lattice.theta).astype(np.float32)
        size = len(likelihood)
        product = np.concatenate([likelihood, likelihood * p, likelihood * (p * p)]) @ self.kernel.T
        given = np.maximum(product[:size], SMALLEST)
        mean = product[size : 2 * size] / given
        variance = np.maximum(product[2 * size :] / given - mean * mean, 0.0)
        return _Table(*(np.asarray(v, np.float32) for v in (np.log(given), 1.0 / given, mean, variance, likelihood)))

    def _masses(self, data: Sequence[JointData], told: Told) -> Single:
        """Return the posterior of the hyperparameters of each set, shape (S, B, R)."""
        total = np.repeat(self.log_mass[None], len(told), axis=0)
        linked = self.settings.use_linkage and self.settings.ratio is None
        for row, counts, tables in zip(total, data, told, strict=True):
            if linked and counts.linkage is not None:
                row += linkage_loglik(counts.linkage, self.lattice.beta)[:, None].astype(np.float32)
            for table in tables:
                row += table.log_given
        total -= total.max(axis=(1, 2), keepdims=True)
        np.exp(total, out=total)
        total /= total.sum(axis=(1, 2), keepdims=True)
        return total

    def _rates(self, masses: Single, told: Told) -> list[Estimate]:
        """Return the rates of all sets, one after the other: the way back from the hyperparameters to theta."""
        parts = []
        for mass, tables in zip(masses, told, strict=True):
            span, nodes = _likely(mass)
            few, kernel = mass[span, nodes], self.kernel[nodes]
            for table in tables:
                if len(table.inverse) > 1:
                    back = (few * table.inverse[span, nodes]) @ kernel
                    parts.append(np.einsum("bg,bg->g", back, table.likelihood[span]))
                else:
                    parts.append((few.sum(axis=0) * table.inverse[0, nodes]) @ kernel * table.likelihood[0])
        weights = np.array(parts, float)
        weights /= weights.sum(axis=1, keepdims=True)
        limits = special.expit(quantiles(float(self.lattice.theta[0]), THETA_STEP, weights, self.tails))
        return _estimates(weights @ special.expit(self.lattice.theta), limits)

    def _overall(self, masses: Single, told: Told) -> list[Estimate]:
        """Return the mean of the rates of each set from the masses of normal distributions.

        They are shared out among classes of deviation and bins of the mean, linearly, which keeps mean and variance
        of the mixture; each class is then convolved with its normal distribution.
        """
        size = len(told)
        mean, variance = np.zeros_like(masses), np.zeros_like(masses)
        for m, v, tables in zip(mean, variance, told, strict=True):
            for table in tables:
                m += table.mean
                v += table.variance
            m /= len(tables)
            v /= len(tables) ** 2
        kept = masses > NEGLIGIBLE * masses.max(axis=(1, 2), keepdims=True)
        sets = np.nonzero(kept)[0]
        mass, spread = masses[kept].astype(float), np.maximum(variance[kept].astype(float), LEAST_VARIANCE)
        deviation = np.linspace(float(np.sqrt(spread.min())), float(np.sqrt(spread.max())) * (1.0 + 1e-9), CLASSES)
        k = np.clip(np.searchsorted(deviation, np.sqrt(spread), side="right") - 1, 0, CLASSES - 2)
        up = (spread - deviation[k] ** 2) / (deviation[k + 1] ** 2 - deviation[k] ** 2)
        place = (mean[kept].astype(float) + 0.5) * BINS
        left = place.astype(int)
        cell, share = (sets * CLASSES + k) * 2 * BINS + left, place - left
        shared = np.zeros(size * CLASSES * 2 * BINS)
        for offset, part in (
            (0, (1 - up) * (1 - share)),
            (1, (1 - up) * share),
            (2 * BINS, up * (1 - share)),
            (2 * BINS + 1, up * share),
        ):
            shared += np.bincount(cell + offset, mass * part, len(shared))
        frequency = np.pi * np.arange(BINS + 1)
        fading = np.exp(-0.5 * np.multiply.outer(deviation, frequency) ** 2)
        spectrum = (np.fft.rfft(shared.reshape(size, CLASSES, 2 * BINS)) * fading).sum(axis=1)
        weights = np.maximum(np.fft.irfft(spectrum, 2 * BINS), 0.0)
        weights /= weights.sum(axis=1, keepdims=True)
        limits = np.clip(quantiles(-0.5, 1.0 / BINS, weights, self.tails), 0.0, 1.0)
        return _estimates((masses * mean).sum(axis=(1, 2)), limits)


def _likely(mass: Single) -> tuple[slice, IntArray]:
    """Return the ratios, and the nodes, at which a posterior is not negligible beside its greatest value."""
    kept = mass > UNLIKELY * mass.max()
    ratios = np.nonzero(kept.any(axis=1))[0]
    return slice(int(ratios[0]), int(ratios[-1]) + 1), np.nonzero(kept.any(axis=0))[0]


def _estimates(means: NDArray[np.floating], limits: FloatArray) -> list[Estimate]:
    return list(zip(means.tolist(), limits[:, 0].tolist(), limits[:, 1].tolist(), strict=True))
