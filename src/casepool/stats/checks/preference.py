"""The registry's preference for responders: whether the data show one, and how strong it would have to be."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import interpolate, special

from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import OwnPosterior, own_posterior
from casepool.stats.quadrature import GridDistribution

# SD of the log odds of inclusion in the directed test and in the search of a tipping point: odds from 1/20 to 20.
WIDE_SD = 1.5
# SD of the log ratio where it is the evidence that is to speak; no evidence puts a ratio beyond e^10.
WIDE_RATIO_SD = 2.5
FINE_NODES = 2401
# A probability below this is an alarm; below 0.10 a fair registry was one in 11 % of data sets at a ratio of 1.
ALARM = 0.08


@dataclass(frozen=True)
class Preference:
    """The directed test of the registry's preference.

    Attributes
    ----------
    probability : float
        Posterior probability that the registry prefers non-responders, or nobody: small where it prefers responders.
    odds : (float, float, float)
        Posterior median and credible limits of the odds of a responder to be included against those of another.
    """

    probability: float
    odds: tuple[float, float, float]


def registry_preference(data: OwnData, allowances: Allowances, level: float) -> Preference | None:
    """Return the directed test, or None where nothing stands beside the registry to compare it with.

    A registry is compared with complete sources of the same disease, and with selective ones where linkage or another
    contrast says by how much these are selected. Sources may differ; the prior of the ratio is wide, for its centre
    would pull the registry away from the selective sources. False alarms were measured (see the methods page).

    Parameters
    ----------
    data : OwnData
        Sources by disease.
    allowances : Allowances
        For the effect of sources and the centre of the ratio.
    level : float
        Level of the credible limits.
    """
    if not _is_comparable(data):
        return None
    wide = sharp(allowances, source_sd=allowances.source_sd, registry_sd=WIDE_SD, ratio_prior_sd=WIDE_RATIO_SD)
    kappa = _fine(own_posterior(data.informing(), wide))
    tail = (1.0 - level) / 2.0
    median, lower, upper = (math.exp(kappa.quantile(q)) for q in (0.5, tail, 1.0 - tail))
    return Preference(kappa.cdf(0.0), (median, lower, upper))


def sharp(allowances: Allowances, **changes: float) -> Allowances:
    """Return allowances for nothing but what is named; the prior of the ratio stays."""
    return replace(
        allowances, **({"source_sd": 0.0, "label_error": 0.0, "registry_sd": 0.0, "ratio_sd": 0.0} | changes)
    )


def _fine(posterior: OwnPosterior) -> GridDistribution:
    """Return the posterior of the preference between its nodes: its logarithm is smooth however sharp it is."""
    nodes = posterior.grid.kappa
    logs = [world.log_evidence + posterior.grid.log_kappa(world.kappa) for world in posterior.worlds]
    fine = np.linspace(nodes[0], nodes[-1], FINE_NODES)
    weights = special.softmax(interpolate.CubicSpline(nodes, logs)(fine))
    return GridDistribution(float(fine[0]), float(fine[1] - fine[0]), np.asarray(weights, float))


def _is_comparable(data: OwnData) -> bool:
    """Return whether anything but the prior of the ratio says how the registry compares."""
    kinds = [{source.kind for source in data.of(disease)} for disease in range(data.n_diseases)]
    registries = [kind for kind in kinds if Kind.REGISTRY in kind]
    if any(Kind.COMPLETE in kind for kind in registries):
        return True
    ratio_known = any(data.linked(d) for d in (None, *range(data.n_diseases)))
    ratio_known = ratio_known or any({Kind.COMPLETE, Kind.SELECTIVE} <= kind for kind in kinds)
    return ratio_known and any(Kind.SELECTIVE in kind for kind in registries)


@dataclass(frozen=True)
class Tipping:
    """What it takes to bring a rate down.

    Attributes
    ----------
    odds : float or None
        Odds of a responder to be included, against those of another, at which the rate is the one asked for; 1 where
        it is there already, None where no odds up to 400 bring it there.
    of_registry : bool
        Whether the registry is what would have to prefer responders; else the sources called complete.
    """

    odds: float | None
    of_registry: bool


def tipping_preference(data: OwnData, allowances: Allowances, disease: int, rate: float) -> Tipping:
    """Return how readily responders would have to be included for the own rate of an anchored disease to be `rate`.

    Where the disease has registry patients the registry prefers responders; where it has none, its sources called
    complete do, all by the same odds.

    Parameters
    ----------
    data, allowances : OwnData, Allowances
        As the own rate was fitted.
    disease : int
        A disease with a complete source or registry patients.
    rate : float
        The rate asked for.
    """
    of_registry = any(source.kind == Kind.REGISTRY for source in data.of(disease))
    told = data if of_registry else _as_registry(data, disease)
    posterior = own_posterior(told.around(disease), replace(allowances, registry_sd=WIDE_SD))
    return Tipping(_crossing(posterior, disease, rate), of_registry)


def _as_registry(data: OwnData, disease: int) -> OwnData:
    """Return the data with the complete sources of a disease in place of the registry; other registries are trials."""

    def kind(source: OwnSource) -> Kind:
        if source.kind == Kind.SELECTIVE:
            return Kind.SELECTIVE
        return Kind.REGISTRY if source.disease == disease else Kind.COMPLETE

    return replace(data, sources=[replace(source, kind=kind(source)) for source in data.sources])


def _crossing(posterior: OwnPosterior, disease: int, rate: float) -> float | None:
    """Return the odds from 1 on at which the mean of the rate falls to `rate`."""
    worlds = [world for world in posterior.worlds if world.kappa > -0.5 * posterior.grid.step]
    p = special.expit(posterior.grid.theta)
    means = special.logit([float(p @ posterior.given(disease, world).sum(axis=1)) for world in worlds])
    below = np.flatnonzero(means <= special.logit(rate))
    if len(below) == 0:
        return None
    last = int(below[0])
    before = max(last - 1, 0)
    share = 0.0 if last == 0 else float((means[before] - special.logit(rate)) / (means[before] - means[last]))
    return math.exp(worlds[before].kappa + share * (worlds[last].kappa - worlds[before].kappa))
