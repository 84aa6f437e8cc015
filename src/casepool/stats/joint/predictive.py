"""Each disease left out in turn: could its counts have come from the joint model of all others.

For each disease and kind of ascertainment, the distribution of a count of the same sources is a mixture, over the
posterior grid of the other diseases, of convolutions of binomial and beta-binomial distributions. It is summed, not
simulated, and what is compared has not been seen: a check that sees its own counts never contradicts them.

Reference: Marshall EC, Spiegelhalter DJ (2003), Stat Med 22:1649 (cross-validatory predictive checks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casepool.stats import special
from casepool.stats.joint.data import JointData
from casepool.stats.joint.lattice import Lattice
from casepool.stats.joint.likelihood import beta_binomial_loglik
from casepool.stats.joint.posterior import joint_posterior
from casepool.stats.joint.settings import Settings
from casepool.typing import FloatArray

# Nodes with less mass than this change no digit that is shown.
NEGLIGIBLE = 1e-12
# Counts of more patients are summed by a Fourier transform.
LARGEST_SUM = 400


@dataclass(frozen=True)
class PredictiveCheck:
    """How a count compares with what the model predicts for the same patients.

    Attributes
    ----------
    disease : int
        Position of the disease.
    complete : bool
        Kind of ascertainment.
    events, n : int
        What was observed.
    expected : float
        Mean of the predictive distribution.
    lower, upper : float
        P(count <= observed) and P(count >= observed).
    """

    disease: int
    complete: bool
    events: int
    n: int
    expected: float
    lower: float
    upper: float

    @property
    def p_value(self) -> float:
        """Return twice the smaller tail, at most 1."""
        return min(1.0, 2.0 * min(self.lower, self.upper))


def left_out_checks(data: JointData, settings: Settings) -> tuple[PredictiveCheck, ...]:
    """Return the check of every disease by the posterior of all others, which has not seen it.

    Parameters
    ----------
    data : JointData
        Counts; nothing is checked where fewer than two diseases have data.
    settings : Settings
        Switches of the fit (without spread of the ratio between diseases).
    """
    if settings.ratio_spread:
        message = "predictive check: expected one reporting ratio for all diseases"
        raise ValueError(message)
    found: list[PredictiveCheck] = []
    for d in data.used if len(data.used) > 1 else ():
        posterior = joint_posterior(data, settings, tuple(other for other in data.used if other != d))
        both = np.asarray(posterior.lattice.kernel.T @ posterior.weights, float)
        found += _cells(data, settings, d, posterior.lattice, both)
    return tuple(found)


def _cells(
    data: JointData, settings: Settings, disease: int, lattice: Lattice, both: FloatArray
) -> Iterator[PredictiveCheck]:
    """Yield the check of each kind of evidence of a disease, given the distribution of (theta, beta), shape (G, B)."""
    for complete in (True, False):
        events, n = data.totals(disease, complete)
        if n == 0:
            continue
        if complete:
            weight, eta = both.sum(axis=1), lattice.theta + settings.kappa
        else:
            # Many pairs of theta and beta lie at one place of the line of their sums.
            place = np.add.outer(np.arange(len(lattice.theta)), lattice.box.beta_stride * np.arange(len(lattice.beta)))
            weight, eta = np.bincount(place.ravel(), both.ravel(), len(lattice.eta)), lattice.eta
        kept = weight > NEGLIGIBLE
        mass = weight[kept] / weight[kept].sum()
        predicted = mass @ count_distribution(data, disease, complete, eta[kept], settings.clustering)
        yield PredictiveCheck(
            disease,
            complete,
            events,
            n,
            float(predicted @ np.arange(n + 1)),
            float(predicted[: events + 1].sum()),
            float(predicted[events:].sum()),
        )


def count_distribution(data: JointData, disease: int, complete: bool, eta: FloatArray, clustering: float) -> FloatArray:
    """Return the distribution of the responders of a disease at given logits, shape (E, n + 1).

    Patients told singly are binomial, those of a larger source beta-binomial; their sum is a
    convolution.
    """
    sizes = Counter(source.n for source in data.clusters(disease, complete) if clustering)
    total = data.totals(disease, complete)[1]
    singles = total - sum(size * times for size, times in sizes.items())
    of_sources = [(_beta_binomial(eta, size, clustering), times) for size, times in sizes.items()]
    if total > LARGEST_SUM:
        return _transformed(special.expit(eta), singles, of_sources, total)
    found = _binomial(eta, singles)
    for source, times in of_sources:
        for _ in range(times):
            found = _sum_of_counts(found, source)
    return found


def _transformed(p: FloatArray, singles: int, of_sources: Sequence[tuple[FloatArray, int]], total: int) -> FloatArray:
    """Return the same by the discrete Fourier transform, in time that grows with the patients and not their square.

    Its error is absolute, some 1e-15: a tail below is rounded to nothing.
    """
    turns = np.exp(-2j * np.pi * np.arange((total + 1) // 2 + 1) / (total + 1))
    found = (1.0 - p[:, None] + p[:, None] * turns) ** singles
    for source, times in of_sources:
        found *= (source @ turns ** np.arange(source.shape[1])[:, None]) ** times
    return np.maximum(np.fft.irfft(found, total + 1, axis=1), 0.0)


def _beta_binomial(eta: FloatArray, n: int, clustering: float) -> FloatArray:
    x = np.arange(n + 1)
    terms = np.column_stack([beta_binomial_loglik(eta, int(one), n, clustering) for one in x])
    return np.asarray(np.exp(terms + _log_choose(n, x)), float)


def _binomial(eta: FloatArray, n: int) -> FloatArray:
    x = np.arange(n + 1)
    terms = special.xlogy(x, special.expit(eta)[:, None]) + special.xlogy(n - x, special.expit(-eta)[:, None])
    return np.asarray(np.exp(terms + _log_choose(n, x)), float)


def _log_choose(n: int, x: NDArray[np.int_]) -> FloatArray:
    return np.asarray(special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1), float)


def _sum_of_counts(first: FloatArray, second: FloatArray) -> FloatArray:
    width = first.shape[1]
    found = np.zeros((len(first), width + second.shape[1] - 1))
    for x in range(second.shape[1]):
        found[:, x : x + width] += first * second[:, x : x + 1]
    return found
