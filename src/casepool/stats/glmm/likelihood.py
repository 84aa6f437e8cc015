"""Logistic regression with one normal random intercept: the likelihood and its optimum.

``x_i ~ Bin(n_i, expit(X_i b + sigma z_c(i)))`` with ``z_c ~ N(0, 1)`` independent between
clusters. The integral over z_c uses adaptive Gauss-Hermite quadrature (Liu and Pierce
1994, Biometrika 81:624, equation 3). Gradient and Hessian are posterior moments of the
complete-data derivatives (Louis 1982, JRSS-B 44:226, equation 3.2), exact up to the
quadrature error. The parameter is ``(b, sigma)`` and not log sigma: the likelihood is even
and smooth in sigma, so the boundary sigma = 0 needs no limit.

Letters: N rows, C clusters, P columns of X, Q nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from casepool.stats.binomial import checked_counts
from casepool.stats.quadrature import gauss_hermite
from casepool.typing import FloatArray

DEFAULT_NODES = 40
START_SIGMAS = (0.5, 1.5)
SMALL_SIGMA = 0.02
MAX_SIGMA = 25.0
# Below it sigma is reported as zero.
BOUNDARY_SIGMA = 1e-4
MAX_ITERATIONS = 60
DECREMENT_TOLERANCE = 1e-12
EXACT_DECREMENT = 1e-22
SAME_OPTIMUM = 0.02
# Beyond it exp would overflow; there log(1 + e^eta) is far above what any study can hold against eta.
LARGEST_EXPONENT = 700.0
# A mode only places the nodes; the last Newton step squares what is left.
MODE_TOLERANCE = 1e-4


@dataclass(frozen=True)
class MixedLogitData:
    """Rows sorted by cluster, ready for the likelihood.

    Attributes
    ----------
    x, n : ndarray, shape (N,)
        Responders and patients.
    design : ndarray, shape (N, P)
        Fixed-effect columns.
    first : ndarray, shape (C,)
        Index of the first row of each cluster.
    cluster : ndarray, shape (N,)
        Cluster of each row, 0 to C - 1, non-decreasing.
    weight : ndarray, shape (C,)
        How many identical clusters each stands for.
    log_coefficients : float
        Sum of the log binomial coefficients over all rows.
    """

    x: FloatArray
    n: FloatArray
    design: FloatArray
    first: NDArray[np.intp]
    cluster: NDArray[np.intp]
    weight: FloatArray
    log_coefficients: float

    @property
    def one_row_each(self) -> bool:
        """Whether every cluster is one row."""
        return len(self.first) == len(self.x)

    def sums(self, rows: FloatArray) -> FloatArray:
        """Return sums over the rows of each cluster; (N, ...) becomes (C, ...)."""
        if self.one_row_each:
            return rows
        return np.asarray(np.add.reduceat(rows, self.first, axis=0), float)


Derivatives = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Evaluation:
    """Log-likelihood without coefficients, and the modes (C,) of z at which its nodes stand.

    Its gradient (P+1,) and Hessian (P+1, P+1) are computed when they are asked for: a line search throws most points
    away for their likelihood alone.
    """

    loglik: float
    modes: FloatArray
    derived: Callable[[], Derivatives]

    @cached_property
    def _derivatives(self) -> Derivatives:
        return self.derived()

    @property
    def gradient(self) -> FloatArray:
        """The gradient, shape (P + 1,)."""
        return self._derivatives[0]

    @property
    def hessian(self) -> FloatArray:
        """The Hessian, shape (P + 1, P + 1)."""
        return self._derivatives[1]


@dataclass(frozen=True)
class Optimum:
    """Where the Newton iteration stopped.

    Attributes
    ----------
    theta : ndarray, shape (P + 1,)
        Fixed effects and sigma >= 0.
    at : Evaluation
        Likelihood there.
    iterations : int
        Newton steps taken.
    converged : bool
        Whether the Newton decrement over the free parameters reached its tolerance.
    gradient_norm : float
        Largest absolute component of the gradient over the free parameters.
    """

    theta: FloatArray
    at: Evaluation
    iterations: int
    converged: bool
    gradient_norm: float


def prepare_data(events: ArrayLike, n: ArrayLike, design: ArrayLike, cluster: ArrayLike) -> MixedLogitData:
    """Return rows sorted by cluster; identical one-row clusters are merged.

    Parameters
    ----------
    events, n : array_like, shape (N,)
        Counts; rows with n = 0 carry no information and are dropped.
    design : array_like, shape (N, P)
        Fixed-effect columns.
    cluster : array_like, shape (N,)
        Label of the random intercept.
    """
    x, size = checked_counts(events, n)
    X, label = np.asarray(design, float), np.asarray(cluster)
    used = size > 0
    x, size, X, label = x[used], size[used], X[used], label[used]
    coefficients = float(np.sum(log_binomial_coefficient(x, size)))
    order = np.argsort(label, kind="stable")
    x, size, X, label = x[order], size[order], X[order], label[order]
    weight = np.ones(len(np.unique(label)))
    if len(weight) == len(x) and len(x):
        rows, counts = np.unique(np.column_stack([x, size, X]), axis=0, return_counts=True)
        x, size, X, label = rows[:, 0], rows[:, 1], rows[:, 2:], np.arange(len(rows))
        weight = counts.astype(float)
    _, first, index = np.unique(label, return_index=True, return_inverse=True)
    return MixedLogitData(x, size, X, first, index, weight, coefficients)


def log_binomial_coefficient(x: FloatArray, n: FloatArray) -> FloatArray:
    """Return log C(n, x) elementwise."""
    return np.asarray(special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1), float)


def find_modes(
    data: MixedLogitData, linear: FloatArray, sigma: float, start: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Return posterior modes of z and curvature scales, both shape (C,).

    Newton on a concave function; a step may move the linear predictor by at most 2,
    within which the logistic curvature changes too little for divergence.
    """
    z = np.zeros(len(data.first)) if start is None else start
    largest = 2.0 / max(abs(sigma), 1e-3)
    curvature = np.ones_like(z)
    for _ in range(100):
        p = special.expit(linear + sigma * (z if data.one_row_each else z[data.cluster]))
        expected = data.n * p
        slope = sigma * data.sums(data.x - expected) - z
        curvature = 1.0 + sigma * sigma * data.sums(expected * (1.0 - p))
        step = np.minimum(np.maximum(slope / curvature, -largest), largest)
        z = z + step
        if np.abs(step).max(initial=0.0) < MODE_TOLERANCE:
            break
    return z, 1.0 / np.sqrt(curvature)


