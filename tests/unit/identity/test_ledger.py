"""The ledger: what is sure, what is asked, and who then counts."""

from __future__ import annotations

import invented
import pytest

from casepool.files import store
from casepool.identity import ledger as identity
from casepool.identity.ledger import link
from casepool.identity.score import probability

PAPER, OTHER = "alpha2020/p1", "beta2022/p1"
CALL, CALL_2 = "registry/0000000000a1", "registry/0000000000b2"
FULL = {"age_years": 43, "country": "France", "centre": "CHU de Lyon", "treatment_year": 2019, "dose": "16 mg/kg"}
FULL |= {"n_doses": 8, "n_prior_lines": 4, "prior_rituximab": "yes", "prior_bortezomib": "no"}


def paper(case_id=PAPER, **changes):
    """Return a woman of 43 with immune thrombocytopenia, told in a report of 2020."""
    name = case_id.split("/", 1)[0]
    return invented.case(case_id, **({"authors": "Alpha A", "publication": f"doi:10.1000/{name}"} | FULL | changes))


def registry(case_id=CALL, office="registry-00000a", **changes):
    """Return the same woman, sent in by her centre, which names the report."""
    told = {"report_type": "registry_call", "year": 2026, "report_id": office, "study_id": office}
    told |= {"published": "yes", "publication": "doi:10.1000/alpha2020", "ascertainment": "complete"}
    return invented.case(case_id, **(FULL | told | changes))


def ledger(cases, *decisions):
    """Return the ledger."""
    made = invented.frame("identity_decisions", *(invented.decision(*one) for one in decisions))
    return link(invented.frame("cases", *cases), made)


def outcomes(linked):
    """Return (case_a, case_b) → outcome."""
    pairs = linked.pairs
    return dict(zip(zip(pairs["case_a"], pairs["case_b"], strict=True), pairs["outcome"], strict=True))


def counted(unique):
    """Return the cases that count."""
    return unique.loc[unique["counted"] == "yes", "case_id"].tolist()


def test_a_registry_case_that_names_the_report_and_agrees_is_the_same_patient():
    """And the complete registry keeps her."""
    linked = ledger([paper(), registry()])
    assert outcomes(linked) == {(PAPER, CALL): "same"}
    assert counted(linked.unique) == [CALL]
    assert linked.unique.set_index("case_id").loc[PAPER, "kept_as"] == CALL


@pytest.mark.parametrize(
    "contradiction",
    [{"sex": "male"}, {"age_years": 60}, {"treatment_year": 2021}, {"disease": "waiha"}],
    ids=["sex", "age", "treated after publication", "disease"],
)
def test_a_contradiction_is_never_sure_though_the_publication_is_named(contradiction):
    """The named report has another patient, or somebody typed a wrong number."""
    linked = ledger([paper(treatment_year=None), registry(**contradiction)])
    assert "same" not in outcomes(linked).values()
    assert counted(linked.unique) == [PAPER, CALL]


def test_a_named_publication_alone_is_not_sure():
    """Of the ten bits that speak against any pair something must be left: who agrees in little else is asked for."""
    bare = {"age_years": None, "country": None, "centre": None, "treatment_year": None, "dose": None}
    bare |= dict.fromkeys(("n_doses", "n_prior_lines"))
    partial = {"response": "partial", "n_complete": 0, "n_complete_at_most": 0}
    linked = ledger([paper(**bare), registry(**bare, **partial)])
    assert outcomes(linked) == {(PAPER, CALL): "to_review"}


def test_two_alike_patients_of_the_named_report_are_both_asked_for():
    """Nobody can tell which of the two women it is."""
    linked = ledger([paper(), paper("alpha2020/p2"), registry()])
    assert outcomes(linked) == {(PAPER, CALL): "to_review", ("alpha2020/p2", CALL): "to_review"}
    assert len(counted(linked.unique)) == 3


