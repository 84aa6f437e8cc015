"""What the invented publications tell of the invented persons: less, later, and in other words."""

from __future__ import annotations

from typing import Any

import numpy as np

from casepool.model.study import study
from casepool.model.vocabulary import Answer, AppraisalAnswer, Basis, ReportType, Response
from casepool.typing import Row
from demo.design import (
    CENTRES,
    COHORT_DISEASE,
    COHORT_MEMBER_REPORT,
    COHORT_N,
    COHORT_REPORT,
    COHORT_RESPONSES,
    MARK,
    PUBLICATION,
    PUBLICATIONS,
    READ_ON,
    READERS,
    SEED,
    Publication,
)
from demo.people import Person

_WORDS = {
    "itp": ("refractory immune thrombocytopenia", "chronic ITP", "primary immune thrombocytopenia"),
    "waiha": ("warm autoimmune haemolytic anaemia", "warm AIHA", "refractory wAIHA"),
    "sle": ("systemic lupus erythematosus", "refractory SLE", "lupus nephritis"),
    "evans": ("Evans syndrome", "refractory Evans syndrome"),
    "aav": ("ANCA-associated vasculitis", "granulomatosis with polyangiitis"),
    "prca": ("pure red cell aplasia after transplantation", "PRCA after ABO-mismatched transplantation"),
    "aps": ("antiphospholipid syndrome",),
    "sjogren": ("Sjögren syndrome",),
    "cold_agglutinin": ("cold agglutinin disease",),
}
_RESPONSE_WORDS = {
    "complete": "complete remission",
    "partial": "partial response",
    "response_ungraded": "responded",
    Response.NONE: "no response",
}
_JOURNALS = ("Journal of Invented Cases", "Annals of Example Medicine", "Fictive Haematology Letters")
_CONGRESS = "Congress of Invented Medicine (abstracts)"
_UNTOLD_ANSWERS = (
    "prior_rituximab",
    "prior_bortezomib",
    "route",
    "monotherapy",
    "relapse",
    "death",
    "serious_infection",
    "hypogammaglobulinaemia",
    "infusion_reaction",
    "setting",
)
_BRIEF_LEAVES_OUT = ("centre", "treatment_year", "concomitant", "n_doses", "prior_bortezomib", "hypogammaglobulinaemia")
_MAY_BE_LEFT_OUT = ("n_doses", "concomitant", "autoantibodies", "n_prior_lines", "follow_up_months", "dose")
_SCANT_TELLS = frozenset({"age_years", "sex", "country", "disease", "autoimmune", "response"})
# What a reader copied wrong; corrections.csv puts it right.
MISREAD = ("ejemplo2022", "p1")


def report_rows() -> list[Row]:
    """Return the rows of ``reports``."""
    return [_report(number, one) for number, one in enumerate(PUBLICATIONS, start=1)]


def _report(number: int, one: Publication) -> Row:
    congress = one.kind == ReportType.CONFERENCE_ABSTRACT
    return {
        "report_id": one.report_id,
        "study_id": one.report_id,
        "doi": doi_of(one) if one.has_doi else None,
        "title": title_of(one),
        "authors": "; ".join(authors_of(one)),
        "journal": _CONGRESS if congress else _JOURNALS[number % len(_JOURNALS)],
        "year": one.year,
        "volume": None if congress else str(one.year - 2000),
        "pages": None if congress else f"{number}01-{number}05",
        "language": "en",
        "report_type": one.kind,
        "country": country_of(one),
        "centres": CENTRES[one.centre].published_as if one.centre and one.detail == "full" else None,
        "decision": "exclude" if one.excluded else "include",
        "exclusion_reason": one.excluded or None,
        "note": f"{MARK}: invented publication.",
    }


def doi_of(one: Publication) -> str:
    """Return a DOI under the prefix that is kept for examples."""
    return f"10.5555/casepool.demo.{one.report_id}"


def title_of(one: Publication) -> str:
    """Return the title, marked."""
    return f"{MARK}: daratumumab in {one.topic}, an invented {one.kind.replace('_', ' ')} by {one.author}"


def authors_of(one: Publication) -> tuple[str, ...]:
    """Return the authors: the first one, and the team of the centre or somebody of no other publication."""
    return (one.author, CENTRES[one.centre].team if one.centre else f"Placeholder {one.author[-1]}")


def country_of(one: Publication) -> str:
    """Return the country of a publication."""
    return CENTRES[one.centre].country if one.centre else one.country


def told_cases(persons: tuple[Person, ...]) -> dict[str, Person]:
    """Return case id (``report_id/label``) → the person who is told there, in the order of the plan."""
    cases: dict[str, Person] = {}
    for one in PUBLICATIONS:
        told = [person for person in persons if one.report_id in person.told_in]
        cases |= {f"{one.report_id}/p{number}": person for number, person in enumerate(told, start=1)}
    return cases


