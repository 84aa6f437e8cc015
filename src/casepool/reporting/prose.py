"""The sentences of the page: each number in them comes from the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from casepool.protocol import Protocol
from casepool.reporting import prose_registry
from casepool.reporting.citations import citations
from casepool.reporting.display import TableStyle
from casepool.reporting.display_rates import tipping_thresholds
from casepool.reporting.estimates import ALL, NEW_DISEASE, OVERALL, Estimate, Estimates
from casepool.reporting.flow_diagram import FlowCounts
from casepool.reporting.language import Catalogue
from casepool.reporting.numbers import is_missing
from casepool.reporting.results_json import BuildMeta
from casepool.vocabulary import RateStatus

_GROUPS: dict[str, str] = {RateStatus.REGISTRY_ANCHORED: "anchored", RateStatus.TRANSPORTED_WEAK: "weak"}
_EXAMPLE = (100, 60, 0.30, 0.10)


@dataclass(frozen=True)
class Facts:
    """The rows that the page tells about.

    Attributes
    ----------
    checks : further tables where they are there: sensitivity, simulation, open_questions, unique_patients.
    search_origin : how the stored search came about, as its description says.
    """

    results: pd.DataFrame
    counts: pd.DataFrame
    study_counts: pd.DataFrame
    prisma_counts: pd.DataFrame
    protocol: Protocol
    meta: BuildMeta
    catalogue: Catalogue
    checks: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    search_origin: str = ""

    @cached_property
    def estimates(self) -> Estimates:
        """The estimates of the first outcome."""
        return Estimates(self.results, self.protocol.outcomes[0].id)

    @cached_property
    def flow(self) -> FlowCounts:
        """The counts of the flow diagram."""
        return FlowCounts(self.prisma_counts, self.catalogue)

    @cached_property
    def level(self) -> str:
        """The coverage of the intervals, as text."""
        return self.catalogue.numbers.percent(self.meta.level)

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The names of the eligible diseases by what their corrected rate rests on."""
        groups: dict[str, list[str]] = {one: [] for one in ("anchored", "transported", "weak", "withheld", "empty")}
        style = TableStyle(self.protocol, self.catalogue)
        for disease in self.protocol.eligible_ids:
            groups[self.group(disease)].append(in_sentence(style.disease(disease)))
        return groups

    def group(self, disease: str) -> str:
        """Return what the corrected rate of a disease rests on."""
        corrected = self.estimates.get(disease, "corrected")
        if self.estimates.get(disease, "raw", "exact").value is None:
            return "empty"
        if not corrected.headlined:
            return "withheld"
        return _GROUPS.get(corrected.status, "transported")

    def rate(self, estimate: Estimate) -> str:
        """Return a rate with its interval, spelled out for a sentence."""
        numbers = self.catalogue.numbers
        span = numbers.span(estimate.ci_lower, estimate.ci_upper)
        return self.catalogue.text(
            "rate_with_interval", rate=numbers.percent(estimate.value), level=self.level, span=span
        )

    def listed(self, group: str) -> str:
        """Return the diseases of a group as a list in a sentence."""
        return self.catalogue.join(self.groups[group])


def in_sentence(name: str) -> str:
    """Return a disease name for the middle of a sentence: lower case unless it is an acronym or a proper name."""
    first = name.split(" ")[0]
    proper = first[:2].isupper() or first in {"Evans", "Sjögren"}
    return name if proper else name[0].lower() + name[1:]


def question(facts: Facts) -> list[str]:
    """Return what was asked."""
    catalogue, protocol, outcome = facts.catalogue, facts.protocol, facts.protocol.outcomes[0]
    asked = catalogue.text(
        "question_1",
        n_diseases=len(protocol.eligible_ids),
        drug=protocol.drug.name,
        age=protocol.eligibility.minimum_age_years,
    )
    success = catalogue.join([catalogue.label(one, "success") for one in outcome.success], "or")
    return [asked, catalogue.text("question_2", outcome=outcome.name[catalogue.language], success=success)]


