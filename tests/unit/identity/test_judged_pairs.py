"""Pairs that were judged before the ledger was asked: sure, to review, or not listed. All patients are SYNTHETIC."""

from __future__ import annotations

from typing import Any

import invented
import pytest

from casepool.identity.ledger import Linked, link

LETTER, LATER, CALL, CALL_2 = "alpha2021/p1", "beta2022/p1", "registry/0000000000a1", "registry/0000000000b2"
Row = dict[str, Any]
WOMAN: Row = {
    "sex": "female", "age_years": 43, "country": "France", "centre": "Hôpital Henri-Mondor", "treatment_year": 2020,
    "dose": "16 mg/kg", "route": "iv", "n_doses": 4, "n_prior_lines": 6, "prior_rituximab": "yes",
    "prior_bortezomib": "no", "time_to_response_weeks": 2, "follow_up_months": 14,
}  # fmt: skip
FAILURE: Row = {
    "response": "none", "n_response": 0, "n_complete": 0, "n_complete_at_most": 0, "n_none": 1,
    "time_to_response_weeks": None,
}  # fmt: skip
PARTIAL: Row = {"response": "partial", "n_complete": 0, "n_complete_at_most": 0}
NAMED: Row = {"publication": "doi:10.1000/alpha2021"}
# What nearly every patient has in common.
USUAL: Row = dict.fromkeys(
    ("n_doses", "n_prior_lines", "treatment_year", "follow_up_months", "time_to_response_weeks"), None
)


def letter(case_id: str = LETTER, year: int = 2021, **changes: Any) -> Row:
    """Return a woman of 43 who responded completely, in a letter."""
    told = {"authors": "Alpha A; Beta B", "year": year, "publication": f"doi:10.1000/{case_id.split('/')[0]}"}
    return invented.case(case_id, **(WOMAN | told | changes))


def call(case_id: str = CALL, **changes: Any) -> Row:
    """Return the same woman in the registry, said to be published."""
    told = {"report_type": "registry_call", "year": 2026, "published": "yes", "report_id": f"registry-{case_id[-6:]}"}
    return invented.case(case_id, **(WOMAN | told | {"study_id": told["report_id"]} | changes))


def linked(*cases: Row) -> Linked:
    """Return the ledger of the cases, without decisions."""
    return link(invented.frame("cases", *cases), invented.frame("identity_decisions"))


def verdict(one: Row, other: Row) -> str | None:
    """Return the outcome of a pair, None where it is not listed."""
    pairs = linked(one, other).pairs
    return None if pairs.empty else str(pairs["outcome"].iloc[0])


