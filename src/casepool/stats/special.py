"""Functions of statistics on arrays, by numpy and the standard library alone.

The names are those of ``scipy.special``, and so are the values, to rounding. Importing that package takes longer than
pooling a table of counts; where more is needed than stands here, it is imported from there.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from casepool.typing import FloatArray

_SHIFT = 10  # Stirling's series is exact to rounding from here on
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_MOST_STEPS, _SMALLEST = 200, 1e-300
_ROUNDING = float(np.finfo(float).eps)


def expit(x: ArrayLike) -> Any:
    """Return ``1 / (1 + exp(-x))`` elementwise, without overflow."""
    x = np.asarray(x, float)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def logit(p: ArrayLike) -> Any:
    """Return ``log(p / (1 - p))`` elementwise; -inf at 0, inf at 1."""
    p = np.asarray(p, float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def log_expit(x: ArrayLike) -> Any:
    """Return the logarithm of ``expit`` elementwise, without underflow."""
    x = np.asarray(x, float)
    return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))


def xlogy(x: ArrayLike, y: ArrayLike) -> Any:
    """Return ``x log(y)`` elementwise, 0 where x is 0."""
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    with np.errstate(divide="ignore"):
        return x * np.log(np.where(x == 0, 1.0, y))


def gammaln(x: ArrayLike) -> Any:
    """Return the logarithm of the gamma function of positive numbers elementwise.

    References
    ----------
    Abramowitz M, Stegun IA (1964), formulas 6.1.15 and 6.1.41.
    """
    x = np.asarray(x, float)
    small = x < _SHIFT
    below = np.where(small, x, 1.0)
    rising = np.prod([below + step for step in range(_SHIFT)], axis=0)
    z = np.where(small, x + _SHIFT, x)
    value = (z - 0.5) * np.log(z) - z + 0.5 * math.log(2.0 * math.pi) + _stirling(z)
    return value - np.where(small, np.log(rising), 0.0)


def logsumexp(values: ArrayLike, axis: int | None = None) -> Any:
    """Return ``log(sum(exp(values)))`` over all elements, or along an axis."""
    values = np.asarray(values, float)
    peak = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - peak).sum(axis=axis, keepdims=True)) + peak
    return np.squeeze(total, axis=axis)


def softmax(values: ArrayLike) -> FloatArray:
    """Return ``exp(values)`` as shares of their sum, shape of ``values``."""
    values = np.asarray(values, float)
    shares = np.exp(values - values.max())
    return np.asarray(shares / shares.sum(), float)


@lru_cache(maxsize=65536)
def beta_quantile_logit(a: float, b: float, probability: float) -> float:
    """Return the logit of a quantile of the beta distribution.

    Newton's method on the logarithm of the distribution function, which is concave in the logit: from the left of
    the quantile every step stays on that side, from the right the first one crosses over.

    Parameters
    ----------
    a, b : float
        Parameters above 0.
    probability : float
        Below 1 and above 0; an upper tail is the lower one of ``(b, a)``, with the other sign.
    """
    target, eta = math.log(probability), math.log(a / b)
    for _ in range(_MOST_STEPS):
        log_cdf, log_slope = _log_beta_cdf(a, b, eta)
        step = (target - log_cdf) * math.exp(log_cdf - log_slope)
        eta += step
        if abs(step) <= 4.0 * _ROUNDING * max(1.0, abs(eta)):
            break
    return eta


def _log_beta_cdf(a: float, b: float, eta: float) -> tuple[float, float]:
    """Return the logarithms of the beta distribution function at expit(eta) and of its slope in eta."""
    fading = math.log1p(math.exp(-abs(eta)))
    log_x, log_rest = min(eta, 0.0) - fading, min(-eta, 0.0) - fading
    log_slope = a * log_x + b * log_rest - _betaln(*sorted((a, b)))
    x = math.exp(log_x)
    if x * (a + b + 2.0) < a + 1.0:
        return log_slope - math.log(a) + math.log(_fraction(a, b, x)), log_slope
    above = math.exp(log_slope - math.log(b)) * _fraction(b, a, math.exp(log_rest))
    return math.log1p(-min(above, 1.0 - _ROUNDING)), log_slope


def _betaln(a: float, b: float) -> float:
    """Return the log of the beta function for a <= b, its large terms cancelled before they are taken.

    References
    ----------
    Didonato AR, Morris AH (1992). ACM Trans Math Softw 18:360-373, section 2.
    """
    if b < _SHIFT:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    rest, share = float(_stirling(b) - _stirling(a + b)), (b - 0.5) * math.log1p(-a / (a + b))
    if a < _SHIFT:
        return math.lgamma(a) + rest + a - a * math.log(a + b) + share
    half = 0.5 * math.log(2.0 * math.pi / (a + b))
    return half + float(_stirling(a)) + rest + (a - 0.5) * math.log(a / (a + b)) + share


def _stirling(z: Any) -> Any:
    """Return the log of the gamma function of z >= 10 above ``(z - 1/2) log z - z + log(2 pi) / 2``."""
    return sum(term / z ** (2 * power + 1) for power, term in enumerate(_STIRLING))


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function by Lentz's method.

    References
    ----------
    Abramowitz M, Stegun IA (1964), formula 26.5.8.
    """
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, 20 + 10 * math.isqrt(int(a + b) + 1)):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            c, d = _away(1.0 + term / c), 1.0 / _away(1.0 + term * d)
            value *= c * d
        if abs(c * d - 1.0) <= _ROUNDING:
            break
    return value


def _away(value: float) -> float:
    """Return a value that can be divided by."""
    return value if abs(value) > _SMALLEST else _SMALLEST


def __getattr__(name: str) -> Any:
    """Return what does not stand here from scipy, imported when it is first asked for."""
    if name.startswith("__"):  # the machinery of imports asks whether this is a package
        raise AttributeError(name)
    from scipy import special

    return getattr(special, name)
