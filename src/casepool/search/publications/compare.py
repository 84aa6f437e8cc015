"""Two records side by side: which facts agree, which differ, which one of them does not tell."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from casepool.search.publications.authors import same_authors
from casepool.search.publications.facts import Facts
from casepool.search.publications.journals import same_journal
from casepool.search.publications.places import same_issue, same_page
from casepool.search.publications.titles import Relation, relation


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side. Each fact: True agrees, False differs, None is not told by one of them.

    Attributes
    ----------
    title : in what the titles differ.
    likeness : how alike they are, from 0 to 100; 0 where one was not seen.
    long : whether both are long enough to tell one publication from another.
    near_year : whether the years differ by one at most.
    kind : whether both say that they are abstracts of a meeting, or both that they are articles.
    """

    a: Facts
    b: Facts
    title: Relation
    likeness: float
    long: bool
    pmid: bool | None
    doi: bool | None
    author: bool | None
    year: bool | None
    near_year: bool | None
    journal: bool | None
    volume: bool | None
    issue: bool | None
    page: bool | None
    kind: bool | None


def compare(a: Facts, b: Facts) -> Comparison:
    """Return two records side by side."""
    title = relation(a.title, b.title)
    return Comparison(
        a,
        b,
        title,
        likeness(a, b) if title is not Relation.EQUAL else 100.0,
        a.title.long and b.title.long,
        _equal(a.pmid, b.pmid),
        _equal(a.doi, b.doi),
        same_authors(a.authors, b.authors),
        _equal(a.year, b.year),
        abs(a.year - b.year) <= 1 if a.year and b.year else None,
        True if a.issns & b.issns else same_journal(a.journal, b.journal),
        _equal(a.volume, b.volume),
        same_issue(a.issue, b.issue),
        same_page(a.pages, b.pages),
        None if a.abstract is None or b.abstract is None else a.abstract == b.abstract,
    )


def same_id(a: Facts, b: Facts) -> bool:
    """Return whether two records carry one DOI or one PubMed id."""
    return bool((a.doi and a.doi == b.doi) or (a.pmid and a.pmid == b.pmid))


def likeness(a: Facts, b: Facts, least: float = 0.0) -> float:
    """Return how alike two titles are, from 0 to 100; 0 where one was not seen or they are less alike than `least`."""
    if not (a.title.text and b.title.text):
        return 0.0
    return float(fuzz.ratio(a.title.ordered, b.title.ordered, score_cutoff=least))


def _equal(a: object, b: object) -> bool | None:
    return a == b if a and b else None
