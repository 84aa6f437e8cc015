"""The PubMed query follows from the protocol."""

from __future__ import annotations

import invented
import pytest

from casepool.search.strategy import pubmed_query


@pytest.fixture(scope="module")
def query():
    """Return the query of the project."""
    return pubmed_query(invented.protocol())


def test_the_drug_and_a_subject_are_both_asked_for(query):
    """Two groups joined by one AND, brackets balanced."""
    drug, subjects = query.split(") AND (")
    assert drug.startswith('("daratumumab"[Supplementary Concept] OR "daratumumab"[tiab]')
    assert subjects.endswith(")")
    assert query.count("(") == query.count(")") == 2


def test_every_eligible_disease_is_searched_by_heading_and_by_word(query):
    """A disease without terms would be missed in silence."""
    for disease in invented.protocol().diseases:
        if disease.eligible:
            assert f'"{disease.mesh[0]}"[MeSH Terms]' in query
            assert f"{disease.text[0]}" in query


def test_a_disease_that_is_not_asked_about_is_not_searched(query):
    """Excluded diseases carry no terms of their own."""
    assert "Encephalitis" not in query


def test_a_truncated_word_stands_without_quotation_marks(query):
    """PubMed does not truncate inside quotation marks without a field."""
    assert "autoantibod*[tiab]" in query
    assert '*"' not in query


def test_no_term_stands_twice(query):
    """A repeated term makes the query longer and finds nothing more."""
    terms = query.split(") AND (")[1].removesuffix(")").split(" OR ")
    assert len(terms) == len(set(terms))


def test_neither_language_nor_type_of_publication_is_limited(query):
    """Limits lose cases told in other languages."""
    assert "[la]" not in query
    assert "[pt]" not in query
