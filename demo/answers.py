"""What the centres answer: one row of the form for each registry patient, by ids."""

from __future__ import annotations

from casepool.contract.registry import FORM
from casepool.model.vocabulary import Answer, Response
from casepool.typing import Row
from demo.design import CENTRES, MARK, PUBLICATION
from demo.literature import doi_of
from demo.people import Person

FIRST_DATE, CORRECTED_DATE = "2026-02-10", "2026-03-15"
_DETAILS = {
    "itp": ("PTI réfractaire", "refractory ITP"),
    "waiha": ("AHAI chaude réfractaire", "refractory warm AIHA"),
    "sle": ("lupus systémique avec atteinte rénale", "lupus with nephritis"),
    "evans": ("syndrome d’Evans", "Evans syndrome"),
    "aav": ("vascularite à ANCA", "ANCA vasculitis"),
    "prca": ("érythroblastopénie après greffe", "red cell aplasia after transplantation"),
    "mixed_cryoglobulinaemia": ("cryoglobulinémie mixte", "mixed cryoglobulinaemia"),
    "cold_agglutinin": ("maladie des agglutinines froides", "cold agglutinin disease"),
}
_IN_ENGLISH = frozenset({"gamma", "eta"})  # centres that answer in English
# Rows of selective centres that must wait, by centre: column → what is wrong with it.
BAD_ANSWERS: dict[str, tuple[Row, ...]] = {
    "epsilon": ({"objection_checked": Answer.NO},),
    "eta": ({"age_years": 412}, {"response": "peut-être"}, {"n_doses": "=4+4"}),
}

# What a centre does not know of a patient.
_UNKNOWN = {("epsilon", "P2"): ("n_prior_lines", "follow_up_months"), ("beta", "P4"): ("follow_up_months",)}


def answers_of(centre: str, persons: tuple[Person, ...], filled_on: str = FIRST_DATE) -> list[Row]:
    """Return the rows that a centre sends, those that must wait last."""
    reported = [person for person in persons if person.block.centre == centre]
    bad = BAD_ANSWERS.get(centre, ())
    n_reported = len(reported) + len(bad)
    told = {
        "centre": CENTRES[centre].name,
        "country": CENTRES[centre].country,
        "filled_on": filled_on,
        "centre_n_treated": CENTRES[centre].n_treated or n_reported,
        "centre_n_reported": n_reported,
    }
    rows = [told | _answer(person) for person in reported]
    first_bad = len(reported) + 1
    rows += [told | _bad_row(f"P{number}", wrong) for number, wrong in enumerate(bad, start=first_bad)]
    return [{name: row.get(name) for name in FORM.names} for row in rows]


def _answer(person: Person) -> Row:
    block = person.block
    doi = doi_of(PUBLICATION[block.told_in[-1]]) if block.names_doi else None
    truth = Answer.YES if block.told_in else Answer.NO
    row = person.facts | {"patient_code": person.patient_code, "objection_checked": Answer.YES}
    details = _DETAILS[block.disease][block.centre in _IN_ENGLISH]
    row |= {"disease_as_reported": details, "published": block.published or truth}
    # The form offers the diseases asked about and "another disease".
    row |= {"disease": "other"} if block.disease == "cold_agglutinin" else {}
    unknown = dict.fromkeys(_UNKNOWN.get((block.centre, person.patient_code), ()))
    return row | unknown | {"publication_doi": doi, "note": MARK}


def _bad_row(code: str, wrong: Row) -> Row:
    """Return the row of a further invented patient with one wrong answer."""
    row: Row = {"patient_code": code, "objection_checked": Answer.YES, "age_years": 50, "sex": "female"}
    row |= {"treatment_year": 2022, "disease": "itp", "disease_as_reported": "refractory ITP", "setting": "primary"}
    row |= {"autoimmune": "yes", "route": "iv", "n_doses": 4, "response": "partial", "published": "no"}
    answers = ("prior_rituximab", "prior_bortezomib", "monotherapy", "relapse", "death", "serious_infection")
    row |= dict.fromkeys((*answers, "hypogammaglobulinaemia", "infusion_reaction"), Answer.NOT_REPORTED)
    return row | {"note": MARK} | wrong


def before_the_correction(rows: list[Row], persons: tuple[Person, ...]) -> list[Row]:
    """Return the rows as they were first sent: one response was wrong, and one age."""
    wrong = {person.patient_code: person for person in persons if person.block.role in {"corrected", "unique"}}
    return [row | _first_told(wrong.get(str(row["patient_code"]))) | {"filled_on": FIRST_DATE} for row in rows]


def _first_told(person: Person | None) -> Row:
    if person is None:
        return {}
    if person.block.role == "unique":
        return {"age_years": person.facts["age_years"] - 1}
    unknown = {"time_to_response_weeks": None, "time_to_relapse_months": None, "relapse": Answer.NOT_REPORTED}
    return {"response": Response.NONE} | unknown
