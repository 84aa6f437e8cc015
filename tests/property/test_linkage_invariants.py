"""The laws of the identity ledger on arbitrary cases."""

from __future__ import annotations

import invented
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from casepool.identity.encoding import encode
from casepool.identity.fields import PRIOR_BITS, PRIOR_BITS_TWO_CENTRES, SURE_BITS
from casepool.identity.ledger import link
from casepool.identity.score import all_fields, findings, probability, score_pairs

few = settings(derandomize=True, max_examples=12, deadline=None)

AGREEING = {
    "sex": {"sex": "female"},
    "age": {"age_years": 43},
    "country": {"country": "France"},
    "centre": {"centre": "CHU de Lyon"},
    "treatment_year": {"treatment_year": 2019},
    "dose": {"dose": "16 mg/kg"},
    "route": {"route": "iv"},
    "n_doses": {"n_doses": 8},
    "n_prior_lines": {"n_prior_lines": 3},
    "prior_rituximab": {"prior_rituximab": "yes"},
    "prior_bortezomib": {"prior_bortezomib": "no"},
    "response": {"response": "complete"},
    "time_to_response": {"time_to_response_weeks": 4},
    "relapse": {"n_relapse": 0, "n_relapse_known": 1},
    "death": {"n_death": 0, "n_death_known": 1},
    "follow_up": {"follow_up_months": 12},
    "setting": {"setting": "primary"},
    "autoimmune": {"autoimmune": "yes"},
}
UNTOLD = {"sex": "not_reported", "route": "not_reported", "response": "not_reported", "setting": "not_reported"}
UNTOLD |= {"autoimmune": "uncertain", "published": None}


@st.composite
def tellings(draw, place):
    """Draw a case that tells few values of each field, so that many agree."""
    registry = draw(st.booleans())
    report = f"registry-00000{draw(st.integers(0, 2))}" if registry else f"r{draw(st.integers(0, 5))}"
    told = {"report_id": report, "study_id": report, "year": 2026 if registry else draw(st.sampled_from([2019, 2021]))}
    told |= {
        "report_type": "registry_call" if registry else "case_report",
        "disease": draw(st.sampled_from(["itp", "sle"])),
    }
    told["sex"] = draw(st.sampled_from(["female", "male", "not_reported"]))
    told["age_years"] = draw(st.sampled_from([None, 40, 41, 44, 60]))
    told["centre"] = draw(st.sampled_from([None, "CHU de Lyon", "Lyon", "CHU de Lille"]))
    told["country"] = draw(st.sampled_from([None, "France"]))
    told["treatment_year"] = draw(st.sampled_from([None, 2018, 2019, 2022]))
    told["n_doses"] = draw(st.sampled_from([None, 4, 8]))
    told["n_prior_lines"] = draw(st.sampled_from([None, 2, 5]))
    told["follow_up_months"] = draw(st.sampled_from([None, 6, 24]))
    told["response"] = draw(st.sampled_from(["complete", "none", "not_reported"]))
    if registry:
        told["publication"] = draw(st.sampled_from([None, "doi:10.1000/r0", "doi:10.1000/r1"]))
    else:
        told |= {"publication": f"doi:10.1000/{report}", "authors": draw(st.sampled_from([None, "Alpha A", "Beta B"]))}
    told["ascertainment"] = draw(st.sampled_from(["complete", "selective"]))
    if draw(st.integers(0, 9)) == 0:
        return invented.cohort_case(
            f"{report}/c{place}", draw(st.integers(1, 4)), 1, 1, **told | UNTOLD | {"sex": None}
        )
    return invented.case(f"{report}/p{place}", **told)


@st.composite
def projects(draw):
    """Draw cases and a few decisions that do not contradict each other."""
    cases = [draw(tellings(place)) for place in range(draw(st.integers(2, 14)))]
    names = [case["case_id"] for case in cases if case["kind"] == "patient"]
    if len(names) < 2 or draw(st.booleans()):
        return cases, []
    pair = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
    return cases, [invented.decision(*pair, draw(st.sampled_from(["same_patient", "different", "unsure"])))]


def ledger(cases, decisions):
    """Return the ledger."""
    return link(invented.frame("cases", *cases), invented.frame("identity_decisions", *decisions))


def pair_score(one, other):
    """Return the score of two cases."""
    encoded = encode(invented.frame("cases", one, other))
    return float(score_pairs(encoded, np.array([0]), np.array([1]))[0])


