"""The tables of cases: patients and strata as told, unique patients, counts."""

from __future__ import annotations

from casepool.contract.columns import Column, Table, choice, identifier, integer, number, proportion, text
from casepool.model.study import Study
from casepool.model.vocabulary import (
    Answer,
    Ascertainment,
    Autoimmune,
    Basis,
    CaseKind,
    ReportType,
    Sex,
    SourceKind,
)

# Registry patients of rare diseases are told together under this id, never by disease.
SEVERAL_DISEASES = "several_diseases"


def released_report(ascertainment: str) -> str:
    """Return the report id under which the released totals of the registry stand."""
    return f"registry_{ascertainment}"


RELEASED_REPORTS = frozenset(released_report(kind.value) for kind in Ascertainment)

_TALLIED = ("n_treated", "n_evaluable", "n_response")


def summed_columns(study: Study) -> tuple[str, ...]:
    """Return the counts of patients and outcomes that add up over cases, in the order of the tables."""
    counted = (study.counted[outcome.id] for outcome in study.further_outcomes)
    return (*_TALLIED, *(name for of in counted for name in (of.least, of.most)))


def _outcome_columns(study: Study, *, required: bool = False) -> tuple[Column, ...]:
    return tuple(integer(name, required=required) for name in summed_columns(study)[2:])


def _case_columns(study: Study) -> tuple[Column, ...]:
    return (*_who(study), *_treatment(study), *_what_became(study), *_IDENTITY)


def _who(study: Study) -> tuple[Column, ...]:
    return (
        text("case_id", required=True),
        identifier("report_id"),
        identifier("study_id"),
        choice("kind", CaseKind),
        choice("report_type", ReportType),
        integer("year", 1990, 2100),
        choice("basis", Basis),
        choice("ascertainment", Ascertainment),
        identifier("disease"),
        identifier("underlying_disease", required=False),
        integer("n_underlying"),
        integer("n_centres", 1),
        choice("setting", study.setting),
        choice("autoimmune", Autoimmune),
        choice("eligible", Answer),
        choice("exclusion_reason", study.exclusion_reason, required=False),
        choice("age_not_reported", Answer),
        text("country"),
        number("age_years", 0, 120),
        number("age_median", 0, 120),
        choice("sex", Sex, required=False),
    )


def _treatment(study: Study) -> tuple[Column, ...]:
    return (
        choice("response", study.response, required=False),
        integer("n_treated"),
        integer("n_female"),
        integer("n_sex_known"),
        integer("n_evaluable"),
        *_outcome_columns(study),
        integer("n_none"),
        integer("n_prior_lines", 0, 40),
        *(choice(covariate.id, Answer) for covariate in study.covariates),
        choice("route", study.route),
        choice("monotherapy", Answer),
    )


def _what_became(study: Study) -> tuple[Column, ...]:
    return (
        number("time_to_response_weeks"),
        *([number(study.months_to_loss)] if study.loss else []),
        number("follow_up_months"),
        number("follow_up_months_median"),
        *(integer(f"n_{event}{suffix}") for event in study.events for suffix in ("", "_at_most", "_known")),
        *(text(f"{event.id}_causes") for event in study.events.values() if event.causes),
    )


_IDENTITY = (
    text("includes_case"),
    text("same_patient_as"),
    # What tells two patients apart or shows them to be one (identity).
    text("centre"),
    integer("treatment_year", 1990, 2100),
    text("dose"),
    integer("n_doses", 0, 200),
    text("authors"),
    choice("published", Answer, required=False),
    text("publication"),
)

CASES = Table("cases", ("case_id",), _case_columns)

UNIQUE_PATIENTS = Table(
    "unique_patients",
    ("case_id",),
    lambda study: (
        *_case_columns(study),
        choice("counted", Answer),
        text("kept_as", required=True),
        text("also_told_in"),
        text("lies_inside"),
        text("explanation"),
    ),
)

CANDIDATE_PAIRS = Table(
    "candidate_pairs",
    ("case_a", "case_b"),
    (
        text("case_a", required=True),
        text("case_b", required=True),
        text("disease", required=True),
        text("outcome", required=True),
        text("source", required=True),
        number("score", None),
        proportion("probability"),
        text("explanation", required=True),
    ),
)

# Patients by the sources that tell them; a cell that could point at somebody has no number.
TOLD_WHERE = Table(
    "told_where",
    ("literature_selective", "literature_complete", "registry_selective", "registry_complete"),
    (
        choice("literature_selective", Answer),
        choice("literature_complete", Answer),
        choice("registry_selective", Answer),
        choice("registry_complete", Answer),
        integer("n", 1, required=True),
    ),
)

OPEN_QUESTIONS = Table(
    "open_questions",
    ("question", "id"),
    (
        text("question", required=True),
        text("id", required=True),
        text("detail"),
        text("would_replace"),
    ),
)

STUDY_COUNTS = Table(
    "study_counts",
    ("disease", "report_id"),
    lambda study: (
        identifier("disease"),
        identifier("report_id"),
        identifier("study_id"),
        choice("report_type", ReportType),
        integer("year", 1990, 2100),
        choice("ascertainment", Ascertainment),
        integer("n_centres", 1),
        integer("n_treated", required=True),
        integer("n_evaluable", required=True),
        *_outcome_columns(study, required=True),
        proportion("ci_lower"),
        proportion("ci_upper"),
        text("cases", required=True),
    ),
)

SOURCE_COUNTS = Table(
    "source_counts",
    ("disease", "source"),
    lambda _: (
        identifier("disease"),
        identifier("source"),
        choice("ascertainment", SourceKind),
        integer("response", required=True),
        integer("n", required=True),
        integer("centres", 1, required=True),
    ),
)

COUNTS = Table(
    "counts",
    ("disease", "ascertainment"),
    lambda study: (
        identifier("disease"),
        choice("ascertainment", Ascertainment),
        integer("n_reports", required=True),
        integer("n_treated", required=True),
        integer("n_evaluable", required=True),
        *_outcome_columns(study, required=True),
        text("cases"),
    ),
)
