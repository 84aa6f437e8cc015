"""Journals: abbreviations, subtitles, translations and acronyms of one name."""

from __future__ import annotations

import pytest

from casepool.search.publications.journals import same_journal


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("J Inv", "Journal of Inventions", True),
        ("Transfusion", "Transfusion : the journal of inventions", True),
        ("Aizheng", "Ai zheng = Aizheng = Chinese journal of cancer", True),
        ("Diabetes & Metabolism", "Diabetes and metabolism", True),
        ("BMJ", "BMJ (Clinical research ed.)", True),
        ("Jpn J Natl Inv", "Japanese Journal of National Inventions", True),
        ("JOIR", "Journal of Invented Research", False),
        ("JIR", "Journal of Invented Research", True),
        ("Blood", "Blood Advances", False),
        ("Am J Inv", "Am J Nephrol", False),
        ("", "Blood", None),
    ],
)
def test_what_is_one_journal(first, second, expected):
    """True, False, or None where one is not given."""
    assert same_journal(first, second) is expected
    assert same_journal(second, first) is expected
