"""Where the posterior of the hyperparameters lies: its mode and curvature at each of some values of tau.

With ``theta_d = mu + tau z_d`` the log density of (z, mu, beta) given tau is concave apart from the linkage, and its
Hessian is an arrow: each z_d touches itself, mu and beta alone, so that a Newton step costs O(D). Letters: T values of
tau, K kinds of diseases. With the information h = h_R + h_L of the two kinds of evidence and A = 1 + tau^2 h, what is
left after z is integrated out (Laplace) is the information of (mu, beta): ``sum h / A``, ``sum h_L / A`` and
``sum (h_L - tau^2 h_L^2 / A)``, plus that of the priors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from casepool.stats import special
from casepool.stats.joint.data import Linkage
from casepool.stats.joint.kinds import Kinds
from casepool.stats.joint.likelihood import linkage_loglik
from casepool.stats.joint.settings import Settings
from casepool.stats.quadrature import gauss_legendre, log1pexp
from casepool.typing import FloatArray

NODES, STEPS, ROUNDS = 12, 40, 4
TOLERANCE, LONGEST_STEP = 2e-3, 1.5
ROUNDING = 1e-12  # of a log density, by which it may seem to fall
# Log density of tau below its largest where the range ends. Where every patient responded the approximation is short
# in the tail: at -11 rates were off by 4e-4.
DEPTH = 13.0
TAU_LIMIT = 5.0  # deviations of its prior


@dataclass(frozen=True)
class Pilot:
    """Normal approximations given tau.

    Attributes
    ----------
    tau : ndarray, shape (T,)
        Nodes on [lower, upper].
    log_density : ndarray, shape (T,)
        Log marginal posterior density of tau, 0 at its largest.
    mu, beta : ndarray, shape (T,)
        Modes.
    mu_sd, beta_sd, mu_slice, beta_slice : ndarray, shape (T,)
        Deviations given tau, and given tau and the other parameter.
    lower, upper, tau_sd : float
        Range and deviation of tau.
    """

    tau: FloatArray
    log_density: FloatArray
    mu: FloatArray
    beta: FloatArray
    mu_sd: FloatArray
    beta_sd: FloatArray
    mu_slice: FloatArray
    beta_slice: FloatArray
    lower: float
    upper: float
    tau_sd: float


def pilot(kinds: Kinds, settings: Settings, linkage: Linkage | None) -> Pilot:
    """Return the approximations at nodes of tau, on a range that shrinks to where tau lies."""
    scale = settings.priors.tau_sd
    lower, upper = 0.0, TAU_LIMIT * scale
    model = _Model(kinds, settings, linkage)
    for _ in range(ROUNDS):
        tau, weights = gauss_legendre(NODES, lower, upper)
        mode, look = model.maximise(tau)
        log_density = look.log_marginal - 0.5 * (tau / scale) ** 2
        log_density = log_density - log_density.max()
        inside = np.flatnonzero(log_density > -DEPTH)
        first, last = int(inside[0]), int(inside[-1])
        low = float(tau[first - 1]) if first else lower
        high = float(tau[last + 1]) if last + 1 < len(tau) else upper
        low = 0.0 if low < 0.03 * high and lower == 0.0 else low
        if high - low > 0.75 * (upper - lower):
            break
        lower, upper = low, high
    mass = weights * np.exp(log_density)
    mean = np.sum(mass * tau) / mass.sum()
    deviation = math.sqrt(float(np.sum(mass * (tau - mean) ** 2) / mass.sum()))
    return Pilot(tau, log_density, mode[:, 0], mode[:, 1], *look.deviations(), lower, upper, deviation)


@dataclass(frozen=True)
class _Look:
    """What is found at a place (mu, beta, z of each kind), for every tau: densities, information, the next step."""

    log_density: FloatArray
    log_marginal: FloatArray
    info: tuple[FloatArray, FloatArray, FloatArray]
    step: FloatArray

    @cached_property
    def longest(self) -> FloatArray:
        """Return the largest move of a parameter, shape (T,)."""
        return np.asarray(np.abs(self.step).max(axis=1), float)

    def deviations(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the deviations of mu and beta, then those of each given the other."""
        mu, both, beta = self.info
        det = mu * beta - both**2
        return np.sqrt(beta / det), np.sqrt(mu / det), 1.0 / np.sqrt(mu), 1.0 / np.sqrt(beta)


