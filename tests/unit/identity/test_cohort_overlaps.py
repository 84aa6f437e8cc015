"""Cases that may lie inside a cohort known by counts are asked for, never taken for sure."""

from __future__ import annotations

import invented
import pytest

from casepool.identity import cohorts
from casepool.identity.ledger import link

A, B, COHORT, LATER = "alpha2020/p1", "beta2021/p1", "gamma2022/all", "delta2023/all"
UNKNOWN = {"n_evaluable": 0, "n_response": 0}


def ledger(cases, *decisions):
    """Return the ledger."""
    made = invented.frame("identity_decisions", *(invented.decision(*one) for one in decisions))
    return link(invented.frame("cases", *cases), made)


def asked(linked):
    """Return the pairs to review."""
    pairs = linked.pairs[linked.pairs["outcome"] == "to_review"]
    return list(zip(pairs["case_a"], pairs["case_b"], strict=True))


def counted(unique):
    """Return the cases that count."""
    return unique.loc[unique["counted"] == "yes", "case_id"].tolist()


FRENCH = {"country": "France"}


@pytest.mark.parametrize(
    ("single", "cohort"),
    [
        (FRENCH, {"country": "France"}),
        ({"centre": "CHU de Lyon"}, {"centre": "Lyon"}),
        ({"authors": "Alpha A"}, {"authors": "Gamma G; Alpha A"}),
        ({"study_id": "s"}, {"study_id": "s"}),
        ({"report_type": "registry_call", "publication": "pmid:7"}, {"publication": "pmid:7"}),
    ],
    ids=["country", "centre", "author", "study", "named publication"],
)
def test_a_case_that_shares_place_or_authors_with_a_cohort_may_lie_inside(single, cohort):
    """It counts until a person decides, and once if all doubtful pairs are the same."""
    linked = ledger([invented.case(A, **single), invented.cohort_case(COHORT, **cohort)])
    assert asked(linked) == [(A, COHORT)]
    assert counted(linked.unique) == [A, COHORT]
    assert counted(linked.all_same) == [COHORT]


@pytest.mark.parametrize(
    ("single", "cohort"),
    [
        ({}, {}),
        (FRENCH, {"country": "Italy"}),
        (FRENCH, {"country": "France", "disease": "waiha"}),
        (FRENCH, {"country": "France", "report_id": "alpha2020"}),
        (FRENCH | {"treatment_year": 2023}, {"country": "France", "year": 2022}),
        (FRENCH, {"country": "France", "n_sex_known": 10, "n_female": 0}),
        (FRENCH | {"sex": "male"}, {"country": "France", "n_sex_known": 10, "n_female": 10}),
        (FRENCH | {"report_type": "registry_call", "published": "no", "setting": "secondary"}, {"country": "France"}),
    ],
    ids=["nothing", "country", "disease", "report", "year", "men only", "women only", "not published"],
)
def test_a_case_that_cannot_lie_in_a_cohort_is_not_asked_for(single, cohort):
    """Another disease, country, time or sex; the same report; or nothing in common."""
    assert asked(ledger([invented.case(A, **single), invented.cohort_case(COHORT, **cohort)])) == []


def test_a_case_whose_sex_the_cohort_holds_is_asked_for():
    """A cohort of women may hold a woman."""
    cohort = invented.cohort_case(COHORT, **FRENCH, n_sex_known=10, n_female=10)
    assert asked(ledger([invented.case(A, **FRENCH), cohort])) == [(A, COHORT)]


def test_a_case_known_to_lie_inside_is_not_asked_for():
    """By the cohort itself or by a decision."""
    case = invented.case(A, **FRENCH)
    assert asked(ledger([case, invented.cohort_case(COHORT, **FRENCH, includes_case="alpha2020")])) == []
    assert asked(ledger([case, invented.cohort_case(COHORT, **FRENCH)], (A, COHORT))) == []
    assert asked(ledger([case, invented.cohort_case(COHORT, **FRENCH)], (A, COHORT, "different"))) == []


def test_two_cohorts_are_asked_for_where_centre_or_authors_agree_but_not_for_the_country_alone():
    """An earlier cut of the same series."""
    one, other = invented.cohort_case(COHORT, **FRENCH), invented.cohort_case(LATER, 12, **FRENCH)
    assert asked(ledger([one, other])) == []
    centre = {"centre": "CHU de Lyon"}
    linked = ledger([one | centre, other | centre])
    assert asked(linked) == [(LATER, COHORT)]
    assert len(counted(linked.all_same)) == 1


