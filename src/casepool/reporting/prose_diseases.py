"""One line for each disease: its rate, what the correction rests on, what would bring it down."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.reporting.display import TableStyle
from casepool.reporting.display_rates import tipping_thresholds
from casepool.reporting.estimates import Estimate
from casepool.reporting.prose import Facts, in_sentence

_FAIR = 1 + 1e-9


@dataclass(frozen=True)
class DiseaseLine:
    """A disease and what is said of it."""

    disease: str
    words: str


def disease_lines(facts: Facts) -> list[DiseaseLine]:
    """Return a line for each disease with patients, and a common one for those without."""
    style = TableStyle(facts.protocol, facts.catalogue)
    lines, empty = [], []
    for disease in facts.protocol.eligible_ids:
        if facts.group(disease) == "empty":
            empty.append(style.disease(disease))
        else:
            words = " ".join([_raw(disease, facts), _corrected(disease, facts), _tipping(disease, facts)])
            lines.append(DiseaseLine(style.disease(disease), words))
    if empty:
        names = facts.catalogue.join([empty[0], *(in_sentence(name) for name in empty[1:])])
        lines.append(DiseaseLine(facts.catalogue.text("words_empty"), f"{names}."))
    return lines


def _raw(disease: str, facts: Facts) -> str:
    raw, numbers = facts.estimates.get(disease, "raw", "exact"), facts.catalogue.numbers
    counts = {"n_response": numbers.integer(raw.n_response)}
    return facts.catalogue.plural("words_raw", raw.n_evaluable, rate=facts.rate(raw), **counts)


def _corrected(disease: str, facts: Facts) -> str:
    corrected, group = facts.estimates.get(disease, "corrected"), facts.group(disease)
    if group == "withheld":
        return facts.catalogue.text("words_withheld")
    complete = facts.estimates.get(disease, "complete_only", "exact")
    count = facts.catalogue.numbers.count(complete.n_response, complete.n_evaluable)
    return facts.catalogue.text(f"words_corrected_{group}", rate=facts.rate(corrected), count=count)


def _tipping(disease: str, facts: Facts) -> str:
    """Return how selective reporting would have to be, for the rate and for its lower limit."""
    told = tipping_thresholds(facts.results)
    found = [(float(one), facts.estimates.get(disease, f"tipping_{one}", "bounds")) for one in told]
    found = [(threshold, tipping) for threshold, tipping in found if tipping.ci_lower is not None]
    if not found:
        return facts.catalogue.text("words_no_selected")
    count = facts.catalogue.numbers.count(found[0][1].n_response, found[0][1].n_evaluable)
    sentences = [*_point(found, count, facts), _chance(found, facts)]
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in sentences if one)


def _point(found: list[tuple[float, Estimate]], count: str, facts: Facts) -> list[str]:
    catalogue, numbers = facts.catalogue, facts.catalogue.numbers
    if found[0][1].value is None:
        return [catalogue.text("words_all", count=count)]
    below = [numbers.percent(threshold) for threshold, tipping in found if (tipping.value or 0.0) <= _FAIR]
    told = [catalogue.text("words_already", threshold=below[-1], count=count)] if below else []
    parts: list[str] = []
    for threshold, tipping in filter(_ratio_told, found):
        key = "words_tipping_more" if parts else "words_tipping"
        values = {"threshold": numbers.percent(threshold), "ratio": numbers.decimal(tipping.value)}
        parts.append(catalogue.text(key, count=count, **values))
    return [*told, catalogue.text("semicolon").join(parts)]


def _ratio_told(pair: tuple[float, Estimate]) -> bool:
    return (pair[1].value or 0.0) > _FAIR


def _chance(found: list[tuple[float, Estimate]], facts: Facts) -> str:
    """Return the same for the lower limit, unless the rate itself already is at every threshold."""
    catalogue, numbers = facts.catalogue, facts.catalogue.numbers
    open_ones = [pair for pair in found if pair[1].value is None or _ratio_told(pair)]
    below = [numbers.percent(one) for one, tipping in open_ones if (tipping.ci_lower or 0.0) <= _FAIR]
    above = [(one, tipping.ci_lower) for one, tipping in open_ones if (tipping.ci_lower or 0.0) > _FAIR]
    parts = [catalogue.text("words_chance_already", threshold=below[-1])] if below else []
    for number, (threshold, lower) in enumerate(above):
        key = "words_chance_more" if number else "words_chance_first"
        parts.append(catalogue.text(key, ratio=numbers.decimal(lower), threshold=numbers.percent(threshold)))
    return catalogue.text("words_chance", parts=catalogue.join(parts)) if parts else ""
