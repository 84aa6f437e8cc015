"""The own rate of each disease, exact on a grid.

Letters: D diseases, G nodes of theta (logit of the rate among all treated), B nodes of a log reporting ratio, W nodes
of omega (SD of the ratios of diseases), K nodes of kappa (the registry's preference).

Each disease has its own theta_d, uniform on the rate, and its own log ratio ``beta_d ~ N(beta, omega²)``. The common
beta is learnt from diseases that hold a contrast between complete and selective sources, from linkage, and from its
prior. A disease without complete evidence uses what was learnt and teaches nothing: a disease whose reports all tell
of responders would otherwise raise the ratio of all others.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from casepool.stats import special
from casepool.stats.joint.likelihood import linkage_loglik
from casepool.stats.own.data import Allowances, Kind, OwnData
from casepool.stats.own.grid import Grid, line_of
from casepool.stats.own.tables import log_uniform_rate, source_loglik
from casepool.stats.quadrature import GridDistribution
from casepool.typing import FloatArray


@dataclass(frozen=True)
class OwnRate:
    """The posterior of one disease.

    Attributes
    ----------
    theta : GridDistribution
        Of the logit of the rate.
    ratio : GridDistribution
        Of the log reporting ratio of the disease.
    anchored : bool
        Whether a source of the disease reports all its patients.
    n : int
        Patients behind it.
    """

    theta: GridDistribution
    ratio: GridDistribution
    anchored: bool
    n: int

    @property
    def mean(self) -> float:
        """Return the posterior mean of the rate."""
        return self.theta.mean(special.expit)

    def interval(self, level: float) -> tuple[float, float]:
        """Return the equal-tailed credible limits of the rate."""
        tail = (1.0 - level) / 2.0
        return self.quantile(tail), self.quantile(1.0 - tail)

    def quantile(self, probability: float) -> float:
        """Return a quantile of the rate."""
        return float(special.expit(self.theta.quantile(probability)))

    def above(self, rate: float) -> float:
        """Return the posterior probability of a rate above this one."""
        return 1.0 - self.theta.cdf(float(special.logit(rate)))


@dataclass(frozen=True)
class OwnFit:
    """The own rates of all diseases.

    Attributes
    ----------
    rates : tuple of OwnRate or None, length D
        None for a disease without patients.
    ratio : GridDistribution
        Of the common log reporting ratio beta.
    kappa : GridDistribution or None
        Of the registry's preference; None without a registry or without this allowance.
    worlds : tuple of World
        The posterior under each node of kappa, whose weights are ``weights``.
    """

    rates: tuple[OwnRate | None, ...]
    ratio: GridDistribution
    kappa: GridDistribution | None
    worlds: tuple[World, ...] = field(repr=False)
    weights: FloatArray = field(repr=False)


def fit_own(data: OwnData, allowances: Allowances | None = None) -> OwnFit:
    """Return the own rate of each disease.

    Parameters
    ----------
    data : OwnData
        Sources by disease.
    allowances : Allowances
        What may be wrong with the evidence, and the prior of the ratio.

    Returns
    -------
    OwnFit
        Posterior of each disease with patients, of the common ratio and of the registry's preference.
    """
    posterior = own_posterior(data, allowances or Allowances())
    rates = tuple(posterior.rate(d) if data.of(d) else None for d in range(data.n_diseases))
    return OwnFit(rates, posterior.ratio, posterior.kappa, posterior.worlds, posterior.weights)


def own_posterior(data: OwnData, allowances: Allowances) -> OwnPosterior:
    """Return the posterior behind the own rates: every disease under every value of the registry's preference."""
    grid = Grid.of(data, allowances)
    worlds = tuple(worlds_of(data, grid))
    logs = np.array([world.log_evidence + grid.log_kappa(world.kappa) for world in worlds])
    return OwnPosterior(data, grid, worlds, special.softmax(logs), float(special.logsumexp(logs)))


@dataclass(frozen=True)
class OwnPosterior:
    """The posterior of all diseases, value by value of the registry's preference.

    Attributes
    ----------
    data : OwnData
        The evidence.
    grid, worlds
        The nodes, and all diseases under each of the K values of the preference.
    weights : ndarray, shape (K,)
        Posterior probabilities of these values.
    log_evidence : float
        Log marginal likelihood of the diseases that inform, up to a constant of the grid: it compares models of the
        same data that differ in their allowances for the spread of ratios only.
    """

    data: OwnData
    grid: Grid
    worlds: tuple[World, ...]
    weights: FloatArray
    log_evidence: float

    @property
    def ratio(self) -> GridDistribution:
        """Return the posterior of the common log reporting ratio."""
        common = sum(w * world.common for w, world in zip(self.weights, self.worlds, strict=True))
        return GridDistribution(float(self.grid.beta[0]), self.grid.ratio_step, np.asarray(common))

    @property
    def kappa(self) -> GridDistribution | None:
        """Return the posterior of the registry's preference; None without a registry or this allowance."""
        nodes = self.grid.kappa
        return GridDistribution(float(nodes[0]), float(nodes[1] - nodes[0]), self.weights) if len(nodes) > 1 else None

    def rate(self, disease: int) -> OwnRate:
        """Return the posterior of a disease with patients, over all values of the registry's preference."""
        both = sum(weight * self.given(disease, world) for weight, world in zip(self.weights, self.worlds, strict=True))
        theta, ratio = np.asarray(both).sum(axis=1), np.asarray(both).sum(axis=0)
        return OwnRate(
            GridDistribution(float(self.grid.theta[0]), self.grid.step, theta),
            GridDistribution(float(self.grid.beta[0]), self.grid.ratio_step, ratio),
            self.data.is_anchored(disease),
            sum(source.n for source in self.data.of(disease)),
        )

    def given(self, disease: int, world: World) -> FloatArray:
        """Return the posterior of theta and log ratio of a disease under one preference, shape (G, B)."""
        posterior = world.joint_of(disease) * world.ratio_of(disease)
        return np.asarray(posterior / posterior.sum(), float)


