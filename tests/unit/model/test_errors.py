"""Problems are told so that a person can mend them."""

from __future__ import annotations

import pytest

from casepool.model.errors import CasepoolError, CuratedDataError, Problem, format_problems


def test_a_problem_of_a_whole_file_names_no_row():
    """Row 0 stands for the whole file."""
    problem = Problem("a.csv", 0, "", "", "the file is empty", "a header")
    assert str(problem) == "a.csv: the file is empty; expected a header."


def test_one_problem_is_counted_in_the_singular():
    """Small courtesy."""
    assert format_problems([Problem("a.csv", 0, "", "", "x", "y")]).startswith("1 problem in")


def test_an_error_of_curated_data_carries_its_problems():
    """The command line prints them; the workflow counts them."""
    problems = [Problem("a.csv", row, "", "", "x", "y") for row in (1, 2)]
    with pytest.raises(CasepoolError, match="2 problems") as caught:
        raise CuratedDataError(problems)
    assert caught.value.problems == tuple(problems)


def test_a_problem_as_plain_data_has_all_its_parts():
    """What ``--format json`` prints."""
    told = Problem("a.csv", 2, "id=1", "sex", "x", "female", "y").as_dict()
    assert told["nearest"] == "y"
    assert list(told) == ["file", "row", "key", "column", "found", "expected", "nearest", "example"]
