"""The names that people write mean what they should, or are asked.

``disease_names.csv``: the list of the issue on disease names (origin: shared) and names written down before the terms
(own). ``disease_names_held_out.csv``: names written down after the terms. When first tried, 165 of the first batch were
right, 11 asked, none wrong (held out); of the second, written after mending for the first, 151 were right, 4 asked,
none wrong (held out, second). What was asked was mended afterwards: the counts below are no estimate for unseen names.
``expected``: the diseases that are right; ``?`` where it is right to ask.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import invented
import pytest

from casepool.checks.disease_names import disease_names
from casepool.diseases import DiseaseNames

LISTS = {
    (row["origin"], row["name"]): {one.strip() for one in row["expected"].split(";")}
    for name in ("disease_names.csv", "disease_names_held_out.csv")
    for row in csv.DictReader((Path(__file__).parent / name).read_text(encoding="utf-8").splitlines())
}


@pytest.fixture(scope="module")
def names() -> DiseaseNames:
    """Return the names of the project."""
    return disease_names(invented.ROOT, invented.protocol())


def told(names: DiseaseNames, name: str, expected: set[str]) -> str:
    """Return whether a name comes out right, is asked, or comes out wrong."""
    disease = names.recognise(name).disease or "?"
    return "right" if disease in expected else "asked" if disease == "?" else "wrong"


@pytest.mark.parametrize(
    ("origin", "right", "asked"),
    RESULTS := [("shared", 42, 1), ("own", 297, 0), ("held out", 176, 0), ("held out, second", 155, 0)],
)
def test_no_name_means_a_wrong_disease(names, origin, right, asked):
    """Of each list at least as many are right, and at most as many asked, as were counted."""
    listed = {name: expected for (where, name), expected in LISTS.items() if where == origin}
    counts = Counter(told(names, name, expected) for name, expected in listed.items())
    assert [name for name, expected in listed.items() if told(names, name, expected) == "wrong"] == []
    assert counts["right"] >= right
    assert counts["asked"] <= asked


def test_every_list_is_counted():
    """No origin is forgotten."""
    assert {origin for origin, _ in LISTS} == {origin for origin, _, _ in RESULTS}
