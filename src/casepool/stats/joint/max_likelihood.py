"""Joint maximum likelihood: disease intercepts and one shift for selective reporting.

``logit p_dj = mu + tau z_d + beta selective_dj`` with ``z_d ~ N(0, 1)``; in R,
``glmer(cbind(x, n - x) ~ selective + (1 | disease))``. beta is the log ratio of reporting
probabilities. This is the secondary analysis: its profile limits use the cut
``t(k-1)^2 / 2`` with k the diseases with data, because the chi-square cut covers 92-93 %
and the t cut 95-97 %. Empirical-Bayes intervals of single diseases are deliberately not
offered: plug-in intervals cover 52-62 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casepool.defaults import LEVEL
from casepool.stats.binomial import check_level, checked_counts
from casepool.stats.glmm.likelihood import DEFAULT_NODES, MixedLogitData, Optimum, maximise_multistart, prepare_data
from casepool.stats.glmm.profile import LARGEST_LOGIT, profile_limits
from casepool.typing import FloatArray

OpenInterval = tuple[float | None, float | None]

BOUNDARY_SIGMA = 1e-4


@dataclass(frozen=True)
class JointMlFit:
    """Result of ``fit_joint_ml``; a quantity that cannot be estimated is None.

    Attributes
    ----------
    k : int
        Diseases with at least one patient.
    status, reason : str
        ok, boundary_tau2, single_study, all_events, no_events, no_data,
        no_complete_source, no_selective_source or not_converged, with a sentence.
    mu, beta, tau : float or None
        Logit of the median disease, log reporting ratio, standard deviation of the logit.
    mu_se, beta_se, tau_se : float or None
        From the joint observed information (tau_se None at zero).
    vcov : tuple of tuples
        Covariance of (mu, beta, log tau); of (mu, beta) at tau = 0.
    mu_ci_profile, beta_ci_profile : (float or None, float or None) or None
        Profile limits with the t(k-1) cut; None marks an open end.
    loglik : float or None
        With binomial coefficients.
    blups : tuple of float
        Conditional modes of tau z_d, diseases in sorted order of their labels.
    """

    k: int
    status: str
    reason: str = ""
    level: float = LEVEL
    mu: float | None = None
    beta: float | None = None
    tau: float | None = None
    mu_se: float | None = None
    beta_se: float | None = None
    tau_se: float | None = None
    vcov: tuple[tuple[float, ...], ...] = ()
    mu_ci_profile: OpenInterval | None = None
    beta_ci_profile: OpenInterval | None = None
    loglik: float | None = None
    blups: tuple[float, ...] = ()
    gradient_norm: float | None = None
    iterations: int = 0
    n_nodes: int = DEFAULT_NODES


def fit_joint_ml(
    events: ArrayLike,
    n: ArrayLike,
    selective: ArrayLike,
    disease: ArrayLike,
    *,
    level: float = LEVEL,
    n_nodes: int = DEFAULT_NODES,
    profile: bool = True,
) -> JointMlFit:
    """Return the joint maximum-likelihood fit of level, reporting shift and heterogeneity.

    Parameters
    ----------
    events, n : array_like, shape (N,)
        Responders and patients of each source.
    selective : array_like, shape (N,)
        1 for selectively reported sources, 0 for complete ascertainment.
    disease : array_like, shape (N,)
        Labels; sources of one disease share a random intercept.
    level : float
        Confidence level.
    n_nodes : int
        Nodes of the adaptive Gauss-Hermite rule.
    profile : bool
        Whether to compute profile limits.
    """
    x, size = checked_counts(events, n)
    flag, label = np.asarray(selective, float), np.asarray(disease)
    check_level(level)
    used = size > 0
    x, size, flag, label = x[used], size[used], flag[used], label[used]
    k = len(np.unique(label))
    empty = _not_estimable(x, size, flag, k)
    if empty is not None:
        return replace(empty, level=level, n_nodes=n_nodes)
    data = prepare_data(x, size, np.column_stack([np.ones(len(x)), flag]), label)
    start = np.array([special.logit(x.sum() / size.sum()), 0.0, 0.5])
    if k == 1:
        best = maximise_multistart(data, np.append(start[:2], 0.0), (2,), n_nodes)
    else:
        best = maximise_multistart(data, start, (), n_nodes)
    if not best.converged or np.max(np.abs(best.theta)) > LARGEST_LOGIT:
        return _failed_fit(best, k, level, n_nodes)
    fit = _full_fit(data, best, k, level, n_nodes)
    return _with_profiles(fit, data, best) if profile and k > 1 else fit


def _not_estimable(x: FloatArray, size: FloatArray, flag: FloatArray, k: int) -> JointMlFit | None:
    chosen = flag > 0
    complete_n, selective_n = size[~chosen].sum(), size[chosen].sum()
    if k == 0:
        return JointMlFit(0, "no_data", "no source has a patient")
    if complete_n == 0:
        return JointMlFit(k, "no_complete_source", "level and reporting ratio cannot be separated")
    if selective_n == 0:
        return JointMlFit(k, "no_selective_source", "nothing was selectively reported")
    if x.sum() == size.sum():
        return JointMlFit(k, "all_events", "every patient responded")
    if x.sum() == 0:
        return JointMlFit(k, "no_events", "no patient responded")
    for name, part, total in (
        ("selectively reported", x[chosen].sum(), selective_n),
        ("completely ascertained", x[~chosen].sum(), complete_n),
    ):
        if part in (0, total):
            which = "every" if part else "no"
            return JointMlFit(k, "not_converged", f"{which} {name} patient responded: beta has no finite estimate")
    return None


def _failed_fit(best: Optimum, k: int, level: float, n_nodes: int) -> JointMlFit:
    return JointMlFit(
        k,
        "not_converged",
        "the optimiser did not reach a finite optimum",
        level=level,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
        n_nodes=n_nodes,
    )


def _full_fit(data: MixedLogitData, best: Optimum, k: int, level: float, n_nodes: int) -> JointMlFit:
    mu, beta, tau = (float(value) for value in best.theta)
    boundary = tau < BOUNDARY_SIGMA
    free = 2 if boundary else 3
    jacobian = np.diag([1.0, 1.0] if boundary else [1.0, 1.0, 1.0 / tau])
    covariance = jacobian @ np.linalg.inv(-best.at.hessian[:free, :free]) @ jacobian
    status, reason = "ok", ""
    if boundary:
        status, reason = "boundary_tau2", "the likelihood is highest at tau = 0"
    if k == 1:
        status, reason = "single_study", "one disease: tau is not estimable"
    return JointMlFit(
        k,
        status,
        reason,
        level=level,
        mu=mu,
        beta=beta,
        tau=None if k == 1 else (0.0 if boundary else tau),
        mu_se=float(np.sqrt(covariance[0, 0])),
        beta_se=float(np.sqrt(covariance[1, 1])),
        tau_se=None if boundary else tau * float(np.sqrt(covariance[2, 2])),
        vcov=tuple(tuple(float(v) for v in row) for row in covariance),
        loglik=best.at.loglik + data.log_coefficients,
        blups=tuple(float(u) for u in tau * best.at.modes) if len(best.at.modes) == k else (),
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
        n_nodes=n_nodes,
    )


def _with_profiles(fit: JointMlFit, data: MixedLogitData, best: Optimum) -> JointMlFit:
    cut = float(special.stdtrit(fit.k - 1, 0.5 + 0.5 * fit.level)) ** 2
    half = np.sqrt(cut)
    mu_step, beta_step = half * (fit.mu_se or 1.0), half * (fit.beta_se or 1.0)
    return replace(
        fit,
        mu_ci_profile=profile_limits(data, best, 0, mu_step, cut, fit.n_nodes),
        beta_ci_profile=profile_limits(data, best, 1, beta_step, cut, fit.n_nodes),
    )
