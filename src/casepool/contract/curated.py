"""The tables typed by people (``data/curated/``)."""

from __future__ import annotations

from casepool.contract.columns import (
    Column,
    Rule,
    Table,
    choice,
    date,
    disease_id,
    doi_column,
    identifier,
    integer,
    number,
    pmid_column,
    source_columns,
    text,
)
from casepool.contract.curated_rules import (
    at_most,
    cause_rule,
    causes_rule,
    evaluable_has_treated,
    event_rules,
    fits_kind,
    grade_rules,
    loss_rule,
    parts_fit,
    reason_iff_excluded,
    response_has_evaluable,
    together_at_most,
    type_unless_awaiting,
    underlying,
    where_given,
)
from casepool.model.message import Message
from casepool.model.protocol import Event
from casepool.model.study import Study
from casepool.model.vocabulary import (
    Answer,
    AppraisalAnswer,
    Autoimmune,
    Basis,
    Certainty,
    Comparator,
    IdentityDecision,
    Population,
    ReadingStatus,
    ReportType,
    ScreeningDecision,
    Sex,
    Stage,
    TermKind,
)

_YEAR = (1990, 2100)

_REASON = Rule(
    "reason_if_and_only_if_excluded",
    "exclusion_reason",
    Message("reason_if_excluded"),
    reason_iff_excluded,
)

_KIND = Message("type_unless_awaiting", members=tuple(ReportType))

REPORTS = Table(
    "reports",
    ("report_id",),
    lambda study: (
        identifier("report_id"),
        identifier("study_id"),
        pmid_column(),
        text("pmcid", pattern=r"^PMC\d+$", expected=Message("pmc_id")),
        doi_column(),
        text("title"),
        text("authors"),
        text("journal"),
        integer("year", *_YEAR),
        text("volume"),
        text("issue"),
        text("pages"),
        text("language", pattern=r"^[a-z]{2}$", expected=Message("language_code")),
        choice("report_type", ReportType, required=False),
        text("country"),
        text("centres"),
        text("data_from"),
        text("data_to"),
        text("registration"),
        choice("decision", ScreeningDecision),
        choice("exclusion_reason", study.exclusion_reason, required=False),
        text("note"),
    ),
    (_REASON, Rule("type_unless_awaiting", "report_type", _KIND, type_unless_awaiting)),
)


def _person(study: Study) -> tuple[Column, ...]:
    return (
        identifier("report_id"),
        identifier("patient_label"),
        number("age_years", 0, 120),
        choice("sex", Sex),
        text("country"),
        text("centre"),
        integer("treatment_year", *_YEAR),
        choice("population", Population),
        disease_id("disease", study),
        text("disease_as_reported", required=True),
        disease_id("underlying_disease", study, required=False),
    )


def _patient_columns(study: Study) -> tuple[Column, ...]:
    return (
        *_person(study),
        choice("setting", study.setting),
        choice("autoimmune", Autoimmune),
        text("autoantibodies"),
        integer("n_prior_lines", 0, 40),
        *(choice(covariate.id, Answer) for covariate in study.covariates),
        choice("route", study.route),
        text("dose"),
        integer("n_doses", 0, 200),
        text("concomitant"),
        choice("monotherapy", Answer),
        choice("response", study.response),
        text("response_as_reported"),
        number("time_to_response_weeks", 0, 520),
        *([choice(study.loss.id, Answer), number(study.months_to_loss, 0, 240)] if study.loss else []),
        number("follow_up_months", 0, 480),
        *(column for event in study.harms for column in _event_of_patient(event, study)),
        text("same_patient_as"),
        *source_columns(),
    )


def _event_of_patient(event: Event, study: Study) -> tuple[Column, ...]:
    cause = [choice(f"{event.id}_cause", study.causes(event), required=False)] if event.causes else []
    return (choice(event.id, Answer), *cause)


def _patient_rules(study: Study) -> tuple[Rule, ...]:
    loss = [loss_rule(study.loss.id, study)] if study.loss else []
    return (*loss, *(cause_rule(event.id) for event in study.harms if event.causes))


PATIENTS = Table("patients", ("report_id", "patient_label"), _patient_columns, _patient_rules, may_wait=True)


