"""What people write about centre, country, dose and authors becomes what can be compared."""

from __future__ import annotations

import invented
import numpy as np
import pytest

from casepool.identity.agreement import compare
from casepool.identity.encoding import encode


def finding(name, one, other, **common):
    """Return the finding of a field for two cases that differ in the columns given (−1 = not told)."""
    cases = [invented.case("alpha2020/p1", **(common | one)), invented.case("beta2021/p1", **(common | other))]
    encoded = encode(invented.frame("cases", *cases))
    i, j = np.array([0]), np.array([1])
    assert compare(name)(encoded, i, j) == compare(name)(encoded, j, i)
    return int(compare(name)(encoded, i, j)[0])


REGISTRY = {"report_type": "registry_call"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("CHU de Lyon, médecine interne", "Lyon University Hospital", 0),
        ("Hôpital Henri-Mondor, Créteil", "henri mondor hospital", 0),
        ("CHU de Lyon", "CHU de Nantes", 3),
        ("University Hospital Heidelberg", "University Hospital of Hamburg", 3),
        ("CHU", "Lyon University Hospital", -1),
        (None, "Lyon", -1),
    ],
)
def test_centres_are_compared_without_the_words_that_all_share(one, other, expected):
    """Two university hospitals are not alike for being university hospitals."""
    assert finding("centre", {"centre": one}, {"centre": other}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Germany", "Allemagne", 0),
        ("États-Unis", "USA", 0),
        ("France", "FRANCE", 0),
        ("France", "Italy", 1),
        ("France; Italy", "France", -1),
        ("Belgique et Suisse", "Belgium", -1),
    ],
)
def test_countries_are_the_same_in_french_and_english(one, other, expected):
    """Several countries say nothing about one patient."""
    assert finding("country", {"country": one}, {"country": other}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("16 mg/kg weekly", "16 mg/kg/semaine x4", 0),
        ("16mg/kg", "16,0 mg / kg", 0),
        ("1800 mg SC", "1 800 mg", 0),
        ("1,800 mg", "1.8 g", 0),
        ("1 800 mg", "1800 mg weekly", 0),
        ("16 mg/kg", "8 mg/kg", 1),
        ("16 mg/kg", "1800 mg", 1),
        ("as in the protocol", "16 mg/kg", -1),
    ],
)
def test_doses_are_compared_by_amount_and_unit(one, other, expected):
    """Schedules and spellings around them do not matter."""
    assert finding("dose", {"dose": one}, {"dose": other}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Garcia-Cadenas I; Martino R", "Garcia-Cadenas I", 1),
        ("Strüßmann", "STRUSSMANN T; Muller K", 1),
        ("van den Berg J", "Van Den Berg", 1),
        ("Wang X; Li Y", "Wang Z; Li H", 2),
        ("Wang X", "Li X", 2),
        ("Crickx", "Crickx", 1),
        (None, "Crickx", -1),
    ],
)
def test_authors_are_in_common_by_surname_and_initial(one, other, expected):
    """An initial counts where both tell it."""
    assert finding("authors", {"authors": one}, {"authors": other}) == expected


def test_two_reports_of_one_study_tell_the_same_patients():
    """An abstract and its article, whoever is named as author."""
    assert finding("authors", {"study_id": "s1", "authors": "A B"}, {"study_id": "s1", "authors": "C D"}) == 0


def test_registry_cases_have_no_study_in_common_with_a_publication():
    """All registry cases may carry one study id."""
    assert finding("authors", {"study_id": "call"} | REGISTRY, {"study_id": "call"} | REGISTRY) == -1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"publication": "doi:10.1/x"}, 0),
        ({"publication": "pmid:7; doi:10.1/x"}, 0),
        ({"publication": "pmid:7; pmid:8; doi:10.1/z; doi:10.1/x"}, 0),
        ({"published": "yes", "publication": "doi:10.1/y; doi:10.1/z"}, 2),
        ({"published": "yes", "publication": "doi:10.1/y"}, 2),
        ({"published": "yes", "publication": "pmid:7"}, 1),
        ({"published": "yes"}, 1),
        ({"published": "no"}, 3),
        ({}, -1),
    ],
)
def test_a_registry_case_may_name_the_publication_another_or_none(said, expected):
    """PubMed id and DOI cannot be compared with each other."""
    assert finding("publication", REGISTRY | said, {"publication": "doi:10.1/x"}) == expected


