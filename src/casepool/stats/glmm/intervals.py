"""Intervals of the one-level mixed model that a reader is shown, on the logit scale.

They replace ``mu +- z se`` and ``mu +- z sqrt(tau2 + se^2)``, which take tau2 as known: with
three to eight studies these cover 86 to 93 and 70 to 80 % instead of 95.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from casepool.stats.quadrature import logistic_normal_mean
from casepool.typing import FloatArray

Interval = tuple[float, float]
OpenInterval = tuple[float | None, float | None]

FEWEST_FOR_PREDICTION = 3


def normal_quantile(level: float) -> float:
    """Return z with probability ``level`` between -z and z."""
    return float(special.ndtri(0.5 + 0.5 * level))


def student_quantile(level: float, degrees: int) -> float:
    """Return the same of Student's t with so many degrees of freedom."""
    return float(special.stdtrit(degrees, 0.5 + 0.5 * level))


def around(centre: float, half: float) -> Interval:
    """Return the interval of a half-width."""
    return centre - half, centre + half


def expit_of(interval: Interval) -> Interval:
    """Return an interval of logits as proportions."""
    return float(special.expit(interval[0])), float(special.expit(interval[1]))


def headline(profile: OpenInterval | None, student: Interval) -> tuple[Interval, str]:
    """Return the interval to show, and which it is: profile-t, or t where a profile is open.

    An open end says that the data do not exclude a tau2 so large that the mean is anything; with three or
    four studies of middling size that is the rule, and "0 to 100 %" would be of no use where ``mu +- t(k-1) se``
    already covers more than it promises.
    """
    if profile is None or profile[0] is None or profile[1] is None:
        return student, "t"
    return (profile[0], profile[1]), "profile_t"


def prediction(mu: float, se: float, tau2: float, k: int, level: float) -> Interval | None:
    """Return the prediction interval for the logit of a new study; None below three studies or at tau2 = 0.

    ``mu +- t(k-2) sqrt(tau2 k / (k - 1) + se^2)``. Student's quantile allows for the uncertainty of tau2; the
    factor undoes the degree of freedom that maximum likelihood takes for the mean.

    References
    ----------
    Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). JRSS-A 172:137, section 4.
    """
    if k < FEWEST_FOR_PREDICTION or tau2 == 0.0:
        return None
    return around(mu, student_quantile(level, k - 2) * math.sqrt(tau2 * k / (k - 1) + se * se))


def marginal_error(mu: float, sigma: float, covariance: FloatArray) -> float:
    """Return the standard error of ``logit E expit(mu + sigma Z)``, by the delta method.

    Parameters
    ----------
    covariance : ndarray, shape (2, 2) or (1, 1)
        Of (mu, sigma); of mu alone where sigma is zero.
    """
    if len(covariance) == 1:
        return math.sqrt(covariance[0, 0])
    step, ends = 1e-4, (-1.0, 1.0)
    in_mu, in_sigma = (
        [float(special.logit(logistic_normal_mean(mu + end * a, sigma + end * b))) for end in ends]
        for a, b in ((step, 0.0), (0.0, step))
    )
    slopes = np.array([in_mu[1] - in_mu[0], in_sigma[1] - in_sigma[0]]) / (2.0 * step)
    return math.sqrt(float(slopes @ covariance @ slopes))
