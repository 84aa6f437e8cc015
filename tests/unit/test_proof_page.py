"""The page on the long runs names every trial and every area of the mutants as they are now."""

from __future__ import annotations

import re

import pytest
from invented import ROOT
from mutants_run import AREAS
from trial_run import listed

PAGE = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")


def test_the_page_lists_every_trial_with_what_must_be_said():
    assert listed() in PAGE


@pytest.mark.parametrize("area", AREAS)
def test_the_page_shows_that_a_test_notices_enough_mutants_of_each_area(area):
    """At least 85 of a hundred; what was not noticed is spoken of below the table."""
    (row,) = re.findall(rf"^\| {area} \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)
    drawn, noticed = map(int, row)
    assert drawn >= noticed >= 0.85 * drawn
