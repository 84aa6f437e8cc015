"""Input and priors of the joint model of complete and selectively reported evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from casepool import defaults
from casepool.stats.binomial import checked_counts


@dataclass(frozen=True)
class Linkage:
    """Registry patients whose publication status is known, of one disease or summed over several.

    Attributes
    ----------
    responders, responders_published : int
        K1 registry responders with known status and Q1 of them published.
    nonresponders, nonresponders_published : int
        K0 and Q0 likewise.
    """

    responders: int
    responders_published: int
    nonresponders: int
    nonresponders_published: int

    def __post_init__(self) -> None:
        """Check that no more are published than are known."""
        checked_counts(
            [self.responders_published, self.nonresponders_published],
            [self.responders, self.nonresponders],
        )

    @property
    def unpublished(self) -> int:
        """Return how many were not published."""
        return self.responders + self.nonresponders - self.responders_published - self.nonresponders_published

    @property
    def is_silent(self) -> bool:
        """Return whether the table carries no information on the reporting ratio."""
        known = self.responders + self.nonresponders
        published = self.responders_published + self.nonresponders_published
        return self.responders * self.nonresponders == 0 or published in (0, known)


@dataclass(frozen=True)
class Source:
    """One paper, trial or centre with at least two patients of a disease.

    Attributes
    ----------
    disease : int
        Position of the disease in the data.
    complete : bool
        True for complete ascertainment, False for selective reporting.
    events, n : int
        Responders and patients; they are part of the totals of the disease.
    """

    disease: int
    complete: bool
    events: int
    n: int


@dataclass(frozen=True)
class JointPriors:
    """Priors: mu ~ N, tau ~ half-N, beta ~ N; beta is the log reporting ratio."""

    mu_mean: float = defaults.PRIOR_MU[0]
    mu_sd: float = defaults.PRIOR_MU[1]
    tau_sd: float = defaults.PRIOR_TAU
    beta_mean: float = defaults.PRIOR_BETA[0]
    beta_sd: float = defaults.PRIOR_BETA[1]

    def __post_init__(self) -> None:
        """Check that every standard deviation is positive and finite."""
        for name in ("mu_sd", "tau_sd", "beta_sd"):
            if not 0 < getattr(self, name) < math.inf:
                message = f"{name} = {getattr(self, name)}; expected a number above 0"
                raise ValueError(message)
        if not (math.isfinite(self.mu_mean) and math.isfinite(self.beta_mean)):
            message = "prior means: expected finite numbers"
            raise ValueError(message)


@dataclass(frozen=True)
class JointData:
    """Counts by disease, complete (R) and selective (L, without patients already in R).

    Attributes
    ----------
    complete_events, complete_n, selective_events, selective_n : sequences of int, length D
        Responders and patients.
    linkage : Linkage or None
        Publication status inside the registry.
    sources : tuple of Source
        Sources with several patients, for the clustering correction; every other patient
        counts as a source of one.
    n_groups : int
        How many of the last positions are groups of several diseases (registry patients whose disease
        is not disclosed): one more draw from the population of diseases each, informative on level and
        ratio, but neither a rate of their own nor a part of the overall rate.
    """

    complete_events: Sequence[int]
    complete_n: Sequence[int]
    selective_events: Sequence[int]
    selective_n: Sequence[int]
    linkage: Linkage | None = None
    sources: tuple[Source, ...] = field(default=())
    n_groups: int = 0

    @classmethod
    def of_sources(
        cls,
        size: int,
        sources: Iterable[Source],
        *,
        apart: Iterable[Source] = (),
        linkage: Linkage | None = None,
        n_groups: int = 0,
    ) -> JointData:
        """Return the counts of sources, each named where it has two patients or more.

        Parameters
        ----------
        size : int
            Number of positions, those without sources included.
        sources : iterable of Source
            Papers, trials, centres.
        apart : iterable of Source
            Totals whose patients do not resemble each other: counted, and not named.
        """
        told = tuple(sources)
        everyone = (*told, *apart)

        def totals(what: str, *, complete: bool) -> list[int]:
            sums = [0] * size
            for one in everyone:
                sums[one.disease] += getattr(one, what) if one.complete == complete else 0
            return sums

        return cls(
            totals("events", complete=True),
            totals("n", complete=True),
            totals("events", complete=False),
            totals("n", complete=False),
            linkage,
            tuple(one for one in told if one.n > 1),
            n_groups,
        )

    def __post_init__(self) -> None:
        """Store the counts as tuples of int and check them against each other."""
        columns = ("complete_events", "complete_n", "selective_events", "selective_n")
        for events, n in (columns[:2], columns[2:]):
            x, size = checked_counts(getattr(self, events), getattr(self, n))
            object.__setattr__(self, events, tuple(int(value) for value in np.atleast_1d(x)))
            object.__setattr__(self, n, tuple(int(value) for value in np.atleast_1d(size)))
        if len(self.complete_n) != len(self.selective_n):
            message = "joint data: expected complete and selective counts of equal length"
            raise ValueError(message)
        if not 0 <= self.n_groups <= len(self.complete_n):
            message = f"joint data: {self.n_groups} groups of diseases among {len(self.complete_n)} positions"
            raise ValueError(message)
        object.__setattr__(self, "sources", tuple(self.sources))
        self._check_linkage()
        self._check_sources()

    def _check_linkage(self) -> None:
        known = self.linkage.responders + self.linkage.nonresponders if self.linkage else 0
        if known > sum(self.complete_n):
            message = "linkage: more registry patients than completely ascertained ones"
            raise ValueError(message)

    def _check_sources(self) -> None:
        for source in self.sources:
            if not 0 <= source.disease < self.size:
                message = f"source of disease {source.disease}: no such disease"
                raise ValueError(message)
        checked_counts([source.events for source in self.sources], [source.n for source in self.sources])
        for disease in range(self.size):
            for complete in (True, False):
                events, n = self.singles(disease, complete)
                if not 0 <= events <= n:
                    message = f"disease {disease}: its sources exceed its totals"
                    raise ValueError(message)

    @property
    def size(self) -> int:
        """Return the number of positions: diseases with or without data, then groups."""
        return len(self.complete_n)

    @property
    def n_diseases(self) -> int:
        """Return the number of diseases D, with or without data."""
        return self.size - self.n_groups

    @cached_property
    def used(self) -> tuple[int, ...]:
        """Return the positions, groups included, with at least one patient."""
        return tuple(d for d in range(self.size) if self.complete_n[d] + self.selective_n[d] > 0)

    @property
    def n_used_diseases(self) -> int:
        """Return the number of diseases with at least one patient; they stand before the groups."""
        return sum(d < self.n_diseases for d in self.used)

    @property
    def largest(self) -> int:
        """Return the largest number of patients of one disease."""
        both = zip(self.complete_n, self.selective_n, strict=True)
        return max((complete + selective for complete, selective in both), default=0)

    def totals(self, disease: int, complete: bool) -> tuple[int, int]:
        """Return responders and patients of one kind of evidence of a disease."""
        if complete:
            return self.complete_events[disease], self.complete_n[disease]
        return self.selective_events[disease], self.selective_n[disease]

    def clusters(self, disease: int, complete: bool) -> tuple[Source, ...]:
        """Return the sources of one kind of a disease that have two patients or more."""
        return self._several.get((disease, complete), ())

    @cached_property
    def _several(self) -> dict[tuple[int, bool], tuple[Source, ...]]:
        found: dict[tuple[int, bool], list[Source]] = {}
        for source in self.sources:
            if source.n >= 2:
                found.setdefault((source.disease, source.complete), []).append(source)
        return {of: tuple(some) for of, some in found.items()}

    def singles(self, disease: int, complete: bool) -> tuple[int, int]:
        """Return responders and patients that lie in no source of several patients."""
        events, n = self.totals(disease, complete)
        clusters = self.clusters(disease, complete)
        return events - sum(s.events for s in clusters), n - sum(s.n for s in clusters)
