"""The characteristic function of the mean of the rates at a few nodes, without an approximation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casepool.stats import special
from casepool.stats.joint.moments import Nodes
from casepool.stats.joint.posterior import HyperPosterior
from casepool.typing import ComplexArray, FloatArray, IntArray

# Fewest nodes; products of nodes and kinds that they may cost; nodes at one beta, where they are chosen.
FEWEST, EFFORT, ROWS = 24, 1000, 16
# Nodes with less than this share of the largest mass are left out: what they have beyond a normal distribution is taken
# from the others.
NEGLIGIBLE = 2e-2
GOLDEN = 0.618


@dataclass(frozen=True)
class ExactNodes:
    """Nodes at which the characteristic function is exact.

    Attributes
    ----------
    at : list of (ndarray of int, int)
        Rows (mu, tau) of the posterior at each of a few nodes of beta; N nodes in all.
    mass, mean, variance : ndarray, shape (N,)
        Masses that sum to one, moments of the mean of the rates.
    """

    at: list[tuple[IntArray, int]]
    mass: FloatArray
    mean: FloatArray
    variance: FloatArray


def exact_nodes(nodes: Nodes, posterior: HyperPosterior) -> ExactNodes:
    """Return the nodes that matter, or some of them, evenly along their masses, where all would cost too much."""
    count = max(EFFORT // int(np.count_nonzero(posterior.kinds.in_mean)), FEWEST)
    mass = np.exp(nodes.log_weight - nodes.log_weight.max())
    mass[mass < NEGLIGIBLE] = 0.0
    if np.count_nonzero(mass) > count:
        mass = _evenly(mass, count)
    column, row = np.nonzero(mass.T)
    at = [(nodes.rows[row[column == c]], int(c) + nodes.columns.start) for c in np.flatnonzero(np.bincount(column))]
    return ExactNodes(at, mass[row, column] / mass.sum(), nodes.mean[row, column], nodes.variance[row, column])


def _evenly(mass: FloatArray, count: int) -> FloatArray:
    """Return masses of about so many nodes evenly along given ones, at a few nodes of beta."""
    betas = max(3, count // ROWS)
    of_beta = np.cumsum(mass.sum(axis=0))
    found = np.zeros(mass.shape)
    for i in range(betas):
        column = int(np.searchsorted(of_beta, (i + 0.5) / betas * of_beta[-1]))
        cumulative = np.cumsum(mass[:, column])
        # Each beta starts elsewhere, by the golden ratio.
        shares = (np.arange(count // betas) + (GOLDEN * i + 0.5) % 1.0) / (count // betas)
        found[:, column] += np.bincount(np.searchsorted(cumulative, shares * cumulative[-1]), minlength=len(mass))
    return found


def true_functions(posterior: HyperPosterior, few: ExactNodes, frequency: FloatArray, low: float) -> ComplexArray:
    """Return the characteristic functions of the distance of the mean to ``low``, shape (N, J).

    Parameters
    ----------
    posterior : HyperPosterior
        What the nodes belong to.
    few : ExactNodes
        N nodes.
    frequency : ndarray, shape (J,)
        Where they are asked.
    low : float
        From where the mean is counted.
    """
    counts = posterior.kinds.in_mean.astype(int)
    total = counts.sum()
    angles = np.multiply.outer((special.expit(posterior.lattice.theta) - low) / total, frequency)
    waves = np.column_stack([np.cos(angles), np.sin(angles)])
    size = len(frequency)
    found = []
    for rows, column in few.at:
        product, kernel = np.ones((len(rows), size), complex), posterior.lattice.kernel[rows]
        for kind in np.flatnonzero(counts):
            live, likelihood, given = posterior.at(int(kind), rows, column)
            expected = kernel[:, live] @ (likelihood[:, None] * waves[live]) / given[:, None]
            factor = expected[:, :size] + 1j * expected[:, size:]
            product *= factor ** counts[kind] if counts[kind] > 1 else factor
        found.append(product)
    return np.concatenate(found)
