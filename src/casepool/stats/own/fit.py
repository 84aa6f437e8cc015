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
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from casepool.stats import special
from casepool.stats.joint.likelihood import linkage_loglik
from casepool.stats.own.data import Allowances, Kind, OwnData
from casepool.stats.own.tables import log_uniform_rate, source_loglik
from casepool.stats.quadrature import GridDistribution, gauss_legendre
from casepool.typing import FloatArray

# Rates from 0.012 % to 99.988 %: a uniform rate has 1 in 4,000 outside.
LIMIT = 9.0
RATIO_STEP = 0.1  # at most
RATIO_REACH = 4.5  # SDs of the prior of beta
OMEGA_NODES, OMEGA_REACH = 10, 4.0
KAPPA_STEP, KAPPA_REACH = 0.4, 4.0  # SDs of the prior of kappa
# A normal kernel narrower than this many steps is three points of the same variance.
NARROW = 0.62


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


@dataclass(frozen=True)
class Grid:
    """The nodes: every ratio and every kappa is a whole number of steps of theta."""

    allowances: Allowances
    step: float
    ratio_step: float
    theta: FloatArray
    beta: FloatArray
    omega: FloatArray
    omega_weights: FloatArray
    kappa: FloatArray

    @classmethod
    def of(cls, data: OwnData, allowances: Allowances) -> Grid:
        """Choose steps that resolve the evidence."""
        rate, contrast = _sharpest(data, allowances)
        coarse = _coarse_step(allowances)
        ratio_step = coarse / _parts(coarse, contrast)
        step = ratio_step / _parts(ratio_step, rate)
        arm = math.ceil(LIMIT / step)
        reach = RATIO_REACH * allowances.ratio_prior_sd
        first = math.floor((allowances.ratio_mean - reach) / ratio_step)
        last = math.ceil((allowances.ratio_mean + reach) / ratio_step)
        omega, weights = _half_normal(allowances.ratio_sd)
        kappa = np.zeros(1)
        if data.has_registry and allowances.registry_sd:
            jump = max(1, round(KAPPA_STEP * allowances.registry_sd / step)) * step
            side = math.ceil(KAPPA_REACH * allowances.registry_sd / jump)
            kappa = np.asarray(jump * np.arange(-side, side + 1), float)
        theta = np.asarray(step * np.arange(-arm, arm + 1), float)
        beta = np.asarray(ratio_step * np.arange(first, last + 1), float)
        return cls(allowances, step, ratio_step, theta, beta, omega, weights, kappa)

    @property
    def shifts(self) -> FloatArray:
        """Return the nodes of beta in steps of theta, shape (B,)."""
        return np.round(self.beta / self.step).astype(int)

    def log_kappa(self, kappa: float) -> float:
        """Return the log prior of a node of kappa, up to a constant."""
        return 0.0 if len(self.kappa) == 1 else -0.5 * (kappa / self.allowances.registry_sd) ** 2

    def log_beta(self) -> FloatArray:
        """Return the log prior of the common log ratio, shape (B,)."""
        mean, sd = self.allowances.ratio_mean, self.allowances.ratio_prior_sd
        if sd == 0:
            nearest = int(np.argmin(np.abs(self.beta - mean)))
            return np.where(np.arange(len(self.beta)) == nearest, 0.0, -np.inf)
        return np.asarray(-0.5 * ((self.beta - mean) / sd) ** 2, float)

    def kernels(self) -> Iterator[FloatArray]:
        """Yield for each omega the matrix (B, B) of P(beta_d | beta): a row for each beta."""
        for omega in self.omega:
            yield _kernel(self.beta, float(omega), self.ratio_step)


def _coarse_step(allowances: Allowances) -> float:
    """Return the widest step of the log ratios: a ratio that is fixed is a node."""
    fixed = abs(allowances.ratio_mean) if allowances.ratio_prior_sd == 0 else 0.0
    return fixed / math.ceil(fixed / RATIO_STEP) if fixed else RATIO_STEP


def _parts(step: float, patients: float) -> int:
    """Return into how many parts a step is cut to resolve a likelihood of so many patients."""
    return max(1, math.ceil(step * math.sqrt(patients) / 1.2))


def _sharpest(data: OwnData, allowances: Allowances) -> tuple[float, float]:
    """Return of how many patients the sharpest rate and the sharpest contrast of one disease are, at most."""
    rate = contrast = 1.0
    for disease in range(data.n_diseases):
        sides = {True: 0.0, False: 0.0}
        for source in data.of(disease):
            spread = source.n > 1 and allowances.source_sd > 0
            sides[source.kind == Kind.SELECTIVE] += _effective(source.n) if spread else source.n
        rate, contrast = max(rate, sum(sides.values())), max(contrast, min(sides.values()))
    return rate, contrast


def _effective(n: int) -> float:
    """Return to how many patients a source of n comes down once sources may differ (a cautious guess)."""
    return min(float(n), 64.0)


def _half_normal(scale: float) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights of a half-normal, shape (W,); the point 0 where there is no scale."""
    if scale == 0:
        return np.zeros(1), np.ones(1)
    nodes, weights = gauss_legendre(OMEGA_NODES, 0.0, OMEGA_REACH * scale)
    weights = weights * np.exp(-0.5 * (nodes / scale) ** 2)
    return nodes, weights / weights.sum()


def _kernel(beta: FloatArray, omega: float, step: float) -> FloatArray:
    """Return a normal density of SD omega around each node as rows that sum to one, shape (B, B)."""
    size = len(beta)
    if omega < NARROW * step:
        edge = 0.5 * (omega / step) ** 2
        rows = (1.0 - 2.0 * edge) * np.eye(size) + edge * (np.eye(size, k=1) + np.eye(size, k=-1))
    else:
        rows = np.exp(-0.5 * ((beta[:, None] - beta) / omega) ** 2)
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), float)


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
    for source in sources:
        if source.kind == Kind.REGISTRY:
            continue
        loglik = source_loglik(line, source.events, source.n, source.effect_sd(sd))
        if source.kind == Kind.SELECTIVE:
            table = table + loglik[at]
        elif error == 0:
            table = table + loglik[here][:, None]
        else:
            table = table + np.logaddexp(math.log1p(-error) + loglik[here][:, None], math.log(error) + loglik[at])
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


def line_of(grid: Grid) -> tuple[FloatArray, int]:
    """Return the logits that theta, shifted by any ratio or kappa, can reach, and the (negative) place of theta's 0."""
    reach = [0, int(grid.shifts[0]), int(grid.shifts[-1])]
    reach += [round(float(kappa) / grid.step) for kappa in (grid.kappa[0], grid.kappa[-1])]
    low, high = min(reach), max(reach)
    first = round(float(grid.theta[0]) / grid.step) + low
    return np.asarray(grid.step * np.arange(first, first + len(grid.theta) + high - low), float), low
