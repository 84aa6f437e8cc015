"""A patient told twice counts once; whoever is taken out is listed with the reason."""

from __future__ import annotations

import invented
import pytest

from casepool.files import store
from casepool.identity.ledger import unique_patients
from casepool.model.errors import LinkageError

A, B, C = "alpha2020/p1", "beta2021/p1", "gamma2022/p1"
TRIAL = "trial2023/all"
UNKNOWN = {"n_evaluable": 0, "n_response": 0, "n_complete": 0, "n_complete_at_most": 0}


def link(cases, *decisions, **options):
    """Return the table of unique patients, indexed by case."""
    pairs = invented.frame("identity_decisions", *(invented.decision(*one) for one in decisions))
    return unique_patients(invented.frame("cases", *cases), pairs, **options).set_index("case_id", drop=False)


def counted(found):
    """Return the cases that count."""
    return found.index[found["counted"] == "yes"].tolist()


def test_cases_without_any_link_all_count():
    """Nobody is taken out without a reason."""
    found = link([invented.case(A), invented.case(B)])
    assert counted(found) == [A, B]
    assert found["kept_as"].tolist() == [A, B]


def test_a_pair_decided_as_the_same_counts_once_and_names_the_other():
    """Traceability in both directions."""
    found = link([invented.case(A), invented.case(B)], (A, B))
    assert counted(found) == [A]
    assert (found.loc[A, "also_told_in"], found.loc[B, "kept_as"]) == (B, A)
    assert found.loc[B, "explanation"] == f"same patient as {A}"


def test_same_patient_as_counts_as_a_decision():
    """The extractor who knows says so in the row."""
    found = link([invented.case(A), invented.case(B, same_patient_as=A)])
    assert len(counted(found)) == 1
    assert set(found["kept_as"]) == set(counted(found))


def test_a_decision_wins_over_same_patient_as():
    """A second look found two patients."""
    cases = [invented.case(A), invented.case(B, same_patient_as=A)]
    assert counted(link(cases, (A, B, "different"))) == [A, B]


def test_a_chain_of_pairs_is_one_patient():
    """A is B, B is C: three tellings of one patient."""
    found = link([invented.case(one) for one in (A, B, C)], (A, B), (C, B))
    assert counted(found) == [A]
    assert found.loc[A, "also_told_in"] == f"{B}; {C}"


def test_the_richest_telling_is_kept():
    """More told, more kept."""
    poor, rich = invented.case(A), invented.case(B, age_years=40, country="France")
    assert counted(link([poor, rich], (A, B))) == [B]


def test_complete_ascertainment_wins_over_a_richer_selective_telling():
    """The patient stays where all patients are told."""
    rich = invented.case(A, age_years=40, country="France")
    whole = invented.case(B, ascertainment="complete")
    assert counted(link([rich, whole], (A, B))) == [B]


def test_unclear_ascertainment_stands_between():
    """Better than chosen, worse than complete."""
    cases = [invented.case(A), invented.case(B, ascertainment="unclear")]
    assert counted(link(cases, (A, B))) == [B]


def test_a_telling_with_the_outcome_wins_over_a_richer_one_without():
    """A rich record without outcome counts for nothing."""
    rich = invented.case(A, **UNKNOWN, age_years=40, country="France", n_prior_lines=4)
    assert counted(link([rich, invented.case(B)], (A, B))) == [B]


def test_a_doubtful_pair_counts_twice_by_default_and_once_in_the_sensitivity_analysis():
    """Both extremes are pooled."""
    cases = [invented.case(A), invented.case(B)]
    assert counted(link(cases, (A, B, "unsure"))) == [A, B]
    assert counted(link(cases, (A, B, "unsure"), unsure_as_same=True)) == [A]


def test_decisions_that_contradict_each_other_are_refused():
    """A is B and B is C, but A is not C."""
    cases = [invented.case(one) for one in (A, B, C)]
    with pytest.raises(LinkageError, match=f"{A} and {C} are decided as different.*Edit one of them"):
        link(cases, (A, B), (B, C), (A, C, "different"))


def test_a_pair_decided_both_ways_is_refused_for_a_cohort_too():
    """Inside and not inside cannot both hold."""
    cases = [invented.case(A), invented.cohort_case(TRIAL)]
    with pytest.raises(LinkageError, match="are decided as different"):
        link(cases, (A, TRIAL), (TRIAL, A, "different"))


def test_a_decision_on_a_case_that_is_not_eligible_changes_nothing():
    """The other telling counts."""
    cases = [invented.case(A), invented.case(B, eligible="no", exclusion_reason="under_18", ascertainment="complete")]
    assert counted(link(cases, (A, B))) == [A]


