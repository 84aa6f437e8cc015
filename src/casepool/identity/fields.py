"""The fields that tell whether two cases are one patient, and what each finding is worth in bits.

Fellegi and Sunter (1969): a finding that shows in a share ``m`` of the pairs that are one patient and in a
share ``u`` of the pairs that are two is worth ``log2(m / u)`` bits. The shares are fixed, so that a score
never depends on who else is in the data; docs/identity.md gives the reason for each. Within a field they
add up to one. A field that one side does not tell is worth nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log2

from casepool.model.protocol import Shares
from casepool.model.study import Study, study

# log2 odds that a pair is one patient, before anything is compared. Some 200 patients told in the literature,
# one in ten of them twice, make 1 match in 1,000 pairs; a registry of 300 with a quarter of them published is
# much the same. Two centres seldom report one patient, and the country of the call says nothing.
PRIOR_BITS = -10.0
PRIOR_BITS_TWO_CENTRES = -16.0
# A patient of the same disease who lies in a stratum known by counts: 1 in 64.
PRIOR_BITS_COHORT = -6.0

# At least 7 bits (more than 99 %) and hard evidence: one patient. Below −3 bits (11 %): two patients.
SURE_BITS = 7.0
REVIEW_BITS = -3.0
# How far a sure pair must be ahead of the next candidate of the same report or registry.
AHEAD_BITS = 3.0
# What further facts must weigh together where the registry case does not name the publication: two of the telling ones.
SURE_FACT_BITS = 4.0
# An agreement that more of the pairs of two patients share says too little to make anybody sure.
COMMON = 0.4


@dataclass(frozen=True)
class Level:
    """One finding: its share among pairs that are one patient (m) and two (u), and its words.

    A finding that `contradicts` keeps a pair from being sure, whatever the rest says.
    """

    m: float
    u: float
    words: str
    contradicts: bool = False

    @property
    def bits(self) -> float:
        """The weight of the finding."""
        return log2(self.m / self.u)

    @property
    def towards_sure(self) -> float:
        """The weight of the finding towards a sure pair: none, if it agrees and many pairs of two patients agree so."""
        return 0.0 if self.m > self.u > COMMON else self.bits


@dataclass(frozen=True)
class Field:
    """What is compared: column of the words' values, what to call it where unknown, and its findings."""

    name: str
    column: str
    label: str
    levels: tuple[Level, ...]


def _two(name: str, label: str, agree: tuple[float, float, str], differ: str = "", column: str = "") -> Field:
    m, u, words = agree
    levels = (Level(m, u, words), Level(1 - m, 1 - u, differ or f"{label} {{a}}, {{b}}"))
    return Field(name, column or name, label, levels)


