"""Which records are surely one publication: the rules, strongest first, and what no title or DOI outweighs."""

from __future__ import annotations

from enum import StrEnum

from casepool.search.publications.compare import Comparison, compare, likeness, same_id
from casepool.search.publications.facts import Facts
from casepool.search.publications.places import same_page
from casepool.search.publications.titles import Relation

ALIKE = 50.0  # two translations of one title are at least so alike
ALIKE_ANYWHERE = 78.0  # spellings of one title, wherever it stands, are at least so alike
WHOLE_PAGES = 3  # two texts of one author do not share first and last page of so many
_WORDING = frozenset({Relation.EQUAL, Relation.SPELLED})
_TITLE = _WORDING | {Relation.PART}


class Rule(StrEnum):
    """By what two records are surely one publication, strongest first."""

    PMID = "same_pmid"
    DOI = "same_doi"
    TITLE = "same_title"
    PLACE = "same_place"


def worth_comparing(a: Facts, b: Facts) -> Comparison | None:
    """Return two records side by side, or None where no rule can join them: alike neither in id, place nor title."""
    if same_id(a, b):
        return compare(a, b)
    if a.title.numbers != b.title.numbers or not (same_page(a.pages, b.pages) or likeness(a, b, ALIKE_ANYWHERE)):
        return None
    return compare(a, b)


def contradictions(pair: Comparison) -> list[str]:
    """Return the facts that speak against one publication, whatever the title or the DOI say."""
    found = [
        ("pmid", pair.pmid is False),
        ("doi", pair.doi is False),
        ("author", pair.author is False),
        ("page", pair.page is False),
        ("volume", pair.volume is False),
        ("issue", pair.issue is False and not (pair.page and pair.volume)),
        ("number", pair.title is Relation.NUMBER),
        ("about", pair.title is Relation.ABOUT),
        ("kind", pair.kind is False and not pair.page),
    ]
    return [name for name, speaks in found if speaks]


def rule_of(pair: Comparison) -> Rule | None:
    """Return the rule by which two records are surely one publication, or None."""
    if pair.pmid:
        return Rule.PMID
    against = contradictions(pair)
    if pair.doi:
        return Rule.DOI if _by_doi(pair, against) else None
    if against or pair.title is Relation.UNSEEN:
        return None
    if _by_title(pair):
        return Rule.TITLE
    return Rule.PLACE if _by_place(pair) else None


def strength(pair: Comparison) -> float:
    """Return how much speaks for one publication: facts that agree less those that differ, and the titles' likeness."""
    facts = (pair.doi, pair.author, pair.year, pair.journal, pair.volume, pair.issue, pair.page)
    return facts.count(True) - facts.count(False) + 4 * pair.likeness / 100


def _by_doi(pair: Comparison, against: list[str]) -> bool:
    """Return whether records under one DOI are one publication and not two of a book or supplement."""
    if against:  # an export mistook the first author, or tells the pages of before the issue
        early = pair.a.pages.first == 1 or pair.b.pages.first == 1
        mistaken = (against == ["author"] and pair.page) or (against == ["page"] and early and pair.author)
        return bool(mistaken) and pair.title is Relation.EQUAL and pair.long and pair.near_year is not False
    if pair.title is Relation.UNSEEN or pair.title in _TITLE:
        return True
    return pair.long and pair.likeness >= ALIKE and bool(pair.author) and (pair.title is Relation.MORE or _whole(pair))


def _by_title(pair: Comparison) -> bool:
    """Return whether title, first author and place agree; more of the place has to where one record tells little."""
    if pair.title not in _TITLE:
        return False
    if pair.page and _at_one_place(pair):
        return True
    if not pair.long or pair.title not in _WORDING or not pair.author:
        return False
    if pair.year:
        return bool(pair.journal) or (pair.journal is None and pair.title is Relation.EQUAL)
    return bool(pair.near_year and pair.volume and pair.journal)


def _at_one_place(pair: Comparison) -> bool:
    """Return whether, on the same first page, enough else agrees."""
    if pair.author:
        volume = pair.volume and (pair.long or pair.journal)
        return bool(volume or (pair.long and pair.year and pair.journal is not False))
    return bool(pair.long and pair.year and pair.journal and pair.volume)


def _by_place(pair: Comparison) -> bool:
    """Return whether the records fill the same pages of the same volume: one title is a translation."""
    agree = pair.author and pair.year and pair.volume and pair.journal
    return bool(agree) and _whole(pair) and pair.likeness >= ALIKE


def _whole(pair: Comparison) -> bool:
    a, b = pair.a.pages, pair.b.pages
    return bool(pair.page) and a.last == b.last and a.span >= WHOLE_PAGES
