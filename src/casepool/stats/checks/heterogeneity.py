"""Whether the reporting ratio differs between diseases: spread against no spread, in the diseases that tell of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from casepool.stats.checks.preference import sharp
from casepool.stats.own.data import Allowances, OwnData
from casepool.stats.own.fit import own_posterior

# Scale of the half-normal SD of the log ratios where they are taken to differ: 8 against 1 is an SD of 1.5.
SPREAD = 1.5
# A Bayes factor above this is an alarm: the one that one true ratio from 1 to 8 exceeds in one literature of ten, by
# simulation (see the methods page).
ALARM = 1.5


@dataclass(frozen=True)
class Heterogeneity:
    """The directed test of one ratio for all.

    Attributes
    ----------
    bayes_factor : float
        How much better the counts are explained by ratios that differ than by one ratio.
    n_diseases : int
        Diseases that tell of their ratio.
    """

    bayes_factor: float
    n_diseases: int


def ratio_heterogeneity(data: OwnData, allowances: Allowances) -> Heterogeneity | None:
    """Return the directed test, or None where fewer than two diseases tell of their ratio.

    A disease tells of it by a contrast between complete and selective sources, or by linkage of its own. Sources may
    differ; a registry's preference moves all contrasts of the registry alike and is not allowed for.

    Parameters
    ----------
    data : OwnData
        Sources by disease, linkage by disease where it is known.
    allowances : Allowances
        For the effect of sources and the prior of the ratio.
    """
    telling = sum(data.informs(disease) for disease in range(data.n_diseases))
    if telling < 2:
        return None
    one, several = (
        own_posterior(data.informing(), sharp(allowances, source_sd=allowances.source_sd, ratio_sd=spread)).log_evidence
        for spread in (0.0, SPREAD)
    )
    return Heterogeneity(math.exp(several - one), telling)
