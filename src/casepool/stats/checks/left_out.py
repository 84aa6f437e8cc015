"""Each source left out in turn: what the others predict for it, and what becomes of the rate of its disease."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import special

from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import OwnPosterior, OwnRate, own_posterior
from casepool.stats.own.tables import smoothed
from casepool.typing import FloatArray

# Nodes of a preference of which nothing was learnt: from -4 to 4 SDs.
PRIOR_NODES = np.linspace(-4.0, 4.0, 33)


@dataclass(frozen=True)
class LeftOut:
    """A source and what the others say without it.

    Attributes
    ----------
    position : int
        Place of the source in the data.
    probability : float
        Two-sided predictive probability (mid-p) of a count as extreme as its own, given all other sources.
    rate : OwnRate
        Of its disease, without it.
    """

    position: int
    probability: float
    rate: OwnRate


def left_out(data: OwnData, allowances: Allowances) -> Iterator[LeftOut]:
    """Yield every source whose disease has others, in the order of the data.

    Parameters
    ----------
    data, allowances : OwnData, Allowances
        As the own rates were fitted.
    """

    @cache
    def without(source: OwnSource) -> tuple[float, OwnRate]:
        place = data.sources.index(source)
        rest = replace(data, sources=(*data.sources[:place], *data.sources[place + 1 :]))
        posterior = own_posterior(rest.around(source.disease), allowances)
        return _two_sided(posterior, source), posterior.rate(source.disease)

    for position, source in enumerate(data.sources):
        if source.n and len(data.of(source.disease)) > 1:
            yield LeftOut(position, *without(source))


def _two_sided(posterior: OwnPosterior, source: OwnSource) -> float:
    """Return 2 min(P(X < x) + P(X = x) / 2, the same above) of the responders of a further source."""
    low, weights = _logits(posterior, source)
    step = posterior.grid.step
    logit = float(posterior.grid.theta[0]) + step * (low + np.arange(len(weights)))
    rate = special.expit(logit)
    at_most = special.bdtr(source.events, source.n, rate)
    fewer = special.bdtr(source.events - 1, source.n, rate) if source.events else np.zeros_like(rate)
    middle = 0.5 * (at_most + fewer)
    sd = source.effect_sd(posterior.grid.allowances.source_sd)
    lower = float(weights @ (smoothed(middle, step, sd) if sd else middle))
    return min(1.0, max(0.0, 2.0 * min(lower, 1.0 - lower)))


def _logits(posterior: OwnPosterior, source: OwnSource) -> tuple[int, FloatArray]:
    """Return the distribution of the logit at which a source draws: steps from the first theta, weights."""
    grid, moves = posterior.grid, _moves(posterior, source)
    low = min(0, int(grid.shifts[0]), *(shift for shift, _ in moves))
    high = max(0, int(grid.shifts[-1]), *(shift for shift, _ in moves))
    found, size = np.zeros(len(grid.theta) + high - low), len(grid.theta)
    for shift, weights in moves:
        found[shift - low : shift - low + size] += weights
    return low, found


def _moves(posterior: OwnPosterior, source: OwnSource) -> list[tuple[int, FloatArray]]:
    """Return by how many steps the logit of a source is shifted from theta, with the weights of theta, shape (G,)."""
    grid, worlds = posterior.grid, list(zip(posterior.weights, posterior.worlds, strict=True))
    given = [weight * posterior.given(source.disease, world) for weight, world in worlds]
    if source.kind != Kind.REGISTRY:
        both = np.asarray(sum(given), float)
        chosen = 1.0 if source.kind == Kind.SELECTIVE else grid.allowances.label_error
        selected = [(int(shift), chosen * both[:, column]) for column, shift in enumerate(grid.shifts)]
        return [(0, (1.0 - chosen) * both.sum(axis=1)), *selected]
    if posterior.kappa is not None:
        return [
            (round(world.kappa / grid.step), both.sum(axis=1)) for (_, world), both in zip(worlds, given, strict=True)
        ]
    # No other registry is there to say how much this one prefers responders: as much as it may beforehand.
    shares = np.exp(-0.5 * PRIOR_NODES**2) / np.exp(-0.5 * PRIOR_NODES**2).sum()
    theta, sd = given[0].sum(axis=1), grid.allowances.registry_sd
    return [(round(sd * z / grid.step), share * theta) for z, share in zip(PRIOR_NODES, shares, strict=True)]