def answer(facts: Facts) -> list[str]:
    """Return the answer in a few sentences."""
    catalogue, numbers = facts.catalogue, facts.catalogue.numbers
    raw = facts.estimates.get(OVERALL, "raw", "exact")
    if raw.value is None:
        return [catalogue.text("answer_no_patients")]
    rate = facts.rate(raw)
    patients, reports = catalogue.plural("n_patients", raw.n_evaluable), catalogue.plural("n_reports", raw.k or 0)
    told = catalogue.text(
        "answer_raw", patients=patients, reports=reports, n_response=numbers.integer(raw.n_response), rate=rate
    )
    return [told, _corrected_answer(facts)]


def _corrected_answer(facts: Facts) -> str:
    catalogue, numbers = facts.catalogue, facts.catalogue.numbers
    corrected = facts.estimates.get(OVERALL, "corrected")
    if not corrected.headlined:
        return catalogue.text("answer_not_corrected")
    text = catalogue.text("answer_corrected", rate=facts.rate(corrected))
    new = facts.estimates.get(NEW_DISEASE, "corrected")
    if new.headlined and new.pi_lower is not None and new.pi_upper is not None:
        low, high = numbers.percent(new.pi_lower), numbers.percent(new.pi_upper)
        text += " " + catalogue.text("answer_new_disease", low=low, high=high)
    return text


def correction(facts: Facts) -> list[str]:
    """Return how the correction works, in plain words with this build's numbers."""
    return [
        _example(facts),
        facts.catalogue.text("correction_blind") + " " + _evidence(facts),
        *prose_registry.registry(facts.study_counts, facts.checks, facts.protocol, facts.catalogue),
        " ".join(part for part in (_ratio(facts), _gain(facts)) if part),
        *_above(facts),
        facts.catalogue.text("correction_belief"),
        *_tipping_example(facts),
    ]


def _example(facts: Facts) -> str:
    numbers = facts.catalogue.numbers
    total, good, share_good, share_bad = _EXAMPLE
    bad = total - good
    told_good, told_bad = round(good * share_good), round(bad * share_bad)
    return facts.catalogue.text(
        "correction_example",
        total=total,
        good=good,
        bad=bad,
        share_good=numbers.percent(share_good),
        share_bad=numbers.percent(share_bad),
        told_good=told_good,
        told_bad=told_bad,
        told=numbers.percent(told_good / (told_good + told_bad)),
        true=numbers.percent(good / total),
        ratio=numbers.short(share_good / share_bad),
    )


def _evidence(facts: Facts) -> str:
    complete = facts.counts[facts.counts["ascertainment"] == "complete"]
    rest = facts.counts[facts.counts["ascertainment"] != "complete"]
    integer = facts.catalogue.numbers.integer
    return facts.catalogue.text(
        "correction_evidence",
        evaluable=integer(facts.counts["n_evaluable"].sum()),
        complete=integer(complete["n_evaluable"].sum()),
        complete_response=integer(complete["n_response"].sum()),
        selective=integer(rest["n_evaluable"].sum()),
        selective_response=integer(rest["n_response"].sum()),
    )


def _ratio(facts: Facts) -> str:
    ratio, above = facts.estimates.get(ALL, "reporting_ratio"), facts.estimates.get(ALL, "reporting_ratio_above_1")
    if not ratio.shown:
        return ""
    decimal = facts.catalogue.numbers.decimal
    values = {"ratio": decimal(ratio.value), "low": decimal(ratio.ci_lower), "high": decimal(ratio.ci_upper)}
    if above.value is None:
        told = facts.catalogue.text("correction_ratio_only", level=facts.level, **values)
    else:
        probability = facts.catalogue.numbers.percent(above.value)
        told = facts.catalogue.text("correction_ratio", level=facts.level, probability=probability, **values)
    told = f"{_prior(facts)} {told}"
    doubt = (ratio.ci_lower or 0.0) < 1 < (ratio.ci_upper or 0.0)
    return f"{told} {facts.catalogue.text('correction_ratio_uncertain')}" if doubt else told


def _prior(facts: Facts) -> str:
    middle, low, high = (facts.catalogue.numbers.decimal(limit) for limit in facts.meta.prior_ratio)
    return facts.catalogue.text("correction_prior", ratio=middle, level=facts.level, low=low, high=high)