@few
@given(projects(), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_decisions_does_not_matter(project, shuffle):
    """The same tables, row for row."""
    cases, decisions = project
    first = ledger(cases, decisions)
    turned = [one | {"case_a": one["case_b"], "case_b": one["case_a"]} for one in decisions]
    again = ledger(shuffle.sample(cases, len(cases)), turned)
    pd.testing.assert_frame_equal(first.unique, again.unique)
    pd.testing.assert_frame_equal(first.all_same, again.all_same)
    by_score = first.pairs["source"] != "decision"
    pd.testing.assert_frame_equal(first.pairs[by_score], again.pairs[again.pairs["source"] != "decision"])


@few
@given(st.lists(st.integers(0, 99).flatmap(tellings), min_size=2, max_size=6))
def test_a_score_does_not_depend_on_which_case_comes_first(cases):
    """Every finding is symmetric."""
    encoded = encode(invented.frame("cases", *cases))
    i, j = (side.ravel() for side in np.meshgrid(np.arange(len(cases)), np.arange(len(cases))))
    there, back = findings(encoded, i, j), findings(encoded, j, i)
    for name in all_fields():
        np.testing.assert_array_equal(there[name], back[name])
    np.testing.assert_allclose(score_pairs(encoded, i, j), score_pairs(encoded, j, i))


@few
@given(projects())
def test_kept_as_divides_the_cases_into_patients(project):
    """Each case is kept as one that counts, who is kept as itself: an equivalence."""
    for unique in (ledger(*project).unique, ledger(*project).all_same):
        kept = unique.set_index("case_id")["kept_as"]
        counted = unique.loc[unique["counted"] == "yes", "case_id"]
        assert set(kept) == set(counted)
        assert (kept[counted] == counted.to_numpy()).all()
        assert sorted(kept.index) == sorted(case["case_id"] for case in project[0])


@few
@given(projects())
def test_doubtful_pairs_as_the_same_can_only_take_patients_out(project):
    """More merged, fewer counted."""
    linked = ledger(*project)
    assert (linked.all_same["counted"] == "yes").sum() <= (linked.unique["counted"] == "yes").sum()


@few
@given(projects())
def test_scores_never_make_two_patients_of_a_report_or_both_sexes_one(project):
    """Without decisions, each cluster holds a report once."""
    linked = ledger(project[0], [])
    for unique in (linked.unique, linked.all_same):
        patients = unique[unique["kind"] == "patient"]
        heads = patients["case_id"].where(
            patients["explanation"].isna(), patients["explanation"].str.extract(r"as (.+)$")[0]
        )
        heads = heads.fillna(patients["case_id"])
        assert patients.groupby(heads)["report_id"].value_counts().max() in {1, np.nan} or patients.empty
        sexes = patients[patients["sex"] != "not_reported"]
        assert sexes.groupby(heads)["sex"].nunique().max() == 1 or sexes.empty


@few
@given(projects())
def test_every_pair_is_listed_once_and_sure_ones_reach_the_threshold(project):
    """In either order; probability is the score's."""
    pairs = ledger(*project).pairs
    assert pairs[["case_a", "case_b"]].apply(frozenset, axis=1).is_unique or pairs.empty
    sure = pairs[(pairs["outcome"] == "same") & (pairs["source"] == "score")]
    assert (sure["score"] >= SURE_BITS - 0.005).all()
    told = pairs.dropna(subset=["score"])
    np.testing.assert_allclose(told["probability"].astype(float), probability(told["score"].astype(float)), atol=2e-3)


@few
@given(st.lists(st.sampled_from(sorted(AGREEING)), unique=True, min_size=1), st.booleans())
def test_each_field_that_agrees_raises_the_score(names, registry):
    """In whatever order they become known."""
    kind = {"report_type": "registry_call", "year": 2020} if registry else {}
    one, other = invented.case("r1/p1", **UNTOLD), invented.case("r2/p1", **UNTOLD | kind)
    before = pair_score(one, other)
    for name in names:
        one, other = one | AGREEING[name], other | AGREEING[name]
        after = pair_score(one, other)
        assert after > before
        before = after


@pytest.mark.parametrize("name", sorted(AGREEING))
def test_a_field_that_one_side_does_not_tell_weighs_nothing(name):
    """Missing is neither agreement nor difference."""
    one, other = invented.case("r1/p1", **UNTOLD), invented.case("r2/p1", **UNTOLD)
    told = {"publication_lag": 0.77} if name == "treatment_year" else {}
    gained = pair_score(one | AGREEING[name], other) - pair_score(one, other)
    assert gained == pytest.approx(told.get("publication_lag", 0.0), abs=0.01)


def test_two_cases_that_tell_only_their_disease_have_the_prior_and_its_bits():
    """log2(0.95 / 0.2)."""
    disease = np.log2(0.95 / 0.2)
    assert pair_score(invented.case("r1/p1", **UNTOLD), invented.case("r2/p1", **UNTOLD)) == PRIOR_BITS + disease
    call = UNTOLD | {"report_type": "registry_call"}
    found = pair_score(invented.case("a/p1", **call), invented.case("b/p1", **call))
    assert found == PRIOR_BITS_TWO_CENTRES + disease
