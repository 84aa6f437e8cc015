"""Input of the own model: sources by disease, and what is allowed to be wrong with them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from casepool import defaults
from casepool.stats.binomial import checked_counts
from casepool.stats.joint.data import Linkage


class Kind(StrEnum):
    """How the patients of a source came into it."""

    COMPLETE = "complete"  # a trial, a cohort of all patients treated: by its own word
    REGISTRY = "registry"  # a registry that asks for every patient, failures included
    SELECTIVE = "selective"  # the authors chose whom to report


@dataclass(frozen=True)
class OwnSource:
    """A source of one disease.

    Attributes
    ----------
    disease : int
        Position of the disease, from 0 on.
    kind : Kind
        How its patients were chosen.
    events, n : int
        Responders and patients whose response is known.
    centres : int
        Centres behind them, 1 where not known. Each centre differs from the others, not the source as a whole: the
        mean of m effects has an SD smaller by the root of m.
    """

    disease: int
    kind: Kind
    events: int
    n: int
    centres: int = 1

    def __post_init__(self) -> None:
        """Check the counts."""
        checked_counts(self.events, self.n)
        if self.centres < 1:
            message = f"own data: {self.centres} centres; expected 1 or more"
            raise ValueError(message)

    def effect_sd(self, source_sd: float) -> float:
        """Return the scale of the SD of the logit effect of the source: none for one patient."""
        return 0.0 if self.n < 2 else source_sd / math.sqrt(self.centres)


@dataclass(frozen=True)
class OwnData:
    """The evidence of D diseases.

    Attributes
    ----------
    n_diseases : int
        Number of diseases D, with or without data.
    sources : tuple of OwnSource
        Every source once; patients of several selective sources may be summed only where each is one patient.
    linkage : tuple of (int or None, Linkage)
        Publication by response inside the registry, by position of the disease; None for a total over diseases.
    """

    n_diseases: int
    sources: Sequence[OwnSource]
    linkage: Sequence[tuple[int | None, Linkage]] = field(default=())

    def __post_init__(self) -> None:
        """Check the positions."""
        object.__setattr__(self, "sources", tuple(self.sources))
        object.__setattr__(self, "linkage", tuple(self.linkage))
        positions = [source.disease for source in self.sources] + [d for d, _ in self.linkage if d is not None]
        wrong = sorted({d for d in positions if not 0 <= d < self.n_diseases})
        if wrong:
            message = f"own data: disease {wrong[0]} of {self.n_diseases}; expected 0 to {self.n_diseases - 1}"
            raise ValueError(message)

    def of(self, disease: int) -> tuple[OwnSource, ...]:
        """Return the sources of a disease that have patients."""
        return self._of_each.get(disease, ())

    @cached_property
    def _of_each(self) -> Mapping[int, tuple[OwnSource, ...]]:
        found: dict[int, list[OwnSource]] = {}
        for source in self.sources:
            if source.n:
                found.setdefault(source.disease, []).append(source)
        return {of: tuple(some) for of, some in found.items()}

    @cached_property
    def _informing(self) -> frozenset[int]:
        return frozenset(one for one in range(self.n_diseases) if self.informs(one))

    def linked(self, disease: int | None) -> tuple[Linkage, ...]:
        """Return the linkage tables of a disease (None: those over all diseases)."""
        return tuple(table for position, table in self.linkage if position == disease and not table.is_silent)

    def around(self, disease: int) -> OwnData:
        """Return the data on which the rate of a disease rests: its sources and those of diseases that inform."""
        kept = self._informing | {disease}
        return replace(self, sources=[one for one in self.sources if one.disease in kept])

    def informing(self) -> OwnData:
        """Return the data of the diseases that inform alone: all that is learnt of the ratio and the registry."""
        return replace(self, sources=[one for one in self.sources if one.disease in self._informing])

    @property
    def has_registry(self) -> bool:
        """Return whether any source is a registry."""
        return any(source.kind == Kind.REGISTRY and source.n for source in self.sources)

    def is_anchored(self, disease: int) -> bool:
        """Return whether a disease has a source that reports all its patients."""
        return any(source.kind != Kind.SELECTIVE for source in self.of(disease))

    def informs(self, disease: int) -> bool:
        """Return whether a disease tells of the ratio or the registry: it holds a contrast, or is linked."""
        kinds = {source.kind for source in self.of(disease)}
        return bool(self.linked(disease)) or (len(kinds) > 1 and self.is_anchored(disease))


@dataclass(frozen=True)
class Allowances:
    """What may be wrong with the evidence, each as a number that can be switched off by 0.

    Attributes
    ----------
    source_sd : float
        Scale of the half-normal prior of the SD of the logit effect of a source of two patients or more.
    label_error : float
        Probability that a source called complete has in truth chosen its patients (never a registry).
    registry_sd : float
        SD of the registry's preference kappa ~ N(0, registry_sd²) on the logit scale.
    ratio_sd : float
        Scale of the half-normal prior of omega, the SD of the log ratios of diseases around the common one.
    ratio_mean, ratio_prior_sd : float
        Prior of the common log reporting ratio beta ~ N(ratio_mean, ratio_prior_sd²).
    """

    source_sd: float = defaults.SOURCE_SD
    label_error: float = defaults.LABEL_ERROR
    registry_sd: float = defaults.REGISTRY_SD
    ratio_sd: float = defaults.RATIO_SD
    ratio_mean: float = defaults.PRIOR_BETA[0]
    ratio_prior_sd: float = defaults.PRIOR_BETA[1]

    def __post_init__(self) -> None:
        """Check that every number can be what it stands for."""
        for name in ("source_sd", "registry_sd", "ratio_sd", "ratio_prior_sd"):
            if not 0 <= getattr(self, name) < math.inf:
                message = f"{name} = {getattr(self, name)}; expected a number from 0 on"
                raise ValueError(message)
        if not 0 <= self.label_error < 1:
            message = f"label_error = {self.label_error}; expected a probability below 1"
            raise ValueError(message)
        if not math.isfinite(self.ratio_mean):
            message = f"ratio_mean = {self.ratio_mean}; expected a finite number"
            raise ValueError(message)

    def with_ratio(self, ratio: float) -> Allowances:
        """Return the same where one reporting ratio is known to hold in every disease."""
        return replace(self, ratio_sd=0.0, ratio_mean=math.log(ratio), ratio_prior_sd=0.0)
