"""Ascertainment follows from the appraisal, whatever the reader thinks of it."""

from __future__ import annotations

from itertools import product

import invented
import pandas as pd
import pytest

from casepool.extraction.appraisal import ascertainment_by_report, ascertainment_of, effect_of
from casepool.model.message import text
from casepool.model.vocabulary import label

ANSWERS = ("yes", "no", "unclear", "not_applicable", pd.NA)
CONSECUTIVE = ("yes", "yes")


@pytest.mark.parametrize(("murad", "four", "five"), list(product(ANSWERS, repeat=3)))
def test_the_truth_table_of_ascertainment(murad, four, five):
    """Complete: Murad 1 yes, or JBI 4 and 5 yes. Unclear: Murad 1 unclear. Else selective."""
    told = tuple("" if answer is pd.NA else answer for answer in (murad, four, five))
    complete = told[0] == "yes" or told[1:] == CONSECUTIVE
    expected = "complete" if complete else "unclear" if told[0] == "unclear" else "selective"
    assert ascertainment_of(murad, four, five) == expected
    assert text(effect_of(murad, four, five), "en").startswith(label(expected, "en").capitalize())
    by_turn = expected == "complete" and told[0] != "yes"
    assert ("JBI 4 et 5" in text(effect_of(murad, four, five), "fr")) == by_turn


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("yes", "no", "selective"),
        ("yes", "unclear", "unclear"),
        ("unclear", "no", "selective"),
        ("yes", "yes", "complete"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_readers_who_disagree_yield_the_more_cautious_reading(first, second, expected, swapped):
    """Who read first does not matter."""
    answers = (second, first) if swapped else (first, second)
    rows = [invented.appraisal(reader=f"reader_{i}", murad_1=answer) for i, answer in enumerate(answers)]
    assert ascertainment_by_report(invented.frame("appraisal", *rows)) == {"alpha2020": expected}


def test_the_row_on_which_readers_agreed_outweighs_those_of_each():
    """Else the more cautious one holds."""
    rows = [invented.appraisal(reader=reader, murad_1=answer) for reader, answer in (("anne", "yes"), ("boris", "no"))]
    of_both = invented.frame("appraisal", *rows)
    settled = invented.frame("appraisal", *rows, invented.appraisal(reader="consensus", murad_1="yes"))
    assert ascertainment_by_report(of_both) == {"alpha2020": "selective"}
    assert ascertainment_by_report(settled) == {"alpha2020": "complete"}
