"""Responses drawn on a layout, from a right world or from one in which an assumption is wrong.

Truth: ``theta_d ~ N(logit 0.60, 0.8^2)``. Complete sources draw ``Bin(n, expit(theta))``,
selective ones ``Bin(n, expit(theta + log ratio))``: with the reporting ratio a ratio of
probabilities, the odds in print are exactly that many times the true odds. Patients of a
source resemble each other no more than others of their disease. A registry is complete; a
fifth of its patients are published, responders by the ratio more often, and counted in the
registry alone. What may be wrong with all this: `stats.simulation.violations`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from casepool.stats.joint.data import JointData, Linkage, Source
from casepool.stats.own.data import Kind, OwnData, OwnSource
from casepool.stats.simulation.layout import Layout
from casepool.stats.simulation.violations import NONE, Rates, Violation
from casepool.stats.simulation.worlds import World
from casepool.typing import FloatArray, IntArray

# Share of registry patients who are published, and the most that any of them can be.
PUBLISHED, MOST = 0.20, 0.95
# Scatter of the logits around each of two humps.
HUMP_SD = 0.3


@dataclass(frozen=True)
class LayoutTruth:
    """A layout with the reporting ratio, the distribution of true rates, and what is wrong.

    Attributes
    ----------
    layout : Layout
        Sizes.
    ratio : float
        P(reported | responder) / P(reported | non-responder).
    violation : Violation
        Which assumption is wrong; none by default.
    median_rate, tau : float
        Rate of the median disease, and the deviation of the logits between diseases.
    """

    layout: Layout
    ratio: float = 1.0
    violation: Violation = NONE
    median_rate: float = 0.60
    tau: float = 0.8

    def __post_init__(self) -> None:
        """Refuse a ratio that is none, and a violation that the layout cannot have."""
        if not 0.0 < self.ratio < math.inf:
            message = f"ratio = {self.ratio}; expected a finite number above 0"
            raise ValueError(message)
        name, wrong = self.violation.name, self.violation.mislabelled
        if self.violation.needs_registry and not self.layout.has_registry:
            message = f"violation {name}: found a layout without registry; expected one"
            raise ValueError(message)
        if wrong is not None and len(self.layout.trials) <= wrong:
            message = (
                f"violation {name}: found {len(self.layout.trials)} complete sources; expected {wrong + 1} or more"
            )
            raise ValueError(message)

    def draw(self, size: int, rng: np.random.Generator) -> LayoutWorlds:
        """Return S worlds; the rates do not depend on the ratio, so ratios can be compared."""
        theta = self._logits(size, rng)
        log_ratio = self._log_ratios(size, rng)
        layout, wrong = self.layout, self.violation
        disease = np.array([source.disease for source in layout.sources], int)
        selective = np.array([source.kind == Kind.SELECTIVE for source in layout.sources])
        if wrong.mislabelled is not None:
            selective[layout.trials[wrong.mislabelled]] = True
        preferred = np.array([math.log(wrong.registry_odds) * source.registry for source in layout.sources])
        shift = log_ratio[:, disease] * selective + preferred
        rate = special.expit(theta[:, disease] + shift)
        if wrong.correlation:
            rate = _correlated(rate, layout, wrong.correlation, rng)
        events = rng.binomial([source.n for source in layout.sources], rate)
        return LayoutWorlds(layout, special.expit(theta), events, linked(layout, events, np.exp(log_ratio), rng))

    def _logits(self, size: int, rng: np.random.Generator) -> FloatArray:
        """Return the logits of the true rates, shape (S, D)."""
        shape = size, len(self.layout.diseases)
        if self.violation.rates is None:
            return np.asarray(special.logit(self.median_rate) + self.tau * rng.standard_normal(shape), float)
        return _uneven(self.violation.rates, self.layout, shape, rng)

    def _log_ratios(self, size: int, rng: np.random.Generator) -> FloatArray:
        """Return the log reporting ratio of each disease, shape (S, D)."""
        wrong, shape = self.violation, (size, len(self.layout.diseases))
        in_trial = np.zeros(shape[1], bool)
        in_trial[[self.layout.sources[i].disease for i in self.layout.trials]] = True
        selected = np.where(in_trial, wrong.ratio_in_trials, wrong.ratio_elsewhere)
        log_ratio = np.broadcast_to(math.log(self.ratio) * selected, shape)
        return log_ratio + wrong.ratio_sd * rng.standard_normal(shape) if wrong.ratio_sd else log_ratio


def _uneven(rates: Rates, layout: Layout, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Return logits that are not exchangeable, shape (S, D)."""
    anchored = np.array(layout.complete_n) > 0
    if rates.humps:
        second = rng.random(shape) < 0.5
        hump = np.where(anchored[:, None], rates.anchored, rates.others)
        centre = special.logit(np.where(second, hump[:, 1], hump[:, 0]))
        return np.asarray(centre + HUMP_SD * rng.standard_normal(shape), float)
    rate = np.zeros(shape[1])
    rate[anchored] = np.linspace(*rates.anchored, int(anchored.sum()))
    rate[~anchored] = np.linspace(*rates.others, int((~anchored).sum()))
    if rates.out is not None and layout.trials:
        rate[layout.sources[layout.trials[0]].disease] = rates.out
    return np.broadcast_to(special.logit(rate), shape)


