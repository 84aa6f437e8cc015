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
from scipy import special

from casepool.defaults import LEVEL
from casepool.stats.binomial import check_level, checked_counts, clopper_pearson
from casepool.stats.glmm.intervals import (
    Interval,
    OpenInterval,
    around,
    expit_of,
    headline,
    marginal_error,
    normal_quantile,
    prediction,
    student_quantile,
)
from casepool.stats.glmm.likelihood import (
    BOUNDARY_SIGMA,
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


@dataclass(frozen=True)
class GlmmFit:
    """Result of ``fit_glmm``; a quantity that cannot be estimated is None.

    Attributes
    ----------
    k : int
        Studies with at least one patient.
    status, reason : str
        ok, boundary_tau2, single_study, unbounded_tau2, all_events, no_events, no_data or
        not_converged, and a sentence when not ok.
    estimate, se : float or None
        mu and its standard error from the joint observed information of (mu, log tau); at
        tau2 = 0 from the pooled logistic regression.
    tau2, tau2_se : float or None
        Between-study variance of the logit and its standard error (None at zero).
    ci, pi : (float, float) or None
        ``mu +- z se`` and ``mu +- z sqrt(tau2 + se^2)``, as other programs print them; too narrow
        for few studies. No pi at tau2 = 0 or below three studies.
    ci_t : (float, float) or None
        ``mu +- t(k-1) se``.
    ci_profile, ci_profile_t : (float or None, float or None) or None
        Profile likelihood with cut z^2 and t(k-1)^2; None marks an open end.
    tau2_ci_profile : (float or None, float or None) or None
        Profile-likelihood limits of tau2, cut z^2.
    interval : str or None
        Which interval ``proportion_ci`` is: profile_t, t (where a profile-t limit is open, or
        profiles were not asked for), or exact (one study, one patient in each study, no finite fit).
    proportion, proportion_ci, proportion_pi
        The proportion in the *median* study, its interval, and the prediction interval of a
        new study (see ``intervals.prediction``). Without a finite fit, x/n of all patients with
        its Clopper-Pearson interval.
    proportion_marginal, proportion_marginal_ci
        ``E expit(mu + tau Z)``, the mean over studies, and its interval by the delta method with t(k-1).
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
    interval: str | None = None
    proportion: float | None = None
    proportion_ci: Interval | None = None
    proportion_pi: Interval | None = None
    proportion_marginal: float | None = None
    proportion_marginal_ci: Interval | None = None
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
    only_shown: bool = False,
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
        Whether to compute the profile-likelihood intervals; without them the interval is t(k-1).
    only_shown : bool
        Whether to compute, of these, only what ``proportion_ci`` is made of: a third of the work.

    Returns
    -------
    GlmmFit
        Never NaN: what cannot be estimated is None, and ``status`` says why.
    """
    x, size = checked_counts(events, n)
    x, size = np.atleast_1d(x).ravel(), np.atleast_1d(size).ravel()
    check_level(level)
    k = int(np.count_nonzero(size))
    blank = GlmmFit(k, "", level=level, n_nodes=n_nodes)
    status, reason = _not_estimable(x, size, k)
    if status:
        return _exact(replace(blank, status=status, reason=reason), x, size)
    data = prepare_data(x, size, np.ones((len(x), 1)), np.arange(len(x)))
    pooled = maximise(data, np.array([special.logit(x.sum() / size.sum()), 0.0]), [0], n_nodes)
    if k == 1 or np.max(size) == 1:
        return _exact(_pooled_fit(blank, data, pooled, len(x)), x, size)
    best = maximise_multistart(data, np.array([pooled.theta[0], 0.5]), (), n_nodes)
    if best.theta[-1] >= MAX_SIGMA or not best.converged:
        return _exact(_failed_fit(blank, best), x, size)
    fit = _full_fit(blank, data, best, pooled)
    fit = replace(fit, blups=_modes(x, size, best.theta))
    if profile:
        fit = replace(fit, ci_profile_t=_mean_limits(fit, data, best, student_quantile(level, k - 1)))
    return _shown(_with_other_profiles(fit, data, best) if profile and not only_shown else fit)


def _not_estimable(x: FloatArray, size: FloatArray, k: int) -> tuple[str, str]:
    if k == 0:
        return "no_data", "no study has a patient"
    if x.sum() == size.sum():
        return "all_events", "every patient responded: the logit has no upper limit"
    if x.sum() == 0:
        return "no_events", "no patient responded: the logit has no lower limit"
    if k > 1 and np.max(size) > 1 and np.all((x == 0) | (x == size)):
        return "unbounded_tau2", "every study has all or no responders: tau2 grows without bound"
    return "", ""


def _exact(fit: GlmmFit, x: FloatArray, size: FloatArray) -> GlmmFit:
    """Return the fit with what all patients together say; with one in each study they are one sample."""
    events, n = int(x.sum()), int(size.sum())
    if n == 0:
        return fit
    lower, upper = clopper_pearson(events, n, fit.level)
    ci = float(lower), float(upper)
    marginal = None if fit.proportion_marginal is None else ci
    return replace(fit, interval="exact", proportion=events / n, proportion_ci=ci, proportion_marginal_ci=marginal)


def _failed_fit(blank: GlmmFit, best: Optimum) -> GlmmFit:
    status, reason = "not_converged", "the optimiser did not reach its tolerance"
    if best.theta[-1] >= MAX_SIGMA:
        status, reason = "unbounded_tau2", "the likelihood grows with tau2: it has no maximum"
    return replace(blank, status=status, reason=reason, gradient_norm=best.gradient_norm, iterations=best.iterations)


def _pooled_fit(blank: GlmmFit, data: MixedLogitData, pooled: Optimum, n_rows: int) -> GlmmFit:
    # One study, or n = 1 throughout: the data say nothing about tau2.
    fit = replace(_full_fit(blank, data, pooled, pooled), lrt_statistic=None, lrt_p=None, blups=(0.0,) * n_rows)
    if fit.k > 1:
        return replace(fit, reason="every study has one patient: tau2 is not identifiable and is taken as 0")
    return replace(
        fit, status="single_study", reason="one study: tau2 is not estimable", tau2=None, proportion_marginal=None
    )


def _full_fit(blank: GlmmFit, data: MixedLogitData, best: Optimum, pooled: Optimum) -> GlmmFit:
    mu, sigma = float(best.theta[0]), float(best.theta[1])
    boundary = sigma < BOUNDARY_SIGMA
    if boundary:
        best, mu, sigma = pooled, float(pooled.theta[0]), 0.0
    # At the optimum the gradient is zero, so the inverse information transforms as a
    # covariance: se(mu) is the same for (mu, sigma) and (mu, log tau).
    free = 1 if boundary else 2
    covariance = np.asarray(np.linalg.inv(-best.at.hessian[:free, :free]), float)
    se, k, level = math.sqrt(covariance[0, 0]), blank.k, blank.level
    z = normal_quantile(level)
    marginal, marginal_ci = logistic_normal_mean(mu, sigma), None
    if k > 1:
        half = student_quantile(level, k - 1) * marginal_error(mu, sigma, covariance)
        marginal_ci = expit_of(around(float(special.logit(marginal)), half))
    predicted = prediction(mu, se, sigma * sigma, k, level)
    statistic = max(2.0 * (best.at.loglik - pooled.at.loglik), 0.0)
    return replace(
        blank,
        status="boundary_tau2" if boundary else "ok",
        reason="the likelihood is highest at tau2 = 0" if boundary else "",
        estimate=mu,
        se=se,
        tau2=sigma * sigma,
        tau2_se=None if boundary else 2.0 * sigma * math.sqrt(covariance[1, 1]),
        ci=around(mu, z * se),
        pi=None if predicted is None else around(mu, z * math.hypot(sigma, se)),
        ci_t=around(mu, student_quantile(level, k - 1) * se) if k > 1 else None,
        proportion=float(special.expit(mu)),
        proportion_pi=None if predicted is None else expit_of(predicted),
        proportion_marginal=marginal,
        proportion_marginal_ci=marginal_ci,
        lrt_statistic=statistic,
        lrt_p=0.5 * float(special.chdtrc(1, statistic)) if statistic > 0 else 1.0,
        loglik=best.at.loglik + data.log_coefficients,
        loglik_pooled=pooled.at.loglik + data.log_coefficients,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
    )


def _shown(fit: GlmmFit) -> GlmmFit:
    """Return the fit with the interval that is put first."""
    if fit.ci_t is None:
        return fit
    limits, interval = headline(fit.ci_profile_t, fit.ci_t)
    return replace(fit, interval=interval, proportion_ci=expit_of(limits))


def _modes(x: FloatArray, size: FloatArray, theta: FloatArray) -> tuple[float, ...]:
    # Unmerged rows: one cluster a row, so that the modes come in the order of the input.
    used = np.flatnonzero(size)
    rows = np.arange(len(used), dtype=np.intp)
    data = MixedLogitData(x[used], size[used], np.ones((len(used), 1)), rows, rows, np.ones(len(used)), 0.0)
    blups = np.zeros(len(x))
    modes, _ = find_modes(data, data.design @ theta[:-1], float(theta[-1]), None)
    blups[used] = theta[-1] * modes
    return tuple(float(u) for u in blups)


def _mean_limits(fit: GlmmFit, data: MixedLogitData, best: Optimum, quantile: float) -> OpenInterval:
    return profile_limits(data, best, 0, quantile * (fit.se or 1.0), quantile * quantile, fit.n_nodes)


def _with_other_profiles(fit: GlmmFit, data: MixedLogitData, best: Optimum) -> GlmmFit:
    z = normal_quantile(fit.level)
    step = 2.0 * fit.tau2_se / (2.0 * best.theta[1]) if fit.tau2_se else 0.5
    sigma_limits = profile_limits(data, best, 1, max(float(step), 0.1), z * z, fit.n_nodes)
    lower, upper = sigma_limits
    return replace(
        fit,
        ci_profile=_mean_limits(fit, data, best, z),
        tau2_ci_profile=(
            None if lower is None else lower**2,
            None if upper is None else upper**2,
        ),
    )