def test_the_registrys_released_totals_are_no_candidates():
    """Their links were settled on the private side."""
    total = invented.cohort_case("registry-complete/itp", 20, 20, 10, **FRENCH, report_type="registry_call")
    assert asked(ledger([invented.case(A, **FRENCH), total, invented.cohort_case(COHORT)])) == []


def test_a_cohort_takes_no_more_doubtful_patients_than_it_treated():
    """The strongest first; no error."""
    cases = [invented.case(f"single{n}/p1", **FRENCH, report_type="registry_call") for n in range(3)]
    cases[2]["centre"] = "CHU de Lyon"
    cohort = invented.cohort_case(COHORT, 2, 2, 1, **FRENCH, centre="Lyon")
    linked = ledger([*cases, cohort])
    assert len(asked(linked)) == 3
    assert counted(linked.all_same) == [COHORT, "single1/p1"]


def test_a_doubtful_patient_lies_in_one_cohort_at_most():
    """The one that fits better."""
    cases = [invented.case(A, **FRENCH, authors="Alpha A"), invented.cohort_case(COHORT, **FRENCH)]
    better = invented.cohort_case(LATER, 10, 0, 0, **FRENCH, authors="Alpha A")
    linked = ledger([*cases, better])
    assert set(asked(linked)) == {(A, COHORT), (A, LATER)}
    assert linked.all_same.set_index("case_id")["lies_inside"].dropna().to_dict() == {A: LATER}


def test_a_patient_who_lies_inside_two_counted_cohorts_is_asked_for():
    """Counted in each, perhaps; only the authors can tell."""
    cases = [invented.case(A), *(invented.cohort_case(one, includes_case=A) for one in (COHORT, LATER))]
    linked = ledger(cases)
    pairs = linked.pairs.iloc[0]
    assert (pairs["case_a"], pairs["case_b"], pairs["source"]) == (LATER, COHORT, "overlap")
    assert pairs["explanation"] == f"{A} lie inside both and may be counted in each"
    assert asked(ledger(cases, (COHORT, LATER, "different"))) == []


def test_two_counted_cohorts_that_hold_different_patients_are_no_pair():
    """Nobody is counted in each."""
    cases = [invented.case(A), invented.case(B, disease="sle"), invented.cohort_case(COHORT, includes_case=A)]
    linked = ledger([*cases, invented.cohort_case(LATER, disease="sle", includes_case=B)])
    assert linked.unique.set_index("case_id")["lies_inside"].dropna().to_dict() == {A: COHORT, B: LATER}
    assert linked.pairs.empty


def test_every_telling_of_a_patient_inside_a_cohort_is_counted_by_the_cohort():
    """``kept_as`` names a case that counts."""
    cases = [invented.case(A), invented.case(B, age_years=40), invented.cohort_case(COHORT, includes_case=A)]
    unique = ledger(cases, (A, B)).unique.set_index("case_id")
    assert unique["kept_as"].to_dict() == dict.fromkeys((A, B, COHORT), COHORT)
    assert unique["lies_inside"].dropna().to_dict() == {B: COHORT}


def test_a_patient_subtracted_from_a_cohort_is_said_to_lie_inside():
    """She counts singly."""
    cases = [invented.case(A), invented.cohort_case(COHORT, 10, 0, 0, includes_case=A)]
    unique = ledger(cases).unique.set_index("case_id")
    assert (unique.loc[A, "counted"], unique.loc[A, "lies_inside"]) == ("yes", COHORT)


def test_more_candidates_than_a_person_can_read_are_cut_and_the_cut_is_told(monkeypatch):
    """The strongest stay."""
    monkeypatch.setattr(cohorts, "MAX_PER_COHORT", 2)
    cases = [invented.case(f"single{n}/p1", **FRENCH, report_type="registry_call") for n in range(3)]
    cases[2]["centre"] = "CHU de Lyon"
    linked = ledger([*cases, invented.cohort_case(COHORT, **FRENCH, centre="Lyon")])
    assert set(asked(linked)) == {(COHORT, "single0/p1"), (COHORT, "single2/p1")}
    assert linked.notes == (f"{COHORT}: 3 cases may lie inside; 2 are listed",)
