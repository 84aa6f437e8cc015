"""The registry: what the data-collection form asks, and what its intake leaves."""

from __future__ import annotations

import pandas as pd

from casepool.contract.columns import Column, Rule, Table, choice, date, identifier, integer, text
from casepool.contract.curated import PATIENTS, REPORTS
from casepool.model.message import Message
from casepool.model.vocabulary import Answer, IdentityDecision, ReturnStatus, RowVerdict

# A serial number only: a hospital number has more digits, initials have no digits.
CODE_PATTERN = r"^P?\d{1,4}$"


def _all_reported_at_most_treated(frame: pd.DataFrame) -> pd.Series:
    fits = frame["centre_n_reported"] <= frame["centre_n_treated"]
    return fits.fillna(value=True).astype(bool)


def _did_not_object(frame: pd.DataFrame) -> pd.Series:
    return (frame["objection_checked"] == Answer.YES).fillna(value=False).astype(bool)


def _published_where_cited(frame: pd.DataFrame) -> pd.Series:
    cited = frame["publication_pmid"].notna() | frame["publication_doi"].notna()
    return (~cited | (frame["published"] == Answer.YES).fillna(value=False)).astype(bool)


def _as_in_patients(*names: str) -> tuple[Column, ...]:
    return tuple(PATIENTS.column(name) for name in names)


_CENTRE = (
    text("centre", required=True, expected=Message("hospital")),
    text("country", required=True, expected=Message("country")),
    date("filled_on", required=True),
    integer("centre_n_treated", 1, 10_000, required=True),
    integer("centre_n_reported", 1, 10_000, required=True),
)
_PATIENT = (
    text("patient_code", required=True, pattern=CODE_PATTERN, expected=Message("serial_number")),
    choice("objection_checked", Answer),
    *_as_in_patients("age_years", "sex", "treatment_year"),
)
_DISEASE = (
    *_as_in_patients("disease"),
    text("disease_as_reported"),
    *_as_in_patients("setting", "autoimmune", "autoantibodies"),
)
_TREATMENT = (
    *_as_in_patients("n_prior_lines", "prior_rituximab", "prior_bortezomib"),
    *_as_in_patients("route", "dose", "n_doses", "concomitant", "monotherapy"),
)
_OUTCOME = _as_in_patients(
    "response", "time_to_response_weeks", "relapse", "time_to_relapse_months", "follow_up_months"
)
_SAFETY = _as_in_patients("death", "serious_infection", "hypogammaglobulinaemia", "infusion_reaction")
_PUBLICATION = (
    choice("published", Answer),
    *(
        type(column)(f"publication_{column.name}", pattern=column.pattern, expected=column.expected)
        for column in (REPORTS.column("pmid"), REPORTS.column("doi"))
    ),
    text("note"),
)

# The sections of the form, in its order; their titles stand in registry/texts.
SECTIONS = {
    "centre": _CENTRE,
    "patient": _PATIENT,
    "disease": _DISEASE,
    "treatment": _TREATMENT,
    "outcome": _OUTCOME,
    "safety": _SAFETY,
    "publication": _PUBLICATION,
}

FORM = Table(
    "registry_form",
    ("centre", "patient_code"),
    tuple(column for columns in SECTIONS.values() for column in columns),
    (
        Rule(
            "reported_at_most_treated",
            "centre_n_reported",
            Message("at_most_column", column="centre_n_treated"),
            _all_reported_at_most_treated,
        ),
        Rule(
            "objection_checked",
            "objection_checked",
            Message("does_not_object"),
            _did_not_object,
        ),
        Rule("published_where_cited", "published", Message("yes_where_cited"), _published_where_cited),
        *(rule for rule in PATIENTS.rules if rule.column in {column.name for column in _OUTCOME + _SAFETY}),
    ),
)
# Text that a person types freely: read for identifying content with more suspicion.
FREE_TEXT = ("disease_as_reported", "autoantibodies", "dose", "concomitant", "note")

# The accepted cases, for the private side of the build only.
REGISTRY = Table(
    "registry",
    ("pseudonym",),
    (
        identifier("pseudonym"),
        identifier("centre_pseudonym"),
        identifier("return_label"),
        integer("row", 1, required=True),
        *FORM.columns,
    ),
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
    (
        identifier("return_label"),
        integer("row", required=True),
        text("reason", required=True),
        *(text(column.name) for column in FORM.columns),
    ),
)

# Every accepted row with its fate (private).
LINE_LISTING = Table(
    "registry_line_listing",
    ("pseudonym",),
    (
        *REGISTRY.columns,
        choice("eligible", Answer),
        choice("counted", Answer),
        text("kept_as"),
        text("also_told_in"),
        text("explanation"),
        integer("n_alike", 1, required=True),
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

# Registry patients with known publication status, by response; one row for each outcome.
REGISTRY_LINKAGE = Table(
    "registry_linkage",
    ("outcome",),
    (
        identifier("outcome"),
        integer("n_response", required=True),
        integer("n_response_published", required=True),
        integer("n_none", required=True),
        integer("n_none_published", required=True),
    ),
)

REGISTRY_TABLES = (
    FORM,
    REGISTRY,
    RECEIPTS,
    QUARANTINE,
    WAITING,
    LINE_LISTING,
    REGISTRY_LINKS,
    REGISTRY_LINKAGE,
)
