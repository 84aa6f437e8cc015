"""The tables of cases: patients and strata as told, unique patients, counts."""

from __future__ import annotations

from casepool.schemas.columns import Table, choice, identifier, integer, number, proportion, text
from casepool.vocabulary import (
    Answer,
    Ascertainment,
    Autoimmune,
    Basis,
    CaseKind,
    ExclusionReason,
    ReportType,
    Response,
    Route,
    Setting,
    Sex,
)

# Registry patients of rare diseases are told together under this id, never by disease.
SEVERAL_DISEASES = "several_diseases"


def released_report(ascertainment: str) -> str:
    """Return the report id under which the released totals of the registry stand."""
    return f"registry_{ascertainment}"


RELEASED_REPORTS = frozenset(released_report(kind.value) for kind in Ascertainment)

# Each event is carried as a count and the number of patients for whom the source tells it.
EVENTS = ("relapse", "death", "serious_infection", "hypogammaglobulinaemia", "infusion_reaction")

_CASE_COLUMNS = (
    text("case_id", required=True),
    identifier("report_id"),
    identifier("study_id"),
    choice("kind", CaseKind),
    choice("report_type", ReportType),
    integer("year", 1990, 2100),
    choice("basis", Basis),
    choice("ascertainment", Ascertainment),
    identifier("disease"),
    choice("setting", Setting),
    choice("autoimmune", Autoimmune),
    choice("eligible", Answer),
    choice("exclusion_reason", ExclusionReason, required=False),
    choice("age_not_reported", Answer),
    text("country"),
    number("age_years", 0, 120),
    number("age_median", 0, 120),
    choice("sex", Sex, required=False),
    choice("response", Response, required=False),
    integer("n_treated"),
    integer("n_female"),
    integer("n_sex_known"),
    integer("n_evaluable"),
    integer("n_response"),
    integer("n_complete"),
    integer("n_graded"),
    integer("n_none"),
    integer("n_prior_lines", 0, 40),
    choice("prior_rituximab", Answer),
    choice("prior_bortezomib", Answer),
    choice("route", Route),
    choice("monotherapy", Answer),
    number("time_to_response_weeks"),
    number("time_to_relapse_months"),
    number("follow_up_months"),
    *(integer(f"n_{event}{suffix}") for event in EVENTS for suffix in ("", "_known")),
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

CASES = Table("cases", ("case_id",), _CASE_COLUMNS)

UNIQUE_PATIENTS = Table(
    "unique_patients",
    ("case_id",),
    (
        *_CASE_COLUMNS,
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
    ),
)

STUDY_COUNTS = Table(
    "study_counts",
    ("disease", "report_id"),
    (
        identifier("disease"),
        identifier("report_id"),
        identifier("study_id"),
        choice("report_type", ReportType),
        integer("year", 1990, 2100),
        choice("ascertainment", Ascertainment),
        integer("n_treated", required=True),
        integer("n_evaluable", required=True),
        integer("n_response", required=True),
        integer("n_graded", required=True),
        integer("n_complete", required=True),
        proportion("ci_lower"),
        proportion("ci_upper"),
        text("cases", required=True),
    ),
)

COUNTS = Table(
    "counts",
    ("disease", "ascertainment"),
    (
        identifier("disease"),
        choice("ascertainment", Ascertainment),
        integer("n_reports", required=True),
        integer("n_treated", required=True),
        integer("n_evaluable", required=True),
        integer("n_response", required=True),
        integer("n_graded", required=True),
        integer("n_complete", required=True),
        text("cases"),
    ),
)
