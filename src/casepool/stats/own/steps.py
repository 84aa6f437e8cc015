"""What moved each own rate: the allowances taken in one by one, each a fit of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import OwnFit, OwnRate, fit_own


class StepName(StrEnum):
    """The steps from the sources of a disease to its own rate, in their order."""

    PRIOR = "prior"  # every rate equally likely beforehand
    SOURCE_EFFECT = "source_effect"  # sources may differ
    LABEL_ERROR = "label_error"  # a source called complete may have chosen its patients
    PREFERENCE = "preference"  # a registry may prefer responders
    DEFLATION = "deflation"  # selected cases join in, deflated by the ratio that was learnt


@dataclass(frozen=True)
class Step:
    """The rate of a disease after a step."""

    name: StepName
    rate: OwnRate


def own_steps(data: OwnData, allowances: Allowances, full: OwnFit) -> tuple[tuple[Step, ...], ...]:
    """Return the steps of each disease, the last of which is its own rate.

    A disease with complete evidence begins with it alone; its selected cases join in last. A disease without begins
    with its cases as if they were everybody. A step that cannot act on a disease is left out of its ladder.

    Parameters
    ----------
    data, allowances : what `full` was fitted to.
    full : the own rates.

    Returns
    -------
    tuple, length D
        Steps by disease; empty without patients.
    """
    start = replace(data, sources=tuple(_starting(data)), linkage=())
    none = replace(allowances, source_sd=0.0, label_error=0.0, registry_sd=0.0, ratio_sd=0.0)
    effect = replace(none, source_sd=allowances.source_sd)
    label = replace(effect, label_error=allowances.label_error)
    preference = replace(label, registry_sd=allowances.registry_sd)
    fits = {
        StepName.PRIOR: fit_own(start, none),
        StepName.SOURCE_EFFECT: fit_own(start, effect) if effect.source_sd else None,
        StepName.LABEL_ERROR: fit_own(start, label) if label.label_error else None,
        StepName.PREFERENCE: fit_own(start, preference) if data.has_registry and preference.registry_sd else None,
        StepName.DEFLATION: full,
    }
    return tuple(tuple(_steps_of(disease, data, fits)) for disease in range(data.n_diseases))


def _starting(data: OwnData) -> Iterator[OwnSource]:
    """Yield the complete sources of anchored diseases; those of the others as if they were free of every doubt."""
    for source in data.sources:
        if not data.is_anchored(source.disease):
            yield replace(source, kind=Kind.REGISTRY)
        elif source.kind != Kind.SELECTIVE:
            yield source


def _steps_of(disease: int, data: OwnData, fits: dict[StepName, OwnFit | None]) -> Iterator[Step]:
    sources, anchored = data.of(disease), data.is_anchored(disease)
    acts = {
        StepName.PRIOR: True,
        StepName.SOURCE_EFFECT: any(one.n > 1 for one in sources if not anchored or one.kind != Kind.SELECTIVE),
        StepName.LABEL_ERROR: any(one.kind == Kind.COMPLETE for one in sources),
        StepName.PREFERENCE: any(one.kind == Kind.REGISTRY for one in sources),
        StepName.DEFLATION: True,
    }
    for name, fit in fits.items():
        rate = fit.rates[disease] if fit is not None and acts[name] else None
        if rate is not None:
            yield Step(name, rate)
