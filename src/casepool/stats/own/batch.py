"""The own rates of many data sets of like sizes: what `fit_own` gives, three to seven times as fast.

All values of the registry's preference are taken at once, and tables of sources and diseases that come again are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from casepool.stats.joint.likelihood import linkage_loglik
from casepool.stats.own.data import Allowances, OwnData, OwnSource
from casepool.stats.own.evidence import Evidence, Tabulate, source_table
from casepool.stats.own.fit import OwnRate
from casepool.stats.own.grid import Grid
from casepool.stats.own.nodes import Nodes
from casepool.stats.quadrature import GridDistribution
from casepool.typing import FloatArray

# Tables of sources, and of diseases, that are kept: up to 0.4 MB each on the usual grid.
REMEMBERED = 256


@dataclass(frozen=True, eq=False)
class Shared:
    """What the diseases have in common.

    Attributes
    ----------
    nodes : Nodes
        Nodes.
    evidence : tuple of Evidence or None, length D
        None for a disease without patients.
    informing : frozenset of int
        Diseases that the posterior of the hyperparameters was learnt from.
    hyper : ndarray, shape (K, W, B)
        That posterior, of kappa, omega and beta; sums to one.
    """

    nodes: Nodes
    evidence: tuple[Evidence | None, ...]
    informing: frozenset[int]
    hyper: FloatArray

    def of(self, disease: int) -> Evidence:
        """Return the evidence of a disease with patients."""
        found = self.evidence[disease]
        assert found is not None, "a disease with patients has evidence"
        return found

    def ratio_of(self, disease: int) -> FloatArray:
        """Return the weights of the log ratio of a disease before its own likelihood, shape (K, B) or (1, B).

        Summed against ``of_ratio`` of its evidence they give the posterior of kappa.
        """
        own, hyper = self.of(disease), self.hyper
        if disease in self.informing:
            # Divided by what the disease itself taught, relative to the largest it can teach at this kappa.
            others = hyper / own.given
            return np.asarray(self._spread(others if len(own.rows) > 1 else others.sum(axis=0, keepdims=True)), float)
        weights = self._spread(hyper)
        return np.asarray(weights * (hyper.sum(axis=(1, 2)) / np.sum(weights * own.of_ratio, axis=1))[:, None], float)

    def _spread(self, hyper: FloatArray) -> FloatArray:
        return np.asarray(hyper.reshape(len(hyper), -1) @ self.nodes.kernels, float)


@dataclass(frozen=True)
class BatchFit:
    """The own rates of one data set: None for a disease without patients; and what the diseases share."""

    rates: tuple[OwnRate | None, ...]
    shared: Shared


def own_engine(allowances: Allowances | None = None) -> Callable[[OwnData], BatchFit]:
    """Return what makes own rates of data sets, one after the other."""
    chosen, keep = allowances or Allowances(), lru_cache(maxsize=REMEMBERED)
    tabulate = lru_cache(maxsize=REMEMBERED)(partial(Evidence.of, table_of=keep(source_table)))
    known: dict[tuple[float, float, int], Nodes] = {}

    def fit(data: OwnData) -> BatchFit:
        grid = Grid.of(data, chosen)
        nodes = known.setdefault((grid.step, grid.ratio_step, len(grid.kappa)), Nodes(grid))
        shared = _shared(data, nodes, tabulate)
        return BatchFit(tuple(_rate(data, shared, d) if data.of(d) else None for d in range(data.n_diseases)), shared)

    return fit


def _shared(data: OwnData, nodes: Nodes, tabulate: Tabulate) -> Shared:
    """Return the posterior of what diseases have in common, from those that inform."""
    sources = [tuple(sorted(data.of(d), key=_order)) for d in range(data.n_diseases)]
    evidence = tuple(tabulate(nodes, one, data.linked(d)) if one else None for d, one in enumerate(sources))
    informing = {d: own for d, own in enumerate(evidence) if own is not None and data.informs(d)}
    log_hyper = nodes.log_prior
    for linkage in data.linked(None):
        log_hyper = log_hyper + linkage_loglik(linkage, nodes.grid.beta)
    for own in informing.values():
        log_hyper = log_hyper + own.log_given
    hyper = np.exp(log_hyper - log_hyper.max())
    return Shared(nodes, evidence, frozenset(informing), hyper / hyper.sum())


def _order(source: OwnSource) -> tuple[str, int, int, int]:
    return source.kind.value, source.events, source.n, source.centres


def _rate(data: OwnData, shared: Shared, disease: int) -> OwnRate:
    """Return the posterior of a disease, over all values of the registry's preference."""
    grid, own, weights = shared.nodes.grid, shared.of(disease), shared.ratio_of(disease)
    theta, ratio = own.over_theta(weights), np.sum(weights * own.of_ratio, axis=0)
    return OwnRate(
        GridDistribution(float(grid.theta[0]), grid.step, theta / theta.sum()),
        GridDistribution(float(grid.beta[0]), grid.ratio_step, np.asarray(ratio / ratio.sum(), float)),
        data.is_anchored(disease),
        sum(source.n for source in data.of(disease)),
    )
