"""Grids of the joint model and the posterior of (mu, tau, beta) on them.

The posterior is a sum over a grid: no random numbers, identical results every time.
``W[(mu, tau), theta]`` is the row-normalised normal density; the likelihood of disease d
given the hyperparameters is one matrix product ``L_d = W E_d``. Letters: T nodes of tau,
each with its own uniform nodes of mu, R rows (mu, tau) altogether, B nodes of beta, G of
theta, D diseases.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from casepool.stats.joint.data import JointPriors
from casepool.stats.quadrature import gauss_legendre
from casepool.typing import FloatArray

LogLikelihoods = Callable[[FloatArray, FloatArray], list[FloatArray]]
LinkageTerm = Callable[[FloatArray], FloatArray]

THETA_LIMIT = 14.0
THETA_STEP = 0.05
SMALLEST_LIKELIHOOD = 1e-300


@dataclass(frozen=True)
class GridSpec:
    """Extent and resolution of a grid, from which the arrays follow.

    Attributes
    ----------
    theta_step : float
        Distance of theta nodes; mu nodes are theta nodes, because a mu between two of them
        would be misplaced where tau is small.
    mu_first, mu_last, mu_stride : int
        mu nodes are ``theta_step * (mu_first, mu_first + mu_stride, ..., mu_last)``.
    tau_limit, n_tau : float, int
        Gauss-Legendre nodes on [0, tau_limit].
    beta_origin, beta_step : float
        beta nodes are ``beta_origin + beta_step * (beta_first, ..., beta_last)``.
    smooth : bool
        Refine mu where tau is smaller than the mu step. Moments do not need it, but the
        distribution functions of rates would have lumps at the mu nodes.
    capped : bool
        The steps asked for would have exceeded the memory allowed.
    """

    theta_step: float
    mu_first: int
    mu_last: int
    mu_stride: int
    tau_limit: float
    n_tau: int
    beta_origin: float
    beta_step: float
    beta_first: int
    beta_last: int
    smooth: bool = False
    capped: bool = False

    @property
    def mu_step(self) -> float:
        """Return the distance between mu nodes."""
        return self.theta_step * self.mu_stride

    @property
    def n_beta(self) -> int:
        """Return the number of beta nodes."""
        return self.beta_last - self.beta_first + 1

    @property
    def n_rows(self) -> int:
        """Return the number of rows (mu, tau)."""
        tau, _ = gauss_legendre(self.n_tau, 0.0, self.tau_limit)
        return sum(len(self.mu_nodes(float(t))) for t in tau)

    @property
    def n_theta(self) -> int:
        """Return the number of theta nodes, which are symmetric around zero.

        Symmetry makes exchanging responders and others mirror the result exactly; beyond
        9 tau from every mu the kernel is below 1e-17.
        """
        # mu blocks of other strides may reach one step further.
        largest = (max(abs(self.mu_first), abs(self.mu_last)) + self.mu_stride) * self.theta_step
        reach = min(max(THETA_LIMIT, largest + 5.0), largest + 9.0 * self.tau_limit)
        return 2 * math.ceil(reach / self.theta_step) + 1

    def mu_nodes(self, tau: float) -> FloatArray:
        """Return the mu nodes that go with a value of tau; their step is at most tau."""
        stride = self.mu_stride
        if self.smooth:
            stride = min(stride, max(1, math.floor(tau / self.theta_step)))
        first, last = math.floor(self.mu_first / stride), math.ceil(self.mu_last / stride)
        return np.asarray(self.theta_step * stride * np.arange(first, last + 1), float)


@dataclass(frozen=True)
class HyperGrid:
    """Nodes, prior and kernel.

    Attributes
    ----------
    spec : GridSpec
        What the arrays were made from.
    theta, beta : ndarray, shapes (G,) and (B,)
        Nodes.
    mu, tau : ndarray, shape (R,)
        Hyperparameters of each row, tau slowest.
    log_weight : ndarray, shape (R,)
        Log quadrature weights: Gauss-Legendre in tau times the step in mu.
    log_prior : ndarray, shape (R, B)
        Log prior density.
    kernel : ndarray, shape (R, G)
        Row-normalised normal densities.
    blocks : tuple of slice, length T
        Rows of each tau node.
    """

    spec: GridSpec
    theta: FloatArray
    beta: FloatArray
    mu: FloatArray
    tau: FloatArray
    log_weight: FloatArray
    log_prior: FloatArray
    kernel: FloatArray
    blocks: tuple[slice, ...]


@dataclass(frozen=True)
class HyperPosterior:
    """Posterior of the hyperparameters and what is needed to go back to the diseases.

    Attributes
    ----------
    grid : HyperGrid
        Nodes.
    weights : ndarray, shape (R, B)
        Posterior probabilities, summing to one.
    log_density : ndarray, shape (R, B)
        Log posterior density, 0 at its maximum, without quadrature weights.
    evidence : list of ndarray, shape (G, B)
        Likelihoods E_d of diseases with data, scaled to a maximum of 1.
    given_hyper : list of ndarray, shape (R, B)
        L_d = W E_d.
    log_marginal : float
        Log marginal likelihood of the data, without binomial coefficients; it weighs models
        against each other.
    """

    grid: HyperGrid
    weights: FloatArray
    log_density: FloatArray
    evidence: list[FloatArray]
    given_hyper: list[FloatArray]
    log_marginal: float


def make_grid(spec: GridSpec, priors: JointPriors, fixed_beta: bool = False) -> HyperGrid:
    """Return nodes, prior and kernel of a grid.

    Parameters
    ----------
    spec : GridSpec
        Extent and resolution.
    priors : JointPriors
        Priors of mu, tau and beta.
    fixed_beta : bool
        Leave the prior of beta out, for a fixed reporting ratio.
    """
    tau_nodes, tau_weights = gauss_legendre(spec.n_tau, 0.0, spec.tau_limit)
    columns = [spec.mu_nodes(float(t)) for t in tau_nodes]
    sizes = [len(column) for column in columns]
    ends = np.cumsum(sizes)
    mu, tau = np.concatenate(columns), np.repeat(tau_nodes, sizes)
    steps = np.repeat([column[1] - column[0] for column in columns], sizes)
    index = np.arange(spec.beta_first, spec.beta_last + 1, dtype=np.float64)
    beta = spec.beta_origin + spec.beta_step * index
    half = spec.n_theta // 2
    theta = spec.theta_step * np.arange(-half, half + 1, dtype=np.float64)
    log_beta = np.zeros_like(beta) if fixed_beta else _log_normal(beta, priors.beta_mean, priors.beta_sd)
    log_half_normal = math.log(2.0) + _log_normal(tau, 0.0, priors.tau_sd)
    log_prior = (_log_normal(mu, priors.mu_mean, priors.mu_sd) + log_half_normal)[:, None] + log_beta
    return HyperGrid(
        spec,
        theta,
        beta,
        mu,
        tau,
        np.log(np.repeat(tau_weights, sizes) * steps),
        log_prior,
        _kernel(mu, tau, theta),
        tuple(slice(int(end) - size, int(end)) for end, size in zip(ends, sizes, strict=True)),
    )


def _log_normal(x: FloatArray, mean: float, sd: float) -> FloatArray:
    return np.asarray(-0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - 0.5 * math.log(2.0 * math.pi), float)


def _kernel(mu: FloatArray, tau: FloatArray, theta: FloatArray) -> FloatArray:
    kernel = theta - mu[:, None]
    kernel /= tau[:, None]
    np.square(kernel, out=kernel)
    kernel *= -0.5
    # mu is a theta node, so the largest exponent of a row is 0.
    np.exp(kernel, out=kernel)
    kernel /= kernel.sum(axis=1, keepdims=True)
    return kernel


def hyper_posterior(grid: HyperGrid, logliks: LogLikelihoods, linkage: LinkageTerm) -> HyperPosterior:
    """Return the posterior of (mu, tau, beta) on a grid.

    Parameters
    ----------
    grid : HyperGrid
        Nodes, prior and kernel.
    logliks : callable
        ``logliks(theta, beta)`` gives the log-likelihood, shape (G, B), of each disease.
    linkage : callable
        ``linkage(beta)`` gives the linkage log-likelihood, shape (B,).

    Returns
    -------
    HyperPosterior
        ``log posterior = sum_d log L_d + linkage(beta) + log prior``.
    """
    tables = logliks(grid.theta, grid.beta)
    shifts = [float(table.max()) for table in tables]
    evidence = [np.exp(table - shift) for table, shift in zip(tables, shifts, strict=True)]
    given_hyper = [grid.kernel @ E for E in evidence]
    log_density = grid.log_prior + linkage(grid.beta)
    for L in given_hyper:
        # Hundreds of patients can underflow to zero where the rate is impossible.
        np.maximum(L, SMALLEST_LIKELIHOOD, out=L)
        log_density = log_density + np.log(L)
    largest = float(log_density.max())
    log_density = log_density - largest
    weights = np.exp(log_density + grid.log_weight[:, None])
    total = float(weights.sum())
    log_step = 0.0 if len(grid.beta) == 1 else math.log(grid.spec.beta_step)
    log_marginal = math.log(total) + largest + log_step + sum(shifts)
    return HyperPosterior(grid, weights / total, log_density, evidence, given_hyper, log_marginal)


def simulation_spec() -> GridSpec:
    """Return the coarse fixed grid for simulation studies: about 20 ms a fit."""
    return GridSpec(0.1, -50, 60, 2, 3.5, 8, 0.0, 0.2, -22, 31)


def dense_spec() -> GridSpec:
    """Return the fine fixed grid, about 2 s a fit, against which the others are checked."""
    return GridSpec(THETA_STEP, -160, 180, 1, 5.0, 24, 0.0, 0.1, -55, 75)