def evaluate(
    data: MixedLogitData,
    theta: FloatArray,
    n_nodes: int = DEFAULT_NODES,
    start: FloatArray | None = None,
) -> Evaluation:
    """Return the log-likelihood at ``theta``, with its first two derivatives.

    Parameters
    ----------
    data : MixedLogitData
        Rows and clusters.
    theta : ndarray, shape (P + 1,)
        Fixed effects, then sigma.
    n_nodes : int
        Nodes Q of the adaptive rule.
    start : ndarray, shape (C,), optional
        Starting values of the modes.
    """
    linear, sigma = data.design @ theta[:-1], float(theta[-1])
    modes, scale = find_modes(data, linear, sigma, start)
    nodes, log_weights, powers = _rule(n_nodes)
    z = modes[:, None] + scale[:, None] * nodes
    rows_z = z if data.one_row_each else z[data.cluster]
    eta = linear[:, None] + sigma * rows_z
    # One exponential serves log(1 + e^eta), expit and its complement.
    odds = np.exp(np.minimum(eta, LARGEST_EXPONENT))
    above = 1.0 + odds
    log_terms = data.sums(data.x[:, None] * eta - data.n[:, None] * np.log(above)) - 0.5 * z * z + log_weights
    largest = np.max(log_terms, axis=1, keepdims=True, initial=-np.inf)
    posterior = np.exp(log_terms - largest)
    total = np.sum(posterior, axis=1, keepdims=True)
    log_cluster = (largest + np.log(total))[:, 0] + np.log(scale)

    def derived() -> Derivatives:
        share, q = posterior / total, 1.0 / above
        p = odds * q
        if data.one_row_each:
            return _derivatives_of_rows(data, share, p, q, modes, scale, powers)
        return _derivatives(data, share, rows_z, p)

    return Evaluation(float(data.weight @ log_cluster), modes, derived)


