"""Confidence intervals of a single binomial proportion.

All functions take arrays of any common shape ``S`` and return two arrays of shape ``S``
on the probability scale. Intervals of several strata are pointwise, not simultaneous.
Quantiles come from `casepool.stats.special`; this module adds checks and the conventions at 0/n, n/n and 0/0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from casepool.defaults import LEVEL
from casepool.stats.special import beta_quantile_logit, expit
from casepool.typing import FloatArray

Limits = tuple[FloatArray, FloatArray]


def checked_counts(events: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return events and n as float arrays of one shape, or raise ValueError.

    Parameters
    ----------
    events, n : array_like, shape S
        Counts with ``0 <= events <= n``, both whole numbers.
    """
    x, size = np.broadcast_arrays(np.asarray(events, float), np.asarray(n, float))
    if not (np.isfinite(x).all() and np.isfinite(size).all()):
        message = "counts: found a missing or infinite value; expected whole numbers"
        raise ValueError(message)
    if (x != np.floor(x)).any() or (size != np.floor(size)).any():
        message = "counts: found a fraction; expected whole numbers"
        raise ValueError(message)
    if (x < 0).any() or (x > size).any():
        message = "counts: expected 0 <= events <= n in every row"
        raise ValueError(message)
    return x, size


def check_level(level: float) -> float:
    """Return the confidence level, or raise ValueError unless it is inside (0, 1)."""
    if not 0.0 < level < 1.0:
        message = f"level = {level}; expected a number between 0 and 1"
        raise ValueError(message)
    return float(level)


def _known(
    events: ArrayLike, n: ArrayLike, level: float, limits: Callable[[FloatArray, FloatArray, float], Limits]
) -> Limits:
    """Return the limits where there are patients, and 0 and 1 where there are none; `limits` takes the error alpha."""
    x, size = checked_counts(events, n)
    alpha = 1.0 - check_level(level)
    lower, upper = np.zeros(x.shape), np.ones(x.shape)
    known = size > 0
    if known.any():
        lower[known], upper[known] = limits(x[known], size[known], alpha)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def clopper_pearson(events: ArrayLike, n: ArrayLike, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Return the exact (Clopper-Pearson) limits of a binomial proportion.

    Parameters
    ----------
    events, n : array_like, shape S
        Responders and patients.
    level : float
        Confidence level.

    Returns
    -------
    lower, upper : ndarray, shape S
        ``BetaInv(alpha/2; x, n-x+1)`` and ``BetaInv(1-alpha/2; x+1, n-x)``; the lower
        limit is 0 at 0/n, the upper limit 1 at n/n, and 0/0 gives (0, 1).

    References
    ----------
    Clopper CJ, Pearson ES (1934). Biometrika 26:404-413.
    """
    return _known(events, n, level, _clopper_pearson)


def _clopper_pearson(x: FloatArray, n: FloatArray, alpha: float) -> Limits:
    # Beta(0, .) and Beta(., 0) are no distributions: the edges are set, and their quantiles not looked at.
    lower = _lower(np.maximum(x, 1.0), n - x + 1.0, alpha / 2.0)
    upper = _upper(x + 1.0, np.maximum(n - x, 1.0), alpha / 2.0)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _lower(a: FloatArray, b: FloatArray, tail: float) -> FloatArray:
    """Return the quantiles of beta distributions with `tail` below, shape of the arguments."""
    logits = [beta_quantile_logit(one, other, tail) for one, other in zip(a.flat, b.flat, strict=True)]
    return np.asarray(expit(np.reshape(logits, a.shape)), float)


def _upper(a: FloatArray, b: FloatArray, tail: float) -> FloatArray:
    """Return the quantiles with `tail` above: the lower ones of the share of the others, seen from the other end."""
    logits = [-beta_quantile_logit(other, one, tail) for one, other in zip(a.flat, b.flat, strict=True)]
    return np.asarray(expit(np.reshape(logits, a.shape)), float)


def wilson(events: ArrayLike, n: ArrayLike, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Return the score (Wilson) limits of a binomial proportion.

    Parameters
    ----------
    events, n : array_like, shape S
        Responders and patients.
    level : float
        Confidence level.

    Returns
    -------
    lower, upper : ndarray, shape S
        Roots p of ``(x/n - p)^2 = z^2 p (1-p) / n``; no continuity correction.

    References
    ----------
    Wilson EB (1927). J Am Stat Assoc 22:209-212.
    """
    return _known(events, n, level, _wilson)


def _wilson(x: FloatArray, n: FloatArray, alpha: float) -> Limits:
    from statistics import NormalDist  # asked for by few, and slow to import

    z = NormalDist().inv_cdf(1.0 - alpha / 2.0)
    share = x / n
    wide = 1.0 + z**2 / n
    centre = (share + z**2 / (2.0 * n)) / wide
    half = z * np.sqrt(share * (1.0 - share) / n + z**2 / (4.0 * n**2)) / wide
    return centre - half, centre + half


def jeffreys(events: ArrayLike, n: ArrayLike, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Return the equal-tailed Jeffreys limits of a binomial proportion.

    Parameters
    ----------
    events, n : array_like, shape S
        Responders and patients.
    level : float
        Credible level.

    Returns
    -------
    lower, upper : ndarray, shape S
        Quantiles of Beta(x + 1/2, n - x + 1/2), with the usual edge rule: the lower
        limit is 0 at 0/n and the upper limit is 1 at n/n.

    References
    ----------
    Brown LD, Cai TT, DasGupta A (2001). Statistical Science 16:101-133, section 3.1.
    """
    return _known(events, n, level, _jeffreys)


def _jeffreys(x: FloatArray, n: FloatArray, alpha: float) -> Limits:
    lower, upper = _lower(x + 0.5, n - x + 0.5, alpha / 2.0), _upper(x + 0.5, n - x + 0.5, alpha / 2.0)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)
