"""What is surely one publication, and what no title or DOI outweighs (records are invented)."""

from __future__ import annotations

import pytest

from casepool.search.formats.citation import FIELDS
from casepool.search.publications.compare import compare
from casepool.search.publications.facts import all_facts, facts_of
from casepool.search.publications.rules import Rule, contradictions, rule_of

TITLE = "Daratumumab in refractory immune thrombocytopenia after splenectomy"
FULL = {
    "title": TITLE, "authors": "Martin, Paul; Petit, Quentin", "year": 2021, "journal": "J Inv", "volume": "12",
    "issue": "3", "pages": "101-108",
}  # fmt: skip


def told(**changes):
    """Return what is compared of an invented record."""
    return facts_of(dict.fromkeys(FIELDS, "") | {"record_id": "ris:a"} | FULL | changes)


def rule(first, second):
    """Return the rule that joins two records, the same whichever is first."""
    one, other = told(**first), told(**second)
    assert rule_of(compare(one, other)) == rule_of(compare(other, one))
    return rule_of(compare(one, other))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"pmid": "1"}, {"pmid": "1", "title": "Quite another title of an invented report"}, Rule.PMID),
        ({"doi": "10.1000/X"}, {"doi": "https://doi.org/10.1000/x".removeprefix("https://doi.org/")}, Rule.DOI),
        ({"doi": "10.1000/x%281%29"}, {"doi": "10.1000/X(1)."}, Rule.DOI),
        ({"doi": "10.1000/x", "pages": "1-8", "volume": "", "issue": ""}, {"doi": "10.1000/x"}, Rule.DOI),
        ({"doi": "10.1000/x"}, {"doi": "10.1000/x", "authors": "The editors"}, Rule.DOI),
        ({"doi": "10.1000/x"}, {"doi": "10.1000/x", "title": TITLE.replace("after", "before or after")}, Rule.DOI),
        ({}, {"journal": "Journal of inventions : official journal of inventors"}, Rule.TITLE),
        ({}, {"journal": "Zeitschrift der Erfinder"}, Rule.TITLE),
        ({"issn": "1234-567X", "pages": ""}, {"issn": "0000-0000; 1234-567x", "journal": "Z Erf"}, Rule.TITLE),
        ({}, {"title": f"{TITLE}: a randomised trial"}, Rule.TITLE),
        ({}, {"year": 2022}, Rule.TITLE),
        ({}, {"issue": "5"}, Rule.TITLE),
        ({}, {"authors": "Quentin, Petit; Paul, Martin"}, None),
        ({}, {"authors": "Paul, Martin; Petit, Quentin"}, Rule.TITLE),
        ({"pages": "", "volume": "", "issue": ""}, {}, Rule.TITLE),
        ({"title": "[Daratumumab bei refraktärer Immunthrombozytopenie nach Splenektomie]"}, {}, Rule.PLACE),
    ],
)
def test_what_is_surely_one_publication(first, second, expected):
    """All else is equal, so that each difference alone is judged."""
    assert rule(first, second) is expected


@pytest.mark.parametrize(
    "second",
    [
        {"authors": "Roux, Ines"},
        {"pages": "201-208"},
        {"volume": "13", "pages": ""},
        {"issue": "4", "pages": ""},
        {"issue": "Suppl 1", "pages": ""},
        {"title": f"{TITLE}. Part II"},
        {"title": f"Reply to: {TITLE}"},
        {"title": TITLE.replace("immune thrombocytopenia", "systemic lupus"), "pages": "101"},
        {"doi": "10.1000/y"},
        {"pmid": "2"},
    ],
)
@pytest.mark.parametrize("first", [{}, {"doi": "10.1000/x"}, {"pmid": "1"}])
def test_no_title_outweighs_another_author_page_volume_issue_part_or_reply(first, second):
    """Nor a DOI: a supplement has one for all its abstracts."""
    same = {name: value for name, value in first.items() if name == "doi" and "doi" not in second}
    if second.get("pages") == "" and not same:
        first = first | {"pages": ""}
    if same and "authors" in second:
        first, second = first | {"pages": ""}, second | {"pages": ""}
    known = {**first, "doi": "10.1000/x", "pmid": "1"} if {"doi", "pmid"} & set(second) else first
    assert rule(known, {**same, **second}) is None


def test_an_abstract_of_a_meeting_is_not_the_article_of_that_title():
    """In the same journal and year, with pages in one record only."""
    abstract = {"publication_types": "Conference Abstract", "pages": "", "volume": "", "issue": ""}
    assert rule(abstract, {"publication_types": "Journal Article"}) is None
    assert "kind" in contradictions(compare(told(**abstract), told(publication_types="Journal Article")))


def test_a_short_title_has_to_stand_at_one_place():
    """A letter called Reply."""
    assert rule({"title": "Reply"}, {"title": "Reply"}) is Rule.TITLE
    assert rule({"title": "Reply", "pages": ""}, {"title": "Reply", "pages": ""}) is None


def test_a_running_number_is_no_issue():
    """EndNote numbers the records of a library in the field of the issue."""
    rows = [
        dict.fromkeys(FIELDS, "") | {"source_file": "a.csv", "title": f"{TITLE} {n}", "year": 2020, "issue": str(n)}
        for n in range(1, 61)
    ]
    assert {one.issue for one in all_facts(rows)} == {""}
    assert {one.issue for one in all_facts([row | {"issue": "3"} for row in rows])} == {"3"}