def _gain(facts: Facts) -> str:
    gain, numbers = facts.estimates.get(ALL, "anchor_gain").value, facts.catalogue.numbers
    if gain is None:
        return facts.catalogue.text("correction_gain_unknown")
    key = "enough" if gain >= facts.meta.headline_gain else "too_small"
    threshold = numbers.percent(facts.meta.headline_gain)
    return facts.catalogue.text(f"correction_gain_{key}", gain=numbers.percent(max(gain, 0.0)), threshold=threshold)


def _above(facts: Facts) -> list[str]:
    """Return why some corrected rates exceed the raw ones, or nothing where none does."""
    style = TableStyle(facts.protocol, facts.catalogue)
    names = []
    for disease in facts.protocol.eligible_ids:
        raw, corrected = facts.estimates.get(disease, "raw", "exact"), facts.estimates.get(disease, "corrected")
        if corrected.headlined and corrected.value is not None and corrected.value > (raw.value or 0.0):
            names.append(in_sentence(style.disease(disease)))
    return [facts.catalogue.text("correction_above", names=facts.catalogue.join(names))] if names else []


def _tipping_example(facts: Facts) -> list[str]:
    """Return the tipping point of the disease with most patients, or nothing."""
    told = tipping_thresholds(facts.results)
    ratios = [
        (facts.estimates.get(one, f"tipping_{told[0]}", "bounds"), one) for one in facts.protocol.eligible_ids if told
    ]
    ratios = [(tipping, one) for tipping, one in ratios if tipping.ci_lower is not None and (tipping.value or 2) > 1]
    if not ratios:
        return []
    tipping, disease = max(ratios, key=lambda pair: pair[0].n_evaluable or 0)
    numbers, catalogue = facts.catalogue.numbers, facts.catalogue
    name = in_sentence(TableStyle(facts.protocol, catalogue).disease(disease))
    threshold, lower = numbers.percent(float(told[0])), numbers.decimal(tipping.ci_lower)
    count = numbers.count(tipping.n_response, tipping.n_evaluable)
    values = {"disease": name, "count": count, "threshold": threshold}
    if tipping.value is None:
        return [catalogue.text("correction_tipping_all", lower=lower, **values)]
    text = catalogue.text("correction_tipping", ratio=numbers.decimal(tipping.value), **values)
    if (tipping.ci_lower or 0.0) < 1:
        return [f"{text} {catalogue.text('correction_tipping_already', threshold=threshold)}"]
    return [f"{text} {catalogue.text('correction_tipping_chance', lower=lower)}"]


def unsettled(facts: Facts, n_reading: int) -> list[str]:
    """Return what could not be settled."""
    catalogue = facts.catalogue
    found = [
        catalogue.text(f"unsettled_{one}", names=facts.listed(one))
        for one in ("withheld", "empty")
        if facts.groups[one]
    ]
    silent = _silent_reports(facts.study_counts)
    if silent:
        found.append(catalogue.plural("unsettled_not_told", len(silent), names=", ".join(silent)))
    for key, box in (("not_retrieved", "reports_not_retrieved"), ("not_evaluable", "patients_not_evaluable")):
        if facts.flow.total(box):
            found.append(catalogue.plural(f"unsettled_{key}", facts.flow.total(box)))
    waiting = prose_registry.n_waiting(facts.checks)
    if waiting:
        found.append(catalogue.plural("unsettled_registry", waiting))
    if n_reading:
        found.append(catalogue.plural("unsettled_reading", n_reading))
    return found or [catalogue.text("unsettled_nothing")]


def _silent_reports(study_counts: pd.DataFrame) -> list[str]:
    silent = study_counts[study_counts["n_evaluable"].fillna(0) == 0]
    names = silent["citation"] if "citation" in silent else silent["report_id"]
    return sorted({str(name) for name in names if not is_missing(name)})


def provenance(facts: Facts) -> str:
    """Return the line that says what the page was made of."""
    catalogue, meta = facts.catalogue, facts.meta
    date = catalogue.numbers.date(meta.snapshot)
    line = catalogue.text("provenance", version=meta.version, date=date, protocol=meta.protocol)
    return line + (catalogue.text("provenance_commit", commit=meta.commit) if meta.commit else "")


def cited(study_counts: pd.DataFrame, reports: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the counts with the short citation of each report in ``citation``."""
    return study_counts.assign(citation=study_counts["report_id"].map(citations(reports, language)))