def worlds_of(data: OwnData, grid: Grid) -> list[World]:
    """Return everything under each value of the registry's preference."""
    tables = [log_joint(data, grid, disease) for disease in range(data.n_diseases)]
    kernels = np.stack(list(grid.kernels()))
    return [World(data, grid, tables, kernels, float(kappa)) for kappa in grid.kappa]


class World:
    """Everything under one value of the registry's preference.

    Attributes
    ----------
    joint : list of ndarray or None, each (G, B)
        Prior times likelihood of a disease over theta and its log ratio, relative to its peak.
    peaks : list of float
        Log of the peak of each.
    hyper : ndarray, shape (W, B)
        Posterior of omega and beta from the diseases that inform.
    log_evidence : float
        Of all that informs.
    """

    def __init__(
        self, data: OwnData, grid: Grid, without_registry: list[FloatArray | None], kernels: FloatArray, kappa: float
    ) -> None:
        self.kappa, self.kernels = kappa, kernels
        tables = [
            None if table is None else table + registry_loglik(data, grid, d, kappa)[:, None]
            for d, table in enumerate(without_registry)
        ]
        self.peaks = peaks = [0.0 if table is None else float(table.max()) for table in tables]
        self.joint: list[FloatArray | None] = [
            None if t is None else np.exp(t - p) for t, p in zip(tables, peaks, strict=True)
        ]
        self.given: list[FloatArray | None] = [
            None if t is None else np.maximum(kernels @ t.sum(axis=0), 1e-300) for t in self.joint
        ]
        informing = [d for d in range(data.n_diseases) if data.informs(d)]
        log_hyper = np.log(grid.omega_weights)[:, None] + grid.log_beta()
        for linkage in data.linked(None):
            log_hyper = log_hyper + linkage_loglik(linkage, grid.beta)
        for disease in informing:
            log_hyper = log_hyper + np.log(np.asarray(self.given[disease], float))
        total = float(special.logsumexp(log_hyper))
        self.hyper = np.exp(log_hyper - total)
        self.log_evidence = total + sum(peaks[d] for d in informing)
        self.informing = frozenset(informing)

    def joint_of(self, disease: int) -> FloatArray:
        """Return the table of a disease with patients, shape (G, B)."""
        table = self.joint[disease]
        assert table is not None, "a disease with patients has a table"
        return table

    def given_of(self, disease: int) -> FloatArray:
        """Return the likelihood of a disease with patients at each omega and beta, shape (W, B)."""
        table = self.given[disease]
        assert table is not None, "a disease with patients has a table"
        return table

    @property
    def common(self) -> FloatArray:
        """Return the posterior of the common log ratio, shape (B,)."""
        return np.asarray(self.hyper.sum(axis=0), float)

    def ratio_of(self, disease: int) -> FloatArray:
        """Return what the others say of the log ratio of a disease, shape (B,)."""
        return self.without(disease)[0]

    def without(self, disease: int) -> tuple[FloatArray, float]:
        """Return what the others say of the log ratio of a disease, shape (B,), and their log evidence."""
        others, log_evidence = self.hyper, self.log_evidence
        if disease in self.informing:
            others = self.hyper / self.given_of(disease)
            log_evidence += math.log(others.sum()) - self.peaks[disease]
        return np.asarray(np.einsum("wb,wbc->c", others / others.sum(), self.kernels), float), log_evidence


def log_joint(data: OwnData, grid: Grid, disease: int) -> FloatArray | None:
    """Return log prior plus log-likelihood of a disease at (theta, its log ratio), (G, B), registries left aside.

    None without patients.
    """
    sources = data.of(disease)
    if not sources:
        return None
    line, low = line_of(grid)
    at = (np.arange(len(grid.theta)) - low)[:, None] + grid.shifts
    here = np.arange(len(grid.theta)) - low
    table = np.broadcast_to(log_uniform_rate(grid.theta)[:, None], at.shape)
    sd, error = grid.allowances.source_sd, grid.allowances.label_error
    for source, times in Counter(sources).items():  # of thousands of reports most tell the same counts
        if source.kind == Kind.REGISTRY:
            continue
        loglik = source_loglik(line, source.events, source.n, source.effect_sd(sd))
        if source.kind == Kind.SELECTIVE:
            term = loglik[at]
        elif error == 0:
            term = loglik[here][:, None]
        else:
            term = np.logaddexp(math.log1p(-error) + loglik[here][:, None], math.log(error) + loglik[at])
        table = table + times * term
    for linkage in data.linked(disease):
        table = table + linkage_loglik(linkage, grid.beta)
    return np.asarray(table, float)


def registry_loglik(data: OwnData, grid: Grid, disease: int, kappa: float) -> FloatArray:
    """Return the log-likelihood of the registries of a disease, which prefer responders by `kappa`, shape (G,)."""
    line, low = line_of(grid)
    shifted = np.arange(len(grid.theta)) - low + round(kappa / grid.step)
    total = np.zeros(len(grid.theta))
    for source in data.of(disease):
        if source.kind == Kind.REGISTRY:
            sd = source.effect_sd(grid.allowances.source_sd)
            total += source_loglik(line, source.events, source.n, sd)[shifted]
    return total