def test_the_patient_of_the_named_report_who_is_clearly_ahead_is_sure_and_the_other_is_not_asked_for():
    """One report, one patient for the registry case."""
    linked = ledger([paper(), paper("alpha2020/p2", age_years=55), registry()])
    assert outcomes(linked) == {(PAPER, CALL): "same"}


def test_two_centres_that_send_in_alike_patients_of_one_report_are_both_asked_for():
    """One of them, or one patient who moved."""
    linked = ledger([paper(), registry(), registry(CALL_2, "registry-00000b")])
    assert outcomes(linked) == {
        (PAPER, CALL): "to_review",
        (PAPER, CALL_2): "to_review",
        (CALL, CALL_2): "to_review",
    }


def test_without_a_named_publication_person_place_and_facts_must_agree():
    """Centre, sex, age and facts that weigh enough."""
    unnamed = {"publication": None}
    assert outcomes(ledger([paper(), registry(**unnamed)])) == {(PAPER, CALL): "same"}
    assert outcomes(ledger([paper(), registry(**unnamed, centre=None)])) == {(PAPER, CALL): "to_review"}
    assert outcomes(ledger([paper(), registry(**unnamed, age_years=None)])) == {(PAPER, CALL): "to_review"}
    few = dict.fromkeys(("dose", "n_doses", "n_prior_lines", "treatment_year"))
    few |= dict.fromkeys(("prior_rituximab", "prior_bortezomib", "setting", "response"), "not_reported")
    assert outcomes(ledger([paper(), registry(**unnamed, **few)])) == {(PAPER, CALL): "to_review"}


def test_an_abstract_and_its_article_are_compared_though_they_are_one_study():
    """The study joins the tellings of the same patients."""
    linked = ledger([paper(study_id="trial"), paper(OTHER, study_id="trial", year=2022)])
    assert outcomes(linked) == {(PAPER, OTHER): "same"}


def test_two_registry_cases_are_never_sure_by_score():
    """Two centres with alike patients: asked for."""
    cases = [registry(publication=None), registry(CALL_2, "registry-00000b", publication=None)]
    assert outcomes(ledger(cases)) == {(CALL, CALL_2): "to_review"}


def test_registry_cases_of_one_centre_are_never_a_pair():
    """The centre knows its patients."""
    assert outcomes(ledger([registry(), registry(CALL_2)])) == {}


@pytest.mark.parametrize(("verdict", "outcome"), [("different", "distinct"), ("unsure", "to_review")])
def test_a_decision_wins_over_a_sure_score(verdict, outcome):
    """And is listed with its own reason and the score beside it."""
    linked = ledger([paper(), registry()], (PAPER, CALL, verdict))
    row = linked.pairs.iloc[0]
    assert (row["outcome"], row["source"], row["explanation"]) == (outcome, "decision", "same centre")
    assert row["score"] > 7
    assert len(counted(linked.unique)) == 2


def test_a_patient_decided_to_be_another_does_not_stand_in_the_way():
    """Once a person has excluded the twin, the other is clearly ahead."""
    linked = ledger([paper(), paper("alpha2020/p2"), registry()], ("alpha2020/p2", CALL, "different"))
    assert outcomes(linked)[PAPER, CALL] == "same"


def test_a_sure_pair_that_would_make_two_patients_of_a_report_one_is_asked_for_instead():
    """The weakest link gives way, without an error."""
    cases = [paper(study_id="s"), paper("alpha2020/p2", age_years=44, n_doses=7, study_id="s")]
    twins = [paper(OTHER, year=2022, study_id="s")]
    linked = ledger([*cases, *twins], ("alpha2020/p2", OTHER))
    assert outcomes(linked) == {("alpha2020/p2", OTHER): "same", (PAPER, OTHER): "to_review"}
    refused = linked.pairs.set_index("source").loc["score", "explanation"]
    assert refused.endswith("not merged: two patients of one report would become one")


