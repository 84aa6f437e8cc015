"""The tables typed by people (``data/curated/``) and the list of raw files."""

from __future__ import annotations

from casepool.contract.cases import EVENTS
from casepool.contract.columns import Column, Rule, Table, choice, date, identifier, integer, number, text
from casepool.contract.curated_rules import (
    at_most,
    cause_needs_death,
    causes_fit,
    evaluable_has_treated,
    event_rules,
    fits_kind,
    graded_respond,
    grades_fit,
    parts_fit,
    reason_iff_excluded,
    relapse_needs_response,
    response_has_evaluable,
    together_at_most,
    underlying,
    where_given,
)
from casepool.model.message import Message
from casepool.model.vocabulary import (
    Answer,
    AppraisalAnswer,
    Autoimmune,
    Basis,
    Comparator,
    DeathCause,
    ExclusionReason,
    IdentityDecision,
    Origin,
    Population,
    ReadingStatus,
    ReportType,
    Response,
    Route,
    ScreeningDecision,
    Setting,
    Sex,
    Stage,
    TermKind,
)

_YEAR = (1990, 2100)
_CAUSE = rf"(?:{'|'.join(DeathCause)}) [1-9]\d*"
_DOI = r"^10\.\d{4,9}/\S+$"


def _pmid(name: str = "pmid") -> Column:
    return text(name, pattern=r"^[1-9]\d{0,8}$", expected=Message("pubmed_id"))


def _doi(name: str = "doi") -> Column:
    return text(name, pattern=_DOI, expected=Message("doi"))


def _source() -> tuple[Column, ...]:
    return (
        choice("basis", Basis),
        text("source_locator", required=True, expected=Message("place_in_source")),
        text("reader", required=True, expected=Message("reader_id")),
        date("date", required=True),
        text("note"),
    )


_REASON = Rule(
    "reason_if_and_only_if_excluded",
    "exclusion_reason",
    Message("reason_if_excluded"),
    reason_iff_excluded,
)

REPORTS = Table(
    "reports",
    ("report_id",),
    (
        identifier("report_id"),
        identifier("study_id"),
        _pmid(),
        text("pmcid", pattern=r"^PMC\d+$", expected=Message("pmc_id")),
        _doi(),
        text("title"),
        text("authors"),
        text("journal"),
        integer("year", *_YEAR),
        text("volume"),
        text("issue"),
        text("pages"),
        text("language", pattern=r"^[a-z]{2}$", expected=Message("language_code")),
        choice("report_type", ReportType),
        text("country"),
        text("centres"),
        text("data_from"),
        text("data_to"),
        text("registration"),
        choice("decision", ScreeningDecision),
        choice("exclusion_reason", ExclusionReason, required=False),
        text("note"),
    ),
    (_REASON,),
)

PATIENTS = Table(
    "patients",
    ("report_id", "patient_label"),
    (
        identifier("report_id"),
        identifier("patient_label"),
        number("age_years", 0, 120),
        choice("sex", Sex),
        text("country"),
        text("centre"),
        integer("treatment_year", *_YEAR),
        choice("population", Population),
        identifier("disease"),
        text("disease_as_reported", required=True),
        identifier("underlying_disease", required=False),
        choice("setting", Setting),
        choice("autoimmune", Autoimmune),
        text("autoantibodies"),
        integer("n_prior_lines", 0, 40),
        choice("prior_rituximab", Answer),
        choice("prior_bortezomib", Answer),
        choice("route", Route),
        text("dose"),
        integer("n_doses", 0, 200),
        text("concomitant"),
        choice("monotherapy", Answer),
        choice("response", Response),
        text("response_as_reported"),
        number("time_to_response_weeks", 0, 520),
        choice("relapse", Answer),
        number("time_to_relapse_months", 0, 240),
        number("follow_up_months", 0, 480),
        choice("death", Answer),
        choice("death_cause", DeathCause, required=False),
        choice("serious_infection", Answer),
        choice("hypogammaglobulinaemia", Answer),
        choice("infusion_reaction", Answer),
        text("same_patient_as"),
        *_source(),
    ),
    (
        Rule("relapse_needs_response", "relapse", Message("relapse_of_responder"), relapse_needs_response),
        Rule("cause_needs_death", "death_cause", Message("cause_of_a_death"), cause_needs_death),
    ),
)

COHORTS = Table(
    "cohorts",
    ("report_id", "stratum"),
    (
        identifier("report_id"),
        identifier("stratum"),
        text("country"),
        text("centre"),
        text("treatment_year"),
        choice("population", Population),
        identifier("disease"),
        text("disease_as_reported", required=True),
        identifier("underlying_disease", required=False),
        integer("n_underlying"),
        choice("setting", Setting),
        choice("autoimmune", Autoimmune),
        choice("route", Route),
        text("dose"),
        choice("monotherapy", Answer),
        text("response_definition"),
        integer("n_treated"),
        integer("n_evaluable"),
        integer("n_complete"),
        integer("n_partial"),
        integer("n_response"),
        integer("n_none"),
        number("age_median", 0, 120),
        integer("n_female"),
        number("follow_up_months_median", 0, 480),
        *(integer(f"n_{event}{suffix}") for event in EVENTS for suffix in ("", "_at_most")),
        text(
            "death_causes",
            pattern=rf"{_CAUSE}(; {_CAUSE})*",
            expected=Message("causes_with_number"),
        ),
        text("includes_case"),
        *_source(),
    ),
    (
        at_most("n_evaluable", "n_treated"),
        at_most("n_response", "n_evaluable"),
        at_most("n_none", "n_evaluable"),
        at_most("n_female", "n_treated"),
        *(rule for event in EVENTS for rule in event_rules(event)),
        at_most("n_underlying", "n_treated"),
        Rule("underlying_is_whole", "n_underlying", Message("number_with_underlying"), underlying),
        Rule("causes_fit_deaths", "death_causes", Message("deaths_each_cause_once"), causes_fit),
        Rule(
            "grades_have_response",
            "n_response",
            where_given("n_complete", "n_partial"),
            graded_respond,
        ),
        Rule(
            "responders_and_none_fit",
            "n_none",
            together_at_most("n_response", "n_none", "n_evaluable"),
            parts_fit,
        ),
        Rule(
            "grades_fit",
            "n_complete",
            together_at_most("n_complete", "n_partial", "n_response"),
            grades_fit,
        ),
        Rule(
            "response_has_evaluable",
            "n_evaluable",
            where_given("n_response"),
            response_has_evaluable,
        ),
        Rule(
            "evaluable_has_treated",
            "n_treated",
            where_given("n_evaluable"),
            evaluable_has_treated,
        ),
    ),
)