SURE = {
    "the registry names the letter, the age is one year on": (letter(), call(**NAMED, age_years=44)),
    "the registry does not name it, and everything agrees": (letter(), call()),
    "an abstract and the article of its team: from partial to complete": (
        letter("abs2020/p1", 2020, **PARTIAL, follow_up_months=3),
        letter(),
    ),
    "a country in two languages": (letter(country="United Kingdom"), call(country="Royaume-Uni", **NAMED)),
    "a relapse that the later telling knows of": (
        letter(n_relapse=0, n_relapse_known=1),
        call(**NAMED, n_relapse=1, n_relapse_known=1),
    ),
    "another dose by another route, and the letter is named": (letter(), call(**NAMED, dose="1800 mg", route="sc")),
    "the age at publication and the age at the first dose": (letter(year=2023, age_years=46), call(**NAMED)),
    "a centre with its country": (letter(centre="CHU de Rennes, France"), call(centre="CHU de Rennes")),
    "saint and st": (letter(centre="Hôpital Saint-Antoine"), call(centre="St Antoine")),
}
TO_REVIEW = {
    "not published, says the registry": (letter(), call(published="no")),
    "the registry names another publication": (letter(), call(publication="doi:10.1000/other")),
    "a woman typed as a man": (letter(), call(sex="male")),
    "43 typed as 34": (letter(), call(age_years=34)),
    "43 typed as 73": (letter(), call(age_years=73)),
    "43 typed as 34, and the letter is named": (letter(), call(**NAMED, age_years=34)),
    "2020 typed as 2012": (letter(), call(treatment_year=2012)),
    "another name of the disease": (letter(disease="evans"), call(disease="waiha")),
    "another name of the disease, and the letter is named": (letter(disease="evans"), call(disease="waiha", **NAMED)),
    "another name of the disease in two letters of a team": (letter(disease="evans"), letter(LATER, disease="waiha")),
    "treated after the letter that is named": (letter(), call(**NAMED, treatment_year=2023)),
    "treated after the letter, by a year": (letter(treatment_year=2021), call(treatment_year=2022)),
    "a follow-up that shrinks": (letter(follow_up_months=24), call(**NAMED, follow_up_months=6)),
    "a relapse taken back": (letter(n_relapse=1, n_relapse_known=1), call(**NAMED, n_relapse=0, n_relapse_known=1)),
    "a death taken back": (letter(n_death=1, n_death_known=1), call(**NAMED, n_death=0, n_death_known=1)),
    "two hospitals of a city": (letter(centre="CHU de Liège"), call(centre="CHR Citadelle, Liège")),
    "one team, a failure and a response, as usual otherwise": (letter(**FAILURE | USUAL), letter(LATER, **USUAL)),
    "one team, two responses, as usual otherwise": (letter(**USUAL), letter(LATER, **USUAL)),
    "one team, a failure and a response, lines far apart": (letter(**FAILURE, n_prior_lines=4), letter(LATER)),
    "one team, prior lines far apart": (letter(n_prior_lines=2), letter(LATER)),
    "one team, a failure of 2018 and a response of 2021": (
        letter("alpha2019/p1", 2019, treatment_year=2018, **FAILURE),
        letter(LATER, treatment_year=2021),
    ),
    "a failure that the registry calls a response": (letter(**FAILURE), call(**NAMED)),
    "two countries and one hospital": (letter(country="Belgium"), call(**NAMED)),
    "two centres of the registry, one patient who moved": (
        call(centre="CHU de Lyon"),
        call(CALL_2, centre="Hôpital Cochin, Paris"),
    ),
    "one centre of the registry in two spellings": (
        call(centre="CHU St Etienne", **PARTIAL),
        call(CALL_2, centre="CHU Saint-Étienne"),
    ),
    "another team on a patient who was referred": (
        letter("gamma2020/p1", 2020, authors="Gamma G", centre="CHU de Lille"),
        letter(centre="CHU de Nantes"),
    ),
}
NOT_LISTED = {
    "a failure and a response of two cities": (letter(**FAILURE, centre="CHU de Lille"), call(centre="CHU de Nantes")),
    "little in common, and not published": (
        letter(**USUAL, centre=None, dose=None, route="not_reported"),
        call(published="no"),
    ),
    "two digits of the age wrong": (letter(), call(age_years=70)),
    "two typing errors": (letter(), call(age_years=34, sex="male", treatment_year=2012)),
}


@pytest.mark.parametrize(("one", "other"), SURE.values(), ids=SURE)
def test_a_pair_that_nothing_contradicts_and_telling_facts_carry_is_one_patient(one, other):
    """Counted once."""
    assert verdict(one, other) == "same"


@pytest.mark.parametrize(("one", "other"), TO_REVIEW.values(), ids=TO_REVIEW)
def test_a_pair_that_something_contradicts_or_only_the_usual_carries_is_asked(one, other):
    """Counted twice until a person has decided."""
    assert verdict(one, other) == "to_review"


@pytest.mark.parametrize(("one", "other"), NOT_LISTED.values(), ids=NOT_LISTED)
def test_strangers_are_not_asked_about(one, other):
    """Nobody reads a list of all who are alike."""
    assert verdict(one, other) is None


def test_a_responder_and_a_non_responder_do_not_become_one_through_a_third_case():
    """Both are surely the patient of the registry, of whom the response is not known."""
    unknown = {"response": "not_reported", "n_evaluable": 0, "n_response": 0, "n_complete": 0, "n_complete_at_most": 0}
    good, bad = letter("alpha2021/p1", authors="Alpha A"), letter(LATER, 2022, authors="Gamma G", **FAILURE)
    middle = letter("delta2023/p1", 2023, authors="Alpha A; Gamma G", time_to_response_weeks=None, **unknown)
    assert {verdict(good, middle), verdict(bad, middle)} == {"same"}
    found = linked(good, middle, bad)
    assert sorted(found.pairs["outcome"]) == ["same", "to_review", "to_review"]
    assert found.pairs["explanation"].str.endswith("another case of the patient contradicts: response").sum() == 1
    assert (found.unique["counted"] == "yes").sum() == 2


def test_the_line_of_reasons_names_what_contradicts():
    """The first thing that a reviewer looks for."""
    reasons = linked(letter(**FAILURE), call(**NAMED, treatment_year=2023)).pairs["explanation"].iloc[0]
    assert "; never sure: treatment year, response" in reasons
