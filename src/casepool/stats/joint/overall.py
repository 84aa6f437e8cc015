"""Distribution of the equal-weight mean of the rates of the diseases.

Given the hyperparameters the rates are independent, so that the characteristic function of their mean is the product
of those of the rates; averaged over the posterior and inverted, it gives the distribution (Gil-Pelaez 1951,
Biometrika 38:481). Two sums share the work. Mean and variance at every node, interpolated to a finer lattice, give
the mixture of normal distributions, which no step of the lattice disturbs. What the true function adds to it (skewed
and two-humped rates) changes slowly over the nodes: a few hundred of them, drawn evenly along the posterior, carry it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casepool.stats import special
from casepool.stats.joint.posterior import HyperPosterior
from casepool.stats.quadrature import GridDistribution, interpolation
from casepool.typing import FloatArray, IntArray

ComplexArray = NDArray[np.complex128]

# Log density, relative to its largest, below which a node does not matter to three decimals.
DEPTH = -11.5
# How much finer the lattice becomes on which the narrow mixtures of a small tau leave no ripple, and through how many
# nodes the polynomials go.
FINER, NEAREST = 6, 6
# Where the function fades: a multiple of the reciprocal deviation, which keeps the lumps of two-humped rates, and one
# of the reciprocal distance to 0 or 1, which keeps a steep end there. It ends at a multiple of that.
SMOOTH, STEEP, END = 20.0, 20.0, 1.2
REACH, MARGIN = 10.0, 3.0
POINTS = 1024
# Nodes that carry the true function, and the products of nodes and kinds that it may cost.
EXACT_NODES, EXACT_EFFORT = 1000, 6000
LIVE = 1e-8


@dataclass(frozen=True)
class _Nodes:
    """A lattice of equal steps of mu inside the posterior.

    Attributes
    ----------
    rows : ndarray of int, shape (M,)
        Rows of the posterior.
    columns : slice
        Nodes of beta, C of them.
    blocks : list of slice
        Which of the M rows share a tau.
    log_weight, mean, variance : ndarray, shape (M, C)
        Log posterior mass (up to a constant), moments of the mean of the rates.
    """

    rows: IntArray
    columns: slice
    blocks: list[slice]
    log_weight: FloatArray
    mean: FloatArray
    variance: FloatArray


def mean_distribution(posterior: HyperPosterior) -> GridDistribution:
    """Return the distribution of the mean of the rates of the diseases, groups left out.

    Parameters
    ----------
    posterior : HyperPosterior
        With at least one disease.
    """
    parts = _finer(_nodes(posterior))
    line = _Frequencies.of(*parts)
    return line.inverted(line.of_normals(*parts) + _beyond_normal(posterior, line))


@dataclass(frozen=True)
class _Frequencies:
    """Where a characteristic function is asked: ``unit * (0, ..., size - 1)``, for a mean on [low, high]."""

    low: float
    high: float
    fading: float

    @classmethod
    def of(cls, weight: FloatArray, mean: FloatArray, variance: FloatArray) -> _Frequencies:
        """Choose a period that holds the tails of a mixture, but not much more than the scale of rates."""
        total = weight.sum()
        centre = float(weight @ mean / total)
        sd = math.sqrt(float(weight @ (variance + (mean - centre) ** 2) / total))
        fading = SMOOTH / sd + STEEP / min(centre, 1.0 - centre)
        return cls(max(centre - REACH * sd, -MARGIN * sd), min(centre + REACH * sd, 1.0 + MARGIN * sd), fading)

    @property
    def unit(self) -> float:
        return 2.0 * math.pi / (self.high - self.low)

    @property
    def size(self) -> int:
        return math.ceil(END * self.fading / self.unit)

    def of_normals(self, weight: FloatArray, mean: FloatArray, variance: FloatArray) -> ComplexArray:
        """Return the characteristic function of a mixture of normal distributions, from ``low`` on."""
        factor = np.exp(1j * self.unit * (mean - self.low) - 0.5 * self.unit**2 * variance)
        narrowing = np.exp(-(self.unit**2) * variance)
        term, found = (weight / weight.sum()).astype(complex), np.empty(self.size, complex)
        for j in range(self.size):
            found[j] = term.sum()
            term *= factor
            factor *= narrowing
        return found

    def inverted(self, found: ComplexArray) -> GridDistribution:
        """Return the distribution with this characteristic function on a grid, without what lies beyond the fading."""
        faded = found * np.exp(-((self.unit * np.arange(self.size) / self.fading) ** 8))
        density = np.maximum(np.fft.irfft(np.conj(faded), max(POINTS, 2 * self.size)), 0.0)
        return GridDistribution(self.low, (self.high - self.low) / len(density), density / density.sum())


def _nodes(posterior: HyperPosterior) -> _Nodes:
    lattice, density = posterior.lattice, posterior.log_density
    columns = span(density.max(axis=0) > DEPTH)
    chosen, blocks, start = [], [], 0
    for block, stride in zip(lattice.blocks, lattice.box.strides, strict=True):
        rows = np.arange(block.start, block.stop)[:: lattice.box.mu_stride // stride]
        inside = density[rows].max(axis=1) > DEPTH
        if inside.any():
            chosen.append(rows[span(inside)])
            blocks.append(slice(start, start + len(chosen[-1])))
            start = blocks[-1].stop
    rows = np.concatenate(chosen)
    tau_weight = np.repeat(lattice.box.tau_weights, [block.stop - block.start for block in lattice.blocks])
    log_weight = density[rows, columns] + np.log(tau_weight[rows])[:, None]
    return _Nodes(rows, columns, blocks, log_weight, *_moments(posterior, rows, columns))


def span(inside: NDArray[np.bool_]) -> slice:
    """Return the range from the first to the last, and one more on either side."""
    found = np.flatnonzero(inside)
    return slice(max(int(found[0]) - 1, 0), int(found[-1]) + 2)


def _moments(posterior: HyperPosterior, rows: IntArray, columns: slice) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the mean of the rates at the nodes, shape (M, C)."""
    kinds, evidence, lattice = posterior.kinds, posterior.evidence, posterior.lattice
    kernel, p = lattice.kernel[rows], special.expit(lattice.theta)
    share = kinds.in_mean / kinds.in_mean.sum()
    alone, told = list(kinds.complete_only), list(kinds.selective)
    powers = np.stack([p, p * p])
    tables = powers[:, None] * evidence.complete[alone]
    first, second = (kernel @ table.T / posterior.given_complete[rows] for table in tables)
    squares = share / kinds.in_mean.sum()
    mean = np.zeros((len(rows), len(lattice.beta[columns]))) + (first @ share[alone])[:, None]
    variance = np.zeros_like(mean) + ((second - first**2) @ squares[alone])[:, None]
    for part, table in evidence.chunks():
        given = posterior.given_selective[rows, part][:, :, columns]
        inside = table[:, :, columns]
        first, second = (
            (kernel @ (power[:, None, None] * inside).reshape(len(p), -1)).reshape(given.shape) / given
            for power in powers
        )
        mean += np.einsum("mkc,k->mc", first, share[told[part]])
        variance += np.einsum("mkc,k->mc", second - first**2, squares[told[part]])
    return mean, np.maximum(variance, 1e-30)


