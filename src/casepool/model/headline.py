"""The one rule of what the rate of a disease is called and what of it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from casepool.model.estimate import OK
from casepool.model.vocabulary import RateStatus, Withheld


class Rate(Protocol):
    """What the rule asks of a disease: its own evaluable patients, by ascertainment of their source."""

    @property
    def n_complete(self) -> int: ...  # noqa: D102

    @property
    def n_selective(self) -> int: ...  # noqa: D102


class Fit(Rate, Protocol):
    """What the rule asks of a pooled fit: all patients, and whether the reporting ratio was assumed."""

    @property
    def ratio_fixed(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class Standing:
    """What a number rests on (``status``), and why it is not to be shown (``reason``, None where it may be)."""

    status: str
    reason: str | None = None


def standing_of_disease(rate: Rate, fit: Fit | None = None) -> Standing:
    """Return what the rate of a disease rests on, and whether a point may be shown.

    A disease of which no source reports all its patients has an interval, but no point: its cases alone cannot say
    how selectively they were reported, and what other diseases say of that may not hold for it.

    Parameters
    ----------
    rate : the patients of the disease.
    fit : the pooled fit that the number comes from; None for the own rate.
    """
    if rate.n_complete + rate.n_selective == 0:
        return Standing(RateStatus.NO_DATA, Withheld.NO_DATA)
    if fit is not None and fit.ratio_fixed and fit.n_selective:
        return Standing(RateStatus.ASSUMED, Withheld.RATIO_FIXED)
    if rate.n_complete == 0:
        return Standing(RateStatus.LITERATURE_ONLY, Withheld.NO_COMPLETE_SOURCE)
    return Standing(RateStatus.REGISTRY_ANCHORED)


def standing_of_all(fit: Fit) -> Standing:
    """Return the same for a pooled number of all diseases: mean, prediction, reporting ratio."""
    if fit.n_complete + fit.n_selective == 0:
        return Standing(RateStatus.NO_DATA, Withheld.NO_DATA)
    if fit.ratio_fixed:
        return Standing(RateStatus.ASSUMED, Withheld.RATIO_FIXED)
    if fit.n_complete == 0:
        return Standing(RateStatus.LITERATURE_ONLY, Withheld.NO_COMPLETE_SOURCE)
    return Standing(OK)
