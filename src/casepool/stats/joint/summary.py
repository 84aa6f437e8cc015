"""From the posterior on the grid to rates, ratio and overall mean, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from casepool.stats.joint.grid import HyperPosterior
from casepool.stats.mixture import Distribution
from casepool.stats.quadrature import GridDistribution
from casepool.typing import FloatArray

Interval = tuple[float, float]

# Hyperparameter nodes with less mass than this are left out of the second pass.
NEGLIGIBLE = 1e-13


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


def disease_distribution(posterior: HyperPosterior, position: int) -> GridDistribution:
    """Return the posterior of theta of a disease with data.

    ``P_d(theta) = sum over beta of [W^T (post / L_d)] E_d``; ``position`` counts the
    diseases with data.
    """
    rows = _rows_with_mass(posterior)
    ratio = posterior.weights[rows] / posterior.given_hyper[position][rows]
    back = posterior.grid.kernel[rows].T @ ratio
    return _on_theta(posterior, np.sum(back * posterior.evidence[position], axis=1))


def new_disease_distribution(posterior: HyperPosterior) -> GridDistribution:
    """Return the posterior predictive distribution of theta of a disease without data."""
    return _on_theta(posterior, posterior.weights.sum(axis=1) @ posterior.grid.kernel)


def _rows_with_mass(posterior: HyperPosterior) -> NDArray[np.bool_]:
    return np.asarray(posterior.weights.sum(axis=1) > NEGLIGIBLE)


def _on_theta(posterior: HyperPosterior, weights: FloatArray) -> GridDistribution:
    theta = posterior.grid.theta
    step = posterior.grid.spec.theta_step
    return GridDistribution(float(theta[0]), step, weights / weights.sum())


def summarise_rate(
    theta: Distribution, level: float, thresholds: Sequence[float] = (), *, n_complete: int = 0, n_selective: int = 0
) -> DiseaseRate:
    """Return the rate of a disease from the distribution of its logit."""
    mean, variance = theta.mean(special.expit), theta.variance(special.expit)
    lower, median, upper = (float(special.expit(theta.quantile(q))) for q in (0.5 - level / 2, 0.5, 0.5 + level / 2))
    above = {float(c): 1.0 - theta.cdf(float(special.logit(c))) for c in thresholds}
    return DiseaseRate(
        mean,
        math.sqrt(variance),
        median,
        (lower, upper),
        mean * (1.0 - mean) / variance - 1.0,
        above,
        n_complete,
        n_selective,
    )


def summarise_new_disease(theta: Distribution, level: float) -> Summary:
    """Return mean, median and prediction interval of the rate in a further disease."""
    rate = summarise_rate(theta, level)
    return Summary(rate.mean, rate.sd, rate.ci, rate.median)


def summarise_overall(
    posterior: HyperPosterior, n_diseases: int, level: float, negligible: float = NEGLIGIBLE
) -> Summary:
    """Return the equal-weight mean of the rates of the first ``n_diseases`` of the evidence.

    Given the hyperparameters the rates are independent, so mean m and variance s^2 of
    their average are exact; its distribution is taken as the mixture of normal
    distributions ``sum post Phi((x - m) / s)``. The error against simulation is at most
    0.002 for five diseases or more. Nodes with less than the share ``negligible`` of the
    mass of the heaviest are left out.
    """
    return summarise_mean_rate(*overall_moments(posterior, n_diseases, negligible), level)


def summarise_mean_rate(mean: FloatArray, variance: FloatArray, weight: FloatArray, level: float) -> Summary:
    """Return the mixture of normal distributions with these means, variances and weights."""
    centre = float(np.sum(weight * mean))
    total = float(np.sum(weight * (variance + (mean - centre) ** 2)))
    scale = np.sqrt(np.maximum(variance, 1e-300))

    def cdf(x: float) -> float:
        return float(np.sum(weight * special.ndtr((x - mean) / scale)))

    def quantile(q: float) -> float:
        # The normal mixture may leak a little beyond the probability scale.
        if cdf(0.0) >= q:
            return 0.0
        if cdf(1.0) <= q:
            return 1.0
        return float(optimize.brentq(lambda x: cdf(x) - q, 0.0, 1.0, xtol=1e-12))

    lower, median, upper = (quantile(q) for q in (0.5 - level / 2, 0.5, 0.5 + level / 2))
    return Summary(centre, math.sqrt(total), (lower, upper), median)


def overall_moments(
    posterior: HyperPosterior, n_diseases: int, negligible: float = NEGLIGIBLE
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean and variance of the average rate at each node with mass, and the masses.

    Groups of several diseases stand behind the first ``n_diseases`` and are left out.
    """
    least = negligible * posterior.weights.max()
    rows = np.asarray((posterior.weights > least).any(axis=1))
    columns = np.asarray((posterior.weights > least).any(axis=0))
    kernel, weights = posterior.grid.kernel[rows], posterior.weights[np.ix_(rows, columns)]
    p = special.expit(posterior.grid.theta)[:, None]
    n_beta, count = weights.shape[1], n_diseases
    mean, variance = np.zeros_like(weights), np.zeros_like(weights)
    told = zip(posterior.evidence[:count], posterior.given_hyper[:count], strict=True)
    for table, given in told:
        E, L = table[:, columns], given[np.ix_(rows, columns)]
        both = kernel @ np.hstack([E * p, E * p * p])
        first, second = both[:, :n_beta] / L, both[:, n_beta:] / L
        mean += first / count
        variance += np.maximum(second - first * first, 0.0) / count**2
    kept = weights > least
    return mean[kept], variance[kept], weights[kept] / weights[kept].sum()


def summarise_ratio(posterior: HyperPosterior, level: float) -> RatioSummary:
    """Return the posterior of the reporting ratio."""
    if len(posterior.grid.beta) == 1:
        value = float(posterior.grid.beta[0])
        ratio = math.exp(value)
        return RatioSummary(ratio, (ratio, ratio), value, 0.0, (value, value), float(value > 0))
    return summarise_beta(beta_distribution(posterior), level)


def beta_distribution(posterior: HyperPosterior) -> GridDistribution:
    """Return the posterior of the log reporting ratio, where it is not fixed."""
    grid = posterior.grid
    return GridDistribution(float(grid.beta[0]), grid.spec.beta_step, posterior.weights.sum(axis=0))


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


def beta_variance(posterior: HyperPosterior) -> float:
    """Return the posterior variance of the log reporting ratio."""
    beta, weights = posterior.grid.beta, posterior.weights.sum(axis=0)
    return float(np.sum(weights * (beta - np.sum(weights * beta)) ** 2))


def tau_moments(posterior: HyperPosterior) -> Moments:
    """Return posterior mean and standard deviation of tau."""
    tau, weights = posterior.grid.tau, posterior.weights.sum(axis=1)
    mean = float(np.sum(weights * tau))
    return Moments(mean, math.sqrt(float(np.sum(weights * (tau - mean) ** 2))))


def mu_mean(posterior: HyperPosterior) -> float:
    """Return the posterior mean of mu, the logit of the median disease."""
    return float(np.sum(posterior.weights.sum(axis=1) * posterior.grid.mu))


def mu_moments(posterior: HyperPosterior) -> tuple[float, float]:
    """Return posterior mean and variance of mu."""
    mu, weights, mean = posterior.grid.mu, posterior.weights.sum(axis=1), mu_mean(posterior)
    return mean, float(np.sum(weights * (mu - mean) ** 2))
