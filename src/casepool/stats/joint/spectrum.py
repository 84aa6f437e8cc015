"""Characteristic functions of a mixture over nodes: means in bins, deviations in levels, one kernel a level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from casepool.stats.joint.exact import ExactNodes
from casepool.stats.quadrature import GridDistribution
from casepool.typing import ComplexArray, FloatArray, IntArray

# Where the function fades: a multiple of the reciprocal deviation, which keeps the lumps of two-humped rates, and one
# of the reciprocal distance to 0 or 1, which keeps a steep end there. It ends at a multiple of that.
SMOOTH, STEEP, END = 20.0, 20.0, 1.2
# Deviations on either side that the period holds, where the scale of rates ends only beyond it.
REACH, MARGIN = 10.0, 3.0
# Frequencies at once, and points of the distribution.
AT_ONCE, POINTS = 28, 1024
# Bins of the mean over its period, levels of its deviation, the largest over the smallest of these.
BINS, LEVELS, WIDEST = 2048, 20, 300.0
# Mass of exact nodes with which a level has a kernel of its own, and the variance of the means (of rates) added to that
# of these nodes, so that few of them give no slope.
LEAST, RIDGE = 1e-3, 1e-4


@dataclass(frozen=True)
class Frequencies:
    """Where a characteristic function is asked: ``unit * (0, ..., size - 1)``, for a mean on [low, high].

    It fades where ``fading`` is reached.
    """

    low: float
    high: float
    fading: float

    @classmethod
    def of(cls, weight: FloatArray, mean: FloatArray, variance: FloatArray) -> Frequencies:
        """Choose a period that holds the tails of a mixture, but not much more than the scale of rates."""
        centre = float(weight @ mean)
        sd = math.sqrt(float(weight @ (variance + (mean - centre) ** 2)))
        fading = SMOOTH / sd + STEEP / min(centre, 1.0 - centre)
        return cls(max(centre - REACH * sd, -MARGIN * sd), min(centre + REACH * sd, 1.0 + MARGIN * sd), fading)

    @property
    def unit(self) -> float:
        """Return the distance of the frequencies."""
        return 2.0 * math.pi / (self.high - self.low)

    @property
    def size(self) -> int:
        """Return their number."""
        return min(math.ceil(END * self.fading / self.unit), BINS // 2)

    @property
    def frequencies(self) -> FloatArray:
        """Return all of them, shape (size,)."""
        return np.asarray(self.unit * np.arange(self.size), float)

    def chunks(self) -> Iterator[slice]:
        """Yield all frequencies, a few at a time."""
        for start in range(0, self.size, AT_ONCE):
            yield slice(start, min(start + AT_ONCE, self.size))

    def spectra(self, levels: Levels, weight: FloatArray, mean: FloatArray, variance: FloatArray) -> ComplexArray:
        """Return the characteristic function of the means at each level, from ``low`` on, shape (LEVELS, size).

        A mass is shared by the bins on either side of its mean and the levels on either side of its deviation.
        """
        level, above = levels.shares(variance)
        place = (mean - self.low) * (BINS / (self.high - self.low))
        left = np.clip(place.astype(int), 0, BINS - 2)
        right = np.clip(place - left, 0.0, 1.0)
        cell, size = level * BINS + left, LEVELS * BINS
        found = np.zeros(size)
        for offset, mass in ((0, weight * (1.0 - above)), (BINS, weight * above)):
            upper = mass * right
            found += np.bincount(cell + offset, mass - upper, size) + np.bincount(cell + offset + 1, upper, size)
        return np.conj(np.fft.rfft(found.reshape(LEVELS, BINS))[:, : self.size])

    def inverted(self, found: ComplexArray) -> GridDistribution:
        """Return the distribution with this characteristic function on a grid, without what lies beyond the fading."""
        faded = found * np.exp(-((self.unit * np.arange(self.size) / self.fading) ** 8))
        density = np.maximum(np.fft.irfft(np.conj(faded), max(POINTS, 2 * self.size)), 0.0)
        return GridDistribution(self.low, (self.high - self.low) / len(density), density / density.sum())


class Kernels(NamedTuple):
    """The characteristic function about its mean at each level: ``constant + slope * mean``.

    Attributes
    ----------
    constant, slope : ndarray, shape (LEVELS, J)
        By the level of the deviation.
    rest : ndarray, shape (J,)
        What the exact nodes have beyond these, summed over them where they are.
    """

    constant: ComplexArray
    slope: ComplexArray
    rest: ComplexArray


class Levels:
    """Deviations between which those of the nodes are shared, so that their mean variance is kept.

    Attributes
    ----------
    deviation : ndarray, shape (LEVELS,)
        From the smallest to the largest.
    """

    def __init__(self, variance: FloatArray) -> None:
        low, high = math.sqrt(float(variance.min())), math.sqrt(float(variance.max()))
        self.deviation = np.geomspace(max(low, high / WIDEST), high * (1.0 + 1e-6), LEVELS)

    def shares(self, variance: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return the level below each variance and the share of the level above it."""
        place = np.searchsorted(self.deviation, np.sqrt(variance), side="right") - 1
        place = np.clip(place, 0, LEVELS - 2)
        square = self.deviation**2
        return place, np.clip((variance - square[place]) / (square[place + 1] - square[place]), 0.0, 1.0)

    def kernels(self, frequency: FloatArray, true: ComplexArray, few: ExactNodes, low: float) -> Kernels:
        """Return the kernel of each level from what some nodes have beyond a normal distribution.

        At each level this is a straight line in the mean, since where rates are high they are skewed the other way. A
        level without exact nodes takes after the nearest that has some.

        Parameters
        ----------
        frequency : ndarray, shape (J,)
            Where the functions are asked.
        true : ndarray, shape (N, J)
            Those of the exact nodes, of the distance of the mean to ``low``.
        few : ExactNodes
            N nodes.
        low : float
            From where means are counted.
        """
        phase = np.exp(np.multiply.outer(few.mean - low, 1j * frequency))
        beyond = true * np.conj(phase) - np.exp(-0.5 * np.multiply.outer(few.variance, frequency**2))
        share = self._shared(few.variance)
        mass = share * few.mass
        known = np.flatnonzero(mass.sum(axis=1) > LEAST)
        mass = mass[known[np.abs(np.subtract.outer(np.arange(LEVELS), known)).argmin(axis=1)]]
        mass /= mass.sum(axis=1, keepdims=True)
        centre = (mass @ few.mean)[:, None]
        away = few.mean - centre
        slope = (mass * away) @ beyond / ((mass * away**2).sum(axis=1, keepdims=True) + RIDGE)
        constant = mass @ beyond - centre * slope
        rest = few.mass @ (phase * (beyond - share.T @ constant - few.mean[:, None] * (share.T @ slope)))
        normal = np.exp(-0.5 * np.multiply.outer(self.deviation**2, frequency**2))
        return Kernels(normal + constant, slope, rest)

    def _shared(self, variance: FloatArray) -> FloatArray:
        """Return the shares of all levels in each variance, shape (LEVELS, N)."""
        level, above = self.shares(variance)
        share, nodes = np.zeros((LEVELS, len(variance))), np.arange(len(variance))
        share[level, nodes], share[level + 1, nodes] = 1.0 - above, above
        return share