def _stratum(study: Study) -> tuple[Column, ...]:
    return (
        identifier("report_id"),
        identifier("stratum"),
        text("country"),
        text("centre"),
        integer("n_centres", 1),
        text("treatment_year"),
        choice("population", Population),
        disease_id("disease", study),
        text("disease_as_reported", required=True),
        disease_id("underlying_disease", study, required=False),
        integer("n_underlying"),
    )


def _cohort_columns(study: Study) -> tuple[Column, ...]:
    return (
        *_stratum(study),
        choice("setting", study.setting),
        choice("autoimmune", Autoimmune),
        choice("route", study.route),
        text("dose"),
        choice("monotherapy", Answer),
        text("response_definition"),
        integer("n_treated"),
        integer("n_evaluable"),
        *(integer(f"n_{grade.id}") for grade in study.graded),
        integer("n_response"),
        integer("n_none"),
        number("age_median", 0, 120),
        integer("n_female"),
        number("follow_up_months_median", 0, 480),
        *(integer(f"n_{event}{suffix}") for event in study.events for suffix in ("", "_at_most")),
        *(_causes_of_cohort(event) for event in study.events.values() if event.causes),
        text("includes_case"),
        *source_columns(),
    )


def _causes_of_cohort(event: Event) -> Column:
    ids = [cause.id for cause in event.causes]
    one = rf"(?:{'|'.join(ids)}) [1-9]\d*"
    example = "; ".join(f"{cause} {n}" for cause, n in zip(_examples(ids), (7, 1), strict=False))
    expected = Message("causes_with_number", example=example)
    return text(f"{event.id}_causes", pattern=rf"{one}(; {one})*", expected=expected)


def _examples(ids: list[str]) -> list[str]:
    """Return two causes to show how they are written, the longest: they show that ids may hold several words."""
    return sorted(ids, key=len, reverse=True)[:2]


def _cohort_rules(study: Study) -> tuple[Rule, ...]:
    return (
        at_most("n_evaluable", "n_treated"),
        at_most("n_response", "n_evaluable"),
        at_most("n_none", "n_evaluable"),
        at_most("n_female", "n_treated"),
        *(rule for event in study.events for rule in event_rules(event, study)),
        at_most("n_underlying", "n_treated"),
        Rule("underlying_is_whole", "n_underlying", Message("number_with_underlying"), underlying),
        *(causes_rule(event.id) for event in study.events.values() if event.causes),
        grade_rules(study)[0],
        Rule(
            "responders_and_none_fit",
            "n_none",
            together_at_most("n_response", "n_none", whole="n_evaluable"),
            parts_fit,
        ),
        grade_rules(study)[1],
        Rule("response_has_evaluable", "n_evaluable", where_given("n_response"), response_has_evaluable),
        Rule("evaluable_has_treated", "n_treated", where_given("n_evaluable"), evaluable_has_treated),
    )


COHORTS = Table("cohorts", ("report_id", "stratum"), _cohort_columns, _cohort_rules, may_wait=True)

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
        *source_columns(),
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
    may_wait=True,
)

SCREENING = Table(
    "screening",
    ("record_id", "stage", "reviewer"),
    lambda study: (
        identifier("record_id"),
        choice("stage", Stage),
        text("reviewer", required=True),
        choice("decision", ScreeningDecision),
        choice("exclusion_reason", study.exclusion_reason, required=False),
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

# What the authors rate otherwise than the build does; a disease without a row keeps the generated rating.
GRADE = Table(
    "grade",
    ("disease",),
    (
        identifier("disease"),
        choice("certainty", Certainty),
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
        doi_column(),
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
    lambda study: (
        identifier("context_id"),
        text("drug", required=True),
        disease_id("disease", study),
        text("what", required=True),
        integer("n_response"),
        integer("n_total"),
        choice("randomised", Answer, required=False),
        choice("comparator", Comparator, required=False),
        integer("comparator_n_response"),
        integer("comparator_n_total"),
        number("comparator_proportion", 0, 1),
        text("source_url"),
        *source_columns(),
    ),
    (at_most("n_response", "n_total"), at_most("comparator_n_response", "comparator_n_total")),
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
    GRADE,
)
