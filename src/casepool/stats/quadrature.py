"""Quadrature rules and one-dimensional distributions tabulated on a uniform grid.

Rules are cached because every fit asks for the same few. A ``GridDistribution`` turns
weights on a uniform grid into moments, probabilities and quantiles; its distribution
function uses an Euler-Maclaurin correction, because plain linear interpolation of a
cumulative sum costs up to 0.002 in the limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from casepool.stats import special
from casepool.typing import FloatArray, IntArray

_MOST_STEPS, _SMALLEST_STEP = 100, 1e-15


@lru_cache(maxsize=64)
def gauss_hermite(n_nodes: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights for an expectation under the standard normal.

    Parameters
    ----------
    n_nodes : int
        Number of nodes Q.

    Returns
    -------
    nodes, weights : ndarray, shape (Q,)
        ``sum(weights * f(nodes))`` approximates ``E f(Z)``; the weights sum to one.

    References
    ----------
    Abramowitz M, Stegun IA (1964), formula 25.4.46, rescaled to the normal density.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
    weights = weights / weights.sum()
    return _frozen(nodes), _frozen(weights)


@lru_cache(maxsize=64)
def gauss_legendre(n_nodes: int, lower: float, upper: float) -> tuple[FloatArray, FloatArray]:
    """Return Gauss-Legendre nodes and weights, shape (Q,), on [lower, upper].

    References
    ----------
    Abramowitz M, Stegun IA (1964), formula 25.4.30.
    """
    nodes, weights = np.polynomial.legendre.leggauss(n_nodes)
    half = 0.5 * (upper - lower)
    return _frozen(lower + half * (nodes + 1.0)), _frozen(half * weights)


@lru_cache(maxsize=256)
def interpolation(size: int, finer: int, points: int = 4) -> FloatArray:
    """Return the matrix that takes values at equal steps to steps `finer` times as fine.

    Shape (finer (size - 1) + 1, size): Lagrange polynomials through so many of the nearest values, an even number.
    """
    x = np.arange(finer * (size - 1) + 1) / finer
    points = min(size, points)
    first = np.clip(np.floor(x).astype(int) - (points // 2 - 1), 0, size - points)
    matrix = np.zeros((len(x), size))
    for a in range(points):
        others = [(x - first - b) / (a - b) for b in range(points) if b != a]
        matrix[np.arange(len(x)), first + a] = np.prod(others, axis=0) if others else 1.0
    return _frozen(matrix)


def _frozen(values: FloatArray) -> FloatArray:
    values = np.array(values, float)
    values.setflags(write=False)
    return values


def log1pexp(eta: FloatArray) -> FloatArray:
    """Return log(1 + exp(eta)) elementwise without overflow, shape of ``eta``."""
    return np.asarray(np.maximum(eta, 0.0) + np.log1p(np.exp(-np.abs(eta))), float)


def logistic_normal_mean(mu: float, tau: float) -> float:
    """Return E expit(mu + tau Z) for standard normal Z.

    A trapezoid sum over Z in [-9, 9]; its error is below 1e-10 for tau <= 10 because the
    integrand is analytic in a strip of half-width pi / tau.
    """
    z = np.linspace(-9.0, 9.0, 721)
    weights = np.exp(-0.5 * z * z)
    return float(np.sum(weights * special.expit(mu + tau * z)) / np.sum(weights))


@dataclass(frozen=True)
class GridDistribution:
    """Distribution given by weights on a uniform grid.

    Attributes
    ----------
    start : float
        First node.
    step : float
        Distance between nodes.
    weights : ndarray, shape (G,)
        Density times step, summing to one.
    """

    start: float
    step: float
    weights: FloatArray

    @property
    def nodes(self) -> FloatArray:
        """Return the nodes, shape (G,)."""
        return np.asarray(self.start + self.step * np.arange(len(self.weights)), float)

    @cached_property
    def cumulative(self) -> FloatArray:
        """Return the distribution function at the nodes, shape (G,)."""
        return cumulative(self.weights)

    def mean(self, transform: Callable[[FloatArray], FloatArray] | None = None) -> float:
        """Return the expectation of the node, or of ``transform`` of it."""
        return float(self.weights @ self._values(transform))

    def variance(self, transform: Callable[[FloatArray], FloatArray] | None = None) -> float:
        """Return the variance of the node, or of ``transform`` of it."""
        values = self._values(transform)
        return float(self.weights @ (values - self.weights @ values) ** 2)

    def _values(self, transform: Callable[[FloatArray], FloatArray] | None) -> FloatArray:
        return self.nodes if transform is None else _transformed(self.start, self.step, len(self.weights), transform)

    def cdf(self, x: float) -> float:
        """Return P(X <= x) by cubic Hermite interpolation between nodes."""
        position = (x - self.start) / self.step
        if position <= 0.0:
            return 0.0
        if position >= len(self.weights) - 1:
            return 1.0
        k = int(position)
        return self._interpolate(k, position - k, self.cumulative)

    def _interpolate(self, k: int, s: float, cdf: FloatArray) -> float:
        # The derivative of the distribution function per step is the weight itself.
        left, right = cdf[k], cdf[k + 1]
        value = (
            (1 + 2 * s) * (1 - s) ** 2 * left
            + s * (1 - s) ** 2 * self.weights[k]
            + s * s * (3 - 2 * s) * right
            + s * s * (s - 1) * self.weights[k + 1]
        )
        return float(min(max(value, left), right))

    def quantile(self, probability: float) -> float:
        """Return the x with P(X <= x) = probability; the end node beyond the grid."""
        cdf = self.cumulative
        k = int(np.searchsorted(cdf, probability, side="right")) - 1
        if k < 0:
            return float(self.start)
        if k >= len(cdf) - 1:
            return float(self.nodes[-1])
        rises = float(self.weights[k]), float(self.weights[k + 1])
        s = _place_on_cubic(float(cdf[k]), float(cdf[k + 1]), *rises, probability)
        return float(self.start + self.step * (k + s))


@lru_cache(maxsize=4)
def _transformed(start: float, step: float, size: int, transform: Callable[[FloatArray], FloatArray]) -> FloatArray:
    # The diseases of a fit share their nodes.
    return _frozen(transform(np.asarray(start + step * np.arange(size), float)))


def cumulative(weights: FloatArray) -> FloatArray:
    """Return the distribution functions at the nodes, the shape (..., G) of the weights."""
    return np.asarray(np.clip(np.maximum.accumulate(linear_cumulative(weights), axis=-1), 0.0, 1.0), float)


def linear_cumulative(weights: FloatArray) -> FloatArray:
    """Return the same as ``cumulative``, linear in the weights: it may fall by a rounding of the rule.

    Euler-Maclaurin: ``cum[k] - w[k]/2 - h D w/12 + h^3 D^3 w/720``, the derivatives by
    central differences D1 and D3, where ``h D w = D1 - D3/6``.
    """
    padded = np.zeros((*weights.shape[:-1], weights.shape[-1] + 4))
    padded[..., 2:-2] = weights
    first = 0.5 * (padded[..., 3:-1] - padded[..., 1:-3])
    third = 0.5 * (padded[..., 4:] - padded[..., :-4]) - 2.0 * first
    return np.asarray(np.cumsum(weights, axis=-1) - 0.5 * weights - first / 12.0 + third * 11.0 / 720.0, float)


def quantiles(start: float, step: float, weights: FloatArray, probabilities: FloatArray) -> FloatArray:
    """Return quantiles of many distributions on one grid, shape (N, Q), to 1e-9 steps.

    Parameters
    ----------
    start, step : float
        First node and distance of nodes.
    weights : ndarray, shape (N, G)
        As for ``GridDistribution``.
    probabilities : ndarray, shape (Q,)
        Levels.
    """
    cdf, each = cumulative(weights), np.arange(len(weights))[:, None]
    reached = (cdf[:, :, None] <= probabilities).sum(axis=1)  # as searchsorted, of all rows at once
    k: IntArray = np.clip(reached - 1, 0, weights.shape[1] - 2)
    left, right, rise, fall = cdf[each, k], cdf[each, k + 1], weights[each, k], weights[each, k + 1]
    gain = right - left
    square, cube = 3.0 * gain - 2.0 * rise - fall, rise + fall - 2.0 * gain
    low, high = np.zeros_like(gain), np.ones_like(gain)
    s = np.clip((probabilities - left) / np.maximum(gain, 1e-300), 0.0, 1.0)
    for _ in range(_MOST_STEPS):
        excess = left + s * (rise + s * (square + s * cube)) - probabilities
        low, high = np.where(excess > 0.0, low, s), np.where(excess > 0.0, s, high)
        slope = rise + s * (2.0 * square + 3.0 * s * cube)
        after = s - excess / np.where(slope > 0.0, slope, np.inf)
        after = np.where((low < after) & (after < high), after, 0.5 * (low + high))
        done = float(np.abs(after - s).max()) <= 1e-9
        s = after
        if done:
            break
    return start + step * (k + s)


def _place_on_cubic(left: float, right: float, rise: float, fall: float, value: float) -> float:
    """Return the s in [0, 1] at which a Hermite cubic takes a value between its ends.

    Newton's method within a bracket: a step that leaves it is a halving. `rise` and `fall` are the slopes at the ends.
    """
    if not left < value < right:
        return 0.0
    gain = right - left
    square, cube = 3.0 * gain - 2.0 * rise - fall, rise + fall - 2.0 * gain
    low, high, s = 0.0, 1.0, (value - left) / gain
    for _ in range(_MOST_STEPS):
        excess = left + s * (rise + s * (square + s * cube)) - value
        low, high = (low, s) if excess > 0.0 else (s, high)
        slope = rise + s * (2.0 * square + 3.0 * s * cube)
        after = s - excess / slope if slope > 0.0 else low
        if not low < after < high:
            after = 0.5 * (low + high)
        if abs(after - s) <= _SMALLEST_STEP:
            break
        s = after
    return after
