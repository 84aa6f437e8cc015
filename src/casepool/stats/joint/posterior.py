"""The posterior of (mu, tau, beta) on a lattice, and the way back to the diseases.

It is a sum over nodes: no random numbers, identical results every time. With W the kernel and E_d the likelihood of a
disease at (theta, beta), its likelihood given the hyperparameters is one matrix product ``L_d = W E_d``. Diseases
with the same evidence share it. Letters as in the lattice; K kinds of diseases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from casepool.stats.joint.data import JointData, JointPriors
from casepool.stats.joint.kinds import Kinds
from casepool.stats.joint.lattice import Lattice, place_box
from casepool.stats.joint.likelihood import linkage_loglik, side_logliks
from casepool.stats.joint.pilot import pilot
from casepool.stats.joint.settings import Settings
from casepool.stats.joint.spread import spread_logliks
from casepool.typing import FloatArray, IntArray

BoolArray = NDArray[np.bool_]

# Hundreds of patients can underflow to zero where the rate is impossible.
SMALLEST = 1e-290
# Log density, relative to its largest, above which an edge of the box was placed too near.
EDGE = -8.0
MAX_ROUNDS = 8
# Rows with less mass than this are left out on the way back.
NEGLIGIBLE = 1e-10
# Values of (theta, kind, beta) in memory at once.
CHUNK = 1.0e6
# A likelihood of this share of its largest is taken as impossible; a kind is narrow on such a share of the nodes.
IMPOSSIBLE, NARROW = 1e-200, 0.4


class Evidence:
    """Likelihoods of the kinds on a lattice, each scaled to a maximum of 1 on its lines.

    Attributes
    ----------
    complete : ndarray, shape (K, G)
        Of complete evidence at theta + kappa.
    selective : ndarray, shape (S, length of the line of theta + beta)
        Of selective evidence, for the S kinds that have any; ``along_beta`` is the same by theta and beta, (S, G, B).
    log_scale : ndarray, shape (K,)
        Logs of what they were divided by.
    """

    def __init__(self, lattice: Lattice, kinds: Kinds, settings: Settings) -> None:
        self.lattice, self.kinds = lattice, kinds
        sides = [kinds.kinds[k].selective for k in kinds.selective]
        rho, spread = settings.clustering, settings.ratio_spread
        complete = side_logliks(lattice.theta + settings.kappa, [kind.complete for kind in kinds.kinds], rho)
        told = partial(side_logliks, sides=sides, clustering=rho)
        selective = spread_logliks(told, lattice.eta, spread) if spread and sides else told(lattice.eta)
        peaks, others = complete.max(axis=1), selective.max(axis=1)
        self.complete, self.selective = np.exp(complete - peaks[:, None]), np.exp(selective - others[:, None])
        self.log_scale = peaks
        self.log_scale[list(kinds.selective)] += others
        self.along_beta = lattice.along_beta(self.selective)

    def likelihood(self, kind: int) -> FloatArray:
        """Return the likelihood of a kind at (theta, beta), shape (G, B), or (G, 1) without selective evidence."""
        complete: FloatArray = self.complete[kind][:, None]
        if kind not in self.kinds.selective:
            return complete
        return np.asarray(complete * self.along_beta[self.kinds.selective.index(kind)], float)

    @cached_property
    def live(self) -> list[slice]:
        """Return for each kind with selective evidence the nodes of theta between which it is possible."""
        first, last = (self.complete > IMPOSSIBLE).argmax(axis=1), (self.complete[:, ::-1] > IMPOSSIBLE).argmax(axis=1)
        start, stop = first, self.complete.shape[1] - last
        possible = self.selective > IMPOSSIBLE
        reach = self.selective.shape[1] - self.complete.shape[1]
        low, high = possible.argmax(axis=1) - reach, possible.shape[1] - possible[:, ::-1].argmax(axis=1)
        ends = [(max(start[k], a), min(stop[k], b)) for k, a, b in zip(self.kinds.selective, low, high, strict=True)]
        return [slice(int(a), int(b)) if a < b else slice(None) for a, b in ends]

    def chunks(self) -> Iterator[tuple[slice, slice, FloatArray]]:
        """Yield kinds with selective evidence, a few at a time, their nodes of theta, and their likelihoods there.

        These have shape (nodes, some, B). A kind of many patients is possible at few nodes and comes alone.
        """
        size = len(self.lattice.theta)
        at_once = max(1, int(CHUNK / (size * len(self.lattice.beta))))
        narrow = [live.stop is not None and live.stop - live.start < NARROW * size for live in self.live]
        start = 0
        while start < len(narrow):
            stop = start + 1
            while stop < min(start + at_once, len(narrow)) and not (narrow[start] or narrow[stop]):
                stop += 1
            part, live = slice(start, stop), self.live[start] if narrow[start] else slice(None)
            places = list(self.kinds.selective[part])
            told = self.along_beta[part, live].transpose(1, 0, 2)
            yield part, live, self.complete[places, live].T[:, :, None] * told
            start = stop


@dataclass(frozen=True)
class HyperPosterior:
    """Posterior of the hyperparameters and what is needed to go back to the diseases.

    Attributes
    ----------
    lattice : Lattice
        Nodes.
    evidence : Evidence
        Likelihoods at the nodes.
    weights : ndarray, shape (R, B)
        Posterior probabilities, summing to one.
    log_density : ndarray, shape (R, B)
        Log posterior density, 0 at its maximum, without quadrature weights.
    given_complete : ndarray, shape (R, K - S)
        L of the kinds without selective evidence.
    given_selective : ndarray, shape (R, S, B)
        L of those with selective evidence.
    log_marginal : float
        Log marginal likelihood of the data, without binomial coefficients; it weighs models
        against each other.
    """

    lattice: Lattice
    evidence: Evidence
    weights: FloatArray
    log_density: FloatArray
    given_complete: FloatArray
    given_selective: FloatArray
    log_marginal: float

    @property
    def kinds(self) -> Kinds:
        """Return the kinds of diseases that it tells of."""
        return self.evidence.kinds

    @cached_property
    def open_edges(self) -> tuple[BoolArray, BoolArray, bool, bool]:
        """Where mass lies at the edge of the lattice: of mu at each tau (low, high), of beta below and above."""
        density, blocks = self.log_density, self.lattice.blocks
        low = density[[block.start for block in blocks]].max(axis=1) > EDGE
        high = density[[block.stop - 1 for block in blocks]].max(axis=1) > EDGE
        free = density.shape[1] > 1
        return low, high, free and bool(density[:, 0].max() > EDGE), free and bool(density[:, -1].max() > EDGE)

    @property
    def cut_off(self) -> bool:
        """Whether mass lies at an edge: counts that contradict each other by more than numbers hold, e to the 600."""
        return any(np.any(edge) for edge in self.open_edges)

    def theta_weights(self) -> FloatArray:
        """Return the posterior of theta of every kind, and last that of a disease without data, shape (K + 1, G).

        ``P_d(theta) = sum over beta of [W^T (post / L_d)] E_d``.
        """
        rows = self.weights.sum(axis=1) > NEGLIGIBLE
        kernel, weights, by_row = self.lattice.kernel[rows], self.weights[rows], self.weights[rows].sum(axis=1)
        found = np.empty((len(self.kinds.kinds) + 1, len(self.lattice.theta)))
        alone = list(self.kinds.complete_only)
        if alone:
            found[alone] = ((by_row[:, None] / self.given_complete[rows]).T @ kernel) * self.evidence.complete[alone]
        for part, live, table in self.evidence.chunks():
            ratio = weights[:, None, :] / self.given_selective[rows, part]
            back = (kernel[:, live].T @ ratio.reshape(len(weights), -1)).reshape(table.shape)
            places = list(self.kinds.selective[part])
            found[places] = 0.0
            found[places, live] = np.einsum("gkb,gkb->kg", back, table)
        found[-1] = by_row @ kernel
        return np.asarray(found / found.sum(axis=1, keepdims=True), float)

    def at(self, kind: int, rows: IntArray, column: int) -> tuple[slice, FloatArray, FloatArray]:
        """Return nodes of theta, the likelihood of a kind there at one beta, and its L at some rows."""
        likelihood = self.evidence.complete[kind]
        if kind not in self.kinds.selective:
            return slice(None), likelihood, self.given_complete[rows, self.kinds.complete_only.index(kind)]
        place = self.kinds.selective.index(kind)
        live, given = self.evidence.live[place], self.given_selective[rows, place, column]
        return live, likelihood[live] * self.evidence.along_beta[place, live, column], given


def joint_posterior(data: JointData, settings: Settings, diseases: tuple[int, ...] | None = None) -> HyperPosterior:
    """Return the posterior of (mu, tau, beta).

    Parameters
    ----------
    data : JointData
        Counts.
    settings : Settings
        Switches.
    diseases : tuple of int, optional
        Positions of the diseases that the posterior tells of, by default those with data. A
        disease without data leaves the posterior alone and gets the prediction.
    """
    kinds = Kinds.among(data, data.used if diseases is None else diseases, settings.clustering)
    linkage = data.linkage if settings.use_linkage and settings.ratio is None else None
    box = place_box(pilot(kinds, settings, linkage), kinds, settings)
    for _ in range(MAX_ROUNDS):
        lattice = Lattice(box.within_memory(len(kinds.selective)))
        prior = log_prior(lattice, settings.priors, fixed=settings.ratio is not None)
        posterior = _posterior(Evidence(lattice, kinds, settings), prior + linkage_loglik(linkage, lattice.beta))
        if not posterior.cut_off:
            break
        box = lattice.box.widened(*posterior.open_edges)
    return posterior


def log_prior(lattice: Lattice, priors: JointPriors, *, fixed: bool) -> FloatArray:
    """Return the log prior density, shape (R, B)."""
    rows = log_normal(lattice.mu, priors.mu_mean, priors.mu_sd) + log_normal(lattice.tau, 0.0, priors.tau_sd)
    columns = 0.0 * lattice.beta if fixed else log_normal(lattice.beta, priors.beta_mean, priors.beta_sd)
    return np.asarray(math.log(2.0) + rows[:, None] + columns, float)


def log_normal(x: FloatArray, mean: float, sd: float) -> FloatArray:
    """Return the log density of a normal distribution, shape of ``x``."""
    return np.asarray(-0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - 0.5 * math.log(2.0 * math.pi), float)


def _posterior(evidence: Evidence, log_density: FloatArray) -> HyperPosterior:
    """Return the posterior from the likelihoods and the log of everything else, shape (R, B)."""
    lattice, kinds = evidence.lattice, evidence.kinds
    alone = list(kinds.complete_only)
    given_complete = np.maximum(lattice.kernel @ evidence.complete[alone].T, SMALLEST)
    log_density = log_density + (np.log(given_complete) @ kinds.count[alone])[:, None]
    counts = kinds.count[list(kinds.selective)]
    given = np.empty((len(lattice.mu), len(counts), len(lattice.beta)))
    for part, live, table in evidence.chunks():
        product = lattice.kernel[:, live] @ table.reshape(len(table), -1)
        given[:, part] = np.maximum(product, SMALLEST).reshape(len(product), -1, len(lattice.beta))
        log_density += np.einsum("rkb,k->rb", np.log(given[:, part]), counts[part])
    largest = float(log_density.max())
    log_density -= largest
    weights = np.exp(log_density) * lattice.weight[:, None]
    total = float(weights.sum())
    log_step = math.log(lattice.box.theta_step * lattice.box.beta_stride) if len(lattice.beta) > 1 else 0.0
    log_marginal = math.log(total) + largest + log_step + float(kinds.count @ evidence.log_scale)
    return HyperPosterior(lattice, evidence, weights / total, log_density, given_complete, given, log_marginal)