@pytest.mark.parametrize("named", [A, "alpha2020"])
def test_a_patient_inside_a_cohort_with_responses_is_dropped(named):
    """Named by case or by report: the cohort has counted the patient already."""
    found = link([invented.case(A), invented.cohort_case(TRIAL, includes_case=named)])
    assert counted(found) == [TRIAL]
    assert found.loc[A, "explanation"] == f"lies inside {TRIAL}"
    assert found.loc[TRIAL, "n_treated"] == 10


def test_a_patient_decided_to_be_in_a_cohort_is_dropped():
    """A decision on a patient and a stratum means inside."""
    assert counted(link([invented.case(A), invented.cohort_case(TRIAL)], (A, TRIAL))) == [TRIAL]


def test_a_patient_inside_a_cohort_without_responses_is_subtracted_from_it():
    """The single has an outcome; the stratum keeps the patients who are not told singly."""
    found = link([invented.case(A), invented.cohort_case(TRIAL, 10, 0, 0, includes_case=A)])
    assert counted(found) == [A, TRIAL]
    assert (found.loc[TRIAL, "n_treated"], found.loc[TRIAL, "explanation"]) == (9, "1 patient(s) counted singly")


def test_a_patient_of_another_disease_is_not_taken_for_one_of_the_stratum():
    """A report may tell patients of two strata: each stratum holds those of its disease."""
    cases = [invented.case(A, disease="waiha"), invented.cohort_case(TRIAL, includes_case="alpha2020")]
    assert counted(link(cases)) == [A, TRIAL]


def test_a_decision_against_a_cohort_wins_over_the_report_that_it_lists():
    """One patient of the report was found not to be in the trial."""
    cases = [invented.case(A), invented.case("alpha2020/p2"), invented.cohort_case(TRIAL, includes_case="alpha2020")]
    assert counted(link(cases, (A, TRIAL, "different"))) == [A, TRIAL]


def test_all_tellings_of_a_patient_inside_a_cohort_are_dropped():
    """The richer telling in another report must not come back in."""
    cases = [invented.case(A), invented.case(B, age_years=40), invented.cohort_case(TRIAL, includes_case=A)]
    assert counted(link(cases, (A, B))) == [TRIAL]


def test_a_patient_inside_an_earlier_cut_of_a_cohort_is_dropped():
    """The earlier stratum gave way to the later one, and its patients with it."""
    early = invented.cohort_case("abstract2022/all", 5, 5, 3, includes_case=A)
    late = invented.cohort_case(TRIAL, ascertainment="complete")
    assert counted(link([invented.case(A), early, late], (TRIAL, "abstract2022/all"))) == [TRIAL]


def test_a_stratum_listed_inside_another_is_dropped():
    """The run-in of a trial lies in its final report."""
    early = invented.cohort_case("abstract2022/all", 3, 3, 2)
    late = invented.cohort_case(TRIAL, includes_case="abstract2022/all")
    assert counted(link([early, late])) == [TRIAL]


def test_more_patients_inside_a_cohort_than_it_treated_are_refused():
    """Somebody named a wrong report."""
    cases = [invented.case(A), invented.case(B), invented.cohort_case(TRIAL, 1, 1, 1, includes_case=f"{A}; {B}")]
    with pytest.raises(LinkageError, match=f"{TRIAL}: 2 patients are said to lie inside.*n_treated = 1"):
        link(cases)


@pytest.mark.parametrize("unsure", [False, True])
def test_every_eligible_case_comes_out_once_with_a_place(unsure):
    """Conservation: eligible in = rows out; who does not count names who counts for them."""
    out = invented.case("delta2020/p1", eligible="no", exclusion_reason="under_18")
    cases = [invented.case(one) for one in (A, B, C)] + [out, invented.cohort_case(TRIAL, includes_case=C)]
    found = link(cases, (A, B, "unsure"), unsure_as_same=unsure)
    assert found.index.tolist() == [A, B, C, TRIAL]
    gone = found[found["counted"] == "no"]
    assert set(gone["kept_as"]) <= set(counted(found))
    assert gone["explanation"].notna().all()


def test_the_table_fits_its_contract(tmp_path):
    """What comes out can be written and read."""
    found = link([invented.case(A), invented.cohort_case(TRIAL)])
    store.write_table("unique_patients", found.reset_index(drop=True), tmp_path / "unique.csv")
    assert len(store.read_table("unique_patients", tmp_path / "unique.csv")) == 2


def test_no_case_gives_no_patient():
    """A project that starts."""
    assert len(link([])) == 0
