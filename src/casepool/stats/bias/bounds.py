"""What-if calculations for one stratum: reporting ratio, tipping point, worst case.

If responders are ``ratio`` times as likely to be reported as non-responders, the odds of
response among reported patients are exactly ``ratio`` times the odds among all treated
patients. Everything here follows from that identity or from counting the unseen patients
at their extremes. Arrays have any common shape ``S``; results are on the probability
scale unless stated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from casepool.defaults import LEVEL
from casepool.stats.binomial import checked_counts, clopper_pearson
from casepool.typing import FloatArray


def _checked_proportion(proportion: ArrayLike) -> FloatArray:
    p = np.asarray(proportion, float)
    if not ((p >= 0) & (p <= 1)).all():
        message = "proportion: expected numbers between 0 and 1"
        raise ValueError(message)
    return p


def _checked_ratio(ratio: ArrayLike) -> FloatArray:
    rho = np.asarray(ratio, float)
    if not ((rho > 0) & np.isfinite(rho)).all():
        message = "ratio: expected finite numbers above 0"
        raise ValueError(message)
    return rho


def _checked_threshold(threshold: ArrayLike) -> FloatArray:
    c = np.asarray(threshold, float)
    if not ((c > 0) & (c < 1)).all():
        message = "threshold: expected numbers between 0 and 1, both excluded"
        raise ValueError(message)
    return c


def deflate(proportion: ArrayLike, ratio: ArrayLike) -> FloatArray:
    """Return the true proportion behind a reported one, for a known reporting ratio.

    Parameters
    ----------
    proportion : array_like, shape S
        Proportion of responders among reported patients, or a confidence limit of it.
    ratio : array_like, shape S
        P(reported | responder) / P(reported | non-responder).

    Returns
    -------
    ndarray, shape S
        ``p / (p + ratio (1 - p))``. The map is increasing in p, so limits of an interval
        may be mapped one by one; ``deflate(deflate(p, a), b) == deflate(p, a b)``.
    """
    p, rho = _checked_proportion(proportion), _checked_ratio(ratio)
    return np.asarray(p / (p + rho * (1.0 - p)), float)


def tipping_ratio(proportion: ArrayLike, threshold: ArrayLike) -> FloatArray:
    """Return the reporting ratio at which the true proportion falls to a threshold.

    Parameters
    ----------
    proportion : array_like, shape S
        Reported proportion or its lower confidence limit.
    threshold : array_like, shape S
        Response rate of interest, inside (0, 1).

    Returns
    -------
    ndarray, shape S
        ``odds(p) / odds(c)``; ``inf`` at p = 1, where no finite ratio brings the point
        estimate down (quote the lower limit then). Values below 1 mean that the
        proportion is already below the threshold.
    """
    p, c = _checked_proportion(proportion), _checked_threshold(threshold)
    odds = np.full(p.shape, np.inf)
    np.divide(p, 1.0 - p, out=odds, where=p < 1)
    return np.asarray(odds * (1.0 - c) / c, float)


def failures_needed(events: ArrayLike, n: ArrayLike, threshold: ArrayLike) -> FloatArray:
    """Return how many unreported non-responders would lower x/n to a threshold.

    Parameters
    ----------
    events, n : array_like, shape S
        Reported responders and patients.
    threshold : array_like, shape S
        Response rate of interest, inside (0, 1).

    Returns
    -------
    ndarray, shape S
        ``x / c - n``; negative when x/n is already below c.
    """
    x, size = checked_counts(events, n)
    return np.asarray(x / _checked_threshold(threshold) - size, float)


def bounded_selection_interval(
    events: ArrayLike, n: ArrayLike, max_ratio: float = 8.0, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Return an interval valid for every reporting ratio between 1 and ``max_ratio``.

    Parameters
    ----------
    events, n : array_like, shape S
        Reported responders and patients.
    max_ratio : float
        Largest reporting ratio considered, at least 1.
    level : float
        Confidence level of the Clopper-Pearson limits.

    Returns
    -------
    lower, upper : ndarray, shape S
        ``deflate(CP_lower, max_ratio)`` and ``CP_upper``.
    """
    if not max_ratio >= 1:
        message = f"max_ratio = {max_ratio}; expected at least 1"
        raise ValueError(message)
    lower, upper = clopper_pearson(events, n, level)
    return deflate(lower, max_ratio), upper


def worst_case_known_treated(events: ArrayLike, n: ArrayLike, treated: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the range of x/N when the number of treated patients is known.

    Parameters
    ----------
    events, n : array_like, shape S
        Reported responders and patients.
    treated : array_like, shape S
        All treated patients N, at least n.

    Returns
    -------
    lower, upper : ndarray, shape S
        ``x / N`` and ``(x + N - n) / N``; (0, 1) at N = 0.

    References
    ----------
    Manski CF (2003). Partial identification of probability distributions, chapter 1.
    """
    x, size = checked_counts(events, n)
    size, total = checked_counts(size, treated)
    x = np.broadcast_to(x, total.shape)
    lower, upper = np.zeros(total.shape), np.ones(total.shape)
    np.divide(x, total, out=lower, where=total > 0)
    np.divide(x + total - size, total, out=upper, where=total > 0)
    return lower, upper


def worst_case_published_fraction(
    events: ArrayLike, n: ArrayLike, fraction: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the range of the true proportion when a known fraction was published.

    Parameters
    ----------
    events, n : array_like, shape S
        Reported responders and patients.
    fraction : array_like, shape S
        Published share f of all treated patients, in [0, 1].

    Returns
    -------
    lower, upper : ndarray, shape S
        ``f x/n`` and ``f x/n + 1 - f``; (0, 1) at n = 0.
    """
    x, size = checked_counts(events, n)
    f = _checked_proportion(fraction)
    seen = np.zeros(x.shape)
    np.divide(x, size, out=seen, where=size > 0)
    f = np.where(size > 0, f, 0.0)
    return f * seen, f * seen + 1.0 - f