class _Model:
    """Counts worth as much as those of the sources, priors, and the linkage tabulated."""

    def __init__(self, kinds: Kinds, settings: Settings, linkage: Linkage | None) -> None:
        rho, spread = settings.clustering, settings.ratio_spread
        complete = [kind.complete.effective(rho) for kind in kinds.kinds]
        selective = [kind.selective.effective(rho, spread) for kind in kinds.kinds]
        self.x, self.n = np.array(complete, float).reshape(-1, 2).T
        self.y, self.m = np.array(selective, float).reshape(-1, 2).T
        self.count, self.priors, self.kappa = kinds.count, settings.priors, settings.kappa
        self.fixed = settings.log_ratio
        reach = 7.0 * self.priors.beta_sd
        self.line = self.priors.beta_mean + np.linspace(-reach, reach, 71)
        value = linkage_loglik(linkage, self.line)
        slope = np.gradient(value, self.line)
        self.linkage = value, slope, np.maximum(-np.gradient(slope, self.line), 0.0)

    def maximise(self, tau: FloatArray) -> tuple[FloatArray, _Look]:
        """Return the mode at each tau, shape (T, 2 + K), and what was seen before the last step.

        Newton's method; a step is of limited length, and halved until the density does not fall: where nobody or
        everybody responded the curvature is that of a plain, and a whole step leads far beyond the mode.
        """
        size, priors = len(tau), self.priors
        events, n = float(self.count @ (self.x + self.y)), float(self.count @ (self.n + self.m))
        pooled = math.log((events + 0.5) / (n - events + 0.5))
        near = np.clip(pooled, priors.mu_mean - 2.0 * priors.mu_sd, priors.mu_mean + 2.0 * priors.mu_sd)
        place = np.zeros((size, 2 + len(self.count)))
        place[:, 0], place[:, 1] = near, priors.beta_mean if self.fixed is None else self.fixed
        held, height, step, share = place, np.full(size, -math.inf), np.zeros_like(place), np.ones(size)
        for _ in range(STEPS):
            look = self._look(place, tau[:, None])
            fell = look.log_density < height - ROUNDING * np.abs(height)
            whole = np.minimum(1.0, LONGEST_STEP / np.maximum(look.longest, 1e-300))
            share = np.where(fell, 0.5 * share, whole)
            height = np.where(fell, height, look.log_density)
            held = np.where(fell[:, None], held, place)
            step = np.where(fell[:, None], step, look.step)
            place = held + share[:, None] * step
            if not fell.any() and look.longest.max() < TOLERANCE:
                break
        return place, look

    def _look(self, place: FloatArray, tau: FloatArray) -> _Look:
        mu, beta, z = place[:, 0], place[:, 1], place[:, 2:]
        theta = mu[:, None] + tau * z
        up, shifted = theta + self.kappa, theta + beta[:, None]
        p, q = special.expit(up), special.expit(shifted)
        h_selective = self.m * q * (1.0 - q)
        h = self.n * p * (1.0 - p) + h_selective
        score_selective = self.y - self.m * q
        score = self.x - self.n * p + score_selective
        arrow = 1.0 + tau**2 * h
        of_z = tau * score - z
        linked, slope, curve = (np.interp(beta, self.line, column) for column in self.linkage)
        of_mu = score @ self.count - (mu - self.priors.mu_mean) / self.priors.mu_sd**2
        of_beta = score_selective @ self.count - (beta - self.priors.beta_mean) / self.priors.beta_sd**2 + slope
        info_mu = (h / arrow) @ self.count + self.priors.mu_sd**-2
        both = (h_selective / arrow) @ self.count
        info_beta = (h_selective - tau**2 * h_selective**2 / arrow) @ self.count + self.priors.beta_sd**-2 + curve
        right_mu = of_mu - (tau * h * of_z / arrow) @ self.count
        right_beta = of_beta - (tau * h_selective * of_z / arrow) @ self.count
        if self.fixed is not None:
            both, right_beta, info_beta = 0.0 * both, 0.0 * both, 1.0 + 0.0 * both
        determinant = np.asarray(info_mu * info_beta - both**2, float)
        density = (self.x * up - self.n * log1pexp(up) + self.y * shifted - self.m * log1pexp(shifted)) @ self.count
        density = density - 0.5 * (z**2) @ self.count - 0.5 * ((mu - self.priors.mu_mean) / self.priors.mu_sd) ** 2
        if self.fixed is None:
            density = density + linked - 0.5 * ((beta - self.priors.beta_mean) / self.priors.beta_sd) ** 2
        marginal = density - 0.5 * (np.log(arrow) @ self.count + np.log(determinant))
        by_mu = (info_beta * right_mu - both * right_beta) / determinant
        by_beta = (info_mu * right_beta - both * right_mu) / determinant
        by_z = (of_z - tau * h * by_mu[:, None] - tau * h_selective * by_beta[:, None]) / arrow
        step = np.concatenate([by_mu[:, None], by_beta[:, None], by_z], axis=1)
        return _Look(np.asarray(density, float), np.asarray(marginal, float), (info_mu, both, info_beta), step)
