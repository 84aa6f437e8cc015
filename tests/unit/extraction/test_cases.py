"""Patients and strata become rows of counts with verdict and ascertainment."""

from __future__ import annotations

import invented
import pytest

from casepool.extraction.cases import build_cases, verdict_problems
from casepool.files import store
from casepool.model.study import study

STUDY = [invented.report("beta2021", study_id="trial", report_type="clinical_trial")]
COMPLETE = [invented.appraisal("beta2021", murad_1="yes")]
NOT_TOLD = {"n_treated": None, "n_evaluable": None, "n_response": None, "n_none": None}


def case_of(**changes):
    """Return the case of one invented patient."""
    frames = invented.curated(patients=[invented.patient(**changes)])
    return build_cases(frames, invented.protocol()).iloc[0]


def stratum_of(**changes):
    """Return the case of one invented stratum of a trial."""
    frames = invented.curated(reports=STUDY, patients=[], cohorts=[invented.cohort(**changes)], appraisal=COMPLETE)
    return build_cases(frames, invented.protocol()).iloc[0]


@pytest.mark.parametrize(
    ("response", "counts"),
    [
        ("complete", (1, 1, 1, 1, 0)),
        ("partial", (1, 1, 0, 0, 0)),
        ("response_ungraded", (1, 1, 0, 1, 0)),
        ("none", (1, 0, 0, 0, 1)),
        ("not_evaluable", (0, 0, 0, 0, 0)),
        ("not_reported", (0, 0, 0, 0, 0)),
    ],
)
def test_a_response_is_counted_as_the_contract_says(response, counts):
    """Any response = complete, partial or ungraded; an ungraded one may be complete."""
    case = case_of(response=response, relapse="not_reported")
    names = ("n_evaluable", "n_response", "n_complete", "n_complete_at_most", "n_none")
    assert tuple(case[list(names)]) == counts


def test_a_patient_has_one_row_with_the_identification_of_its_report():
    """Traceability: the case names report, study and source."""
    case = case_of()
    names = ["case_id", "study_id", "kind", "n_treated"]
    assert case[names].tolist() == ["alpha2020/p1", "alpha2020", "patient", 1]
    assert (case["eligible"], case["ascertainment"]) == ("yes", "selective")


def test_a_stratum_takes_its_ascertainment_from_the_appraisal():
    """A trial tells all its patients."""
    assert stratum_of()["ascertainment"] == "complete"


def test_a_report_without_appraisal_is_unclear():
    """Nothing answered, nothing known."""
    frames = invented.curated(appraisal=[])
    assert build_cases(frames, invented.protocol())["ascertainment"].tolist() == ["unclear"]


def test_a_stratum_without_response_counts_nobody_as_evaluable():
    """Evaluable patients whose responses are not told are no denominator."""
    case = stratum_of(n_response=None, n_none=None)
    assert (case["n_treated"], case["n_evaluable"], case["n_response"], case["n_none"]) == (10, 0, 0, 0)


@pytest.mark.parametrize(
    ("cells", "least", "most"),
    [({"n_complete": 3}, 3, 3), ({}, 0, 6), ({"n_partial": 2}, 0, 4), ({"n_complete": 3, "n_partial": 1}, 3, 3)],
)
def test_complete_responses_of_a_stratum_have_bounds_where_their_number_is_not_reported(cells, least, most):
    """Six responded: who is not said to be a partial responder may be a complete one; nobody else can be."""
    case = stratum_of(**cells)
    assert (case["n_complete"], case["n_complete_at_most"], case["n_response"]) == (least, most, 6)


def test_without_responses_there_are_no_complete_ones():
    """Part of nothing."""
    case = stratum_of(n_response=None, n_none=None)
    assert (case["n_complete"], case["n_complete_at_most"]) == (0, 0)


def test_an_event_that_is_reported_as_at_least_has_two_counts():
    """Three of six surely relapsed, a fourth perhaps."""
    case = stratum_of(n_relapse=3, n_relapse_at_most=4)
    assert (case["n_relapse"], case["n_relapse_at_most"], case["n_relapse_known"]) == (3, 4, 6)


@pytest.mark.parametrize("event", study().events)
def test_an_event_of_a_stratum_is_counted_over_the_patients_at_risk(event):
    """Relapse among responders, the others among treated patients; not told = nobody known."""
    told, untold = stratum_of(**{f"n_{event}": 2}), stratum_of()
    at_risk = 6 if event == "relapse" else 10
    assert (told[f"n_{event}"], told[f"n_{event}_known"]) == (2, at_risk)
    assert (untold[f"n_{event}"], untold[f"n_{event}_known"]) == (0, 0)


@pytest.mark.parametrize("event", study().events)
def test_an_event_without_denominator_is_not_counted(event):
    """More events than patients known could not be analysed."""
    case = stratum_of(**NOT_TOLD, **{f"n_{event}": 2})
    assert (case[f"n_{event}"], case[f"n_{event}_known"]) == (0, 0)


def test_relapse_is_known_only_of_a_patient_who_responded():
    """A patient without response cannot relapse."""
    responder, other = case_of(relapse="no"), case_of(response="none", relapse="no")
    assert (responder["n_relapse_known"], other["n_relapse_known"]) == (1, 0)


@pytest.mark.parametrize(("answer", "counts"), [("yes", (1, 1)), ("no", (0, 1)), ("not_reported", (0, 0))])
def test_silence_about_an_adverse_event_is_not_its_absence(answer, counts):
    """Not reported stays out of the denominator."""
    case = case_of(serious_infection=answer)
    assert (case["n_serious_infection"], case["n_serious_infection_known"]) == counts


def test_the_cases_fit_their_table(tmp_path):
    """Whatever mix of patients and strata, the table is valid, and it is the same in any order."""
    frames = invented.curated(
        reports=[invented.report(), *STUDY],
        cohorts=[invented.cohort(), invented.cohort(stratum="b", **NOT_TOLD)],
        appraisal=[invented.appraisal(), *COMPLETE],
    )
    backwards = frames | {name: frames[name].iloc[::-1] for name in ("patients", "cohorts", "reports")}
    for name, one in (("a", frames), ("b", backwards)):
        store.write_table("cases", build_cases(one, invented.protocol()), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_row_at_all_gives_an_empty_table():
    """A project that starts has no case."""
    frames = invented.curated(reports=[], patients=[], cohorts=[])
    assert len(build_cases(frames, invented.protocol())) == 0


def typed_verdicts(report, *patients):
    """Return the problems of a report's typed decision."""
    frames = invented.curated(reports=[report], patients=list(patients))
    cases = build_cases(frames, invented.protocol())
    return [(problem.row, problem.found) for problem in verdict_problems(cases, frames["reports"])]


def test_an_included_report_without_eligible_case_is_a_problem():
    """The rules find a child only."""
    assert typed_verdicts(invented.report(), invented.patient(age_years=5)) == [(2, "include")]


def test_a_report_excluded_for_age_with_an_adult_is_a_problem():
    """One adult is enough."""
    report = invented.report(decision="exclude", exclusion_reason="under_18")
    found = typed_verdicts(report, invented.patient(age_years=5), invented.patient(patient_label="p2"))
    assert found == [(2, "exclude (under_18)")]


def test_decisions_that_agree_with_the_rules_are_no_problem():
    """Included with an adult; excluded as duplicate, which no rule computes."""
    assert typed_verdicts(invented.report(), invented.patient()) == []
    duplicate = invented.report(decision="exclude", exclusion_reason="duplicate_publication")
    assert typed_verdicts(duplicate, invented.patient()) == []
