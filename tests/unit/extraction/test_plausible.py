"""What the schemas let pass and no stage could use is found by the check."""

from __future__ import annotations

import invented
import pytest

from casepool.extraction.curated import Curated
from casepool.extraction.plausible import LONGEST_ID, MOST_PATIENTS, plausibility_problems, uncounted_hints
from casepool.model.message import text

COHORT = invented.cohort("alpha2020")
INTERVAL = {"report_id": "alpha2020", "stratum": "all", "time_months": 6, "proportion": 0.5, "level": 0.95}
INTERVAL |= {"ci_lower": 0.3, "ci_upper": 0.7}
LISTED = {"citation_key": "anon", "status": "unidentified", "disease": "itp", "ascertainment": "complete"}
LISTED |= {"n_evaluable": 8, "n_response": 5, "replaces": "alpha2020"}


def curated(**tables):
    """Return the invented project with these tables."""
    return Curated(invented.curated(**tables), (), ())


def problems(**tables):
    """Return every problem of the invented project with these tables."""
    return list(plausibility_problems(curated(**tables), invented.protocol()))


def places(**tables):
    """Return (file, row, column, found) of every problem."""
    return [(one.file, one.row, one.column, str(one.found)) for one in problems(**tables)]


def incidence(**changes):
    """Return the places of problems of a cumulative incidence."""
    return places(cohorts=[COHORT], cumulative_incidences=[INTERVAL | changes])


def listed(**changes):
    """Return the places of problems of a row of the reading list."""
    return places(reading_list=[LISTED | changes])


def test_the_invented_project_is_plausible():
    """Neither its cohorts nor its lists are in doubt."""
    assert incidence() == []
    assert listed() == []
    assert listed(disease="itp; sle", n_evaluable=None, n_response=None, replaces=None, ascertainment=None) == []


@pytest.mark.parametrize(
    ("changes", "column", "found"),
    [
        ({"stratum": "none"}, "stratum", "alpha2020/none"),
        ({"proportion": None}, "proportion", "(empty)"),
        ({"ci_lower": None}, "ci_lower", "(empty)"),
        ({"ci_upper": None}, "ci_upper", "(empty)"),
        ({"level": None}, "level", "(empty)"),
        ({"ci_lower": 0.0}, "ci_lower", "0.0"),
        ({"ci_upper": 1.0}, "ci_upper", "1.0"),
        ({"ci_lower": 0.5}, "ci_lower", "0.5"),
        ({"ci_upper": 0.4}, "ci_upper", "0.4"),
    ],
)
def test_a_cumulative_incidence_has_a_known_stratum_and_ordered_limits(changes, column, found):
    """Limits of 0, 1 or in the wrong order have no width on the scale of odds."""
    assert incidence(**changes) == [("cumulative_incidences.csv", 2, column, found)]


def test_a_cumulative_incidence_may_be_told_without_interval():
    """It is recorded and enters no analysis."""
    assert incidence(ci_lower=None, ci_upper=None, level=None) == []


@pytest.mark.parametrize(
    ("changes", "column", "found"),
    [
        ({"disease": "itp; gout", "n_evaluable": None}, "disease", "gout"),
        ({"disease": "itp; sle"}, "disease", "itp; sle"),
        ({"ascertainment": "whole"}, "ascertainment", "whole"),
        ({"replaces": "alpha2020; gamma"}, "replaces", "gamma"),
        ({"n_evaluable": MOST_PATIENTS + 1}, "n_evaluable", str(MOST_PATIENTS + 1)),
    ],
)
def test_the_reading_list_names_known_diseases_reports_and_kinds(changes, column, found):
    """Several diseases share no counts."""
    expected = [("reading_list.csv", 2, column, found)]
    assert [place for place in listed(**changes) if place[2] != "n_response"] == expected


def test_a_word_near_a_kind_of_ascertainment_is_offered():
    """As everywhere."""
    (problem,) = problems(reading_list=[LISTED | {"ascertainment": "complet"}])
    assert problem.nearest == "complete"


def test_a_stratum_has_a_label_that_no_patient_of_its_report_has():
    """The two would be one case."""
    assert places(cohorts=[COHORT | {"stratum": "p1"}]) == [("cohorts.csv", 2, "stratum", "p1")]


def test_a_report_is_no_part_of_the_registry():
    """Neither by its kind nor by its id."""
    report = invented.report("registry_complete", report_type="registry_call")
    found = places(reports=[report], patients=[], reading_list=[])
    assert found == [
        ("reports.csv", 2, "report_type", "registry_call"),
        ("reports.csv", 2, "report_id", "registry_complete"),
    ]


def test_more_patients_than_any_stratum_has_are_refused():
    """A million is a slip of the hand, and no model is made for it."""
    cohort = COHORT | {"n_treated": 1_000_000}
    assert places(cohorts=[cohort]) == [("cohorts.csv", 2, "n_treated", "1000000")]


def test_a_text_that_no_table_can_hold_is_refused():
    """Ids stand in lists of cases and must be short; the message shows their beginning."""
    (problem,) = problems(reports=[invented.report(), invented.report("r" * (LONGEST_ID + 1), study_id="s")])
    assert (problem.column, problem.found) == ("report_id", "r" * LONGEST_ID + "…")
    long = invented.patient(note="x" * 40_000)
    assert [one.column for one in problems(patients=[long])] == ["note"]


def test_counts_of_a_disease_that_nobody_asks_about_are_remarked():
    """No problem: the row is sound, but no analysis uses it."""
    rows = [LISTED, LISTED | {"citation_key": "other", "disease": "ttp"}]
    remarks = list(uncounted_hints(curated(reading_list=rows), invented.protocol()))
    assert list(map(str, remarks)) == ["reading_list: row 3, other: not counted, ttp is not asked about"]
    assert text(remarks[0], "fr") == "reading_list : ligne 3, other : non compté, ttp n’est pas dans la question"


def test_every_expectation_is_told_in_french():
    """None of these problems stays in English."""
    wrong = {"n_treated": 1_000_000, "stratum": "p1"}
    rows = [
        INTERVAL | changes for changes in ({"ci_lower": 0.6, "ci_upper": 0.4}, {"level": None}, {"proportion": None})
    ]
    lists = [LISTED | {"disease": "itp; gout", "replaces": "gamma", "ascertainment": "whole"}]
    found = problems(
        reports=[invented.report(), invented.report("registry_complete", report_type="registry_call")],
        patients=[invented.patient(note="x" * 40_000)],
        cohorts=[COHORT | wrong],
        cumulative_incidences=rows,
        reading_list=lists,
    )
    assert len({one.expected for one in found}) == 14
    assert all(text(one.expected, "fr") != str(one.expected) for one in found)
