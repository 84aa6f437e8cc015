"""Truth drawn from the priors of the own model: its posterior must be right on average.

Talts S et al. (2018), arXiv 1804.06788, with the place of the truth in the posterior distribution for the rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import special

from casepool.stats.own.batch import own_engine
from casepool.stats.own.data import Allowances, Kind
from casepool.stats.simulation.layout import Layout
from casepool.stats.simulation.truth import LayoutWorlds, linked
from casepool.stats.simulation.worlds import draw_worlds
from casepool.typing import FloatArray

CELLS = 20


@dataclass(frozen=True)
class PriorTruth:
    """Rates, ratios, effects and wrong labels as the own model takes them to be."""

    layout: Layout
    allowances: Allowances

    def draw(self, size: int, rng: np.random.Generator) -> LayoutWorlds:
        """Return S worlds."""
        layout, allowed = self.layout, self.allowances
        shape, sources = (size, len(layout.diseases)), (size, len(layout.sources))
        rate = rng.uniform(size=shape)
        common = rng.normal(allowed.ratio_mean, allowed.ratio_prior_sd, (size, 1))
        omega = np.abs(rng.normal(0.0, 1.0, (size, 1))) * allowed.ratio_sd
        log_ratio = common + omega * rng.standard_normal(shape)
        kappa = allowed.registry_sd * rng.standard_normal((size, 1))
        # SD half-normal, effect normal: a product of two normals.
        effect = rng.standard_normal(sources) * rng.standard_normal(sources) * allowed.source_sd
        effect *= [source.n > 1 for source in layout.sources]
        wrong = rng.random(sources) < allowed.label_error
        kinds = np.array([source.kind for source in layout.sources])
        disease = np.array([source.disease for source in layout.sources], int)
        selective = (kinds == Kind.SELECTIVE) | ((kinds == Kind.COMPLETE) & wrong)
        shift = log_ratio[:, disease] * selective + kappa * (kinds == Kind.REGISTRY) + effect
        events = rng.binomial([s.n for s in layout.sources], special.expit(special.logit(rate[:, disease]) + shift))
        return LayoutWorlds(layout, rate, events, linked(layout, events, np.exp(log_ratio), rng))


def places(
    layout: Layout,
    n_worlds: int,
    seed: int,
    allowances: Allowances | None = None,
    *,
    chunks: Iterable[int] | None = None,
) -> dict[bool, FloatArray]:
    """Return P(rate <= truth) of every rate, for diseases with complete evidence (True) and without.

    Parameters
    ----------
    chunks : numbers of the chunks of worlds, from 0; all by default.
    """
    chosen, found = allowances or Allowances(), {True: list[float](), False: list[float]()}
    engine = own_engine(chosen)
    for world in draw_worlds(PriorTruth(layout, chosen), n_worlds, seed, chunks=chunks):
        for truth, rate in zip(world.rate, engine(world.own).rates, strict=True):
            if rate is not None:
                found[rate.anchored].append(rate.theta.cdf(float(special.logit(truth))))
    return {anchored: np.array(values) for anchored, values in found.items()}


def uniformity(values: Iterable[float]) -> float:
    """Return the chi-square p of values in [0, 1] being uniform, in 20 cells."""
    counts, _ = np.histogram(list(values), CELLS, (0.0, 1.0))
    expected = counts.sum() / CELLS
    return float(special.chdtrc(CELLS - 1, float(np.sum((counts - expected) ** 2) / expected)))
