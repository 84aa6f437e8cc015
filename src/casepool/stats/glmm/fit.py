"""One-level binomial-normal model of study proportions.

``x_i ~ Bin(n_i, expit(mu + u_i))``, ``u_i ~ N(0, tau2)``, maximum likelihood (not REML).
Estimates and intervals are on the logit scale unless their name says ``proportion``.

References: Hamza 2008, J Clin Epidemiol 61:41; Stijnen 2010, Stat Med 29:3046, section 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from casepool.defaults import LEVEL
from casepool.stats.binomial import check_level, checked_counts
from casepool.stats.glmm.likelihood import (
    DEFAULT_NODES,
    MAX_SIGMA,
    MixedLogitData,
    Optimum,
    find_modes,
    maximise,
    maximise_multistart,
    prepare_data,
)
from casepool.stats.glmm.profile import profile_limits
from casepool.stats.quadrature import logistic_normal_mean
from casepool.typing import FloatArray

Interval = tuple[float, float]
OpenInterval = tuple[float | None, float | None]

BOUNDARY_SIGMA = 1e-4


@dataclass(frozen=True)
class GlmmFit:
    """Result of ``fit_glmm``; a quantity that cannot be estimated is None.

    Attributes
    ----------
    k : int
        Studies with at least one patient.
    status, reason : str
        ok, boundary_tau2, single_study, all_events, no_events, no_data or not_converged,
        and a sentence when not ok.
    estimate, se : float or None
        mu and its standard error from the joint observed information of (mu, log tau); at
        tau2 = 0 from the pooled logistic regression.
    tau2, tau2_se : float or None
        Between-study variance of the logit and its standard error (None at zero).
    ci, pi : (float, float) or None
        ``mu +- z se`` and ``mu +- z sqrt(tau2 + se^2)``.
    ci_t : (float, float) or None
        ``mu +- t(k-1) se``.
    ci_profile, ci_profile_t : (float or None, float or None) or None
        Profile likelihood with cut z^2 and t(k-1)^2; None marks an open end.
    tau2_ci_profile : (float or None, float or None) or None
        Profile-likelihood limits of tau2, cut z^2.
    proportion, proportion_ci, proportion_pi
        The same back-transformed: the proportion in the *median* study.
    proportion_marginal : float or None
        ``E expit(mu + tau Z)``, the mean over studies.
    lrt_statistic, lrt_p : float or None
        Likelihood-ratio test of tau2 = 0; p from the half-half mixture of 0 and
        chi-square(1) (Self and Liang 1987), 1 when the statistic is 0.
    blups : tuple of float
        Conditional modes of u_i in the order of the input, 0 for empty studies.
    loglik, loglik_pooled : float or None
        Maximised log-likelihood with binomial coefficients, and the same at tau2 = 0.
    gradient_norm, iterations, n_nodes
        Account of the optimiser.
    """

    k: int
    status: str
    reason: str = ""
    level: float = LEVEL
    estimate: float | None = None
    se: float | None = None
    tau2: float | None = None
    tau2_se: float | None = None
    ci: Interval | None = None
    pi: Interval | None = None
    ci_t: Interval | None = None
    ci_profile: OpenInterval | None = None
    ci_profile_t: OpenInterval | None = None
    tau2_ci_profile: OpenInterval | None = None
    proportion: float | None = None
    proportion_ci: Interval | None = None
    proportion_pi: Interval | None = None
    proportion_marginal: float | None = None
    lrt_statistic: float | None = None
    lrt_p: float | None = None
    blups: tuple[float, ...] = ()
    loglik: float | None = None
    loglik_pooled: float | None = None
    gradient_norm: float | None = None
    iterations: int = 0
    n_nodes: int = DEFAULT_NODES


def fit_glmm(
    events: ArrayLike,
    n: ArrayLike,
    *,
    level: float = LEVEL,
    n_nodes: int = DEFAULT_NODES,
    profile: bool = True,
) -> GlmmFit:
    """Return the maximum-likelihood fit of the one-level binomial-normal model.

    Parameters
    ----------
    events, n : array_like, shape (K,)
        Responders and patients of each study.
    level : float
        Confidence level of every interval.
    n_nodes : int
        Nodes of the adaptive Gauss-Hermite rule.
    profile : bool
        Whether to compute the profile-likelihood intervals.

    Returns
    -------
    GlmmFit
        Never NaN: what cannot be estimated is None, and ``status`` says why.
    """
    x, size = checked_counts(events, n)
    x, size = np.atleast_1d(x).ravel(), np.atleast_1d(size).ravel()
    check_level(level)
    k = int(np.count_nonzero(size))
    empty = _not_estimable(x, size, k)
    if empty is not None:
        return replace(empty, level=level, n_nodes=n_nodes)
    data = prepare_data(x, size, np.ones((len(x), 1)), np.arange(len(x)))
    pooled = maximise(data, np.array([special.logit(x.sum() / size.sum()), 0.0]), [0], n_nodes)
    if k == 1:
        return _pooled_fit(data, pooled, k, level, n_nodes, "single_study", len(x))
    if np.max(size) == 1:
        return _pooled_fit(data, pooled, k, level, n_nodes, "boundary_tau2", len(x))
    best = maximise_multistart(data, np.array([pooled.theta[0], 0.5]), (), n_nodes)
    diverged = _all_or_none(x, size) or best.theta[-1] >= MAX_SIGMA
    if diverged or not best.converged:
        return _failed_fit(best, k, level, n_nodes, diverged)
    fit = _full_fit(data, best, pooled, k, level, n_nodes)
    fit = replace(fit, blups=_modes(x, size, best.theta))
    return _with_profiles(fit, data, best) if profile else fit


def _not_estimable(x: FloatArray, size: FloatArray, k: int) -> GlmmFit | None:
    if k == 0:
        return GlmmFit(0, "no_data", "no study has a patient")
    if x.sum() == size.sum():
        return GlmmFit(k, "all_events", "every patient responded: the logit has no upper limit")
    if x.sum() == 0:
        return GlmmFit(k, "no_events", "no patient responded: the logit has no lower limit")
    return None


def _all_or_none(x: FloatArray, size: FloatArray) -> bool:
    return bool(np.all((x == 0) | (x == size)))


def _failed_fit(best: Optimum, k: int, level: float, n_nodes: int, diverged: bool) -> GlmmFit:
    reason = "the optimiser did not reach its tolerance"
    if diverged:
        reason = "every study has all or no responders: tau2 grows without bound"
    return GlmmFit(
        k,
        "not_converged",
        reason,
        level=level,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
        n_nodes=n_nodes,
    )


def _quantile(level: float) -> float:
    return float(stats.norm.ppf(0.5 + 0.5 * level))


def _around(centre: float, half: float) -> Interval:
    return centre - half, centre + half


def _expit(interval: Interval) -> Interval:
    return float(special.expit(interval[0])), float(special.expit(interval[1]))


def _pooled_fit(
    data: MixedLogitData,
    pooled: Optimum,
    k: int,
    level: float,
    n_nodes: int,
    status: str,
    n_rows: int,
) -> GlmmFit:
    # One study, or n = 1 throughout: the data say nothing about tau2.
    reason = "one study: tau2 is not estimable"
    if status == "boundary_tau2":
        reason = "every study has one patient: tau2 is not identifiable and is taken as 0"
    fit = _full_fit(data, pooled, pooled, k, level, n_nodes)
    fit = replace(fit, status=status, reason=reason, lrt_statistic=None, lrt_p=None)
    fit = replace(fit, blups=(0.0,) * n_rows)
    if status == "single_study":
        return replace(fit, tau2=None, pi=None, proportion_pi=None, proportion_marginal=None)
    return fit


def _full_fit(data: MixedLogitData, best: Optimum, pooled: Optimum, k: int, level: float, n_nodes: int) -> GlmmFit:
    mu, sigma = float(best.theta[0]), float(best.theta[1])
    boundary = sigma < BOUNDARY_SIGMA
    if boundary:
        best, mu, sigma = pooled, float(pooled.theta[0]), 0.0
    se, tau2_se = _standard_errors(best, boundary)
    z = _quantile(level)
    ci, pi = _around(mu, z * se), _around(mu, z * math.hypot(sigma, se))
    statistic = max(2.0 * (best.at.loglik - pooled.at.loglik), 0.0)
    return GlmmFit(
        k,
        "boundary_tau2" if boundary else "ok",
        "the likelihood is highest at tau2 = 0" if boundary else "",
        level=level,
        estimate=mu,
        se=se,
        tau2=sigma * sigma,
        tau2_se=tau2_se,
        ci=ci,
        pi=pi,
        ci_t=_around(mu, float(stats.t.ppf(0.5 + 0.5 * level, k - 1)) * se) if k > 1 else None,
        proportion=float(special.expit(mu)),
        proportion_ci=_expit(ci),
        proportion_pi=_expit(pi),
        proportion_marginal=logistic_normal_mean(mu, sigma),
        lrt_statistic=statistic,
        lrt_p=0.5 * float(stats.chi2.sf(statistic, 1)) if statistic > 0 else 1.0,
        loglik=best.at.loglik + data.log_coefficients,
        loglik_pooled=pooled.at.loglik + data.log_coefficients,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
        n_nodes=n_nodes,
    )


def _standard_errors(best: Optimum, boundary: bool) -> tuple[float, float | None]:
    information = -best.at.hessian
    if boundary:
        return float(1.0 / math.sqrt(information[0, 0])), None
    # At the optimum the gradient is zero, so the inverse information transforms as a
    # covariance: se(mu) is the same for (mu, sigma) and (mu, log tau).
    covariance = np.linalg.inv(information)
    return math.sqrt(covariance[0, 0]), 2.0 * float(best.theta[1]) * math.sqrt(covariance[1, 1])


def _modes(x: FloatArray, size: FloatArray, theta: FloatArray) -> tuple[float, ...]:
    # Unmerged rows: one cluster a row, so that the modes come in the order of the input.
    used = np.flatnonzero(size)
    rows = np.arange(len(used), dtype=np.intp)
    data = MixedLogitData(x[used], size[used], np.ones((len(used), 1)), rows, rows, np.ones(len(used)), 0.0)
    blups = np.zeros(len(x))
    modes, _ = find_modes(data, data.design @ theta[:-1], float(theta[-1]), None)
    blups[used] = theta[-1] * modes
    return tuple(float(u) for u in blups)


def _with_profiles(fit: GlmmFit, data: MixedLogitData, best: Optimum) -> GlmmFit:
    z, t = _quantile(fit.level), float(stats.t.ppf(0.5 + 0.5 * fit.level, fit.k - 1))
    se = fit.se or 1.0
    step = 2.0 * fit.tau2_se / (2.0 * best.theta[1]) if fit.tau2_se else 0.5
    sigma_limits = profile_limits(data, best, 1, max(float(step), 0.1), z * z, fit.n_nodes)
    lower, upper = sigma_limits
    return replace(
        fit,
        ci_profile=profile_limits(data, best, 0, z * se, z * z, fit.n_nodes),
        ci_profile_t=profile_limits(data, best, 0, t * se, t * t, fit.n_nodes),
        tau2_ci_profile=(
            None if lower is None else lower**2,
            None if upper is None else upper**2,
        ),
    )
