"""From the posterior on the grid to rates, ratio and overall mean, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casepool.stats import special
from casepool.stats.joint.posterior import SMALLEST, HyperPosterior
from casepool.stats.mixture import Distribution
from casepool.stats.quadrature import GridDistribution, interpolation
from casepool.typing import FloatArray

Interval = tuple[float, float]

# Nodes of the distribution of beta for one of the lattice.
BETA_FINER = 8


@dataclass(frozen=True)
class DiseaseRate:
    """Response probability of one disease among all treated patients.

    Attributes
    ----------
    mean, sd, median : float
        Posterior moments on the probability scale.
    ci : (float, float)
        Equal-tailed credible interval.
    worth_n : float
        ``mean (1 - mean) / sd^2 - 1``: as informative as this many unselected patients.
    probability_above : dict of float to float
        Posterior probability that the rate exceeds each threshold.
    n_complete, n_selective : int
        Patients of the disease itself, by ascertainment: what the rate rests on.
    """

    mean: float
    sd: float
    median: float
    ci: Interval
    worth_n: float
    probability_above: dict[float, float]
    n_complete: int
    n_selective: int


@dataclass(frozen=True)
class Summary:
    """Mean, standard deviation, median (where computed) and interval of a probability."""

    mean: float
    sd: float
    ci: Interval
    median: float | None = None


@dataclass(frozen=True)
class RatioSummary:
    """Reporting ratio and its logarithm beta; a fixed ratio has no spread."""

    median: float
    ci: Interval
    log_mean: float
    log_sd: float
    log_ci: Interval
    probability_above_1: float


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation."""

    mean: float
    sd: float


def distributions(posterior: HyperPosterior) -> tuple[GridDistribution, ...]:
    """Return the posterior of theta of every kind of disease, and last that of a disease without data."""
    lattice = posterior.lattice
    start, step = float(lattice.theta[0]), lattice.box.theta_step
    return tuple(GridDistribution(start, step, weights) for weights in posterior.theta_weights())


def summarise_rate(theta: Distribution, level: float, thresholds: Sequence[float] = ()) -> DiseaseRate:
    """Return the rate of a disease from the distribution of its logit, before its patients are counted."""
    mean, variance = theta.mean(special.expit), theta.variance(special.expit)
    limits = special.expit([theta.quantile(q) for q in (0.5 - level / 2, 0.5, 0.5 + level / 2)])
    lower, median, upper = limits.tolist()
    above = {float(c): 1.0 - theta.cdf(math.log(c / (1.0 - c))) for c in thresholds}
    return DiseaseRate(
        mean,
        math.sqrt(variance),
        median,
        (lower, upper),
        mean * (1.0 - mean) / variance - 1.0,
        above,
        0,
        0,
    )


def summarise_new_disease(theta: Distribution, level: float) -> Summary:
    """Return mean, median and prediction interval of the rate in a further disease."""
    rate = summarise_rate(theta, level)
    return Summary(rate.mean, rate.sd, rate.ci, rate.median)


def summarise_overall(mean: float, distribution: Distribution, level: float) -> Summary:
    """Return the equal-weight mean of the rates of the diseases, from its mean and distribution."""
    lower, median, upper = (
        min(max(distribution.quantile(q), 0.0), 1.0) for q in (0.5 - level / 2, 0.5, 0.5 + level / 2)
    )
    return Summary(mean, math.sqrt(distribution.variance()), (lower, upper), median)


def summarise_ratio(posterior: HyperPosterior, level: float) -> RatioSummary:
    """Return the posterior of the reporting ratio."""
    if len(posterior.lattice.beta) == 1:
        value = float(posterior.lattice.beta[0])
        ratio = math.exp(value)
        return RatioSummary(ratio, (ratio, ratio), value, 0.0, (value, value), float(value > 0))
    return summarise_beta(beta_distribution(posterior), level)


def beta_distribution(posterior: HyperPosterior) -> GridDistribution:
    """Return the posterior of the log reporting ratio, where it is not fixed.

    Its nodes are few; the log of the density is interpolated by polynomials through six of them.
    """
    beta = posterior.lattice.beta
    log_weights = np.log(np.maximum(posterior.weights.sum(axis=0), SMALLEST))
    weights = np.exp(interpolation(len(beta), BETA_FINER, 6) @ log_weights)
    return GridDistribution(float(beta[0]), float(beta[1] - beta[0]) / BETA_FINER, weights / weights.sum())


def summarise_beta(beta: Distribution, level: float) -> RatioSummary:
    """Return the reporting ratio from the distribution of its logarithm."""
    lower, median, upper = (beta.quantile(q) for q in (0.5 - level / 2, 0.5, 0.5 + level / 2))
    return RatioSummary(
        math.exp(median),
        (math.exp(lower), math.exp(upper)),
        beta.mean(),
        math.sqrt(beta.variance()),
        (lower, upper),
        1.0 - beta.cdf(0.0),
    )


def tau_moments(posterior: HyperPosterior) -> Moments:
    """Return posterior mean and standard deviation of tau."""
    mean, variance = _moments(posterior, posterior.lattice.tau)
    return Moments(mean, math.sqrt(variance))


def mu_mean(posterior: HyperPosterior) -> float:
    """Return the posterior mean of mu, the logit of the median disease."""
    return mu_moments(posterior)[0]


def mu_moments(posterior: HyperPosterior) -> tuple[float, float]:
    """Return posterior mean and variance of mu."""
    return _moments(posterior, posterior.lattice.mu)


def _moments(posterior: HyperPosterior, nodes: FloatArray) -> tuple[float, float]:
    weights = posterior.weights.sum(axis=1)
    mean = float(weights @ nodes)
    return mean, float(weights @ (nodes - mean) ** 2)