CUMULATIVE_INCIDENCES = Table(
    "cumulative_incidences",
    ("report_id", "stratum", "time_months"),
    (
        identifier("report_id"),
        identifier("stratum"),
        integer("time_months", 0, 480, required=True),
        number("proportion", 0, 1),
        number("ci_lower", 0, 1),
        number("ci_upper", 0, 1),
        number("level", 0.5, 0.999),
        *_source(),
    ),
)

_QUESTIONS = (*(f"murad_{i}" for i in range(1, 9)), "jbi_4", "jbi_5")

APPRAISAL = Table(
    "appraisal",
    ("report_id", "reader"),
    (
        identifier("report_id"),
        text("reader", required=True),
        *(choice(question, AppraisalAnswer, required=False) for question in _QUESTIONS),
        choice("basis", Basis),
        text("source_locator", required=True),
        date("date", required=True),
        text("note"),
    ),
    (),
)

SCREENING = Table(
    "screening",
    ("record_id", "stage", "reviewer"),
    (
        identifier("record_id"),
        choice("stage", Stage),
        text("reviewer", required=True),
        choice("decision", ScreeningDecision),
        choice("exclusion_reason", ExclusionReason, required=False),
        date("date", required=True),
        text("note"),
    ),
    (_REASON,),
)

DISEASE_TERMS = Table(
    "disease_terms",
    ("term",),
    (
        text("term", required=True, expected=Message("term")),
        choice("kind", TermKind),
        text("disease", expected=Message("disease_of_term")),
        text("language", required=True),
        text("note"),
    ),
    (
        Rule(
            "disease_fits_kind",
            "disease",
            Message("disease_fits_kind"),
            fits_kind,
        ),
    ),
)

IDENTITY_DECISIONS = Table(
    "identity_decisions",
    ("case_a", "case_b"),
    (
        text("case_a", required=True),
        text("case_b", required=True),
        choice("decision", IdentityDecision),
        text("reason", required=True),
        text("reader", required=True),
        date("date", required=True),
    ),
)

CORRECTIONS = Table(
    "corrections",
    ("table", "key", "column"),
    (
        text("table", required=True),
        text("key", required=True),
        text("column", required=True),
        text("old"),
        text("new"),
        text("reason", required=True),
        text("source", required=True),
        text("reader", required=True),
        date("date", required=True),
    ),
)

RETRACTION_OVERRIDES = Table(
    "retraction_overrides",
    ("report_id",),
    (
        identifier("report_id"),
        text("reason", required=True),
        text("reader", required=True),
        date("date", required=True),
    ),
)

READING_LIST = Table(
    "reading_list",
    ("citation_key",),
    (
        text("citation_key", required=True),
        choice("status", ReadingStatus),
        text("disease"),
        text("authors"),
        integer("year", *_YEAR),
        text("journal"),
        _doi(),
        text("study_id"),
        text("what_to_find"),
        text("facts_seen"),
        text("ascertainment"),
        integer("n_evaluable"),
        integer("n_response"),
        text("replaces"),
        text("source_url"),
        text("note"),
    ),
    (at_most("n_response", "n_evaluable"),),
)

# Results of other treatments that a reader needs to judge the rates; they enter no count.
CONTEXT = Table(
    "context",
    ("context_id",),
    (
        identifier("context_id"),
        text("drug", required=True),
        identifier("disease"),
        text("what", required=True),
        integer("n_response"),
        integer("n_total"),
        choice("randomised", Answer, required=False),
        choice("comparator", Comparator, required=False),
        integer("comparator_n_response"),
        integer("comparator_n_total"),
        number("comparator_proportion", 0, 1),
        text("source_url"),
        *_source(),
    ),
    (at_most("n_response", "n_total"), at_most("comparator_n_response", "comparator_n_total")),
)

SOURCES = Table(
    "sources",
    ("path",),
    (
        text("path", required=True),
        choice("origin", Origin),
        text("query_or_release"),
        text("url"),
        date("accessed_on", required=True),
        text("licence", required=True),
        text("sha256", required=True, pattern=r"^[0-9a-f]{64}$", expected=Message("sha256")),
        integer("n_records", required=True),
        text("note"),
    ),
)

CURATED = (
    SCREENING,
    REPORTS,
    PATIENTS,
    COHORTS,
    CUMULATIVE_INCIDENCES,
    APPRAISAL,
    DISEASE_TERMS,
    IDENTITY_DECISIONS,
    CORRECTIONS,
    READING_LIST,
    CONTEXT,
    RETRACTION_OVERRIDES,
)
