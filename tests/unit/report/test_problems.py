"""Problems are told in the language of the reader."""

from __future__ import annotations

import pytest

from casepool.checks.data import CheckReport
from casepool.contract import CURATED, SOURCES
from casepool.contract.registry import REGISTRY_TABLES
from casepool.model.errors import Problem
from casepool.report.words.problems import check_text, expected_in_french, problem_text, problems_text

TABLES = (*CURATED, SOURCES, *REGISTRY_TABLES)
EXPECTATIONS = sorted(
    {column.expectation() for table in TABLES for column in table.columns}
    | {rule.expected for table in TABLES for rule in table.rules}
)


@pytest.mark.parametrize("expected", EXPECTATIONS)
def test_every_expectation_of_the_data_contract_has_a_french_text(expected: str) -> None:
    """Nothing that a column or rule expects stays in English."""
    french = expected_in_french(expected)
    assert french is not None
    assert french != expected


def test_a_problem_in_french_names_line_key_value_and_nearest_value() -> None:
    """The place is told as in English, in French words and typography."""
    problem = Problem("patients.csv", 4, "report_id=a", "sex", "femalle", "one of female, male", "female")
    expected = (
        "patients.csv, ligne 4, report_id=a : sex = femalle ; attendu : l’une des valeurs "
        "female (femme), male (homme). Vouliez-vous dire « female » ?"
    )
    assert problem_text(problem, "fr") == expected


def test_an_expectation_without_french_text_is_told_in_english() -> None:
    """A message is never lost for want of a translation."""
    problem = Problem("x.csv", 0, "", "", "rubbish", "something else entirely")
    assert problem_text(problem, "fr") == "x.csv : rubbish ; attendu : something else entirely."


def test_problems_are_counted_in_both_languages() -> None:
    """One or several."""
    problem = Problem("x.csv", 2, "k=1", "c", "a", "a number")
    assert problems_text([problem], "fr").startswith("1 problème dans les données :")
    assert problems_text([problem, problem], "en").startswith("2 problems in the data:")


def test_what_was_normalised_is_told_in_the_language_of_the_reader() -> None:
    """Notes on the form of a table are translated, too."""
    report = CheckReport((), ("patients: read as Windows-1252", "patients: sex: 3 cell(s) normalised"), {"patients": 4})
    assert check_text(report, "fr").splitlines()[:2] == [
        "normalisé : patients : lu en Windows-1252",
        "normalisé : patients : sex : 3 case(s)",
    ]
    assert check_text(report, "en").splitlines()[0] == "normalised: patients: read as Windows-1252"


def test_what_is_missing_in_a_table_is_told_in_french() -> None:
    """What a check found in place of a value is no value of the table."""
    problem = Problem("patients.csv", 1, "", "sex", "column is missing", "the columns of the data contract")
    assert ": sex = colonne absente ; attendu : les colonnes du contrat de données" in problem_text(problem, "fr")


def test_a_retracted_report_is_told_in_french() -> None:
    """What PubMed says stands as it is."""
    expected = "exclude (reason retracted), or a row in retraction_overrides.csv with the reason to keep it; PubMed: x"
    assert str(expected_in_french(expected)).endswith("avec le motif de la garder ; PubMed : x")