def test_a_sure_pair_against_a_decision_on_a_third_case_is_asked_for_instead():
    """A is B by decision, B looks like C, but A is not C."""
    third = "gamma2023/p1"
    cases = [paper(age_years=None, centre=None), paper(OTHER, year=2022), registry(publication="doi:10.1000/beta2022")]
    linked = ledger([*cases, paper(third, authors="Gamma G")], (PAPER, OTHER), (PAPER, CALL, "different"))
    assert outcomes(linked)[OTHER, CALL] == "to_review"
    told = linked.pairs.set_index("case_b").loc[CALL, "explanation"]
    assert any("decided as different through another case" in line for line in told)


def test_what_a_sure_pair_has_settled_is_not_asked_for():
    """The other tellings of a cluster, and the other patients of its reports."""
    linked = ledger([paper(), registry(), paper(OTHER, year=2022)], (PAPER, OTHER))
    assert set(outcomes(linked).values()) == {"same"}
    assert len(counted(linked.unique)) == 1


def test_all_doubtful_pairs_as_the_same_are_joined_one_to_one():
    """Two alike women of a report and one registry case: one of them is she, not both."""
    linked = ledger([paper(), paper("alpha2020/p2", n_prior_lines=5), registry(publication=None, centre=None)])
    assert set(outcomes(linked).values()) == {"to_review"}
    assert counted(linked.all_same) == ["alpha2020/p2", CALL]


def test_all_doubtful_pairs_as_the_same_never_join_a_woman_and_a_man():
    """Through a third case whose sex is not told."""
    cases = [paper(), paper(OTHER, sex="male", year=2022), registry(sex="not_reported", publication=None, centre=None)]
    linked = ledger(cases)
    assert len(counted(linked.all_same)) == 2


def test_the_line_of_reasons_names_what_agrees_what_differs_and_what_is_unknown():
    """Each with its bits, adding up to the score."""
    told = {"dose": None, "n_doses": None, "n_prior_lines": None, "prior_rituximab": "not_reported"}
    linked = ledger([paper(**told), registry(response="none", centre="Hôpital Lyon-Sud, Lyon", n_doses=8)])
    row = linked.pairs.iloc[0]
    assert row["explanation"] == (
        "score +13.6 bits = +8.2 publication named; +5.5 age 43 = 43; +2.8 treated in 2019 = 2019; +2.7 both France; "
        "+2.3 a name shared by the centres (1.00); +2.2 both itp; +0.9 both primary; +0.9 both female; "
        "+0.6 both iv; +0.5 prior bortezomib no = no; +0.4 autoimmune yes = yes; "
        "−3.5 response complete, none; −10.0 prior; never sure: response; "
        "unknown: dose, number of doses, prior lines, prior rituximab, time to response, relapse, death, follow-up"
    )
    assert row["score"] == pytest.approx(13.6, abs=0.05)
    assert row["probability"] == pytest.approx(float(probability(row["score"])), abs=1e-4)


def test_the_tables_fit_their_contract(tmp_path):
    """What the ledger gives can be written and read."""
    linked = ledger([paper(), registry(), paper(OTHER, authors=None)])
    store.write_table("candidate_pairs", linked.pairs, tmp_path / "pairs.csv")
    for unique in (linked.unique, linked.all_same):
        store.write_table("unique_patients", unique, tmp_path / "unique.csv")
    assert len(store.read_table("candidate_pairs", tmp_path / "pairs.csv")) == len(linked.pairs)


def test_more_pairs_than_a_person_can_read_are_cut_and_the_cut_is_told(monkeypatch):
    """The strongest stay; the sensitivity analysis still counts them all."""
    monkeypatch.setattr(identity, "MAX_TO_REVIEW", 1)
    vague = {"publication": None, "centre": None}
    cases = [
        paper(),
        registry(**vague),
        paper(OTHER, age_years=70, authors="Beta B", centre="CHU de Lille"),
        registry(CALL_2, "registry-00000b", **vague),
    ]
    cases[3]["age_years"] = 71
    linked = ledger(cases)
    assert list(outcomes(linked)) == [(PAPER, CALL)]
    assert linked.notes == ("2 pairs to review; the strongest 1 are listed",)
    assert len(counted(linked.all_same)) == 2
