"""The tables that the stages of the workflow pass on (``results/tables/``)."""

from __future__ import annotations

from casepool.schemas.columns import Column, Table, choice, identifier, integer, number, text
from casepool.vocabulary import (
    Answer,
    Ascertainment,
    Autoimmune,
    Basis,
    CaseKind,
    ExclusionReason,
    Origin,
    ReportType,
    Response,
    Route,
    ScreeningDecision,
    Setting,
    Sex,
    Stage,
)

_RATE = (0.0, 1.0)


def _proportion(name: str) -> Column:
    return number(name, *_RATE)


RECORDS = Table(
    "records",
    ("record_id",),
    (
        identifier("record_id"),
        choice("origin", Origin),
        text("source_file", required=True),
        text("pmid"),
        text("pmcid"),
        text("doi"),
        text("title"),
        text("authors"),
        text("journal"),
        integer("year", 1900, 2100),
        text("volume"),
        text("issue"),
        text("pages"),
        text("language"),
        text("publication_types"),
        text("url"),
        text("abstract"),
        text("keywords"),
        text("notices"),
        text("notice_sources"),
        text("also_as"),
    ),
)

MERGES = Table(
    "merges",
    ("record_id", "source_file", "number"),
    (
        identifier("record_id"),
        choice("origin", Origin),
        text("source_file", required=True),
        integer("number", 1, required=True),
        identifier("kept_as"),
        text("rule", required=True),
        text("explanation", required=True),
    ),
)

CITATION_PAIRS = Table(
    "citation_pairs",
    ("record_a", "record_b"),
    (
        identifier("record_a"),
        identifier("record_b"),
        number("likeness", 0, 100),
        text("explanation", required=True),
        text("title_a"),
        text("title_b"),
        choice("decided", Answer),
    ),
)

SEARCH_UPDATE = Table(
    "search_update",
    ("snapshot",),
    (
        text("snapshot", required=True),
        text("previous", required=True),
        integer("n_previous", required=True),
        integer("n_new", required=True),
    ),
)

NEW_RECORDS = Table(
    "new_records",
    ("record_id",),
    (
        identifier("record_id"),
        text("title"),
        text("authors"),
        text("journal"),
        integer("year", 1900, 2100),
        text("url"),
        text("notices"),
        text("source_file", required=True),
    ),
)

SEARCH_RECALL = Table(
    "search_recall",
    ("report_id",),
    (
        identifier("report_id"),
        text("pmid", required=True),
        choice("found", Answer),
    ),
)

NOTICES = Table(
    "notices",
    ("record_id",),
    (
        identifier("record_id"),
        text("notices", required=True),
        text("notice_sources"),
        text("report_id"),
        text("state", required=True),
        text("reason_to_keep"),
    ),
)

SCREENING_STATE = Table(
    "screening_state",
    ("record_id",),
    (
        identifier("record_id"),
        choice("origin", Origin),
        choice("title_abstract", ScreeningDecision, required=False),
        choice("full_text", ScreeningDecision, required=False),
        choice("exclusion_reason", ExclusionReason, required=False),
        text("state", required=True),
        text("report_id"),
        text("study_id"),
    ),
)

SCREENING_AGREEMENT = Table(
    "screening_agreement",
    ("stage", "reviewer_a", "reviewer_b"),
    (
        choice("stage", Stage),
        text("reviewer_a", required=True),
        text("reviewer_b", required=True),
        integer("n_records", required=True),
        integer("n_agreed", required=True),
        number("kappa", -1, 1),
        number("ci_lower", -1, 1),
        number("ci_upper", -1, 1),
        text("status", required=True),
    ),
)

SCREENING_CONFLICTS = Table(
    "screening_conflicts",
    ("record_id", "stage"),
    (
        identifier("record_id"),
        choice("stage", Stage),
        text("decisions", required=True),
        text("title"),
        text("url"),
    ),
)

PRISMA_COUNTS = Table(
    "prisma_counts",
    ("box", "detail"),
    (
        text("box", required=True),
        text("detail"),
        text("unit", required=True),
        integer("n", required=True),
    ),
)

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
        text("explanation", required=True),
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
        _proportion("ci_lower"),
        _proportion("ci_upper"),
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

CHARACTERISTICS = Table(
    "characteristics",
    ("disease", "item", "level"),
    (
        text("disease", required=True),
        text("item", required=True),
        text("level"),
        integer("n"),
        integer("n_known", required=True),
        number("median", None),
        number("lowest", None),
        number("highest", None),
    ),
)

