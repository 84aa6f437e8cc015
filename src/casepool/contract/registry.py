"""The registry: what the data-collection form asks, and what its intake leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from casepool.contract.columns import (
    Column,
    Rule,
    Table,
    choice,
    date,
    dois_column,
    identifier,
    integer,
    pmids_column,
    text,
)
from casepool.contract.curated import PATIENTS
from casepool.contract.registry_rules import rules_of_time
from casepool.model.message import Message
from casepool.model.study import Study, study
from casepool.model.vocabulary import (
    Agreement,
    Answer,
    Ascertainment,
    IdentityDecision,
    ReturnStatus,
    RowVerdict,
    Undisclosed,
)

if TYPE_CHECKING:
    import pandas as pd

# A serial number only: a hospital number has more digits, initials have no digits.
CODE_PATTERN = r"^P?\d{1,4}$"


def _all_reported_at_most_treated(frame: pd.DataFrame) -> pd.Series:
    fits = frame["centre_n_reported"] <= frame["centre_n_treated"]
    return fits.fillna(value=True).astype(bool)


def _did_not_object(frame: pd.DataFrame) -> pd.Series:
    return frame["objection_checked"].isin([Agreement.YES, Agreement.REVOKED]).astype(bool)


def _published_where_cited(frame: pd.DataFrame) -> pd.Series:
    cited = frame["publication_pmid"].notna() | frame["publication_doi"].notna()
    return (~cited | (frame["published"] == Answer.YES).fillna(value=False)).astype(bool)


def _as_in_patients(study: Study, *names: str) -> tuple[Column, ...]:
    described = {column.name: column for column in PATIENTS.of(study)}
    return tuple(described[name] for name in names)


CENTRE = (
    text("centre", required=True, expected=Message("hospital")),
    text("country", required=True, expected=Message("country")),
    date("filled_on", required=True),
    integer("centre_n_treated", 1, 10_000, required=True),
    integer("centre_n_reported", 1, 10_000, required=True),
)
OBJECTION = choice("objection_checked", Agreement)
_PATIENT = (
    text("patient_code", required=True, pattern=CODE_PATTERN, expected=Message("serial_number")),
    OBJECTION,
)
_PUBLICATION = (
    choice("published", Answer),
    pmids_column("publication_pmid"),
    dois_column("publication_doi"),
    text("note"),
)


def sections() -> Mapping[str, tuple[Column, ...]]:
    """Return the sections of the form, in its order; their titles stand in registry/form/texts."""
    return _sections(study())


@cache
def _sections(study: Study) -> Mapping[str, tuple[Column, ...]]:
    as_in_patients = partial(_as_in_patients, study)
    loss = (study.loss.id, study.months_to_loss) if study.loss else ()
    return {
        "centre": CENTRE,
        "patient": (*_PATIENT, *as_in_patients("age_years", "sex", "treatment_year")),
        "disease": (
            *as_in_patients("disease"),
            text("disease_as_reported"),
            *as_in_patients("setting", "autoimmune", "autoantibodies"),
        ),
        "treatment": as_in_patients(
            "n_prior_lines", *(covariate.id for covariate in study.covariates),
            "route", "dose", "n_doses", "concomitant", "monotherapy",
        ),
        "outcome": as_in_patients("response", "time_to_response_weeks", *loss, "follow_up_months"),
        "safety": as_in_patients(*(event.id for event in study.harms)),
        "publication": _PUBLICATION,
    }  # fmt: skip


def _form_rules(study: Study) -> tuple[Rule, ...]:
    asked = {column.name for section in ("outcome", "safety") for column in _sections(study)[section]}
    return (
        Rule(
            "reported_at_most_treated",
            "centre_n_reported",
            Message("at_most_column", column="centre_n_treated"),
            _all_reported_at_most_treated,
        ),
        Rule(OBJECTION.name, OBJECTION.name, Message("does_not_object"), _did_not_object),
        Rule("published_where_cited", "published", Message("yes_where_cited"), _published_where_cited),
        *rules_of_time(study.months_to_loss if study.loss else None),
        *(rule for rule in PATIENTS.rules if rule.column in asked),
    )


FORM = Table(
    "registry_form",
    ("centre", "patient_code"),
    lambda study: tuple(column for columns in _sections(study).values() for column in columns),
    _form_rules,
)
# Text that a person types freely: read for identifying content with more suspicion.
FREE_TEXT = ("disease_as_reported", "autoantibodies", "dose", "concomitant", "note")

# Which centre a name means, as the coordinator decides; beside the returns (private).
CENTRE_NAMES = Table(
    "centres",
    ("name",),
    (text("name", required=True, expected=Message("centre_as_written")), text("centre", required=True)),
)

# The accepted cases, for the private side of the build only.
REGISTRY = Table(
    "registry",
    ("pseudonym",),
    lambda study: (
        identifier("pseudonym"),
        identifier("centre_pseudonym"),
        identifier("return_label"),
        integer("row", 1, required=True),
        *FORM.of(study),
        choice("ascertainment", Ascertainment),
    ),
)

# What is known of each centre, and whether all of its patients are reported (private).
CENTRE_STATUS = Table(
    "centre_status",
    ("centre_pseudonym",),
    (
        identifier("centre_pseudonym"),
        text("centre", required=True),
        date("last_filled_on"),
        integer("n_treated"),
        integer("n_reported"),
        integer("n_accepted", required=True),
        integer("n_evaluable", required=True),
        integer("n_waiting", required=True),
        integer("n_objected", required=True),
        choice("ascertainment", Ascertainment),
        text("reason"),
    ),
)

# Who was forgotten: keyed hashes alone, so that nobody of that centre and number comes in again (beside the returns).
FORGOTTEN = Table(
    "forgotten",
    ("pseudonym",),
    (identifier("pseudonym"), identifier("centre_pseudonym"), date("forgotten_on", required=True)),
)

# One row for each file that came back. It names the file by a label, never by its name.
RECEIPTS = Table(
    "registry_receipts",
    ("return_label",),
    (
        identifier("return_label"),
        choice("status", ReturnStatus),
        integer("n_rows", required=True),
        integer("n_accepted", required=True),
        integer("n_quarantined", required=True),
        integer("n_already_known", required=True),
        integer("n_replaced", required=True),
        integer("n_objected", required=True),
        text("message"),
    ),
)

# What is wrong with a row that waits: by label, row and column; never the value that was found.
QUARANTINE = Table(
    "quarantine",
    ("return_label", "row", "column", "expected"),
    (
        identifier("return_label"),
        integer("row", required=True),
        text("column", required=True),
        choice("verdict", RowVerdict),
        text("expected", required=True),
    ),
)

# The rows that wait for a correction, as their centres sent them (private).
WAITING = Table(
    "registry_waiting",
    ("return_label", "row"),
    lambda study: (
        identifier("return_label"),
        integer("row", required=True),
        text("reason", required=True),
        *(text(column.name) for column in FORM.of(study)),
    ),
)

# Which file came when; beside the returns (private).
ARRIVALS = Table(
    "registry_arrivals",
    ("file", "sha256"),
    (
        text("file", required=True),
        text("sha256", required=True, pattern=r"^[0-9a-f]{64}$", expected=Message("sha256")),
        date("first_seen", required=True),
    ),
)

# When somebody was in touch with a centre; beside the returns, typed by the coordinator (private).
CONTACTS = Table(
    "contacts",
    ("centre", "date", "note"),
    (text("centre", required=True), date("date", required=True), text("note")),
)

# What a later line of a patient says otherwise than the one before, with both values (private).
CHANGES = Table(
    "registry_changes",
    ("return_label", "row", "column"),
    (
        identifier("return_label"),
        integer("row", 1, required=True),
        text("column", required=True),
        identifier("centre_pseudonym"),
        text("patient_code", required=True),
        date("filled_on", required=True),
        choice("verdict", RowVerdict),
        text("before"),
        text("after"),
    ),
)

# Every accepted row with its fate (private).
LINE_LISTING = Table(
    "registry_line_listing",
    ("pseudonym",),
    lambda study: (
        *REGISTRY.of(study),
        choice("eligible", Answer),
        choice("counted", Answer),
        text("kept_as"),
        text("also_told_in"),
        text("explanation"),
        integer("n_alike", 1, required=True),
    ),
)

# Which totals may not be public, and where their patients are told instead (private).
REGISTRY_WITHHELD = Table(
    "registry_withheld",
    ("total",),
    (
        text("total", required=True),
        integer("n_treated", required=True),
        integer("n_unpublished", required=True),
        integer("n_centres", required=True),
        choice("reason", Undisclosed),
        text("told_in"),
    ),
)

# A published case that may be one of the patients behind a released total.
REGISTRY_LINKS = Table(
    "registry_links",
    ("case_a", "case_b"),
    (
        text("case_a", required=True),
        text("case_b", required=True),
        choice("decision", IdentityDecision),
        text("reason", required=True),
    ),
)

# Registry patients with known publication status, by response: for each outcome a row for each disease that may be
# told alone, and one without a disease for the others together.
REGISTRY_LINKAGE = Table(
    "registry_linkage",
    ("outcome", "disease"),
    (
        identifier("outcome"),
        identifier("disease", required=False),
        integer("n_response", required=True),
        integer("n_response_published", required=True),
        integer("n_none", required=True),
        integer("n_none_published", required=True),
    ),
)

# What lies beside the returns: no stage of the workflow writes it.
BESIDE_RETURNS = (CENTRE_NAMES, FORGOTTEN, ARRIVALS, CONTACTS)
REGISTRY_TABLES = (
    FORM,
    REGISTRY,
    CENTRE_STATUS,
    RECEIPTS,
    QUARANTINE,
    WAITING,
    CHANGES,
    LINE_LISTING,
    REGISTRY_LINKS,
    REGISTRY_LINKAGE,
    REGISTRY_WITHHELD,
)
