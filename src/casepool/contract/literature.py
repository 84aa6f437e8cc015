"""The tables of search and screening: raw files, records, merges, notices, decisions, flow."""

from __future__ import annotations

from casepool.contract.columns import Table, choice, date, identifier, integer, number, text
from casepool.model.message import Message
from casepool.model.vocabulary import (
    Answer,
    Arm,
    MetBy,
    Origin,
    ScreeningDecision,
    Stage,
    Stake,
    Suspicion,
    TrialEnd,
    TrialPublication,
)

_ORIGIN = (choice("origin", Origin), text("source_file", required=True))
_CITATION = (
    text("pmid"),
    text("pmcid"),
    text("doi"),
    text("title"),
    text("authors"),
    text("journal"),
    text("issn"),
    integer("year", 1900, 2100),
    text("volume"),
    text("issue"),
    text("pages"),
    text("language"),
    text("publication_types"),
    text("url"),
    text("abstract"),
    text("keywords"),
    text("headings"),
    text("notices"),
    text("notice_sources"),
)

# Within data/raw, and not out of it again.
_RAW_PATH = r"data/raw/(?!(?:.*/)?\.\.(?:/|$))[^\\]*[^\\/]"

# The raw files, described by whoever put them there (``data/raw/sources.csv``).
SOURCES = Table(
    "sources",
    ("path",),
    (
        text("path", required=True, pattern=_RAW_PATH, expected=Message("raw_path")),
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

# Every entry of every raw file in use, as it stands there.
ENTRIES = Table(
    "entries",
    ("source_file", "number"),
    (identifier("record_id"), *_ORIGIN, integer("number", 1, required=True), *_CITATION),
)

# What is wrong with a raw file (`fault`: the message as JSON); none where all are as they are described.
RAW_FAULTS = Table("raw_faults", ("path",), (text("path", required=True), text("fault", required=True)))

# What the entries of registers tell of their trials beside the citation.
TRIAL_FACTS = Table(
    "trial_facts",
    ("source_file", "number"),
    (
        identifier("record_id"),
        text("source_file", required=True),
        integer("number", 1, required=True),
        text("numbers"),
        text("title"),
        text("status"),
        text("end"),
        text("conditions"),
        text("drugs"),
        text("people"),
        date("read_on", required=True),
    ),
)

RECORDS = Table("records", ("record_id",), (identifier("record_id"), *_ORIGIN, *_CITATION, text("also_as")))

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
    ("number",),
    (
        integer("number", 1, required=True),
        identifier("record_a"),
        identifier("record_b"),
        choice("suspicion", Suspicion),
        choice("stake", Stake),
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
        text("pmid"),
        choice("in_snapshot", Answer),
        choice("met_by", MetBy),
        text("drug_line"),
        text("subject_line"),
        text("reason"),
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
    lambda study: (
        identifier("record_id"),
        choice("origin", Origin),
        text("source_file"),
        choice("title_abstract", ScreeningDecision, required=False),
        choice("full_text", ScreeningDecision, required=False),
        choice("exclusion_reason", study.exclusion_reason, required=False),
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

# Every record of a register; `asked`: of the drug, in an eligible disease, not of children alone.
REGISTERED_TRIALS = Table(
    "registered_trials",
    ("record_id",),
    (
        identifier("record_id"),
        text("numbers"),
        text("title"),
        text("diseases"),
        choice("asked", Answer),
        text("status"),
        text("end"),
        text("read_on"),
        choice("ended", TrialEnd),
        choice("published", TrialPublication),
        text("publications"),
        text("linked_by"),
        text("url"),
    ),
)

PRISMA_COUNTS = Table(
    "prisma_counts",
    ("box", "arm", "detail"),
    (
        text("box", required=True),
        choice("arm", Arm, required=False),
        text("detail"),
        text("unit", required=True),
        integer("n", required=True),
    ),
)
