"""What the sources of one disease say, tabulated over its rate, its ratio and the registry's preference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from casepool.stats.joint.data import Linkage
from casepool.stats.joint.likelihood import linkage_loglik
from casepool.stats.own.data import Kind, OwnSource
from casepool.stats.own.nodes import Nodes
from casepool.stats.own.tables import log_uniform_rate, source_loglik
from casepool.typing import FloatArray

# What a probability is at least, relative to its peak.
TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Evidence:
    """Prior times likelihood of a disease: ``rows[k, theta] * joint[theta, b] * exp(peak[k])``.

    Letters as in `own.fit`; k has one value, K' = 1, where no registry tells of the disease.

    Attributes
    ----------
    nodes : Nodes
        Nodes.
    joint : ndarray, shape (G, B)
        Over theta and the log ratio of the disease, each row relative to its largest entry.
    rows : ndarray, shape (K', G)
        Those largest entries, with the registry at each of its preferences; relative to ``peak``.
    peak : ndarray, shape (K',)
        Log of the largest value under each preference.
    """

    nodes: Nodes
    joint: FloatArray
    rows: FloatArray
    peak: FloatArray

    @classmethod
    def of(
        cls,
        nodes: Nodes,
        sources: tuple[OwnSource, ...],
        linkage: tuple[Linkage, ...],
        table_of: Callable[[Nodes, Kind, int, int, float], FloatArray] | None = None,
    ) -> Evidence:
        """Tabulate the sources and the linkage of one disease; `table_of`: `source_table`, or one that remembers."""
        of_source = table_of or source_table
        table = log_uniform_rate(nodes.grid.theta)[:, None] + np.zeros(len(nodes.grid.beta))
        registry = np.zeros((1, len(nodes.grid.theta)))
        for kind, events, n, sd in _terms(sources, nodes.allowances.source_sd):
            if kind == Kind.REGISTRY:
                registry = registry + nodes.at_kappa(source_loglik(nodes.line, events, n, sd))
            else:
                table += of_source(nodes, kind, events, n, sd)
        for one in linkage:
            table += linkage_loglik(one, nodes.grid.beta)
        highest = table.max(axis=1)
        rows = highest + registry
        peak = rows.max(axis=1)
        return cls(nodes, np.exp(table - highest[:, None]), np.exp(rows - peak[:, None]), peak)

    @cached_property
    def of_ratio(self) -> FloatArray:
        """Return what is left over the log ratio of the disease once theta is summed out, shape (K', B)."""
        return self.rows @ self.joint

    @cached_property
    def given(self) -> FloatArray:
        """Return what the disease says of each (omega, beta), shape (K', W, B), relative to ``peak``."""
        shape = (len(self.rows), len(self.nodes.grid.omega), len(self.nodes.grid.beta))
        return np.maximum(self.of_ratio @ self.nodes.kernels.T, TINY).reshape(shape)

    @cached_property
    def log_given(self) -> FloatArray:
        """Return the logarithm of ``given``, the peak included, shape (K', W, B)."""
        return np.asarray(np.log(self.given) + self.peak[:, None, None], float)

    def over_theta(self, ratio: FloatArray) -> FloatArray:
        """Return the sum over log ratio and preference with these weights of a log ratio, (K', B) to (G,)."""
        return np.asarray(np.sum(self.rows * (ratio @ self.joint.T), axis=0), float)


Tabulate = Callable[[Nodes, tuple[OwnSource, ...], tuple[Linkage, ...]], Evidence]


def source_table(nodes: Nodes, kind: Kind, events: int, n: int, source_sd: float) -> FloatArray:
    """Return the log-likelihood of a source that is no registry, shape (G, B) or (G, 1)."""
    loglik = source_loglik(nodes.line, events, n, source_sd)
    error = nodes.allowances.label_error
    if kind == Kind.SELECTIVE:
        return nodes.at_ratio(loglik)
    if error == 0:
        return nodes.at_theta(loglik)[:, None]
    peak = loglik.max()
    likelihood = np.maximum(np.exp(loglik - peak), TINY)
    mixed = (1.0 - error) * nodes.at_theta(likelihood)[:, None] + error * nodes.at_ratio(likelihood)
    return np.asarray(np.log(mixed) + peak, float)


def _terms(sources: tuple[OwnSource, ...], source_sd: float) -> Iterator[tuple[Kind, int, int, float]]:
    """Yield kind, responders, patients and SD of the effect of each source.

    Sources without an effect are summed: nothing sets their patients apart. One called complete stays by itself, since
    its label may be wrong by itself.
    """
    sums: dict[Kind, tuple[int, int]] = {}
    for source in sources:
        sd = source.effect_sd(source_sd)
        if sd == 0 and source.kind != Kind.COMPLETE:
            events, n = sums.get(source.kind, (0, 0))
            sums[source.kind] = events + source.events, n + source.n
        else:
            yield source.kind, source.events, source.n, sd
    for kind, (events, n) in sums.items():
        yield kind, events, n, 0.0
