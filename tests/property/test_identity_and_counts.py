"""Identity and counts keep their laws on arbitrary cases and decisions."""

from __future__ import annotations

import invented
import pandas as pd
from hypothesis import given, settings, strategies as st

from casepool.counting.counts import disease_counts, study_counts
from casepool.flow.boxes import box_total, prisma_counts
from casepool.identity.ledger import unique_patients
from casepool.model.errors import LinkageError

few = settings(derandomize=True, max_examples=12, deadline=None)
PROTOCOL = invented.protocol()
KINDS = ("complete", "selective", "unclear")
OUTCOMES = {
    "complete": {"n_evaluable": 1, "n_response": 1, "n_complete": 1, "n_complete_at_most": 1, "n_none": 0},
    "none": {"n_evaluable": 1, "n_response": 0, "n_complete": 0, "n_complete_at_most": 0, "n_none": 1},
    "not_reported": {"n_evaluable": 0, "n_response": 0, "n_complete": 0, "n_complete_at_most": 0, "n_none": 0},
}


@st.composite
def patients(draw):
    """Draw up to ten cases of three diseases; one in four is a stratum."""
    cases = []
    for number in range(draw(st.integers(0, 10))):
        report = f"report{draw(st.integers(0, 4))}"
        common = {"disease": draw(st.sampled_from(["itp", "sle", "prca"]))}
        common["ascertainment"] = KINDS[int(report[-1]) % 3]
        if draw(st.integers(0, 3)) == 0:
            n = draw(st.integers(12, 20))
            evaluable = draw(st.integers(0, n))
            response = draw(st.integers(0, evaluable))
            cases.append(invented.cohort_case(f"{report}/s{number}", n, evaluable, response, **common))
        else:
            response = draw(st.sampled_from(sorted(OUTCOMES)))
            eligible = draw(st.sampled_from(["yes", "yes", "no"]))
            reason = None if eligible == "yes" else "under_18"
            verdict = {"eligible": eligible, "exclusion_reason": reason, "response": response}
            cases.append(invented.case(f"{report}/p{number}", **common, **verdict, **OUTCOMES[response]))
    return cases


@st.composite
def projects(draw):
    """Draw cases and decisions on pairs of them."""
    cases = draw(patients())
    names = [case["case_id"] for case in cases]
    if len(names) < 2:
        return cases, []
    pair = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True).map(sorted)
    pairs = draw(st.lists(pair, max_size=6, unique_by=tuple))
    verdicts = st.sampled_from(["same_patient", "unsure", "different"])
    return cases, [invented.decision(a, b, draw(verdicts)) for a, b in pairs]


def link(cases, decisions, **options):
    """Return the unique patients, or None where the decisions contradict each other."""
    try:
        pairs = invented.frame("identity_decisions", *decisions)
        return unique_patients(invented.frame("cases", *cases), pairs, **options)
    except LinkageError:
        return None


@few
@given(projects(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(project, shuffle):
    """Cases and decisions in any order give the same patients and the same counts."""
    cases, decisions = project
    first = link(cases, decisions)
    again = link(shuffle.sample(cases, len(cases)), shuffle.sample(decisions, len(decisions)))
    assert (first is None) == (again is None)
    if first is not None:
        pd.testing.assert_frame_equal(first, again)
        pd.testing.assert_frame_equal(study_counts(first, 0.95), study_counts(again.iloc[::-1], 0.95))


@few
@given(projects(), st.booleans())
def test_every_eligible_case_comes_out_once(project, unsure):
    """Conservation, and who does not count names a case that counts."""
    cases, decisions = project
    found = link(cases, decisions, unsure_as_same=unsure)
    if found is None:
        return
    assert found["case_id"].tolist() == sorted(case["case_id"] for case in cases if case["eligible"] == "yes")
    gone = found[found["counted"] == "no"]
    assert gone["explanation"].notna().all()
    assert (found.loc[found["counted"] == "yes", "kept_as"] == found.loc[found["counted"] == "yes", "case_id"]).all()


@few
@given(projects())
def test_counting_doubtful_pairs_as_one_never_adds_a_patient(project):
    """The sensitivity analysis can only take patients out."""
    few_, many = link(*project, unsure_as_same=True), link(*project)
    if few_ is not None and many is not None:
        assert (few_["counted"] == "yes").sum() <= (many["counted"] == "yes").sum()


@few
@given(projects())
def test_totals_are_kept_from_patients_to_sources_to_diseases(project):
    """What is counted once is counted in every table, no more and no less."""
    unique = link(*project)
    if unique is None:
        return
    studies = study_counts(unique, 0.95)
    counts = disease_counts(studies, PROTOCOL)
    counted = unique[unique["counted"] == "yes"]
    for name in ("n_treated", "n_evaluable", "n_response"):
        assert counts[name].sum() == studies[name].sum() == counted[name].fillna(0).sum()
    listed = [case for cell in counts["cases"].dropna() for case in cell.split("; ")]
    assert sorted(listed) == sorted(counted["case_id"])


@few
@given(projects())
def test_the_boxes_of_the_flow_add_up_for_any_cases(project):
    """Whatever is excluded or told twice, patients in are patients out."""
    cases, decisions = project
    unique = link(cases, decisions)
    if unique is None:
        return
    state = invented.frame("screening_state")
    boxes = prisma_counts(state, invented.frame("cases", *cases), unique)
    assert box_total(boxes, "patients_told") == sum(case["n_treated"] for case in cases)
