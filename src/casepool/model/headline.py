"""The one rule of what a corrected rate is called and whether it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from casepool import defaults
from casepool.model.estimate import OK
from casepool.model.vocabulary import RateStatus, Withheld


class Rate(Protocol):
    """What the rule asks of a disease: its own evaluable patients, by ascertainment of their source."""

    @property
    def n_complete(self) -> int: ...  # noqa: D102

    @property
    def n_selective(self) -> int: ...  # noqa: D102


class Fit(Rate, Protocol):
    """What the rule asks of a fit: all patients, and how the reporting ratio was come by."""

    @property
    def anchor_gain(self) -> float | None: ...  # noqa: D102

    @property
    def ratio_fixed(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class Standing:
    """What a number rests on (``status``), and why it is not to be shown (``reason``, None where it may be)."""

    status: str
    reason: str | None = None


@dataclass(frozen=True)
class HeadlineRule:
    """When a corrected number may be shown.

    The anchor gain is the share of what is known of the reporting ratio that comes from complete sources. Below
    ``gain`` every number that the ratio moves is withheld: that of each disease, their mean, the prediction. Where
    nothing was reported selectively there is no ratio to learn, and a rate rests on its complete sources alone.

    Attributes
    ----------
    gain : smallest anchor gain with which corrected numbers are shown.
    strong : from this gain on a rate carried over from other diseases is not called weak.
    min_diseases : fewest diseases with data that have a mean, a spread and a prediction.
    """

    gain: float = defaults.HEADLINE_GAIN
    strong: float = defaults.STRONG_GAIN
    min_diseases: int = defaults.MIN_DISEASES

    def of_disease(self, rate: Rate, fit: Fit) -> Standing:
        """Return what the corrected rate of a disease rests on, and whether it may be shown."""
        if rate.n_complete + rate.n_selective == 0:
            return _withheld(Withheld.NO_DATA)
        reason = None if rate.n_complete and not fit.n_selective else self._withheld(fit)
        if reason is not None:
            return _withheld(reason)
        if rate.n_complete:
            return Standing(RateStatus.REGISTRY_ANCHORED.value)
        strong = fit.anchor_gain is not None and fit.anchor_gain >= self.strong
        return Standing((RateStatus.TRANSPORTED if strong else RateStatus.TRANSPORTED_WEAK).value)

    def of_all(self, fit: Fit) -> Standing:
        """Return the same for a number of all diseases together: mean, prediction, reporting ratio."""
        reason = self._withheld(fit)
        return Standing(OK) if reason is None else _withheld(reason)

    def _withheld(self, fit: Fit) -> Withheld | None:
        if fit.n_complete + fit.n_selective == 0:
            return Withheld.NO_DATA
        if fit.ratio_fixed:
            return Withheld.RATIO_FIXED
        if fit.n_complete == 0:
            return Withheld.NO_COMPLETE_SOURCE
        learnt = fit.anchor_gain is not None and fit.anchor_gain >= self.gain
        return None if learnt else Withheld.PRIOR_DRIVEN


_STATUS = {Withheld.NO_DATA: RateStatus.NO_DATA, Withheld.RATIO_FIXED: RateStatus.ASSUMED}


def _withheld(reason: Withheld) -> Standing:
    return Standing(_STATUS.get(reason, RateStatus.PRIOR_DRIVEN).value, reason.value)