def test_reports_do_not_say_whether_they_are_published():
    """Two DOIs of two reports say nothing."""
    assert finding("publication", {"publication": "doi:10.1/x"}, {"publication": "doi:10.1/y"}) == -1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"treatment_year": 2018, "year": 2019}, {"year": 2018}, 0),
        ({"treatment_year": 2018, "year": 2019}, {"year": 2022}, 0),
        ({"treatment_year": 2018, "year": 2019}, {"year": 2023}, 1),
        ({"treatment_year": 2018, "year": 2019}, {"year": 2017}, 2),
        ({"treatment_year": 2018, "year": 2019}, {"treatment_year": 2018, "year": 2019}, -1),
        ({"treatment_year": 2018, "year": 2019}, {"year": 2017} | REGISTRY, -1),
        ({"treatment_year": 2018, "year": 2026} | REGISTRY, {"year": 2020}, 0),
        ({"year": 2019}, {"year": 2020}, -1),
    ],
)
def test_nobody_is_treated_after_the_publication(one, other, expected):
    """The year of a registry case is not that of a publication."""
    assert finding("publication_lag", one, other) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"age_years": 40, "year": 2020}, {"age_years": 40, "year": 2024}, 0),
        ({"age_years": 40, "year": 2020}, {"age_years": 41, "year": 2020}, 1),
        ({"age_years": 40, "year": 2020}, {"age_years": 44, "year": 2023}, 2),
        ({"age_years": 40, "year": 2020}, {"age_years": 45, "year": 2023}, 3),
        ({"age_years": 40, "year": 2020, "treatment_year": 2016}, {"age_years": 45, "year": 2020}, 2),
        ({"age_years": 40, "year": 2026, "treatment_year": 2018} | REGISTRY, {"age_years": 43, "year": 2020}, 2),
        ({"age_years": 40, "year": 2026, "treatment_year": 2018} | REGISTRY, {"age_years": 44, "year": 2020}, 3),
        ({"age_years": 40, "year": None}, {"age_years": 42, "year": 2024}, 3),
        ({"age_years": None}, {"age_years": 42}, -1),
    ],
)
def test_ages_may_differ_by_a_year_and_the_time_between_the_tellings(one, other, expected):
    """The form asks for the age at the first dose; a report tells it as of any time up to its publication."""
    assert finding("age", one, other) == expected


def test_two_registry_cases_tell_the_age_at_the_first_dose():
    """No time lies between."""
    told = {"treatment_year": 2018, "year": 2026} | REGISTRY
    assert finding("age", {"age_years": 40} | told, {"age_years": 42} | told | {"treatment_year": 2019}) == 3


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("complete", "complete", 0),
        ("complete", "partial", 1),
        ("response_ungraded", "complete", 1),
        ("none", "partial", 2),
    ],
)
def test_responses_are_equal_near_or_opposed(one, other, expected):
    """A response whose degree is not told is near to any response."""
    assert finding("response", {"response": one}, {"response": other}) == expected


@pytest.mark.parametrize("untold", ["not_reported", "not_evaluable"])
def test_a_response_that_is_not_known_says_nothing(untold):
    """Neither for nor against."""
    assert finding("response", {"response": "none"}, {"response": untold}) == -1


@pytest.mark.parametrize(("earlier", "later", "expected"), [(12, 13, 0), (12, 30, 1), (30, 12, 2), (None, 12, -1)])
def test_the_later_telling_may_follow_up_longer_but_not_shorter(earlier, later, expected):
    """Months only grow."""
    one, other = {"follow_up_months": earlier, "year": 2020}, {"follow_up_months": later, "year": 2022}
    assert finding("follow_up", one, other) == expected


def test_follow_up_of_the_same_year_may_be_longer_in_either():
    """Nobody knows which was written later."""
    assert finding("follow_up", {"follow_up_months": 30}, {"follow_up_months": 12}) == 1


@pytest.mark.parametrize(("weeks", "expected"), [(4, 0), (5, 0), (7, 1)])
def test_weeks_to_response_are_near_within_one_or_a_third(weeks, expected):
    """Rounded to weeks or months by different authors."""
    one, other = {"time_to_response_weeks": 4}, {"time_to_response_weeks": weeks}
    assert finding("time_to_response", one, other) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"n_relapse": 1, "n_relapse_known": 1}, {"n_relapse": 1, "n_relapse_known": 1}, 0),
        ({"n_relapse": 1, "n_relapse_known": 1}, {"n_relapse": 0, "n_relapse_known": 1}, 1),
        ({"n_relapse": 1, "n_relapse_known": 1}, {"n_relapse": 0, "n_relapse_known": 0}, -1),
        ({"n_relapse": 0, "n_relapse_known": 1}, {"n_relapse": 1, "n_relapse_known": 1, "year": 2022}, 1),
        ({"n_relapse": 1, "n_relapse_known": 1}, {"n_relapse": 0, "n_relapse_known": 1, "year": 2022}, 2),
    ],
)
def test_relapse_is_compared_where_both_know(one, other, expected):
    """An event not told is not its absence; a later telling may add one, and does not take it back."""
    assert finding("relapse", one, other) == expected


@pytest.mark.parametrize(("number", "doses", "lines"), [(8, 0, 0), (9, 1, 1), (6, 2, 2), (11, 2, 3), (None, -1, -1)])
def test_numbers_are_equal_one_apart_or_further(number, doses, lines):
    """Prior lines, which authors count differently, are near up to two apart."""
    assert finding("n_doses", {"n_doses": 8}, {"n_doses": number}) == doses
    assert finding("n_prior_lines", {"n_prior_lines": 8}, {"n_prior_lines": number}) == lines


def test_a_surname_that_half_the_literature_shares_shows_nothing():
    """Pairs of such lists would be too many, and mean nothing."""
    from casepool.identity.encoding import authors_in_common

    lists = [f"Li; Name{number}" for number in range(301)]
    assert len(authors_in_common(lists)) == 0
    assert len(authors_in_common(lists[:300])) == 300 * 299
