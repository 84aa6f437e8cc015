"""The sentences of the page: each number in them comes from the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from casepool.model.configuration import Configuration
from casepool.model.estimate import OWN, Estimate
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import NOT_SEARCHED, TRANSCRIBED
from casepool.report.estimates import Estimates
from casepool.report.evidence import EvidenceProfile, evidence_profile
from casepool.report.figures.flow.diagram import FlowCounts
from casepool.report.results_json import BuildMeta, build_meta
from casepool.report.sensitivity_rows import Sensitivities
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.citations import citations
from casepool.report.words.naming import Origins
from casepool.report.words.numbers import is_missing

_GROUP_NAMES = ("anchored", "literature_only", "not_known", "empty")


@dataclass(frozen=True)
class Facts:
    """The rows that the page tells about.

    Attributes
    ----------
    checks : further tables where they are there: sensitivity, diagnostics, simulation, open_questions,
        unique_patients, origins, filed_under, cumulative_incidences, context.
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
    def profile(self) -> EvidenceProfile:
        """The kinds of evidence in numbers."""
        return evidence_profile(self.study_counts, self.checks.get("unique_patients"), self.protocol)

    @cached_property
    def origins(self) -> Origins:
        """The patients of each disease by the origin of their antibodies."""
        return Origins(self.checks.get("origins", pd.DataFrame(columns=["disease"])))

    @cached_property
    def sensitivities(self) -> Sensitivities | None:
        """The sensitivity analyses, where they were made."""
        return Sensitivities(self.checks["sensitivity"]) if "sensitivity" in self.checks else None

    @property
    def transcript(self) -> bool:
        """Whether the stored search was written down by people: no query was sent."""
        return self.search_origin == TRANSCRIBED

    @property
    def search_kind(self) -> str:
        """By which words the search is told: stored, transcribed, or none where PubMed was not searched."""
        return {TRANSCRIBED: "transcribed", NOT_SEARCHED: "none"}.get(self.search_origin, "stored")

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
        groups: dict[str, list[str]] = {one: [] for one in _GROUP_NAMES}
        style = TableStyle(self.protocol, self.catalogue)
        for disease in self.protocol.eligible_ids:
            groups[self.group(disease)].append(style.disease_in_sentence(disease))
        return groups

    def group(self, disease: str) -> str:
        """Return what the corrected rate of a disease rests on."""
        own = self.estimates.get(disease, OWN, OWN)
        if self.estimates.get(disease, "raw", "exact").value is None:
            return "not_known" if (self.study_counts["disease"] == disease).any() else "empty"
        return "anchored" if own.headlined else "literature_only"

    def rate(self, estimate: Estimate) -> str:
        """Return a rate with its interval, spelled out for a sentence."""
        numbers = self.catalogue.numbers
        span = numbers.span(estimate.ci_lower, estimate.ci_upper)
        key = "rate_credible" if estimate.model in (OWN, "joint") else "rate_with_interval"
        return self.catalogue.text(key, rate=numbers.percent(estimate.value), level=self.level, span=span)

    def disease(self, disease: str) -> str:
        """Return the name of a disease for the middle of a sentence."""
        return TableStyle(self.protocol, self.catalogue).disease_in_sentence(disease)

    def source(self, report: str) -> str:
        """Return the short citation of a source."""
        return self._citations.get(report, report)

    @cached_property
    def _citations(self) -> Mapping[str, str]:
        """Report → its short citation; of a report with several rows the first."""
        if "citation" not in self.study_counts:
            return {}
        first = self.study_counts.drop_duplicates("report_id")
        pairs = zip(first["report_id"], first["citation"], strict=True)
        return {str(report): str(told) for report, told in pairs if not is_missing(told)}

    def listed(self, group: str) -> str:
        """Return the diseases of a group as a list in a sentence."""
        return self.catalogue.join(self.groups[group])


def facts_of(
    frames: Mapping[str, pd.DataFrame],
    protocol: Protocol,
    configuration: Configuration,
    version: str,
    language: str,
    search_origin: str,
    commit: str = "",
) -> Facts:
    """Return the facts of a build in one language.

    Parameters
    ----------
    frames : the tables of `PageMaterial` at least.
    protocol : its diseases named by what they hold.
    commit : of the project, where it is known.
    """
    return Facts(
        frames["results"],
        frames["counts"],
        cited(frames["study_counts"], frames["reports"], language),
        frames["prisma_counts"],
        protocol,
        build_meta(configuration, protocol.id, version, synthetic=protocol.synthetic, commit=commit),
        load_catalogue(language),
        frames,
        search_origin,
    )


def question(facts: Facts) -> list[str]:
    """Return what was asked."""
    catalogue, protocol, outcome = facts.catalogue, facts.protocol, facts.protocol.outcomes[0]
    asked = catalogue.plural(
        "question_1",
        len(protocol.eligible_ids),
        disease=facts.disease(protocol.eligible_ids[0]),
        drug=protocol.drug.name,
        age=protocol.eligibility.minimum_age_years,
    )
    success = catalogue.join([catalogue.label(one, "success") for one in outcome.success], "or")
    return [asked, catalogue.text("question_2", outcome=outcome.name[catalogue.language], success=success)]


def unsettled(facts: Facts) -> list[str]:
    """Return what could not be settled."""
    catalogue = facts.catalogue
    found = [
        catalogue.text(f"unsettled_{one}", names=facts.listed(one))
        for one in ("literature_only", "not_known", "empty")
        if facts.groups[one]
    ]
    silent = _silent_reports(facts.study_counts)
    if silent:
        found.append(catalogue.plural("unsettled_not_told", len(silent), names=", ".join(silent)))
    for key, box in (("not_retrieved", "reports_not_retrieved"), ("not_evaluable", "patients_not_evaluable")):
        if facts.flow.total(box):
            found.append(catalogue.plural(f"unsettled_{key}", facts.flow.total(box)))
    n_reading = len(facts.checks.get("reading_list", ()))
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
    key = {"transcribed": "provenance_transcript", "none": "provenance_none"}.get(facts.search_kind, "provenance")
    line = catalogue.text(key, version=meta.version, date=date)
    return line + (catalogue.text("provenance_commit", commit=meta.commit) if meta.commit else "")


def cited(study_counts: pd.DataFrame, reports: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the counts with the short citation of each report in ``citation``."""
    return study_counts.assign(citation=study_counts["report_id"].map(citations(reports, language)))