@lru_cache(maxsize=8)
def _rule(n_nodes: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return nodes and log weights for the integral of a plain function (Q,), powers 0 to 2 of the nodes (Q, 3)."""
    nodes, weights = gauss_hermite(n_nodes)
    return nodes, np.log(weights) + 0.5 * nodes * nodes, np.vander(nodes, 3, increasing=True)


def _derivatives(data: MixedLogitData, posterior: FloatArray, rows_z: FloatArray, p: FloatArray) -> Derivatives:
    # Louis: Hessian = E[complete-data Hessian] + Var[complete-data score], per cluster.
    columns = [np.broadcast_to(c[:, None], p.shape) for c in data.design.T] + [rows_z]
    size = len(columns)
    residual, information = data.x[:, None] - data.n[:, None] * p, data.n[:, None] * p * (1 - p)
    scores = [data.sums(residual * column) for column in columns]
    means = [np.sum(posterior * score, axis=1) for score in scores]
    hessian = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            curvature = scores[i] * scores[j] - data.sums(information * columns[i] * columns[j])
            value = np.sum(posterior * curvature, axis=1) - means[i] * means[j]
            hessian[i, j] = hessian[j, i] = data.weight @ value
    return np.array([data.weight @ mean for mean in means]), hessian


def _derivatives_of_rows(
    data: MixedLogitData,
    posterior: FloatArray,
    p: FloatArray,
    q: FloatArray,
    centre: FloatArray,
    scale: FloatArray,
    powers: FloatArray,
) -> Derivatives:
    # The same where every cluster is one row: its columns do not vary over the nodes, so that five moments
    # make every derivative, those of the node times score or curvature; z is centre + scale * node.
    expected = data.n[:, None] * p
    residual = data.x[:, None] - expected
    score = posterior * residual
    m = score @ powers[:, :2]
    c = (score * residual - posterior * (expected * q)) @ powers
    mean, mean_z = m[:, 0], centre * m[:, 0] + scale * m[:, 1]
    curvature_z = centre * c[:, 0] + scale * c[:, 1]
    curvature_zz = centre * (curvature_z + scale * c[:, 1]) + scale * scale * c[:, 2]
    weight, design, width = data.weight, data.design, data.design.shape[1]
    hessian = np.empty((width + 1, width + 1))
    hessian[:width, :width] = design.T @ ((weight * (c[:, 0] - mean * mean))[:, None] * design)
    hessian[width, :width] = hessian[:width, width] = (weight * (curvature_z - mean * mean_z)) @ design
    hessian[width, width] = weight @ (curvature_zz - mean_z * mean_z)
    return np.append((weight * mean) @ design, weight @ mean_z), hessian


def maximise(
    data: MixedLogitData,
    start: FloatArray,
    free: Sequence[int],
    n_nodes: int = DEFAULT_NODES,
    tolerance: float = DECREMENT_TOLERANCE,
    modes: FloatArray | None = None,
    known: Optimum | None = None,
) -> Optimum:
    """Return the optimum over the free components, the others kept at ``start``.

    Newton's method with the eigenvalues of the negative Hessian made positive, a step
    limit of 2 and halving until the log-likelihood does not fall. ``modes`` are a first guess of those
    of z; a search that comes close to a ``known`` optimum ends there.
    """
    index = np.asarray(free, int)
    theta, at = np.array(start, float), evaluate(data, np.asarray(start, float), n_nodes, modes)
    converged, iteration = len(index) == 0, 0
    while not converged and iteration < MAX_ITERATIONS and abs(theta[-1]) < MAX_SIGMA:
        iteration += 1
        step, decrement = _newton_step(at.gradient[index], at.hessian[np.ix_(index, index)])
        converged = decrement < tolerance
        if decrement < EXACT_DECREMENT:
            break
        moved = _line_search(data, theta, at, index, step, n_nodes)
        if moved is None:
            converged = decrement < 1e-6
            break
        theta, at = moved
        mirrored = np.append(theta[:-1], abs(theta[-1]))
        if known is not None and np.max(np.abs(mirrored - known.theta)) < SAME_OPTIMUM:
            return known
    norm = float(np.max(np.abs(at.gradient[index]), initial=0.0))
    theta[-1] = abs(theta[-1])
    return Optimum(theta, at, iteration, converged, norm)


def _newton_step(gradient: FloatArray, hessian: FloatArray) -> tuple[FloatArray, float]:
    values, vectors = np.linalg.eigh(-hessian)
    floor = 1e-8 * max(1.0, float(np.max(np.abs(values))))
    along = vectors.T @ gradient / np.maximum(np.abs(values), floor)
    step = vectors @ along
    step = step * min(1.0, 2.0 / max(float(np.max(np.abs(step))), 1e-300))
    return step, float(gradient @ (vectors @ along))


def _line_search(
    data: MixedLogitData,
    theta: FloatArray,
    at: Evaluation,
    index: NDArray[np.int_],
    step: FloatArray,
    n_nodes: int,
) -> tuple[FloatArray, Evaluation] | None:
    # What is left of a whole step may be below rounding; a part of one that does not rise leads nowhere, since the
    # gradient is that of the integral and not of its quadrature.
    least = at.loglik - 1e-12 * (1.0 + abs(at.loglik))
    for halving in range(12):
        trial = theta.copy()
        trial[index] += step * 0.5**halving
        value = evaluate(data, trial, n_nodes, at.modes)
        if value.loglik >= least:
            return trial, value
        least = at.loglik
    return None


def maximise_multistart(
    data: MixedLogitData,
    start: FloatArray,
    fixed: Sequence[int] = (),
    n_nodes: int = DEFAULT_NODES,
    tolerance: float = DECREMENT_TOLERANCE,
) -> Optimum:
    """Return the best optimum over several starts of sigma, sigma = 0 among them.

    sigma = 0 is always a stationary point, and a search started near it stays there;
    hence every maximisation tries sigma in {0.5, 1.5}, the given start, and 0; where 0 is no maximum
    and still the best, also 0.02. Components listed in ``fixed`` keep their value; sigma is component P.
    """
    last = len(start) - 1
    free = [i for i in range(last + 1) if i not in fixed]
    if last in fixed:
        return maximise(data, start, free, n_nodes, tolerance)
    boundary = np.append(start[:-1], 0.0)
    best = pooled = maximise(data, boundary, [i for i in free if i != last], n_nodes, tolerance)

    def tried(best: Optimum, sigma: float) -> Optimum:
        known = best if best is not pooled else None
        start_at = np.append(best.theta[:-1], sigma)
        candidate = maximise(data, start_at, free, n_nodes, tolerance, best.at.modes, known)
        return candidate if candidate.at.loglik > best.at.loglik + 1e-10 else best

    for sigma in sorted({*START_SIGMAS, float(start[-1])} - {0.0}):
        best = tried(best, sigma)
    rises = pooled.at.hessian[last, last] > 0.0
    return tried(best, SMALL_SIGMA) if rises and best.theta[-1] < BOUNDARY_SIGMA else best
