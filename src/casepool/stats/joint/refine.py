"""Search for the part of the hyperparameter space that carries the posterior mass.

A dense grid wastes nearly all its nodes. The search starts coarse on the whole prior
range, then shrinks to the box with mass and refines the steps until the trapezoid rule is
accurate: for a normal slice with standard deviation s, its relative error with step h is
``2 exp(-2 pi^2 s^2 / h^2)``, below 1e-10 at h = 0.9 s. Every decision depends on the
posterior alone, so permuting diseases changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from casepool.stats.joint.data import JointPriors
from casepool.stats.joint.grid import (
    THETA_STEP,
    GridSpec,
    HyperPosterior,
    LinkageTerm,
    LogLikelihoods,
    hyper_posterior,
    make_grid,
)
from casepool.typing import FloatArray

# Log density below which a node is outside the box; 1e-11 of the peak.
DEPTH = 25.0
SLICE_FRACTION = 0.9
MARGINAL_FRACTION = 0.25
# Slices with less than this share of the mass do not drive the resolution.
SMALL_SLICE = 1e-5
COARSE_TAU, FINE_TAU = 12, 24
MAX_ROUNDS = 12
# Largest numbers of (row, beta, disease) and (row, theta) values kept, 8 bytes each.
MAX_VALUES, MAX_KERNEL = 2.0e7, 3.0e7


def initial_spec(priors: JointPriors, largest_n: int, log_ratio: float | None) -> GridSpec:
    """Return the coarse grid over the whole prior range.

    The theta step resolves the narrowest possible likelihood of a disease, whose standard
    error is at least ``2 / sqrt(n)``: step at most ``1.2 / sqrt(n)``.
    """
    step = min(THETA_STEP, 1.2 / math.sqrt(max(largest_n, 1)))
    stride = max(1, round(0.2 * priors.mu_sd / step))
    centre = round(priors.mu_mean / (stride * step))
    reach = math.ceil(6.0 * priors.mu_sd / (stride * step))
    spec = GridSpec(
        step,
        stride * (centre - reach),
        stride * (centre + reach),
        stride,
        5.0 * priors.tau_sd,
        COARSE_TAU,
        priors.beta_mean,
        0.4 * priors.beta_sd,
        -20,
        20,
    )
    if log_ratio is not None:
        return replace(spec, beta_origin=log_ratio, beta_first=0, beta_last=0)
    return spec


def refined_posterior(
    logliks: LogLikelihoods,
    linkage: LinkageTerm,
    priors: JointPriors,
    largest_n: int,
    log_ratio: float | None = None,
    *,
    smooth: bool = True,
) -> HyperPosterior:
    """Return the posterior on a grid that is fine where the mass is and absent elsewhere.

    Parameters
    ----------
    logliks, linkage : callable
        See ``hyper_posterior``.
    priors : JointPriors
        Priors of mu, tau and beta.
    largest_n : int
        Patients of the largest disease.
    log_ratio : float, optional
        Fixed value of beta.
    smooth : bool
        Whether distribution functions of rates will be needed (see ``GridSpec``).
    """
    fixed = log_ratio is not None
    spec = initial_spec(priors, largest_n, log_ratio)
    posterior = hyper_posterior(make_grid(spec, priors, fixed), logliks, linkage)
    for _ in range(MAX_ROUNDS):
        wanted = replace(next_spec(posterior, fixed), smooth=smooth)
        if spec.n_tau == FINE_TAU and not _needs_another_round(wanted, spec):
            break
        if spec.capped:
            break
        wanted = _within_memory(wanted, len(posterior.evidence))
        spec = wanted
        posterior = hyper_posterior(make_grid(spec, priors, fixed), logliks, linkage)
    return posterior


def _needs_another_round(wanted: GridSpec, spec: GridSpec) -> bool:
    # A box that could shrink a little more is no reason.
    return (
        wanted.mu_step < 0.8 * spec.mu_step
        or wanted.beta_step < 0.8 * spec.beta_step
        or wanted.tau_limit > 1.01 * spec.tau_limit
    )


def _within_memory(spec: GridSpec, n_diseases: int) -> GridSpec:
    # Ten thousands of selective patients beside a handful of complete ones make a ridge so
    # narrow that a box around it cannot be resolved; the fit then says so.
    while True:
        rows = spec.n_rows
        values, kernel = rows * spec.n_beta * max(n_diseases, 1), rows * spec.n_theta
        if values <= MAX_VALUES and kernel <= MAX_KERNEL:
            return spec
        spec = replace(spec, n_tau=FINE_TAU, capped=True)
        if kernel <= MAX_KERNEL and spec.n_beta > rows // FINE_TAU:
            spec = _coarser_beta(spec)
        else:
            spec = replace(spec, mu_stride=2 * spec.mu_stride)


def _coarser_beta(spec: GridSpec) -> GridSpec:
    first, last = math.floor(spec.beta_first / 2), math.ceil(spec.beta_last / 2)
    return replace(spec, beta_step=2.0 * spec.beta_step, beta_first=first, beta_last=last)


def next_spec(posterior: HyperPosterior, fixed: bool) -> GridSpec:
    """Return the box of nodes with mass and the steps that resolve it.

    All tau nodes are asked for once the steps are within a factor of two of what the
    slices ask for; a poorly resolved slice gives only a guess.
    """
    grid, spec = posterior.grid, posterior.grid.spec
    inside = np.asarray(posterior.log_density > -DEPTH)
    rows, columns = np.asarray(inside.any(axis=1)), np.asarray(inside.any(axis=0))
    mu_wanted = SLICE_FRACTION * mu_slice_deviation(posterior)
    resolved = mu_wanted >= 0.5 * spec.mu_step
    wanted = _next_mu(spec, grid.mu[rows], mu_wanted)
    if not fixed:
        beta_wanted = SLICE_FRACTION * _slice_deviation(posterior.weights.T, grid.beta)
        marginal = _slice_deviation(posterior.weights.sum(axis=0)[:, None], grid.beta)
        beta_wanted = min(beta_wanted, MARGINAL_FRACTION * marginal)
        resolved = resolved and beta_wanted >= 0.5 * spec.beta_step
        wanted = _next_beta(wanted, columns, beta_wanted)
    limit = _next_tau_limit(grid.tau, rows, spec.tau_limit)
    n_tau = FINE_TAU if resolved else COARSE_TAU
    return replace(wanted, tau_limit=limit, n_tau=n_tau)


def mu_slice_deviation(posterior: HyperPosterior) -> float:
    """Return the smallest standard deviation of mu given tau and beta, among slices with mass."""
    return min(_slice_deviation(posterior.weights[block], posterior.grid.mu[block]) for block in posterior.grid.blocks)


def _slice_deviation(weights: FloatArray, nodes: FloatArray) -> float:
    # weights (K, S): S slices over K nodes.
    mass = weights.sum(axis=0)
    weights, mass = weights[:, mass > SMALL_SLICE], mass[mass > SMALL_SLICE]
    mean = nodes @ weights / mass
    second = np.sum((nodes[:, None] - mean) ** 2 * weights, axis=0) / mass
    return float(np.sqrt(second.min(initial=np.inf)))


def _next_mu(spec: GridSpec, inside: FloatArray, wanted: float) -> GridSpec:
    # One node beyond the last one with mass, on either side.
    low, high = inside.min() - spec.mu_step, inside.max() + spec.mu_step
    # At most a fourfold refinement a round: the deviation of an unresolved slice is a guess.
    goal = min(max(wanted, 0.25 * spec.mu_step), spec.mu_step)
    theta_step = min(spec.theta_step, goal)
    stride = max(1, math.floor(goal / theta_step + 1e-9))
    unit = stride * theta_step
    return replace(
        spec,
        theta_step=theta_step,
        mu_first=stride * math.floor(low / unit + 1e-9),
        mu_last=stride * math.ceil(high / unit - 1e-9),
        mu_stride=stride,
    )


def _next_beta(spec: GridSpec, inside: NDArray[np.bool_], wanted: float) -> GridSpec:
    found = np.flatnonzero(inside)
    low = (spec.beta_first + int(found[0]) - 1) * spec.beta_step
    high = (spec.beta_first + int(found[-1]) + 1) * spec.beta_step
    step = min(max(wanted, 0.25 * spec.beta_step), spec.beta_step)
    return replace(
        spec,
        beta_step=step,
        beta_first=math.floor(low / step + 1e-9),
        beta_last=math.ceil(high / step - 1e-9),
    )


def _next_tau_limit(tau: FloatArray, inside: NDArray[np.bool_], limit: float) -> float:
    # The first node without mass, if there is one.
    beyond = tau[tau > tau[inside].max()]
    return float(beyond.min()) if len(beyond) else limit
