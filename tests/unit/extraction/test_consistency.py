"""What one table names must stand in another."""

from __future__ import annotations

import invented
import pytest

from casepool.extraction.consistency import consistency_problems, disease_of_term
from casepool.extraction.curated import Curated


def problems(**tables):
    """Return (file, row, column, found) of every problem of these tables."""
    curated = Curated(invented.curated(**tables), (), ())
    found = consistency_problems(curated, invented.protocol())
    return [(problem.file, problem.row, problem.column, problem.found) for problem in found]


def test_tables_that_agree_have_no_problem():
    """The invented project is sound."""
    assert problems() == []


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        (
            {"patients": [invented.patient(), invented.patient("gamma")]},
            ("patients.csv", 3, "report_id", "gamma"),
        ),
        ({"cohorts": [invented.cohort("gamma")]}, ("cohorts.csv", 2, "report_id", "gamma")),
        (
            {"appraisal": [invented.appraisal(), invented.appraisal("gamma")]},
            ("appraisal.csv", 3, "report_id", "gamma"),
        ),
        (
            {"patients": [invented.patient(same_patient_as="alpha2020/p7")]},
            ("patients.csv", 2, "same_patient_as", "alpha2020/p7"),
        ),
        (
            {"cohorts": [invented.cohort("alpha2020", includes_case="alpha2020/p1; gamma")]},
            ("cohorts.csv", 2, "includes_case", "gamma"),
        ),
        (
            {"identity_decisions": [invented.decision("alpha2020/p1", "gamma/p1")]},
            ("identity_decisions.csv", 2, "case_b", "gamma/p1"),
        ),
        ({"appraisal": []}, ("reports.csv", 2, "decision", "include")),
        ({"patients": [], "appraisal": []}, ("reports.csv", 2, "decision", "include")),
        (
            {"patients": [invented.patient(disease_as_reported="cold fever")]},
            ("patients.csv", 2, "disease_as_reported", "cold fever"),
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_problem(tables, problem):
    """File, row, column and value are told, and nothing else is found."""
    assert problems(**tables) == [problem]


def test_a_disease_that_the_protocol_does_not_know_is_a_problem():
    """The id is refused, and the term that it does not fit."""
    found = problems(patients=[invented.patient(disease="gout")])
    assert ("patients.csv", 2, "disease", "gout") in found


def test_the_nearest_report_is_offered():
    """A typo in an id is one letter from what was meant."""
    curated = Curated(invented.curated(cohorts=[invented.cohort("alpha202")]), (), ())
    (problem,) = consistency_problems(curated, invented.protocol())
    assert problem.nearest == "alpha2020"


def test_an_excluded_report_needs_no_row():
    """Only what is included must be extracted and appraised."""
    excluded = invented.report("gamma2022", decision="exclude", exclusion_reason="review")
    assert problems(reports=[invented.report(), excluded]) == []


def test_a_row_without_disease_is_no_crash():
    """The schema tells it; the references are checked all the same."""
    assert problems(patients=[invented.patient(disease=None)]) == []


def test_the_longest_term_decides_the_disease():
    """Cold autoimmune haemolytic anaemia is not warm."""
    terms = {"aiha": "waiha", "cold aiha": "cold_agglutinin"}
    assert disease_of_term("Refractory Cold AIHA", terms) == "cold_agglutinin"
    assert disease_of_term("refractory AIHA", terms) == "waiha"
    assert disease_of_term("gout", terms) is None
