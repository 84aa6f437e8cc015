"""Mixtures of distributions on grids: moments and quantiles of the mixture, not averages of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from casepool.stats.quadrature import GridDistribution
from casepool.typing import FloatArray

Transform = Callable[[FloatArray], FloatArray]


class Distribution(Protocol):
    """What a summary asks of a distribution."""

    def mean(self, transform: Transform | None = None) -> float:
        """Return the expectation, or that of a transform."""

    def variance(self, transform: Transform | None = None) -> float:
        """Return the variance, or that of a transform."""

    def cdf(self, x: float) -> float:
        """Return P(X <= x)."""

    def quantile(self, probability: float) -> float:
        """Return the x with P(X <= x) = probability."""


@dataclass(frozen=True)
class Mixture:
    """Distributions with weights that sum to one."""

    weights: tuple[float, ...]
    parts: tuple[GridDistribution, ...]

    def mean(self, transform: Transform | None = None) -> float:
        """Return the expectation, or that of a transform."""
        return sum(w * part.mean(transform) for w, part in zip(self.weights, self.parts, strict=True))

    def variance(self, transform: Transform | None = None) -> float:
        """Return the variance, or that of a transform."""
        means = [part.mean(transform) for part in self.parts]
        return mixture_moments(self.weights, means, [part.variance(transform) for part in self.parts])[1]

    def cdf(self, x: float) -> float:
        """Return P(X <= x)."""
        return sum(w * part.cdf(x) for w, part in zip(self.weights, self.parts, strict=True))

    def quantile(self, probability: float) -> float:
        """Return the x with P(X <= x) = probability; it lies between the quantiles of the parts."""
        quantiles = [part.quantile(probability) for part in self.parts]
        low, high = min(quantiles), max(quantiles)
        if self.cdf(low) >= probability:
            return low
        if self.cdf(high) <= probability:
            return high
        from scipy import optimize  # slow to import

        return float(optimize.brentq(lambda x: self.cdf(x) - probability, low, high, xtol=1e-12))


def mixture_moments(
    weights: Sequence[float], means: Sequence[float], variances: Sequence[float]
) -> tuple[float, float]:
    """Return mean and variance of a mixture of which these are the weights and moments."""
    w, m, v = np.array(weights), np.array(means), np.array(variances)
    centre = float(np.sum(w * m))
    return centre, float(np.sum(w * (v + (m - centre) ** 2)))