SAFETY = Table(
    "safety",
    ("disease", "event"),
    (
        text("disease", required=True),
        text("event", required=True),
        integer("n_event", required=True),
        integer("n_known", required=True),
        integer("n_treated", required=True),
        _proportion("proportion"),
        _proportion("ci_lower"),
        _proportion("ci_upper"),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    ("analysis", "variant", "disease"),
    (
        text("analysis", required=True),
        text("variant", required=True),
        text("disease", required=True),
        integer("n_response", required=True),
        integer("n_evaluable", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        text("status", required=True),
    ),
)

DIAGNOSTICS = Table(
    "diagnostics",
    ("diagnostic",),
    (
        text("diagnostic", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        integer("n"),
        text("status", required=True),
        text("reason"),
    ),
)

MODERATORS = Table(
    "moderators",
    ("moderator", "level"),
    (
        text("moderator", required=True),
        text("level", required=True),
        integer("n_response", required=True),
        integer("n_evaluable", required=True),
        integer("n_not_told", required=True),
        _proportion("proportion"),
        _proportion("ci_lower"),
        _proportion("ci_upper"),
        _proportion("p_exact"),
        text("status", required=True),
        number("odds_ratio"),
        number("or_lower"),
        number("or_upper"),
        text("or_status", required=True),
    ),
)

TIMES = Table(
    "times",
    ("outcome", "time"),
    (
        text("outcome", required=True),
        number("time", 0),
        integer("n_at_risk", required=True),
        integer("n_event", required=True),
        integer("n_total", required=True),
        _proportion("cumulative"),
        _proportion("ci_lower"),
        _proportion("ci_upper"),
    ),
)

# Annex, off by default: conventional tools beside the counts they are no correction for.
SMALL_STUDY = Table(
    "small_study",
    ("outcome", "tool"),
    (
        text("outcome", required=True),
        text("tool", required=True),
        text("measure", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        _proportion("p_value"),
        integer("n_reports", required=True),
        integer("n_single", required=True),
        integer("n_filled"),
        text("status", required=True),
        text("note", required=True),
    ),
)

SIMULATION = Table(
    "simulation",
    ("layout", "ratio", "target", "estimator"),
    (
        text("layout", required=True),
        number("ratio", 0),
        text("target", required=True),
        text("estimator", required=True),
        integer("n_replicates", required=True),
        number("bias", None),
        number("rmse"),
        _proportion("coverage"),
        number("width"),
        _proportion("estimable"),
    ),
)

# Sums over the estimates of one chunk of replicates; chunks add up to the table `simulation`.
SIMULATION_SUMS = Table(
    "simulation_sums",
    ("layout", "ratio", "chunk", "target", "estimator"),
    (
        text("layout", required=True),
        number("ratio", 0),
        integer("chunk", required=True),
        text("target", required=True),
        text("estimator", required=True),
        integer("n_replicates", required=True),
        integer("n_asked", required=True),
        integer("n_estimates", required=True),
        integer("n_covered", required=True),
        number("error", None),
        number("squared_error"),
        number("width"),
    ),
)

RESULTS = Table(
    "results",
    ("name",),
    (
        text("name", required=True),
        text("outcome", required=True),
        text("disease", required=True),
        text("analysis", required=True),
        text("model", required=True),
        text("measure", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        number("pi_lower", None),
        number("pi_upper", None),
        integer("n_response"),
        integer("n_evaluable"),
        integer("k"),
        text("status", required=True),
        text("reason"),
        text("cases"),
    ),
)

STAGES = (
    RECORDS,
    MERGES,
    CITATION_PAIRS,
    SEARCH_UPDATE,
    NEW_RECORDS,
    SEARCH_RECALL,
    NOTICES,
    SCREENING_AGREEMENT,
    SCREENING_CONFLICTS,
    SCREENING_STATE,
    PRISMA_COUNTS,
    CASES,
    CANDIDATE_PAIRS,
    UNIQUE_PATIENTS,
    OPEN_QUESTIONS,
    STUDY_COUNTS,
    COUNTS,
    CHARACTERISTICS,
    SAFETY,
    SENSITIVITY,
    DIAGNOSTICS,
    MODERATORS,
    TIMES,
    SMALL_STUDY,
    SIMULATION_SUMS,
    SIMULATION,
    RESULTS,
)
