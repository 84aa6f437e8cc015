"""Sums over simulated estimates that add up over chunks, and what follows from them."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """Sums over the estimates of one target, from which chunks are put together.

    Attributes
    ----------
    estimator, target : str
        Which estimator and which truth: ``overall`` (equal-weight mean of the diseases with
        data), ``disease``, ``anchored`` and ``literature_only`` (each rate by itself; with and without complete
        evidence), ``disease`` and a name, ``anchored_mean`` and ``registry diseases`` (means of those).
    replicates : int
        Worlds.
    asked, n : int
        Estimates that were asked for, and those that there were.
    error, squared_error, covered, width : float
        Sums over the n estimates, on the probability scale.
    """

    estimator: str
    target: str
    replicates: int
    asked: int
    n: int
    error: float
    squared_error: float
    covered: int
    width: float

    def __add__(self, other: Tally) -> Tally:
        """Return the sums over both."""
        return Tally(
            self.estimator,
            self.target,
            self.replicates + other.replicates,
            self.asked + other.asked,
            self.n + other.n,
            self.error + other.error,
            self.squared_error + other.squared_error,
            self.covered + other.covered,
            self.width + other.width,
        )

    @property
    def bias(self) -> float | None:
        """Return the mean error; None without any estimate, as for what follows."""
        return self.error / self.n if self.n else None

    @property
    def rmse(self) -> float | None:
        """Return the root mean squared error."""
        return math.sqrt(self.squared_error / self.n) if self.n else None

    @property
    def coverage(self) -> float | None:
        """Return the share of intervals that contain the truth."""
        return self.covered / self.n if self.n else None

    @property
    def mean_width(self) -> float | None:
        """Return the mean width of the intervals."""
        return self.width / self.n if self.n else None

    @property
    def estimable(self) -> float:
        """Return the share of estimates that there were."""
        return self.n / self.asked if self.asked else 0.0
