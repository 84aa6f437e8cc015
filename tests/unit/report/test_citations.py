"""Short citations."""

import pandas as pd
import pytest

from casepool.report.words.citations import citations, cite


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Ostendorf L; Burns M", "Ostendorf 2020"),
        ("van den Berg J, Smit A", "van den Berg 2020"),
        ("Landon-Cardinal O", "Landon-Cardinal 2020"),
        ("Dupont A.-B. et al.", "Dupont 2020"),
        ("Aggarwal", "Aggarwal 2020"),
    ],
)
def test_the_first_author_is_named_without_initials(authors: str, expected: str):
    assert cite({"authors": authors, "journal": "Lupus", "year": 2020}, "en") == expected


@pytest.mark.parametrize(
    ("cells", "english", "french"),
    [
        ({"journal": "Nature Medicine", "year": 2025}, "Authors not known 2025", "Auteurs non connus 2025"),
        ({"journal": "Lupus"}, "Authors not known, no date", "Auteurs non connus, s. d."),
        ({}, "Authors not known, no date", "Auteurs non connus, s. d."),
    ],
)
def test_authors_who_are_not_known_are_said_to_be(cells, english: str, french: str):
    """Neither a journal nor an internal id stands in an author's place, and a missing date is said."""
    row = {"authors": pd.NA, "journal": None, "year": None, "report_id": "x1", **cells}
    assert (cite(row, "en"), cite(row, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"journal": "Blood", "year": 2020}, ["Authors not known 2020a", "Authors not known 2020b"]),
        ({"journal": "Blood"}, ["Authors not known, no date\u00a0a", "Authors not known, no date\u00a0b"]),
        ({"authors": "Li X"}, ["Li\u00a0a", "Li\u00a0b"]),
    ],
)
def test_letters_stand_behind_the_year_and_never_run_into_a_word(cells, expected: list[str]):
    rows = [{"authors": None, "journal": None, "year": None, **cells, "report_id": one} for one in ("b", "a")]
    found = citations(pd.DataFrame(rows), "en")
    assert [found["a"], found["b"]] == expected


def test_same_author_and_year_are_told_apart_by_letters():
    rows = [{"report_id": one, "authors": "Li X", "journal": "B", "year": 2020} for one in ("r2", "r1")]
    rows.append({"report_id": "r3", "authors": "Li X", "journal": "B", "year": 2021})
    found = citations(pd.DataFrame(rows), "en")
    assert [found[report] for report in ("r1", "r2", "r3")] == ["Li 2020a", "Li 2020b", "Li 2021"]


def test_totals_of_the_registry_have_a_name_in_each_language():
    """They are no publications, and stand beside them."""
    names = [citations(pd.DataFrame({"report_id": []}), language)["registry_complete"] for language in ("fr", "en")]
    assert names == ["Registre, tous les patients du centre", "Registry, all patients of the centre"]
