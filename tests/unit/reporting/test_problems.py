"""Problems are told in the language of the reader."""

from __future__ import annotations

import pytest

from casepool.errors import Problem
from casepool.reporting.problems import expected_in_french, problem_text, problems_text
from casepool.schemas import CURATED, SOURCES

EXPECTATIONS = sorted(
    {column.expectation() for table in (*CURATED, SOURCES) for column in table.columns}
    | {rule.expected for table in (*CURATED, SOURCES) for rule in table.rules}
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
