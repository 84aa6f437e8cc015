"""A number that a manuscript quotes by name, and the forms in which a sentence may hold it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from casepool.model.estimate import AT_RATIO, NOTE, OWN, TIPPING, Estimate
from casepool.report.words.catalogue import Catalogue

# What a sentence may ask for: the forms of a number, in the order of the page that lists them.
FORMS = ("value", "interval", "both", "full", "count", "events", "patients", "sources", "range")
_ABOVE = "above"
_CREDIBLE = ("own", "joint")
# The model is left out of a name where it is the one that tables and text show.
_SHOWN = ("exact", "own", "bounds")
# A content control of Word is not opened with a longer tag.
_LONGEST_TAG = 64
_TAG = "casepool:number:"


@dataclass(frozen=True)
class Named:
    """A number with its name.

    Attributes
    ----------
    name : as people type it.
    meaning, method : what it is, and how it was reckoned, in words.
    forms : form → text in the language; of `FORMS`, those that the number has.
    value, lower, upper : unrounded; None where it has none.
    interval : kind of the interval: confidence, credible, prediction; empty where there is none.
    unit : proportion, probability, ratio, log_odds_sd, count, years or text.
    withheld : why there is no number, in words; empty where there is one.
    result : name of the estimate in ``results.json``; empty for a count.
    sources : ids of the reports behind it.
    """

    name: str
    meaning: str
    forms: Mapping[str, str]
    method: str = ""
    value: float | str | None = None
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    unit: str = "count"
    withheld: str = ""
    result: str = ""
    sources: tuple[str, ...] = field(default=())

    @property
    def tag(self) -> str:
        """The tag of a content control that holds it: at most 64 signs, with the longest form behind it."""
        room = _LONGEST_TAG - len(":") - max(len(form) for form in FORMS)
        whole = f"{_TAG}{self.name}"
        return whole if len(whole) <= room else f"{_TAG}#{hashlib.sha256(self.name.encode()).hexdigest()[:12]}"

    def plain(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        cells = {key: value for key, value in vars(self).items() if key != "name"}
        return {**cells, "forms": dict(self.forms), "sources": list(self.sources), "tag": self.tag}


def is_shown(estimate: Estimate) -> bool:
    """Return whether the model of an estimate is the one that tables and text show of its analysis."""
    return estimate.model in _SHOWN or (estimate.model == "joint" and estimate.analysis != _ABOVE)


def name_of(estimate: Estimate) -> str:
    """Return the name of an estimate for people: its model stands in it only where another one is shown.

    >>> name_of(Estimate(outcome="any_response", disease="d1", analysis="own", model="own"))
    'any_response.d1.own'
    """
    return estimate.name.removesuffix(f".{estimate.model}") if is_shown(estimate) else estimate.name


def forms_of(estimate: Estimate, catalogue: Catalogue, level: str) -> dict[str, str]:
    """Return the forms of an estimate; a number that may not be shown is a word, never a dash.

    Parameters
    ----------
    level : coverage of the intervals, as text.
    """
    low, high = limits(estimate)
    forms = {"value": _value(estimate, catalogue)}
    if low is not None and high is not None:
        forms |= _with_interval(estimate, low, high, catalogue, level)
    elif estimate.lowest is not None and estimate.highest is not None:
        forms["range"] = _span(estimate.lowest, estimate.highest, "proportion", catalogue)
    forms.setdefault("both", forms.get("range", forms["value"]))
    forms.setdefault("full", forms["both"])
    return forms | _counts(estimate, catalogue)


def limits(estimate: Estimate) -> tuple[float | None, float | None]:
    """Return the limits of the interval that may be shown: the prediction's where there is no other."""
    if not estimate.headlined and not estimate.limits_only:
        return None, None
    if estimate.ci_lower is None and estimate.pi_lower is not None:
        return estimate.pi_lower, estimate.pi_upper
    return estimate.ci_lower, estimate.ci_upper


def interval_kind(estimate: Estimate) -> str:
    """Return the kind of the interval: confidence, credible or prediction; empty where none may be shown."""
    low, high = limits(estimate)
    if low is None or high is None:
        return ""
    if estimate.ci_lower is None:
        return "prediction"
    return "credible" if estimate.model in _CREDIBLE or estimate.analysis == OWN else "confidence"


def _value(estimate: Estimate, catalogue: Catalogue) -> str:
    numbers = catalogue.numbers
    if not estimate.headlined or estimate.value is None:
        return catalogue.text("number_none")
    if estimate.measure == NOTE:
        return numbers.integer(estimate.value)
    if estimate.measure == "probability":
        return numbers.probability(estimate.value)
    if estimate.measure == "proportion":
        return numbers.percent(estimate.value)
    return numbers.decimal(estimate.value, 1 if estimate.measure == "ratio" else 2)


def _with_interval(estimate: Estimate, low: float, high: float, catalogue: Catalogue, level: str) -> dict[str, str]:
    value, inside = _value(estimate, catalogue), _span(low, high, estimate.measure, catalogue, sign=False)
    kind = catalogue.text(f"number_interval_{interval_kind(estimate)}", level=level)
    forms = {"interval": _span(low, high, estimate.measure, catalogue)}
    if estimate.headlined:
        brief, spelled = "number_both", "number_full"
    else:
        brief, spelled, inside = "number_only_interval", "number_full_only_interval", forms["interval"]
    forms["both"] = catalogue.text(brief, value=value, interval=inside)
    forms["full"] = catalogue.text(spelled, value=value, interval=inside, kind=kind)
    if estimate.lowest is not None and estimate.highest is not None:
        forms["range"] = _span(estimate.lowest, estimate.highest, "proportion", catalogue)
        forms["both"], inside = forms["range"], _span(low, high, estimate.measure, catalogue, sign=False)
        forms["full"] = catalogue.text("number_full", value=forms["range"], interval=inside, kind=kind)
    return forms


def _span(low: float, high: float, measure: str, catalogue: Catalogue, *, sign: bool = True) -> str:
    numbers = catalogue.numbers
    if measure in {"proportion", "probability"}:
        return numbers.percent_span(low, high) if sign else numbers.span(low, high)
    return "–".join(numbers.decimal(one, 1 if measure == "ratio" else 2) for one in (low, high))


def _counts(estimate: Estimate, catalogue: Catalogue) -> dict[str, str]:
    numbers, forms = catalogue.numbers, {}
    if estimate.n_response is not None and estimate.n_evaluable is not None:
        forms["count"] = f"{numbers.integer(estimate.n_response)}/{numbers.integer(estimate.n_evaluable)}"
    for form, n in (("events", estimate.n_response), ("patients", estimate.n_evaluable), ("sources", estimate.k)):
        if n is not None:
            forms[form] = numbers.integer(n)
    return forms


def at_of(estimate: Estimate, catalogue: Catalogue) -> str:
    """Return what the analysis refers to, as text: a rate, or a ratio taken for granted."""
    if estimate.threshold is None:
        return ""
    as_rate = estimate.analysis in (_ABOVE, TIPPING)
    assert as_rate or estimate.analysis == AT_RATIO or estimate.measure == NOTE
    return catalogue.numbers.percent(estimate.threshold) if as_rate else catalogue.numbers.short(estimate.threshold)