def _finer(nodes: _Nodes) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mass (up to a constant), mean and variance on a finer lattice, those that matter in one row each.

    They are interpolated; the logs of masses and variances are smoother than they are.
    """
    values = np.stack([nodes.log_weight, nodes.mean, np.log(nodes.variance)])
    across = interpolation(values.shape[2], FINER, NEAREST).T
    largest = nodes.log_weight.max()
    found = []
    for block in nodes.blocks:
        part = (interpolation(block.stop - block.start, FINER, NEAREST) @ values[:, block] @ across).reshape(3, -1)
        found.append(part[:, part[0] > largest + DEPTH])
    log_weight, mean, log_variance = np.concatenate(found, axis=1)
    return np.exp(log_weight - largest), mean, np.exp(log_variance)


def _beyond_normal(posterior: HyperPosterior, line: _Frequencies) -> ComplexArray:
    """Return what the true characteristic function adds to that of the mixture of normal distributions."""
    count = min(EXACT_NODES, EXACT_EFFORT // int(np.count_nonzero(posterior.kinds.in_mean)))
    # Evenly along the masses, beta slowest: each node carries the same share.
    cumulative = np.cumsum(posterior.weights.T.ravel())
    places = np.searchsorted(cumulative, (np.arange(count) + 0.5) / count * cumulative[-1])
    column, row = np.divmod(places, len(posterior.weights))
    true = _True(posterior, line)
    parts = [true.at(row[column == c], int(c)) for c in np.unique(column)]
    mean, variance = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    return np.asarray(sum(part[0] for part in parts) / count - line.of_normals(np.ones(count), mean, variance))


class _True:
    """The characteristic function of the mean of the rates at single nodes.

    Attributes
    ----------
    waves : ndarray, shape (G, 2 J + 2)
        Cosines and sines of J frequencies times the rate as it counts in the mean, then this rate and its square.
    """

    def __init__(self, posterior: HyperPosterior, line: _Frequencies) -> None:
        self.posterior, self.size = posterior, line.size
        self.counts = posterior.kinds.in_mean.astype(int)
        total = self.counts.sum()
        rate = special.expit(posterior.lattice.theta) / total
        angles = np.multiply.outer(rate - line.low / total, line.unit * np.arange(line.size))
        self.waves = np.column_stack([np.cos(angles), np.sin(angles), rate, rate**2])

    def at(self, rows: IntArray, column: int) -> tuple[ComplexArray, FloatArray, FloatArray]:
        """Return for some rows (mu, tau) at one beta the sum of the functions, (J,), and each mean and variance."""
        kernel = self.posterior.lattice.kernel[rows]
        live = span(kernel.max(axis=0) > LIVE)
        kernel, waves = kernel[:, live], self.waves[live]
        product = np.ones((len(rows), self.size), complex)
        mean, variance = np.zeros(len(rows)), np.zeros(len(rows))
        for kind in np.flatnonzero(self.counts):
            likelihood, given = self.posterior.at(int(kind), rows, column)
            parts = kernel @ (likelihood[live, None] * waves) / given[:, None]
            factor = parts[:, : self.size] + 1j * parts[:, self.size : -2]
            product *= factor ** self.counts[kind] if self.counts[kind] > 1 else factor
            mean += self.counts[kind] * parts[:, -2]
            variance += self.counts[kind] * np.maximum(parts[:, -1] - parts[:, -2] ** 2, 0.0)
        return product.sum(axis=0), mean, variance
