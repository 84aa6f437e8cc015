"""What more evidence of a disease would bring, before it is known: preposterior analysis of the own rate, exact.

Letters: G nodes of theta, B nodes of the log ratio of the disease, K nodes of kappa, X possible outcomes.

Every possible outcome of the new evidence has its probability under what is known now and its posterior once it is
known. Both come from one table of the disease on one grid, so that differences are those of the evidence: nothing is
drawn at random. A source of n patients has the outcomes 0 to n responders. Of m registry patients who are looked up in
the literature both the responders among them and the published ones are unknown: responders by drawing from the
registry without replacement, the number published by a uniform share, updated by those already looked up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casepool.stats import special
from casepool.stats.joint.data import Linkage
from casepool.stats.joint.likelihood import binomial_loglik, linkage_loglik
from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import log_joint, registry_loglik, worlds_of
from casepool.stats.own.grid import Grid, line_of
from casepool.stats.own.tables import log_uniform_rate, source_loglik
from casepool.stats.quadrature import GridDistribution
from casepool.typing import FloatArray


@dataclass(frozen=True)
class Prospect:
    """What is to be expected of an interval.

    Attributes
    ----------
    width : float
        Expected width of the credible interval of the rate (0 to 1).
    excludes : float
        Probability that the interval then lies wholly on one side of the threshold.
    """

    width: float
    excludes: float


@dataclass(frozen=True)
class Aim:
    """What an interval is wanted for: its level, and the rate that it should exclude."""

    level: float
    threshold: float


class Prospects:
    """The own evidence, ready to be asked what more evidence would bring.

    Parameters
    ----------
    data : OwnData
        What is known.
    allowances : Allowances
        What may be wrong with it, and with what comes.
    aim : Aim
        Level of the intervals and the rate to exclude.
    largest : int
        Most patients of a source that will be asked for: the grid resolves it.
    """

    def __init__(self, data: OwnData, allowances: Allowances, aim: Aim, largest: int) -> None:
        self.data, self.aim = data, aim
        more = [
            OwnSource(d, kind, 0, largest) for d in range(data.n_diseases) for kind in (Kind.REGISTRY, Kind.SELECTIVE)
        ]
        self.grid = Grid.of(replace(data, sources=(*data.sources, *more)), allowances)
        self.worlds = worlds_of(data, self.grid)

    def of(self, disease: int) -> DiseaseProspects:
        """Return the same for one disease."""
        return DiseaseProspects(self, disease)


class DiseaseProspects:
    """What more evidence of one disease would bring.

    Attributes
    ----------
    ratio : ndarray, shape (B, K)
        What the other diseases say of its log ratio, under each kappa.
    known : ndarray, shape (G, B)
        Prior times likelihood of the disease without its registries, relative to its peak.
    registry : ndarray, shape (G, K)
        Likelihood of its registries.
    """

    def __init__(self, prospects: Prospects, disease: int) -> None:
        self.data, self.grid, self.aim, self.disease = prospects.data, prospects.grid, prospects.aim, disease
        told = [world.without(disease) for world in prospects.worlds]
        self.ratio = np.stack([ratio for ratio, _ in told], axis=1)
        logs = [log + self.grid.log_kappa(w.kappa) for (_, log), w in zip(told, prospects.worlds, strict=True)]
        self.others = np.asarray(special.softmax(np.asarray(logs, float)), float)
        known = log_joint(self.data, self.grid, disease)
        self.known = _relative(
            log_uniform_rate(self.grid.theta)[:, None] + 0 * self.grid.beta if known is None else known
        )
        registries = [registry_loglik(self.data, self.grid, disease, float(kappa)) for kappa in self.grid.kappa]
        self.registry = _relative(np.stack(registries, axis=1))
        self._now = (self.known @ self.ratio) * self.registry
        mass = self._now.sum(axis=0)
        informs = self.data.informs(disease)
        self._predictive = self.others / (self.others @ mass if informs else mass)

    @property
    def now(self) -> Prospect:
        """The interval as it stands; of a disease without patients that of the prior."""
        return self._expected([(np.ones(1), self._now[None])], informs=self.data.informs(self.disease))

    def source(self, kind: Kind, n: int) -> Prospect:
        """Return what to expect of n further patients: one source, or n single reports where they are selective."""
        after = replace(self.data, sources=(*self.data.sources, OwnSource(self.disease, kind, 0, n)))
        choose = np.asarray([math.comb(n, x) for x in range(n + 1)], float)
        tables = np.stack([self._with_source(kind, x, n) for x in range(n + 1)])
        return self._expected([(choose, tables)], informs=after.informs(self.disease))

    def lookup(self, m: int) -> Prospect:
        """Return what to expect of learning of m registry patients whether they are published.

        Raises
        ------
        ValueError
            For more patients than `unlinked` has.
        """
        if not 0 < m <= sum(self.unlinked):
            message = f"m = {m}; expected 1 to {sum(self.unlinked)}, the registry patients not yet looked up"
            raise ValueError(message)
        return self._expected(self._lookups(m), informs=True)

    @property
    def unlinked(self) -> tuple[int, int]:
        """Responders and others in the registries of the disease who were not yet looked up in the literature.

        Where lookups are known as a total over diseases only, no more than are left of all diseases.
        """
        everywhere = [source for source in self.data.sources if source.kind == Kind.REGISTRY]
        here = [source for source in everywhere if source.disease == self.disease]
        of_all = _left(everywhere, [table for _, table in self.data.linkage])
        own = _left(here, [table for disease, table in self.data.linkage if disease == self.disease])
        return min(own[0], of_all[0]), min(own[1], of_all[1])

    def _with_source(self, kind: Kind, events: int, n: int) -> FloatArray:
        """Return prior times likelihood over theta and kappa once the source is known, shape (G, K)."""
        line, low = line_of(self.grid)
        here, allowances = np.arange(len(self.grid.theta)) - low, self.grid.allowances
        one = OwnSource(self.disease, kind, events, n)
        if kind == Kind.SELECTIVE:
            return self._chosen(np.exp(binomial_loglik(line, events, n)), here)
        likelihood = np.exp(source_loglik(line, events, n, one.effect_sd(allowances.source_sd)))
        if kind == Kind.REGISTRY:
            shifts = np.round(self.grid.kappa / self.grid.step).astype(int)
            return np.asarray(self._now * likelihood[here[:, None] + shifts], float)
        told = (1.0 - allowances.label_error) * likelihood[here][:, None] * self._now
        return np.asarray(told + allowances.label_error * self._chosen(likelihood, here), float)

    def _chosen(self, likelihood: FloatArray, here: NDArray[np.int_]) -> FloatArray:
        """Return prior times likelihood with patients who were chosen, from their likelihood on the line, (G, K)."""
        known = self.known * likelihood[here[:, None] + self.grid.shifts]
        return np.asarray((known @ self.ratio) * self.registry, float)

    def _lookups(self, m: int) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield probabilities, and prior times likelihood, of all that m lookups can find, by responders among them."""
        responders, others = self.unlinked
        for k in range(max(0, m - others), min(m, responders) + 1):
            drawn = math.comb(responders, k) * math.comb(others, m - k) / math.comb(responders + others, m)
            found = [
                (share, Linkage(k, q, m - k, both - q))
                for both, share in self._published(m)
                for q in range(max(0, both - m + k), min(k, both) + 1)
            ]
            ratios = [np.exp(linkage_loglik(table, self.grid.beta)) for _, table in found]
            tables = [(self.known @ (self.ratio * one[:, None])) * self.registry for one in ratios]
            yield drawn * np.asarray([share for share, _ in found]), np.stack(tables)

    def _published(self, m: int) -> Iterator[tuple[int, float]]:
        """Yield how many of m may be published, and how probable it is: beta-binomial from a uniform share."""
        tables = [table for _, table in self.data.linkage]
        seen = sum(table.responders_published + table.nonresponders_published for table in tables)
        rest = sum(table.responders + table.nonresponders for table in tables) - seen
        for both in range(m + 1):
            log = special.betaln(both + seen + 1, m - both + rest + 1) - special.betaln(seen + 1, rest + 1)
            yield both, math.comb(m, both) * math.exp(log)

    def _expected(self, batches: Iterable[tuple[FloatArray, FloatArray]], *, informs: bool) -> Prospect:
        """Return the expectation over outcomes.

        Parameters
        ----------
        batches : pairs of ndarray, shapes (X,) and (X, G, K)
            Number of ways to each outcome, and prior times likelihood once it is known.
        informs : bool
            Whether the disease, once it is known, says something of kappa.
        """
        width = excludes = 0.0
        for ways, tables in batches:
            mass = tables.sum(axis=1)
            probability = ways * (mass @ self._predictive)
            after = np.broadcast_to(self.others, mass.shape) if informs else self.others / mass
            theta = np.einsum("xgk,xk->xg", tables, after)
            for chance, weights in zip(probability, theta / theta.sum(axis=1, keepdims=True), strict=True):
                lower, upper = self._limits(weights)
                width += chance * (upper - lower)
                excludes += chance * (lower > self.aim.threshold or upper < self.aim.threshold)
        return Prospect(float(width), min(float(excludes), 1.0))  # chances add up to one but for rounding

    def _limits(self, weights: FloatArray) -> tuple[float, float]:
        """Return the limits of the rate for weights on theta, shape (G,)."""
        theta = GridDistribution(float(self.grid.theta[0]), self.grid.step, weights)
        tail = (1.0 - self.aim.level) / 2.0
        lower, upper = special.expit([theta.quantile(tail), theta.quantile(1.0 - tail)])
        return float(lower), float(upper)


def _left(registries: Sequence[OwnSource], looked_up: Sequence[Linkage]) -> tuple[int, int]:
    """Return the responders and the others of registries who were not looked up."""
    responders = sum(one.events for one in registries) - sum(one.responders for one in looked_up)
    others = sum(one.n - one.events for one in registries) - sum(one.nonresponders for one in looked_up)
    return max(0, responders), max(0, others)


def _relative(log_values: FloatArray) -> FloatArray:
    """Return the values relative to their peak, shape of ``log_values``."""
    return np.asarray(np.exp(log_values - log_values.max()), float)