_BEFORE = (
    Field(
        "disease",
        "disease",
        "disease",
        (Level(0.95, 0.2, "both {a}"), Level(0.05, 0.8, "diseases {a}, {b}", contradicts=True)),
    ),
    Field(
        "sex",
        "sex",
        "sex",
        (Level(0.98, 0.53, "both {a}"), Level(0.02, 0.47, "sexes differ", contradicts=True)),
    ),
    Field(
        "age",
        "age_years",
        "age",
        (
            Level(0.7, 0.016, "age {a} = {b}"),
            Level(0.22, 0.031, "ages {a}, {b}"),
            Level(0.06, 0.06, "ages {a}, {b} fit the years between"),
            Level(0.02, 0.893, "ages {a}, {b} do not fit", contradicts=True),
        ),
    ),
    Field(
        "country",
        "country",
        "country",
        (Level(0.97, 0.15, "both {a}"), Level(0.03, 0.85, "countries {a}, {b}", contradicts=True)),
    ),
    Field(
        "centre",
        "centre",
        "centre",
        (
            Level(0.6, 0.02, "centre alike ({x})"),
            Level(0.15, 0.03, "a name shared by the centres ({x})"),
            Level(0.15, 0.07, "centre partly alike ({x})"),
            Level(0.1, 0.88, "centres differ ({x})"),
        ),
    ),
    Field(
        "authors",
        "authors",
        "authors",
        (
            Level(0.4, 0.003, "two reports of one study"),
            Level(0.35, 0.02, "author in common"),
            Level(0.25, 0.977, "no author in common"),
        ),
    ),
    Field(
        "publication",
        "publication",
        "publication",
        (
            Level(0.6, 0.002, "publication named"),
            Level(0.22, 0.152, "said to be published"),
            Level(0.08, 0.2, "another publication named", contradicts=True),
            Level(0.1, 0.646, "said not to be published", contradicts=True),
        ),
    ),
    Field(
        "treatment_year",
        "treatment_year",
        "treatment year",
        (
            Level(0.85, 0.12, "treated in {a} = {b}"),
            Level(0.12, 0.22, "treated in {a}, {b}"),
            Level(0.03, 0.66, "treated in {a}, {b}", contradicts=True),
        ),
    ),
    Field(
        "publication_lag",
        "treatment_year",
        "treatment year",
        (
            Level(0.85, 0.5, "published within 4 years of the treatment"),
            Level(0.13, 0.25, "published later than 4 years after the treatment"),
            Level(0.02, 0.25, "published before the treatment", contradicts=True),
        ),
    ),
    _two("dose", "dose", (0.93, 0.6, "dose {a} = {b}")),
    _two("route", "route", (0.92, 0.6, "both {a}")),
    Field(
        "n_doses",
        "n_doses",
        "number of doses",
        (
            Level(0.75, 0.2, "doses {a} = {b}"),
            Level(0.1, 0.2, "doses {a}, {b}"),
            Level(0.15, 0.6, "doses {a}, {b}"),
        ),
    ),
    Field(
        "n_prior_lines",
        "n_prior_lines",
        "prior lines",
        (
            Level(0.6, 0.15, "prior lines {a} = {b}"),
            Level(0.25, 0.27, "prior lines {a}, {b}"),
            Level(0.1, 0.2, "prior lines {a}, {b}"),
            Level(0.05, 0.38, "prior lines {a}, {b}", contradicts=True),
        ),
    ),
)
_RESPONSE = (
    Field(
        "response",
        "response",
        "response",
        (
            Level(0.8, 0.35, "response {a} = {b}"),
            Level(0.17, 0.3, "response {a}, {b}"),
            Level(0.03, 0.35, "response {a}, {b}", contradicts=True),
        ),
    ),
    _two(
        "time_to_response",
        "time to response",
        (0.8, 0.3, "weeks to response {a}, {b} near"),
        "weeks to response {a}, {b}",
        "time_to_response_weeks",
    ),
)
_AFTER = (
    Field(
        "follow_up",
        "follow_up_months",
        "follow-up",
        (
            Level(0.55, 0.12, "months of follow-up {a}, {b} near"),
            Level(0.4, 0.5, "months of follow-up {a}, {b}"),
            Level(0.05, 0.38, "months of follow-up {a}, {b}: shorter in the later telling", contradicts=True),
        ),
    ),
    _two("setting", "setting", (0.85, 0.45, "both {a}")),
    _two("autoimmune", "autoimmune", (0.95, 0.7, "autoimmune {a} = {b}")),
)
# What can be compared between a patient and a stratum known by counts, and what between two strata.
COHORT_FIELDS = (
    "disease", "country", "centre", "authors", "publication", "publication_lag", "dose", "route", "setting",
    "autoimmune",
)  # fmt: skip
# Of the pairs of one patient that differ in an event, nearly all learn of it later; of the pairs of two, half.
_LATER, _ANY_ORDER = 0.9, 0.5
# Facts about the patient that count towards a sure pair without a named publication; so do the declared covariates
# and a loss of response.
_FACTS = (
    "treatment_year", "dose", "n_doses", "n_prior_lines", "response", "time_to_response", "follow_up", "setting",
)  # fmt: skip


def fields() -> Mapping[str, Field]:
    """Return name → field of everything that is compared in the study in force, in the order of the explanations."""
    return _fields(study())


def facts() -> tuple[str, ...]:
    """Return the names of the fields that count towards a sure pair without a named publication."""
    declared = study()
    covariates = (one.id for one in declared.covariates if one.identity)
    loss = [declared.loss.id] if declared.loss and declared.loss.identity else []
    return (*_FACTS, *covariates, *loss)


@cache
def _fields(declared: Study) -> Mapping[str, Field]:
    covariates = (_of_covariate(one.id, one.identity) for one in declared.covariates if one.identity)
    events = (_of_event(one.id, one.identity) for one in declared.events.values() if one.identity)
    return {field.name: field for field in (*_BEFORE, *covariates, *_RESPONSE, *events, *_AFTER)}


def _of_covariate(name: str, shares: Shares) -> Field:
    label = name.replace("_", " ")
    return _two(name, label, (shares.one, shares.two, f"{label} {{a}} = {{b}}"))


def _of_event(name: str, shares: Shares) -> Field:
    label = name.replace("_", " ")
    levels = (
        Level(shares.one, shares.two, f"{label} reported alike"),
        Level(_LATER * (1 - shares.one), _ANY_ORDER * (1 - shares.two), f"{label} differs"),
        Level(
            (1 - _LATER) * (1 - shares.one),
            (1 - _ANY_ORDER) * (1 - shares.two),
            f"{label} taken back by the later telling",
            contradicts=True,
        ),
    )
    return Field(name, f"n_{name}", label, levels)
