"""The first screen: the answer in a few sentences, and the facts that qualify it."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.model.estimate import NEW_DISEASE, OVERALL, OWN, POOLED, Estimate
from casepool.model.vocabulary import Answer, Autoimmune
from casepool.report.page.facts import Facts
from casepool.report.sensitivity_rows import DATA
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

_OWN_ANTIBODIES = "autoimmune_only"


@dataclass(frozen=True)
class Fact:
    """A fact that qualifies the answer: a few words, and what they mean."""

    title: str
    text: str


def answer(facts: Facts) -> list[str]:
    """Return the answer in a few sentences."""
    raw = facts.estimates.get(OVERALL, "raw", "exact")
    if raw.value is None:
        return [facts.catalogue.text("answer_no_patients")]
    paragraphs = [[_raw(raw, facts), *_origins(facts)], _corrected(facts), [*_pooled(facts), *_without_others(facts)]]
    return [" ".join(sentences) for sentences in paragraphs if sentences]


def _raw(raw: Estimate, facts: Facts) -> str:
    catalogue = facts.catalogue
    patients, reports = catalogue.plural("n_patients", raw.n_evaluable), catalogue.plural("n_reports", raw.k or 0)
    values = {"patients": patients, "reports": reports, "rate": facts.rate(raw)}
    return catalogue.plural("answer_raw", raw.n_response, **values)


def _origins(facts: Facts) -> list[str]:
    """Return how many of the patients are not known to have antibodies of their own; nothing where all have."""
    found = [(kind, n) for kind, n in facts.origins.n_differing().items() if n]
    if not found:
        return []
    parts = [facts.catalogue.plural(f"answer_origin_{kind}", n) for kind, n in found]
    return [facts.catalogue.text("answer_origins", parts=facts.catalogue.join(parts))]


def _corrected(facts: Facts) -> list[str]:
    """Return the own rates in brief: of the anchored diseases, and which diseases cannot be corrected."""
    if not facts.profile.selective:
        return _nothing_selective(facts)
    return [*_anchored(facts), *_literature_only(facts)]


def _nothing_selective(facts: Facts) -> list[str]:
    """Return the mean where every source reports all its patients: there is nothing to correct."""
    return [facts.catalogue.text("answer_nothing_selective"), *_anchored(facts)]


def _anchored(facts: Facts) -> list[str]:
    """Return the own rates of the diseases that have complete evidence, and their mean."""
    anchored = [one for one in facts.protocol.eligible_ids if facts.group(one) == "anchored"]
    if not anchored:
        return [facts.catalogue.text("answer_no_anchor")]
    parts = [
        facts.catalogue.text(
            "answer_own_part", disease=facts.disease(one), rate=facts.rate(facts.estimates.get(one, OWN, OWN))
        )
        for one in anchored
    ]
    told = [facts.catalogue.plural("answer_own", len(parts), parts=facts.catalogue.join(parts))]
    mean = facts.estimates.get(OVERALL, OWN, OWN)
    if mean.value is not None:
        told.append(facts.catalogue.plural("answer_own_mean", len(parts), rate=facts.rate(mean)))
    return told


def _literature_only(facts: Facts) -> list[str]:
    names = facts.groups["literature_only"]
    if not names:
        return []
    return [facts.catalogue.plural("answer_literature_only", len(names), names=facts.catalogue.join(names))]


def _pooled(facts: Facts) -> list[str]:
    """Return the pooled mean before and after deflation, both over the same diseases with the same weights."""
    pooled, before = facts.estimates.get(OVERALL, POOLED), facts.estimates.get(OVERALL, "uncorrected")
    if not facts.profile.selective or not pooled.headlined or before.value is None:
        return []
    n = facts.catalogue.numbers.integer(len(facts.profile.with_data))
    told = facts.catalogue.text("answer_pooled", n=n, before=facts.rate(before), rate=facts.rate(pooled))
    return [told, *_verdict(facts), *_new_disease(facts)]


def _verdict(facts: Facts) -> list[str]:
    """Return whether the comparison within diseases contradicts the one between them, where both could be made."""
    found = facts.checks.get("diagnostics")
    rows = [] if found is None else rows_of(found[found["diagnostic"] == "within_against_between"])
    told = [row for row in rows if not is_missing(row["value"])]
    key = "flagged" if told and told[0]["status"] == "flagged" else "ok"
    values = [facts.catalogue.numbers.decimal(row["value"], 2) for row in told]
    return [facts.catalogue.text(f"answer_verdict_{key}", p=one) for one in values]


def _without_others(facts: Facts) -> list[str]:
    """Return the pooled mean of the surely autoimmune patients; nothing where all are."""
    told = facts.profile.selective and any(facts.origins.n_differing().values())
    if not told or facts.sensitivities is None:
        return []
    found = facts.sensitivities.get(DATA, _OWN_ANTIBODIES)
    if not found.headlined or found.disease != OVERALL:
        return [facts.catalogue.text("answer_without_withheld")]
    n = sum(_has_own(disease, facts) for disease in facts.profile.with_data)
    return [facts.catalogue.plural("answer_without", n, rate=facts.rate(found))]


def _has_own(disease: str, facts: Facts) -> bool:
    return any(one.autoimmune == Autoimmune.YES and one.n_evaluable for one in facts.origins.of(disease))


def _new_disease(facts: Facts) -> list[str]:
    new = facts.estimates.get(NEW_DISEASE, POOLED)
    if not new.headlined or new.pi_lower is None or new.pi_upper is None:
        return []
    low, high = (facts.catalogue.numbers.percent(limit) for limit in (new.pi_lower, new.pi_upper))
    return [facts.catalogue.text("answer_new_disease", low=low, high=high, level=facts.level)]


def qualifying_facts(facts: Facts) -> list[Fact]:
    """Return the facts that a reader of the first screen must know: search, diseases, anchors, comparison."""
    return [_search(facts), _diseases(facts), _anchors(facts), _comparison(facts)]


def _search(facts: Facts) -> Fact:
    catalogue, profile = facts.catalogue, facts.profile
    kind = facts.search_kind
    date = catalogue.numbers.date(facts.meta.snapshot)
    told = [catalogue.plural(f"fact_search_{kind}", facts.flow.total("records_identified"), date=date)]
    told.append(
        catalogue.plural("fact_registry", profile.n_registry)
        if profile.n_registry
        else catalogue.text("fact_no_registry")
    )
    return Fact(catalogue.text(f"fact_search_{kind}_title", date=date), " ".join(told))


def _diseases(facts: Facts) -> Fact:
    catalogue, profile = facts.catalogue, facts.profile
    integer = catalogue.numbers.integer
    asked = catalogue.plural("n_diseases", profile.n_diseases)
    title = catalogue.plural("fact_diseases_title", len(profile.with_data), diseases=asked)
    if not profile.n_sources:
        return Fact(title, catalogue.text("fact_no_source"))
    if profile.n_sources == 1:
        return Fact(title, catalogue.text("fact_diseases_one_source"))
    told = catalogue.text("fact_diseases", n=integer(profile.n_single), sources=integer(profile.n_sources))
    return Fact(title, told)


def _anchors(facts: Facts) -> Fact:
    catalogue, profile = facts.catalogue, facts.profile
    n, integer = len(profile.complete), catalogue.numbers.integer
    title, told = catalogue.text("fact_anchors_none_title"), [catalogue.text("fact_anchors_none")]
    if n and not profile.selective:
        title, told = catalogue.text("fact_anchors_all_title"), [catalogue.plural("fact_anchors_all", n)]
    elif n:
        evaluable, complete = integer(facts.counts["n_evaluable"].sum()), integer(profile.complete_patients)
        title = catalogue.plural("fact_anchors_title", n)
        told = [catalogue.plural("fact_anchors", n, complete=complete, evaluable=evaluable)]
    if profile.n_abstract:
        share = catalogue.numbers.percent(profile.n_abstract / profile.n_entries)
        told.append(catalogue.text("fact_abstracts", share=share))
    return Fact(title, " ".join(told))


def _comparison(facts: Facts) -> Fact:
    catalogue = facts.catalogue
    told = [catalogue.text("fact_comparison")]
    context = facts.checks.get("context")
    told += [_without_the_drug(row, facts) for row in rows_of(context)] if context is not None else []
    return Fact(catalogue.text("fact_comparison_title"), " ".join(one for one in told if one))


def _without_the_drug(row: Row, facts: Facts) -> str:
    """Say how many responded in a comparison group; empty where the row does not say it of a disease that counts."""
    share, catalogue = _comparator_share(row), facts.catalogue
    if share is None or is_missing(row["comparator"]) or str(row["disease"]) not in facts.protocol.eligible_ids:
        return ""
    drug, asked = str(row["drug"]), facts.protocol.drug
    kinship = "same" if drug.casefold() in {one.casefold() for one in (asked.name, *asked.synonyms)} else "related"
    design = "randomised" if row["randomised"] == Answer.YES else "not_randomised"
    return catalogue.text(
        "fact_context",
        design=catalogue.text(f"design_{design}"),
        subject=catalogue.text(f"subject_{kinship}", drug=drug, disease=facts.disease(str(row["disease"]))),
        share=catalogue.numbers.percent(share),
        comparator=catalogue.text(f"given_{row['comparator']}"),
    )


def _comparator_share(row: Row) -> float | None:
    """Return the share that responded: as counted, else as reported."""
    if not is_missing(row["comparator_n_response"]) and not is_missing(row["comparator_n_total"]):
        treated = int(row["comparator_n_total"])
        return int(row["comparator_n_response"]) / treated if treated else None
    return None if is_missing(row["comparator_proportion"]) else float(row["comparator_proportion"])
