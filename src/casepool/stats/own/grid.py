"""The nodes of the own model: rate, log ratios, their spread, the registry's preference. Letters as in `own.fit`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from casepool.stats.own.data import Allowances, Kind, OwnData
from casepool.stats.quadrature import gauss_legendre
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


def line_of(grid: Grid) -> tuple[FloatArray, int]:
    """Return the logits that theta, shifted by any ratio or kappa, can reach, and the (negative) place of theta's 0."""
    reach = [0, int(grid.shifts[0]), int(grid.shifts[-1])]
    reach += [round(float(kappa) / grid.step) for kappa in (grid.kappa[0], grid.kappa[-1])]
    low, high = min(reach), max(reach)
    first = round(float(grid.theta[0]) / grid.step) + low
    return np.asarray(grid.step * np.arange(first, first + len(grid.theta) + high - low), float), low
