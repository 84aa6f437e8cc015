"""Simulated literature and registry with known truth, and what the estimators make of it.

Mechanism: D diseases with logits N(logit 0.60, 0.8^2); a log-normal number of treated
patients each; publication with logit ``a_d + log(odds ratio) y``, ``a_d ~ N(a0, 0.4^2)``,
a0 such that a share 0.20 of all patients is published on average; a registry in three to six
diseases, drawn with probability proportional to size, that includes patients with a
probability from U(0.08, 0.25), whatever their response. What is printed comes in reports:
80 % tell one patient, the others two to five. Replicates are vectorised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from casepool.stats.joint.fit import JointData, Linkage
from casepool.stats.own.data import Kind, OwnData, OwnSource
from casepool.stats.quadrature import gauss_hermite
from casepool.stats.simulation.worlds import World
from casepool.typing import FloatArray, IntArray

SINGLE_SHARE = 0.8
SEVERAL = (2, 5)


@dataclass(frozen=True)
class Mechanism:
    """How patients are treated, registered and published.

    Attributes
    ----------
    odds_ratio : float
        Reporting odds ratio of responders against others.
    log_odds_ratio_sd : float
        Its variation between diseases, a violation of the model.
    registry_odds_ratio : float
        Odds ratio of responders for inclusion in the registry, another violation.
    """

    odds_ratio: float = 1.0
    log_odds_ratio_sd: float = 0.0
    registry_odds_ratio: float = 1.0
    n_diseases: int = 13
    median_rate: float = 0.60
    tau: float = 0.8
    log_size: tuple[float, float] = (3.0, 0.8)
    size_limits: tuple[int, int] = (4, 150)
    published_share: float = 0.20
    publication_sd: float = 0.4
    registry_diseases: tuple[int, int] = (3, 6)
    inclusion: tuple[float, float] = (0.08, 0.25)

    def draw(self, size: int, rng: np.random.Generator) -> Replicates:
        """Return S simulated worlds."""
        return draw_replicates(self, size, rng)


@dataclass(frozen=True)
class Replicates:
    """Counts of S replicates and D diseases, every array of shape (S, D).

    Attributes
    ----------
    rate : ndarray
        True response probabilities.
    registered, published, both : ndarray, shape (S, D, 2)
        Patients in the registry, in print, and in both; responders first, others second.
    report_seed : ndarray, shape (S,)
        Seed of the division of each literature into reports.
    """

    rate: FloatArray
    registered: IntArray
    published: IntArray
    both: IntArray
    report_seed: IntArray

    def __len__(self) -> int:
        """Return the number of replicates."""
        return len(self.rate)

    def data(self, s: int) -> JointData:
        """Return one replicate as input of the joint model; print leaves out the registry."""
        registered, told = self.registered[s], self.published[s] - self.both[s]
        known, linked = registered.sum(axis=0), self.both[s].sum(axis=0)
        linkage = Linkage(int(known[0]), int(linked[0]), int(known[1]), int(linked[1]))
        return JointData(
            registered[:, 0].tolist(),
            registered.sum(axis=1).tolist(),
            told[:, 0].tolist(),
            told.sum(axis=1).tolist(),
            linkage,
        )

    def world(self, s: int) -> World:
        """Return one replicate; the reports are those in print, registry patients among them."""
        rng = np.random.default_rng(int(self.report_seed[s]))
        parts = [split_into_reports(int(yes), int(no), rng) for yes, no in self.published[s]]
        reports = np.vstack(parts)
        lists = (self.registered[s], self.published[s], self.both[s])
        return World(self.data(s), self.own(s), self.rate[s], reports[:, 0], reports[:, 1], lists)

    def own(self, s: int) -> OwnData:
        """Return one replicate by source: the registry of each disease, and each patient in print outside it."""
        sources, linkage = [], []
        for d, (registered, both) in enumerate(zip(self.registered[s].tolist(), self.both[s].tolist(), strict=True)):
            sources.append(OwnSource(d, Kind.REGISTRY, registered[0], sum(registered)))
            told = (self.published[s, d] - self.both[s, d]).tolist()
            sources += [
                OwnSource(d, Kind.SELECTIVE, x, 1) for x, times in zip((1, 0), told, strict=True) for _ in range(times)
            ]
            linkage.append((d, Linkage(registered[0], both[0], registered[1], both[1])))
        return OwnData(len(self.registered[s]), sources, linkage)


def split_into_reports(responders: int, others: int, rng: np.random.Generator) -> IntArray:
    """Return responders and patients of each report, shape (K, 2), in which these were told.

    80 % of reports tell one patient, the others two to five; the last takes what is left.
    """
    patients = responders + others
    response = rng.permutation(np.arange(patients) < responders)
    sizes = np.where(rng.random(patients) < SINGLE_SHARE, 1, rng.integers(*SEVERAL, patients, endpoint=True))
    ends = np.cumsum(sizes)
    if patients == 0:
        return np.zeros((0, 2), np.int64)
    first = np.concatenate(([0], ends[ends < patients]))
    n = np.diff(np.append(first, patients))
    return np.column_stack([np.add.reduceat(response.astype(np.int64), first), n]).astype(np.int64)


def publication_intercept(mechanism: Mechanism) -> float:
    """Return a0, such that the expected share of published patients is as asked."""
    z, w = gauss_hermite(40)
    rate = special.expit(special.logit(mechanism.median_rate) + mechanism.tau * z)[:, None]
    shift = mechanism.publication_sd * z
    log_odds_ratio = np.log(mechanism.odds_ratio)

    def excess(a0: float) -> float:
        share = rate * special.expit(a0 + shift + log_odds_ratio) + (1 - rate) * special.expit(a0 + shift)
        return float(w @ share @ w) - mechanism.published_share

    return float(optimize.brentq(excess, -20.0, 20.0, xtol=1e-12))


def draw_replicates(mechanism: Mechanism, size: int, rng: np.random.Generator) -> Replicates:
    """Return S simulated worlds.

    Parameters
    ----------
    mechanism : Mechanism
        Parameters.
    size : int
        Replicates S.
    rng : Generator
        Source of randomness.
    """
    shape = (size, mechanism.n_diseases)
    rate = special.expit(special.logit(mechanism.median_rate) + mechanism.tau * rng.standard_normal(shape))
    mean, sd = mechanism.log_size
    treated = np.clip(np.rint(np.exp(rng.normal(mean, sd, shape))), *mechanism.size_limits).astype(np.int64)
    responders = rng.binomial(treated, rate)
    by_response = np.stack([responders, treated - responders], axis=2)
    publication = _publication(mechanism, shape, rng)
    registered = rng.binomial(by_response, _inclusion(mechanism, treated, rng))
    both = rng.binomial(registered, publication)
    published = both + rng.binomial(by_response - registered, publication)
    # Drawn last, so that the counts do not depend on how they are divided.
    report_seed = rng.integers(2**62, size=size)
    return Replicates(rate, registered, published, both, report_seed)


def _publication(mechanism: Mechanism, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    a = rng.normal(publication_intercept(mechanism), mechanism.publication_sd, shape)
    log_odds_ratio = rng.normal(np.log(mechanism.odds_ratio), mechanism.log_odds_ratio_sd, shape)
    return np.asarray(special.expit(np.stack([a + log_odds_ratio, a], axis=2)), float)


def _inclusion(mechanism: Mechanism, treated: IntArray, rng: np.random.Generator) -> FloatArray:
    size, n_diseases = treated.shape
    low, high = mechanism.registry_diseases
    wanted = rng.integers(low, high, size, endpoint=True)
    # Exponential race: sorting Exp(1)/N draws without replacement proportionally to N.
    order = np.argsort(rng.exponential(size=(size, n_diseases)) / treated, axis=1)
    rank = np.argsort(order, axis=1)
    chosen = rank < np.asarray(wanted)[:, None]
    probability = np.where(chosen, rng.uniform(*mechanism.inclusion, (size, n_diseases)), 0.0)
    odds = probability / (1.0 - probability) * mechanism.registry_odds_ratio
    return np.stack([odds / (1.0 + odds), probability], axis=2)


def draw_from_prior(replicate: JointData, mean: FloatArray, beta: float, rng: np.random.Generator) -> JointData:
    """Return new counts for given rates and log reporting ratio, sizes kept, no linkage.

    Parameters
    ----------
    replicate : JointData
        Sizes of complete and selective evidence.
    mean : ndarray, shape (D,)
        Response probabilities.
    beta : float
        Log reporting ratio.
    rng : Generator
        Source of randomness.
    """
    told = special.expit(special.logit(mean) + beta)
    complete = rng.binomial(replicate.complete_n, mean)
    selective = rng.binomial(replicate.selective_n, told)
    return JointData(complete.tolist(), replicate.complete_n, selective.tolist(), replicate.selective_n)