def patient_rows(persons: tuple[Person, ...]) -> list[Row]:
    """Return the rows of ``patients``: every telling of every person, as read from the publications."""
    rows = []
    for number, (case, person) in enumerate(told_cases(persons).items()):
        report_id, label = case.split("/")
        random = np.random.default_rng([SEED, 1000, number])
        rows.append({"report_id": report_id, "patient_label": label} | _telling(PUBLICATION[report_id], person, random))
    return rows


def _telling(one: Publication, person: Person, random: np.random.Generator) -> Row:
    row = person.facts | {"population": "child" if person.facts["age_years"] < 18 else "adult", "centre": None}
    words = _WORDS[person.block.disease]
    row |= {"disease_as_reported": words[int(random.integers(len(words)))]}
    row |= _told_response(row["response"], random, plain=one.detail == "scant")
    if one.centre:
        row["centre"] = CENTRES[one.centre].published_as
    if one.detail == "scant":
        row |= _left_out(row, [name for name in person.facts if name not in _SCANT_TELLS] + ["centre"])
    else:
        row |= _otherwise(person, random)
        left_out = [name for name in _MAY_BE_LEFT_OUT if random.random() < 0.2]
        row |= _left_out(row, [*left_out, *(_BRIEF_LEAVES_OUT if one.detail == "brief" else ())])
    return row | _source(one)


def _told_response(response: str, random: np.random.Generator, *, plain: bool) -> Row:
    """Return the response; its degree is not always told."""
    ungraded = response in study().responded and (plain or random.random() < 0.2)
    told = "response_ungraded" if ungraded else response
    return {"response": told, "response_as_reported": _RESPONSE_WORDS[told]}


def _otherwise(person: Person, random: np.random.Generator) -> Row:
    """Return what is told otherwise than to the registry: age and lines counted otherwise, a shorter follow-up."""
    facts = person.facts
    older = 0 if facts["age_years"] < 18 else int(random.choice([-1, 0, 0, 0, 1, 1]))
    one_more = int(random.random() < 0.15)
    shorter = int(random.integers(0, 7))
    told = {"age_years": facts["age_years"] + older, "n_prior_lines": facts["n_prior_lines"] + one_more}
    return told | {"follow_up_months": max(facts["follow_up_months"] - shorter, facts["time_to_relapse_months"] or 0)}


def _left_out(row: Row, names: list[str]) -> Row:
    empty: dict[str, Any] = {name: Answer.NOT_REPORTED if name in _UNTOLD_ANSWERS else None for name in names}
    return {name: value for name, value in empty.items() if name in row}


def _source(one: Publication) -> Row:
    abstract = one.kind == ReportType.CONFERENCE_ABSTRACT
    return {
        "basis": Basis.ABSTRACT if abstract else Basis.FULL_TEXT,
        "source_locator": "Abstract" if abstract else "Case description",
        "reader": READERS[0],
        "date": READ_ON,
        "note": f"{MARK}: invented patient.",
    }


def cohort_rows() -> list[Row]:
    """Return the rows of ``cohorts``: twelve patients told by counts, all who were treated there."""
    one = PUBLICATION[COHORT_REPORT]
    counts = {"n_treated": COHORT_N, "n_evaluable": COHORT_N, "n_response": COHORT_RESPONSES}
    counts |= {"n_none": COHORT_N - COHORT_RESPONSES, "n_complete": 4, "n_partial": COHORT_RESPONSES - 4}
    counts |= {"n_female": 7, "n_death": 1, "n_serious_infection": 2, "n_infusion_reaction": 3}
    row: Row = {"report_id": COHORT_REPORT, "stratum": "all", "country": one.country, "population": "adult"}
    row |= {
        "disease": COHORT_DISEASE,
        "disease_as_reported": "warm autoimmune haemolytic anaemia",
        "setting": "primary",
    }
    row |= {"autoimmune": "yes", "route": "iv", "monotherapy": "not_reported", "age_median": 58}
    row |= {"response_definition": "haemoglobin of 10 or more with a rise of 2, without transfusion"}
    return [row | counts | {"includes_case": f"{COHORT_MEMBER_REPORT}/p1"} | _source(one)]


def cumulative_incidence_rows() -> list[Row]:
    """Return the rows of ``cumulative_incidences``."""
    told = {"report_id": COHORT_REPORT, "stratum": "all", "time_months": 6, "level": 0.95}
    return [told | {"proportion": 0.5, "ci_lower": 0.21, "ci_upper": 0.74} | _source(PUBLICATION[COHORT_REPORT])]


def appraisal_rows() -> list[Row]:
    """Return the rows of ``appraisal``: only the cohort tells all its patients."""
    yes, no, void = AppraisalAnswer.YES, AppraisalAnswer.NO, AppraisalAnswer.NOT_APPLICABLE
    rows = []
    for one in (one for one in PUBLICATIONS if not one.excluded):
        whole = yes if one.report_id == COHORT_REPORT else no
        series = void if one.kind in {ReportType.CASE_REPORT, ReportType.LETTER} else whole
        answers = {"murad_1": whole, "jbi_4": series, "jbi_5": series}
        rows.append({"report_id": one.report_id, **answers, **_source(one), "source_locator": "Methods"})
    return rows
