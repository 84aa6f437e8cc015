"""The layout of a real data set: its diseases, its sources, their sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casepool.stats.own.data import Kind

# Diseases that an added registry tells of.
REGISTRY_DISEASES = 4


@dataclass(frozen=True)
class SourceSize:
    """Patients of one source: the position of their disease, kind of ascertainment, number; whether a registry."""

    disease: int
    complete: bool
    n: int
    registry: bool = False

    @property
    def kind(self) -> Kind:
        """Return the kind of source as the own model names it."""
        return Kind.REGISTRY if self.registry else Kind.COMPLETE if self.complete else Kind.SELECTIVE


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

    @property
    def trials(self) -> tuple[int, ...]:
        """Return the positions of the complete sources that are no registry, the largest first."""
        found = [i for i, source in enumerate(self.sources) if source.kind == Kind.COMPLETE]
        return tuple(sorted(found, key=lambda i: (-self.sources[i].n, i)))

    @property
    def has_registry(self) -> bool:
        """Return whether a registry tells of any disease."""
        return any(source.registry for source in self.sources)

    def with_registry(self, patients: int, n_diseases: int = REGISTRY_DISEASES) -> Layout:
        """Return the layout with a registry in its largest diseases, its patients shared out by their size."""
        total = np.array(self.complete_n) + np.array(self.selective_n)
        chosen = np.argsort(-total, kind="stable")[:n_diseases]
        ends = np.round(patients * np.cumsum(total[chosen]) / total[chosen].sum()).astype(int)
        shares = np.diff(ends, prepend=0)
        added = (SourceSize(int(d), True, int(n), registry=True) for d, n in zip(chosen, shares, strict=True) if n)
        return Layout(self.diseases, (*self.sources, *added))
