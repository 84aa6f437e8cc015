"""Short citations."""

import pandas as pd
import pytest

from casepool.reporting.citations import citations, cite


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
    assert cite({"authors": authors, "journal": "Lupus", "year": 2020}) == expected


def test_the_journal_stands_in_where_the_authors_are_not_known():
    assert cite({"authors": pd.NA, "journal": "Nature Medicine", "year": 2025}) == "Nature Medicine 2025"


def test_the_report_id_stands_in_where_nothing_is_known():
    assert cite({"authors": None, "journal": None, "year": None, "report_id": "x1"}) == "x1"


def test_same_author_and_year_are_told_apart_by_letters():
    rows = [{"report_id": one, "authors": "Li X", "journal": "B", "year": 2020} for one in ("r2", "r1")]
    rows.append({"report_id": "r3", "authors": "Li X", "journal": "B", "year": 2021})
    found = citations(pd.DataFrame(rows), "en")
    assert [found[report] for report in ("r1", "r2", "r3")] == ["Li 2020a", "Li 2020b", "Li 2021"]


def test_totals_of_the_registry_have_a_name_in_each_language():
    """They are no publications, and stand beside them."""
    names = [citations(pd.DataFrame({"report_id": []}), language)["registry_complete"] for language in ("fr", "en")]
    assert names == ["Registre, tous les patients du centre", "Registry, all patients of the centre"]


@pytest.mark.parametrize(("year", "expected"), [(2021, "crickx2021eha"), (2022, "crickx2021eha 2022")])
def test_a_year_that_stands_in_an_id_is_not_told_twice(year, expected):
    assert cite({"authors": None, "journal": None, "year": year, "report_id": "crickx2021eha"}) == expected
