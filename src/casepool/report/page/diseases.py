"""One line for each disease: its rate, what the correction rests on, what would bring it down."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.model.estimate import OWN, Estimate
from casepool.model.vocabulary import Ascertainment
from casepool.report.page.facts import Facts
from casepool.report.tables.display import TableStyle
from casepool.report.words.incidences import incidence_sentences
from casepool.rows import rows_of

_FAIR = 1 + 1e-9


@dataclass(frozen=True)
class DiseaseLine:
    """A disease and what is said of it."""

    disease: str
    words: str


def disease_lines(facts: Facts) -> list[DiseaseLine]:
    """Return a line for each disease with patients, and a common one for those without."""
    style = TableStyle(facts.protocol, facts.catalogue)
    lines: list[DiseaseLine] = []
    empty: list[str] = []
    for disease in facts.protocol.eligible_ids:
        if facts.group(disease) in {"not_known", "empty"}:
            empty.append(style.disease_in_sentence(disease) if empty else style.disease(disease))
        else:
            told = [_raw(disease, facts), *_origins(disease, facts), _corrected(disease, facts)]
            told += [*_unclear(disease, facts), *_incidences(disease, facts), _tipping(disease, facts)]
            lines.append(DiseaseLine(style.disease(disease), " ".join(told)))
    if empty:
        lines.append(DiseaseLine(facts.catalogue.text("words_empty"), f"{facts.catalogue.join(empty)}."))
    return [*lines, *_filed_under(facts)]


def _filed_under(facts: Facts) -> list[DiseaseLine]:
    """Return the syndromes whose patients count under the disease that was treated."""
    filed = facts.checks.get("filed_under")
    if filed is None or filed.empty:
        return []
    style, integer = TableStyle(facts.protocol, facts.catalogue), facts.catalogue.numbers.integer
    lines = []
    for syndrome, block in filed.groupby("underlying_disease", sort=True):
        parts = [f"{facts.disease(str(row['disease']))} ({integer(row['n_treated'])})" for row in rows_of(block)]
        words = facts.catalogue.plural(
            "words_filed_under", int(block["n_treated"].sum()), diseases=facts.catalogue.join(parts)
        )
        lines.append(DiseaseLine(style.disease(str(syndrome)), words))
    return lines


def _raw(disease: str, facts: Facts) -> str:
    raw = facts.estimates.get(disease, "raw", "exact")
    patients = facts.catalogue.plural("n_patients", raw.n_evaluable)
    return facts.catalogue.plural("words_raw", raw.n_response, patients=patients, rate=facts.rate(raw))


def _corrected(disease: str, facts: Facts) -> str:
    """Return what a physician may read off the own rate: the rate and how sure it is, or why there is no point."""
    own, numbers = facts.estimates.get(disease, OWN, OWN), facts.catalogue.numbers
    if facts.group(disease) == "literature_only":
        low, high = numbers.percent(own.ci_lower), numbers.percent(own.ci_upper)
        told = facts.catalogue.text("words_literature_only", low=low, high=high, level=facts.level)
        return f"{_why_no_point(disease, facts)} {told}"
    complete = facts.estimates.get(disease, "complete_only", "exact")
    count = numbers.count(complete.n_response, complete.n_evaluable)
    told = facts.catalogue.plural("words_own", complete.k or 0, rate=facts.rate(own), count=count)
    above = [
        facts.catalogue.text("words_above", probability=numbers.probability(one.value), threshold=numbers.percent(at))
        for at in facts.meta.thresholds
        if (one := facts.estimates.get(disease, "above", OWN, threshold=at)).value is not None
    ]
    return f"{told} {facts.catalogue.text('words_probability', parts=facts.catalogue.join(above))}" if above else told


def _why_no_point(disease: str, facts: Facts) -> str:
    """Return why nothing anchors the rate: no complete source at all, or none that counts responders."""
    of_it = facts.study_counts[facts.study_counts["disease"] == disease]
    complete = of_it.loc[of_it["ascertainment"] == Ascertainment.COMPLETE, "report_id"]
    names = [facts.source(str(one)) for one in sorted(complete)]
    if names:
        return facts.catalogue.plural("words_uncounted", len(names), names=facts.catalogue.join(names))
    return facts.catalogue.text("words_no_complete")


def _origins(disease: str, facts: Facts) -> list[str]:
    """Return the response by origin of the antibodies, where there are several."""
    numbers = facts.catalogue.numbers
    parts = [
        facts.catalogue.text(
            "words_origin",
            origin=facts.catalogue.text(f"origin_of_{one.autoimmune}"),
            count=numbers.count(one.n_response, one.n_evaluable),
        )
        for one in facts.origins.split(disease)
    ]
    return [facts.catalogue.text("words_origins", parts=facts.catalogue.join(parts))] if parts else []


def _unclear(disease: str, facts: Facts) -> list[str]:
    """Return how many of the patients come from sources that do not say whom they report."""
    of_it = facts.study_counts[facts.study_counts["disease"] == disease]
    unclear = of_it[(of_it["ascertainment"] == Ascertainment.UNCLEAR) & (of_it["n_evaluable"] > 0)]
    if unclear.empty:
        return []
    numbers = facts.catalogue.numbers
    count = numbers.count(unclear["n_response"].sum(), unclear["n_evaluable"].sum())
    names = facts.catalogue.join([facts.source(str(one)) for one in sorted(unclear["report_id"])])
    return [facts.catalogue.plural("words_unclear", len(unclear), names=names, count=count)]


def _incidences(disease: str, facts: Facts) -> list[str]:
    """Return the cumulative incidences of the cohorts of a disease that give no number of responders."""
    incidences, unique = facts.checks.get("cumulative_incidences"), facts.checks.get("unique_patients")
    if incidences is None or unique is None:
        return []
    return incidence_sentences(incidences, unique, facts.source, facts.catalogue, disease)


def _tipping(disease: str, facts: Facts) -> str:
    """Return how selective reporting would have to be, for the rate and for its lower limit."""
    found = [(one, facts.estimates.tipping(disease, one)) for one in facts.estimates.tipping_thresholds]
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
