"""The tables of cases: patients and strata as told, unique patients, counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casepool.contract.columns import Table, choice, identifier, integer, number, proportion, text
from casepool.model.vocabulary import (
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

EVENTS = ("relapse", "death", "serious_infection", "hypogammaglobulinaemia", "infusion_reaction")


@dataclass(frozen=True)
class Counted:
    """The columns that count an outcome or event, the same in every table of cases and counts.

    Attributes
    ----------
    least, most : patients who surely had it, and those who had it or may have had it; the same column
        where the source leaves no doubt.
    known : patients of whom the source says something about it.
    at_risk : patients who could have had it; those of whom nothing is said are at_risk − known.
    """

    least: str
    most: str
    known: str
    at_risk: str


# One definition of numerator, denominator and "not known" for every outcome and event.
COUNTED: Mapping[str, Counted] = {
    "any_response": Counted("n_response", "n_response", "n_evaluable", "n_treated"),
    "complete_response": Counted("n_complete", "n_complete_at_most", "n_evaluable", "n_treated"),
    **{
        event: Counted(
            f"n_{event}", f"n_{event}_at_most", f"n_{event}_known", "n_response" if event == "relapse" else "n_treated"
        )
        for event in EVENTS
    },
}

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
    identifier("underlying_disease", required=False),
    integer("n_underlying"),
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
    integer("n_complete_at_most"),
    integer("n_none"),
    integer("n_prior_lines", 0, 40),
    choice("prior_rituximab", Answer),
    choice("prior_bortezomib", Answer),
    choice("route", Route),
    choice("monotherapy", Answer),
    number("time_to_response_weeks"),
    number("time_to_relapse_months"),
    number("follow_up_months"),
    number("follow_up_months_median"),
    *(integer(f"n_{event}{suffix}") for event in EVENTS for suffix in ("", "_at_most", "_known")),
    text("death_causes"),
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
        text("would_replace"),
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
        integer("n_complete", required=True),
        integer("n_complete_at_most", required=True),
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
        integer("n_complete", required=True),
        integer("n_complete_at_most", required=True),
        text("cases"),
    ),
)
