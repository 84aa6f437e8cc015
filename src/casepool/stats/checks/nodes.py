"""The reporting ratio by where it is learnt: within diseases, between diseases, from linkage.

Each node is the posterior of the log ratio given one kind of evidence alone. Within: complete against selective
sources of the same disease, rates free. Between: complete sources of some diseases against selective sources of
others, which takes the rates of diseases as draws from one population. Linkage: who of the registry was published.

Reference: Dias S et al. (2010), Stat Med 29:932 (node splitting); Marshall EC, Spiegelhalter DJ (2007), Bayesian
Analysis 2:409 (conflict between nodes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from casepool.stats.checks.preference import WIDE_RATIO_SD, sharp
from casepool.stats.joint.data import JointData
from casepool.stats.joint.posterior import joint_posterior
from casepool.stats.joint.settings import Settings
from casepool.stats.joint.summary import beta_distribution
from casepool.stats.own.data import Allowances, OwnData
from casepool.stats.own.fit import own_posterior
from casepool.stats.quadrature import GridDistribution

# A conflict of two nodes below this probability is a verdict on the pooled numbers: see the methods page for how often.
ALARM = 0.08
# The prior of the average log odds, where the ratio is learnt between diseases: wide, whatever the settings say.
LEVEL_SD = 3.0


@dataclass(frozen=True)
class RatioNodes:
    """Log reporting ratio by kind of evidence; None where there is none of it."""

    within: GridDistribution | None
    between: GridDistribution | None
    linkage: GridDistribution | None


def ratio_nodes(own: OwnData, pooled: JointData, allowances: Allowances, settings: Settings) -> RatioNodes:
    """Return the three nodes under a wide prior, for comparing them; nothing but chance is allowed for within diseases.

    Parameters
    ----------
    own, pooled : OwnData, JointData
        The same evidence, as the own and as the pooled model take it.
    allowances, settings : Allowances, Settings
        Priors of the ratio and of the spread between diseases, correlation within sources.
    """
    return _nodes(own, pooled, sharp(replace(allowances, ratio_prior_sd=WIDE_RATIO_SD)), settings)


def prior_nodes(own: OwnData, pooled: JointData, allowances: Allowances, settings: Settings) -> RatioNodes:
    """Return the three nodes under the prior of the analysis, for saying what each adds to it."""
    return _nodes(own, pooled, allowances, settings)


def ratio_of(own: OwnData, allowances: Allowances) -> GridDistribution:
    """Return the log ratio from all that the own rates learn of it, under the wide prior."""
    return own_posterior(own, replace(allowances, ratio_prior_sd=WIDE_RATIO_SD)).ratio


def _nodes(own: OwnData, pooled: JointData, allowances: Allowances, settings: Settings) -> RatioNodes:
    unlinked, linked = replace(own, linkage=()), replace(own, sources=())
    contrast = any(unlinked.informs(disease) for disease in range(own.n_diseases))
    telling = any(not table.is_silent for _, table in own.linkage)
    return RatioNodes(
        own_posterior(unlinked, allowances).ratio if contrast else None,
        _between(pooled, allowances, settings),
        own_posterior(_as_total(linked), allowances).ratio if telling else None,
    )


def _as_total(data: OwnData) -> OwnData:
    """Return linkage of diseases as linkage of the common ratio: without its patients a disease has no table."""
    return replace(data, linkage=[(None, table) for _, table in data.linkage])


def _between(data: JointData, allowances: Allowances, settings: Settings) -> GridDistribution | None:
    """Return the ratio from complete sources of some diseases and selective sources of others."""
    apart = without_contrasts(data)
    if sum(apart.complete_n) == 0 or sum(apart.selective_n) == 0:
        return None
    mean, sd = allowances.ratio_mean, allowances.ratio_prior_sd
    priors = replace(settings.priors, mu_sd=LEVEL_SD, beta_mean=mean, beta_sd=sd)
    return beta_distribution(joint_posterior(apart, replace(settings, priors=priors, ratio=None, kappa=0.0)))


def without_contrasts(data: JointData) -> JointData:
    """Return the data without linkage and without selective sources of diseases that have complete ones."""
    anchored = [n > 0 for n in data.complete_n]
    events, n = (
        [0 if known else one for one, known in zip(column, anchored, strict=True)]
        for column in (data.selective_events, data.selective_n)
    )
    kept = tuple(one for one in data.sources if one.complete or not anchored[one.disease])
    return replace(data, selective_events=events, selective_n=n, linkage=None, sources=kept)


def conflict(one: GridDistribution | None, other: GridDistribution | None) -> float | None:
    """Return the two-sided probability of a difference as large as seen, if both nodes were of one ratio.

    ``2 min(P(X < Y), P(X > Y))`` for independent draws of the two; None where one node is missing.
    """
    if one is None or other is None:
        return None
    above = sum(w * one.cdf(x) for x, w in zip(other.nodes, other.weights, strict=True))
    return float(2.0 * min(above, 1.0 - above))


def prior_conflict(likely: GridDistribution, allowances: Allowances) -> float | None:
    """Return the two-sided probability of evidence so far from the prior of the ratio.

    Parameters
    ----------
    likely : GridDistribution
        A node under the wide prior.
    allowances : Allowances
        The prior of the analysis.

    References
    ----------
    Presanis AM et al. (2013), Stat Sci 28:376.
    """
    if allowances.ratio_prior_sd == 0:
        return None
    x = likely.nodes
    density = np.exp(-0.5 * ((x - allowances.ratio_mean) / allowances.ratio_prior_sd) ** 2)
    prior = GridDistribution(likely.start, likely.step, density / density.sum())
    return conflict(likely, prior)


def divergence(posterior: GridDistribution, allowances: Allowances) -> float:
    """Return the information in a posterior of the log ratio beyond its prior, in bits.

    Kullback–Leibler divergence ``sum p log2(p / q)``; 0 where nothing was learnt and for a fixed ratio.
    """
    sd, p = allowances.ratio_prior_sd, posterior.weights
    if sd == 0:
        return 0.0
    log_prior = -0.5 * ((posterior.nodes - allowances.ratio_mean) / sd) ** 2
    log_prior -= math.log(sd * math.sqrt(2.0 * math.pi) / posterior.step)
    held = p > 0
    return max(0.0, float(np.sum(p[held] * (np.log2(p[held]) - log_prior[held] / math.log(2.0)))))
