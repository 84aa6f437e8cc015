"""The names of the estimates: every row of the table ``results``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from casepool.contract.results import estimates_of
from casepool.model.estimate import ALL, NEW_DISEASE, OVERALL, OWN, POOLED, Estimate
from casepool.report.numbers.named import Named, at_of, forms_of, interval_kind, is_shown, limits, name_of
from casepool.report.page.facts import Facts
from casepool.rows import split_ids

# Of these the disease is no part of what is meant.
_OF_ALL = (ALL, OVERALL, NEW_DISEASE)


def named_estimates(facts: Facts) -> Iterator[Named]:
    """Yield every estimate of the build with its name; one without a number says why."""
    estimates = tuple(estimates_of(facts.results))
    # A note that two models leave has the model in its name.
    alike = Counter(name_of(estimate) for estimate in estimates)
    for estimate in estimates:
        low, high = limits(estimate)
        yield Named(
            name=name_of(estimate) if alike[name_of(estimate)] == 1 else estimate.name,
            meaning=_meaning(estimate, facts),
            method=facts.catalogue.text(f"number_method_{estimate.model}"),
            forms=forms_of(estimate, facts.catalogue, facts.level),
            value=estimate.value if estimate.headlined else None,
            lower=low,
            upper=high,
            interval=interval_kind(estimate),
            unit="count" if estimate.measure == "note" else estimate.measure,
            withheld="" if estimate.headlined else _why(estimate, facts),
            result=estimate.name,
            sources=sources_of(estimate.cases),
        )


def sources_of(cases: object) -> tuple[str, ...]:
    """Return the reports of a list of cases, each once: what stands before the stroke of a case id."""
    return tuple(dict.fromkeys(case.split("/", 1)[0] for case in split_ids(cases)))


def _why(estimate: Estimate, facts: Facts) -> str:
    """Return why no number may be shown; bounds have none by their nature."""
    return facts.catalogue.label(estimate.shown_status, "number_why")


def _meaning(estimate: Estimate, facts: Facts) -> str:
    catalogue = facts.catalogue
    key = f"number_{estimate.analysis}"
    if estimate.disease == OVERALL and estimate.analysis in (OWN, POOLED):
        key = f"number_mean_{estimate.analysis}"
    elif estimate.disease == NEW_DISEASE:
        key = "number_new_disease"
    if catalogue.has(key):
        what = catalogue.text(key)
    else:
        what = catalogue.text("number_of_setting", setting=catalogue.label(estimate.analysis))
    if at := at_of(estimate, catalogue):
        what = catalogue.text("number_at", what=what, at=at)
    if not is_shown(estimate):
        what = catalogue.text("number_by_model", what=what, model=catalogue.text(f"number_model_{estimate.model}"))
    values = {"outcome": outcome_name(estimate.outcome, facts), "what": what}
    if estimate.disease in _OF_ALL:
        return catalogue.text("number_meaning_of_all", **values)
    return catalogue.text("number_meaning", disease=facts.disease(estimate.disease), **values)


def outcome_name(outcome: str, facts: Facts) -> str:
    """Return the name of an outcome or event."""
    named = {one.id: one.name[facts.catalogue.language] for one in facts.protocol.outcomes}
    name = named.get(outcome) or facts.catalogue.label(outcome, "event")
    return name[:1].upper() + name[1:]
