"""Mean and variance of the equal-weight mean of the rates at the nodes of the hyperparameters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casepool.stats import special
from casepool.stats.joint.posterior import HyperPosterior
from casepool.stats.quadrature import interpolation
from casepool.typing import FloatArray, IntArray

# Log density, relative to its largest, below which a node does not matter to three decimals.
DEPTH = -11.5
# The mean moves by at most this many of its deviations from node to node, or the mixture has ripples; how much finer
# the lattice may become for that, and through how many nodes the polynomials go.
RIPPLE, FINEST, NEAREST = 1.5, 12, 6


@dataclass(frozen=True)
class Nodes:
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


def moments_at_nodes(posterior: HyperPosterior) -> Nodes:
    """Return mass, mean and variance at the nodes that matter, groups left out of the mean.

    Parameters
    ----------
    posterior : HyperPosterior
        With at least one disease.
    """
    lattice, density = posterior.lattice, posterior.log_density
    columns = _span(density.max(axis=0) > DEPTH)
    # An odd number of them, since the moments are taken at every other one and interpolated.
    stop = min(columns.stop, density.shape[1])
    columns = slice(columns.start, stop - (stop - columns.start + 1) % 2)
    chosen, blocks, start = [], [], 0
    for block, stride in zip(lattice.blocks, lattice.box.strides, strict=True):
        rows = np.arange(block.start, block.stop)[:: lattice.box.mu_stride // stride]
        inside = density[rows].max(axis=1) > DEPTH
        if inside.any():
            chosen.append(rows[_span(inside)])
            blocks.append(slice(start, start + len(chosen[-1])))
            start = blocks[-1].stop
    rows = np.concatenate(chosen)
    tau_weight = np.repeat(lattice.box.tau_weights, [block.stop - block.start for block in lattice.blocks])
    log_weight = density[rows, columns] + np.log(tau_weight[rows])[:, None]
    mean, variance = _moments(posterior, rows, slice(columns.start, columns.stop, 2))
    between = interpolation(mean.shape[1], 2, NEAREST).T
    return Nodes(rows, columns, blocks, log_weight, mean @ between, np.exp(np.log(variance) @ between))


def _span(inside: NDArray[np.bool_]) -> slice:
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
    for part, live, table in evidence.chunks():
        given = posterior.given_selective[rows, part][:, :, columns]
        inside, near = table[:, :, columns], kernel[:, live]
        first, second = (
            (near @ (power[live, None, None] * inside).reshape(len(inside), -1)).reshape(given.shape) / given
            for power in powers
        )
        mean += np.einsum("mkc,k->mc", first, share[told[part]])
        variance += np.einsum("mkc,k->mc", second - first**2, squares[told[part]])
    return mean, np.maximum(variance, 1e-30)


def finer(nodes: Nodes) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mass, mean and variance on a lattice fine enough, those that matter in one row each.

    They are interpolated; the logs of masses and variances are smoother than they are.
    """
    values = np.stack([nodes.log_weight, nodes.mean, np.log(nodes.variance)])
    largest = nodes.log_weight.max()
    found = []
    for block in nodes.blocks:
        inside = values[:, block]
        mass = np.exp(inside[0] - largest)
        down, across = (_factor(inside[1], nodes.variance[block], mass, axis) for axis in (0, 1))
        part = (
            interpolation(inside.shape[1], down, NEAREST) @ inside @ interpolation(inside.shape[2], across, NEAREST).T
        )
        part[0] -= math.log(down * across)
        part = part.reshape(3, -1)
        found.append(part[:, part[0] > largest + DEPTH - math.log(down * across)])
    log_weight, mean, log_variance = np.concatenate(found, axis=1)
    mass = np.exp(log_weight - largest)
    return mass / mass.sum(), mean, np.exp(log_variance)


def _factor(mean: FloatArray, variance: FloatArray, mass: FloatArray, axis: int) -> int:
    """Return how much finer the steps along an axis must be."""
    if mean.shape[axis] < 2:
        return 1
    steps = np.diff(mean, axis=axis) ** 2
    inner = [slice(None), slice(None)]
    inner[axis] = slice(1, None)
    mass = mass[tuple(inner)]
    narrow = float((mass * variance[tuple(inner)]).sum())
    wanted = math.sqrt(float((mass * steps).sum()) / narrow) / RIPPLE if narrow > 0.0 else FINEST
    return min(max(1, math.ceil(wanted)), FINEST)
