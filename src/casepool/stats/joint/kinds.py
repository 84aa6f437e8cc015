"""Diseases with the same evidence, taken together: they share every table and differ in nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from casepool.stats.joint.data import JointData
from casepool.typing import FloatArray


class Side(NamedTuple):
    """One kind of evidence of a disease.

    Attributes
    ----------
    events, n : int
        Responders and patients whose sources are taken as one patient each.
    clusters : tuple of (int, int)
        Responders and patients of each source whose patients resemble each other, sorted.
    """

    events: int
    n: int
    clusters: tuple[tuple[int, int], ...] = ()

    @property
    def total(self) -> int:
        """Return all patients."""
        return self.n + sum(n for _, n in self.clusters)

    def effective(self, clustering: float, ratio_spread: float = 0.0) -> tuple[float, float]:
        """Return responders and patients that would be worth as much without clustering or spread of the ratio."""
        x, n = float(self.events), float(self.n)
        for events, size in self.clusters:
            x, n = x + events / (1.0 + (size - 1) * clustering), n + size / (1.0 + (size - 1) * clustering)
        rate = (x + 0.5) / (n + 1.0)
        worth = 1.0 / (1.0 + ratio_spread**2 * n * rate * (1.0 - rate))
        return worth * x, worth * n


class Kind(NamedTuple):
    """The evidence of a disease: what is complete and what was selected."""

    complete: Side
    selective: Side

    @property
    def n(self) -> int:
        """Return all patients of one disease."""
        return self.complete.total + self.selective.total


@dataclass(frozen=True)
class Kinds:
    """The distinct kinds among chosen diseases.

    Attributes
    ----------
    kinds : tuple of Kind, length K
        Sorted, so that the order of the diseases cannot matter.
    of : tuple of int
        The kind of each chosen disease, in their order.
    count : ndarray, shape (K,)
        Diseases and groups of each kind.
    in_mean : ndarray, shape (K,)
        Those among them that count in the mean of the diseases: not groups.
    """

    kinds: tuple[Kind, ...]
    of: tuple[int, ...]
    count: FloatArray
    in_mean: FloatArray

    @classmethod
    def among(cls, data: JointData, diseases: Sequence[int], clustering: float) -> Kinds:
        """Return the kinds of the diseases at these positions."""
        each = [Kind(_side(data, d, True, clustering), _side(data, d, False, clustering)) for d in diseases]
        kinds = tuple(sorted(set(each)))
        place = {kind: k for k, kind in enumerate(kinds)}
        of = tuple(place[kind] for kind in each)
        own = [k for k, d in zip(of, diseases, strict=True) if d < data.n_diseases]
        counts = (np.bincount(np.array(ks, int), minlength=len(kinds)).astype(float) for ks in (of, own))
        return cls(kinds, of, *counts)

    @cached_property
    def selective(self) -> tuple[int, ...]:
        """Return the places of kinds with selectively reported patients: their tables depend on the ratio."""
        return tuple(k for k, kind in enumerate(self.kinds) if kind.selective.total)

    @cached_property
    def complete_only(self) -> tuple[int, ...]:
        """Return the places of the others."""
        return tuple(k for k, kind in enumerate(self.kinds) if not kind.selective.total)

    @property
    def largest(self) -> int:
        """Return the patients of the largest disease."""
        return max((kind.n for kind in self.kinds), default=0)


def _side(data: JointData, disease: int, complete: bool, clustering: float) -> Side:
    events, n = data.totals(disease, complete)
    clusters = [(source.events, source.n) for source in data.clusters(disease, complete)] if clustering else []
    return Side(events - sum(x for x, _ in clusters), n - sum(size for _, size in clusters), tuple(sorted(clusters)))