def _correlated(rate: FloatArray, layout: Layout, correlation: float, rng: np.random.Generator) -> FloatArray:
    """Return rates of sources scattered around their means, so that patients of one source resemble each other."""
    several = np.array([source.n > 1 for source in layout.sources])
    scale = (1.0 - correlation) / correlation
    scattered = rng.beta(np.maximum(scale * rate, 1e-6), np.maximum(scale * (1.0 - rate), 1e-6))
    return np.where(several, scattered, rate)


def linked(layout: Layout, events: IntArray, ratio: FloatArray, rng: np.random.Generator) -> IntArray:
    """Return which registry patients are published: responders, published ones, others, published ones, (S, D, 4).

    A fifth of the patients in all, responders ``ratio`` times as often as others; ``ratio`` has the shape (S, D).
    """
    sizes = np.zeros((*ratio.shape, 4), np.int64)
    if not layout.has_registry:
        return sizes
    for column, source in enumerate(layout.sources):
        if source.registry:
            sizes[:, source.disease, 0] += events[:, column]
            sizes[:, source.disease, 2] += source.n - events[:, column]
    known = np.maximum(sizes[..., 0] + sizes[..., 2], 1)
    share = sizes[..., 0] / known
    other = np.minimum(PUBLISHED / (share * ratio + 1.0 - share), MOST / np.maximum(ratio, 1.0))
    sizes[..., 1] = rng.binomial(sizes[..., 0], other * ratio)
    sizes[..., 3] = rng.binomial(sizes[..., 2], other)
    return sizes


@dataclass(frozen=True)
class LayoutWorlds:
    """S worlds: true rates (S, D), responders of each source (S, K), publication in the registry (S, D, 4)."""

    layout: Layout
    rate: FloatArray
    events: IntArray
    linked: IntArray

    def __len__(self) -> int:
        """Return the number of worlds."""
        return len(self.rate)

    def world(self, s: int) -> World:
        """Return one world; sources of several patients are named for the clustering, registries apart."""
        layout, events = self.layout, self.events[s]
        totals = {kind: [0] * len(layout.diseases) for kind in (True, False)}
        for source, x in zip(layout.sources, events, strict=True):
            totals[source.complete][source.disease] += int(x)
        named = list(zip(layout.sources, events.tolist(), strict=True))
        several = tuple(
            Source(one.disease, one.complete, x, one.n) for one, x in named if one.n > 1 and not one.registry
        )
        tables = self.linked[s]
        together = Linkage(*tables.sum(axis=0).tolist()) if tables.any() else None
        data = JointData(totals[True], layout.complete_n, totals[False], layout.selective_n, together, several)
        own = OwnData(
            len(layout.diseases),
            [OwnSource(one.disease, one.kind, x, one.n) for one, x in named],
            [(d, Linkage(*table.tolist())) for d, table in enumerate(tables) if table.any()],
        )
        sizes = np.array([source.n for source in layout.sources], np.int64)
        return World(data, own, self.rate[s], events, sizes, names=layout.diseases)
