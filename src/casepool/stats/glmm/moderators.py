"""Binomial-normal model with fixed effects of moderators, for patients and for groups.

``x_i ~ Bin(n_i, expit(b_0 + X_i b + u_s(i)))``, ``u_s ~ N(0, tau2)``, maximum likelihood. A
row is a patient (n = 1) or a group; both enter one likelihood, and the rows of one study
share its intercept. Letters: N rows, P columns of the design, S studies.

Reference: Stijnen 2010, Stat Med 29:3046, section 3, with covariates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from casepool.defaults import LEVEL
from casepool.stats.binomial import check_level, checked_counts
from casepool.stats.glmm.intervals import Interval, OpenInterval, normal_quantile
from casepool.stats.glmm.likelihood import (
    BOUNDARY_SIGMA,
    DEFAULT_NODES,
    MAX_SIGMA,
    MixedLogitData,
    Optimum,
    maximise,
    maximise_multistart,
    prepare_data,
)
from casepool.stats.glmm.profile import LARGEST_LOGIT, profile_limits
from casepool.typing import FloatArray


@dataclass(frozen=True)
class Coefficient:
    """One fixed effect on the logit scale.

    Attributes
    ----------
    estimate, se : float
        Maximum-likelihood estimate and its error from the joint observed information.
    ci : (float, float)
        ``estimate +- z se``.
    p_value : float
        Two-sided Wald test of zero.
    ci_profile : (float or None, float or None) or None
        Profile likelihood; None marks an open end.
    """

    estimate: float
    se: float
    ci: Interval
    p_value: float
    ci_profile: OpenInterval | None = None

    @property
    def odds_ratio(self) -> float:
        """Return the exponential of the estimate."""
        return math.exp(self.estimate)


@dataclass(frozen=True)
class ModeratorFit:
    """Result of ``fit_glmm_moderators``; what cannot be estimated is None or empty.

    Attributes
    ----------
    k, n : int
        Studies and patients.
    status, reason : str
        ok, boundary_tau2, single_study, separated, one_level_only, no_data or
        not_converged, and a sentence when not ok.
    intercept : Coefficient or None
        Logit where every column is zero.
    coefficients : tuple of Coefficient, length P
        In the order of the columns.
    tau2, tau2_se : float or None
        Variance between studies that the columns leave.
    loglik : float or None
        With binomial coefficients.
    """

    k: int
    n: int
    status: str
    reason: str = ""
    level: float = LEVEL
    intercept: Coefficient | None = None
    coefficients: tuple[Coefficient, ...] = ()
    tau2: float | None = None
    tau2_se: float | None = None
    loglik: float | None = None
    gradient_norm: float | None = None
    iterations: int = 0
    n_nodes: int = DEFAULT_NODES


def fit_glmm_moderators(
    events: ArrayLike,
    n: ArrayLike,
    design: ArrayLike,
    cluster: ArrayLike | None = None,
    *,
    level: float = LEVEL,
    n_nodes: int = DEFAULT_NODES,
    profile: bool = True,
) -> ModeratorFit:
    """Return the maximum-likelihood fit of moderators with a random intercept of the study.

    Parameters
    ----------
    events, n : array_like, shape (N,)
        Responders and patients of each row.
    design : array_like, shape (N,) or (N, P)
        Moderators without the intercept.
    cluster : array_like, shape (N,), optional
        Study of each row; by default each row is a study.
    level : float
        Confidence level.
    n_nodes : int
        Nodes of the adaptive Gauss-Hermite rule.
    profile : bool
        Whether to compute profile-likelihood intervals.

    Returns
    -------
    ModeratorFit
        Never NaN: what cannot be estimated is None, and ``status`` says why.
    """
    x, size = (np.atleast_1d(values) for values in checked_counts(events, n))
    check_level(level)
    columns = _checked_design(design, len(x))
    label = np.arange(len(x)) if cluster is None else np.asarray(cluster)
    used = size > 0
    x, size, label = x[used], size[used], label[used]
    X = np.column_stack([np.ones(len(x)), columns[used]])
    blank = ModeratorFit(len(np.unique(label)), int(size.sum()), "", level=level, n_nodes=n_nodes)
    status, reason = _not_estimable(x, size, X)
    if status:
        return replace(blank, status=status, reason=reason)
    data = prepare_data(x, size, X, label)
    best, status, reason = _optimum(data, x, size, blank.k, n_nodes)
    if status == "not_converged":
        return replace(
            blank, status=status, reason=reason, gradient_norm=best.gradient_norm, iterations=best.iterations
        )
    fit = _full_fit(replace(blank, status=status, reason=reason), data, best)
    return _with_profiles(fit, data, best) if profile else fit


def _checked_design(design: ArrayLike, n_rows: int) -> FloatArray:
    columns = np.asarray(design, float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != n_rows:
        message = f"design of shape {columns.shape}; expected {n_rows} rows"
        raise ValueError(message)
    if not np.isfinite(columns).all():
        message = "design: found a missing or infinite value; leave such rows out"
        raise ValueError(message)
    return columns


def _not_estimable(x: FloatArray, size: FloatArray, X: FloatArray) -> tuple[str, str]:
    if len(x) == 0:
        return "no_data", "no row has a patient"
    if (np.ptp(X[:, 1:], axis=0) == 0).any():
        return "one_level_only", "a moderator has one value only"
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return "one_level_only", "a moderator follows from the others"
    if is_separated(x, size, X):
        return "separated", "a combination of moderators separates responders from others: no finite estimate"
    return "", ""


def is_separated(events: FloatArray, n: FloatArray, X: FloatArray) -> bool:
    """Return whether some direction of the fixed effects never lowers the likelihood.

    Complete or quasi-complete separation: ``X b >= 0`` wherever someone responded and
    ``X b <= 0`` wherever someone did not, with at least one row off zero. Found by the
    linear programme that maximises the distance from zero.

    Parameters
    ----------
    events, n : ndarray, shape (N,)
        Responders and patients.
    X : ndarray, shape (N, P)
        Design with the intercept.

    References
    ----------
    Albert A, Anderson JA (1984). Biometrika 71:1. Konis K (2007), DPhil thesis, Oxford.
    """
    signed = np.vstack([X[events > 0], -X[events < n]])
    scale = np.maximum(np.abs(signed).max(axis=0), 1e-300)
    signed = signed / scale
    found = optimize.linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1.0, 1.0))
    return bool(-found.fun > 1e-7)


def _optimum(data: MixedLogitData, x: FloatArray, size: FloatArray, k: int, n_nodes: int) -> tuple[Optimum, str, str]:
    width = data.design.shape[1]
    start = np.zeros(width + 1)
    start[0] = special.logit(x.sum() / size.sum())
    pooled = maximise(data, start, range(width), n_nodes)
    if k == 1:
        return pooled, *_judged(pooled, "single_study", "one study: tau2 is not estimable")
    if np.max(data.sums(data.n)) == 1:
        reason = "every study has one patient: tau2 is not identifiable and is taken as 0"
        return pooled, *_judged(pooled, "boundary_tau2", reason)
    best = maximise_multistart(data, np.append(pooled.theta[:-1], 0.5), (), n_nodes)
    if best.theta[-1] >= MAX_SIGMA:
        return best, "not_converged", "studies have all or no responders: tau2 grows without bound"
    if best.theta[-1] < BOUNDARY_SIGMA:
        return pooled, *_judged(pooled, "boundary_tau2", "the likelihood is highest at tau2 = 0")
    return best, *_judged(best, "ok", "")


def _judged(best: Optimum, status: str, reason: str) -> tuple[str, str]:
    if best.converged and np.max(np.abs(best.theta)) <= LARGEST_LOGIT:
        return status, reason
    return "not_converged", "the optimiser did not reach a finite optimum"


def _full_fit(fit: ModeratorFit, data: MixedLogitData, best: Optimum) -> ModeratorFit:
    width = data.design.shape[1]
    sigma = float(best.theta[-1])
    free = width + (fit.status == "ok")
    covariance = np.linalg.inv(-best.at.hessian[:free, :free])
    z = normal_quantile(fit.level)
    found = [_coefficient(float(best.theta[i]), math.sqrt(covariance[i, i]), z) for i in range(width)]
    return replace(
        fit,
        intercept=found[0],
        coefficients=tuple(found[1:]),
        tau2=None if fit.status == "single_study" else sigma * sigma,
        tau2_se=2.0 * sigma * math.sqrt(covariance[-1, -1]) if fit.status == "ok" else None,
        loglik=best.at.loglik + data.log_coefficients,
        gradient_norm=best.gradient_norm,
        iterations=best.iterations,
    )


def _coefficient(estimate: float, se: float, z: float) -> Coefficient:
    p_value = 2.0 * float(special.ndtr(-abs(estimate) / se))
    return Coefficient(estimate, se, (estimate - z * se, estimate + z * se), p_value)


def _with_profiles(fit: ModeratorFit, data: MixedLogitData, best: Optimum) -> ModeratorFit:
    z = normal_quantile(fit.level)
    # Without information on tau2 the profile keeps it at 0.
    known = fit.k > 1 and np.max(data.sums(data.n)) > 1
    limits = [
        profile_limits(data, best, i + 1, z * one.se, z * z, fit.n_nodes, fixed=() if known else (len(best.theta) - 1,))
        for i, one in enumerate(fit.coefficients)
    ]
    pairs = zip(fit.coefficients, limits, strict=True)
    return replace(fit, coefficients=tuple(replace(one, ci_profile=found) for one, found in pairs))
