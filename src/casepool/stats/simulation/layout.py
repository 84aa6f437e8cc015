"""Simulated responses on the layout of a real data set: its diseases, its sources, their sizes.

Truth: ``theta_d ~ N(logit 0.60, 0.8^2)``. Complete sources draw ``Bin(n, expit(theta))``,
selective ones ``Bin(n, expit(theta + log ratio))``: with the reporting ratio a ratio of
probabilities, the odds in print are exactly that many times the true odds. Patients of a
source resemble each other no more than others of their disease.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from casepool.stats.joint.data import JointData, Source
from casepool.stats.simulation.worlds import World
from casepool.typing import FloatArray, IntArray


@dataclass(frozen=True)
class SourceSize:
    """Patients of one source: the position of their disease, kind of ascertainment, number."""

    disease: int
    complete: bool
    n: int


@dataclass(frozen=True)
class Layout:
    """Diseases and the sources that tell of them.

    Attributes
    ----------
    diseases : tuple of str, length D
        Names.
    sources : tuple of SourceSize, length K
        Sources with at least one patient.
    """

    diseases: tuple[str, ...]
    sources: tuple[SourceSize, ...]

    def __post_init__(self) -> None:
        """Check that every source has patients of a disease of the layout."""
        for source in self.sources:
            if not 0 <= source.disease < len(self.diseases) or source.n < 1:
                message = f"source {source}: expected a disease below {len(self.diseases)} and n from 1 on"
                raise ValueError(message)

    def sizes(self, *, complete: bool) -> tuple[int, ...]:
        """Return the patients of each disease in sources of one kind."""
        found = [0] * len(self.diseases)
        for source in self.sources:
            found[source.disease] += source.n if source.complete == complete else 0
        return tuple(found)

    @property
    def complete_n(self) -> tuple[int, ...]:
        """Return the completely ascertained patients of each disease."""
        return self.sizes(complete=True)

    @property
    def selective_n(self) -> tuple[int, ...]:
        """Return the selectively reported patients of each disease."""
        return self.sizes(complete=False)


@dataclass(frozen=True)
class LayoutTruth:
    """A layout with the reporting ratio and the distribution of true rates.

    Attributes
    ----------
    layout : Layout
        Sizes.
    ratio : float
        P(reported | responder) / P(reported | non-responder).
    median_rate, tau : float
        Rate of the median disease, and the deviation of the logits between diseases.
    """

    layout: Layout
    ratio: float = 1.0
    median_rate: float = 0.60
    tau: float = 0.8

    def __post_init__(self) -> None:
        """Refuse a ratio that is none."""
        if not 0.0 < self.ratio < math.inf:
            message = f"ratio = {self.ratio}; expected a finite number above 0"
            raise ValueError(message)

    def draw(self, size: int, rng: np.random.Generator) -> LayoutWorlds:
        """Return S worlds; the rates do not depend on the ratio, so ratios can be compared."""
        sources = self.layout.sources
        theta = special.logit(self.median_rate) + self.tau * rng.standard_normal((size, len(self.layout.diseases)))
        disease = np.array([source.disease for source in sources], int)
        shift = np.array([0.0 if source.complete else math.log(self.ratio) for source in sources])
        n = np.array([source.n for source in sources], int)
        events = rng.binomial(n, special.expit(theta[:, disease] + shift))
        return LayoutWorlds(self.layout, special.expit(theta), events)


@dataclass(frozen=True)
class LayoutWorlds:
    """S worlds: true rates (S, D) and responders of each source (S, K)."""

    layout: Layout
    rate: FloatArray
    events: IntArray

    def __len__(self) -> int:
        """Return the number of worlds."""
        return len(self.rate)

    def world(self, s: int) -> World:
        """Return one world; sources of several patients are named for the clustering."""
        layout, events = self.layout, self.events[s]
        totals = {kind: [0] * len(layout.diseases) for kind in (True, False)}
        for source, x in zip(layout.sources, events, strict=True):
            totals[source.complete][source.disease] += int(x)
        named = zip(layout.sources, events, strict=True)
        several = tuple(Source(one.disease, one.complete, int(x), one.n) for one, x in named if one.n > 1)
        data = JointData(totals[True], layout.complete_n, totals[False], layout.selective_n, None, several)
        return World(data, self.rate[s], events, np.array([source.n for source in layout.sources], np.int64))
