"""What speaks for and against two records being one publication, in words."""

from __future__ import annotations

from collections.abc import Iterator

from casepool.model.message import Message
from casepool.search.publications.compare import Comparison
from casepool.search.publications.facts import Facts
from casepool.search.publications.titles import Relation

_TITLES = {
    Relation.EQUAL: Message("fact_title"),
    Relation.SPELLED: Message("fact_title_spelled"),
    Relation.PART: Message("fact_title_part"),
    Relation.MORE: Message("fact_titles"),
    Relation.OTHER: Message("fact_titles"),
    Relation.NUMBER: Message("fact_title_numbers"),
    Relation.ABOUT: Message("fact_title_about"),
}
_FOR = frozenset({Relation.EQUAL, Relation.SPELLED, Relation.PART})
_ALIKE = 80.0  # titles less alike differ in more than a number
_IDS = {"pmid": Message("fact_pmid"), "doi": Message("fact_doi")}
_FACTS = {
    "author": Message("fact_author"),
    "year": Message("fact_year"),
    "journal": Message("fact_journal"),
    "volume": Message("fact_volume"),
    "issue": Message("fact_issue"),
    "page": Message("fact_page"),
}


def explained(pair: Comparison) -> Message:
    """Return which facts of two records agree and which differ, with their values."""
    agree, differ = tuple(_agreeing(pair)), tuple(_differing(pair))
    if not agree:
        return Message("only_different", differ=differ)
    return Message("same_and_different", agree=agree, differ=differ) if differ else Message("only_same", agree=agree)


def _agreeing(pair: Comparison) -> Iterator[Message]:
    for name, fact in _IDS.items():
        if getattr(pair, name):
            yield Message("fact_with_value", fact=fact, value=str(getattr(pair.a, name)))
    if pair.title in _FOR:
        yield _TITLES[pair.title]
    yield from (fact for name, fact in _FACTS.items() if getattr(pair, name))


def _differing(pair: Comparison) -> Iterator[Message]:
    if pair.title in _TITLES and pair.title not in _FOR:
        how = _TITLES[pair.title if pair.likeness >= _ALIKE else Relation.OTHER]
        yield Message("titles_differ", how=how, alike=round(pair.likeness))
    for name, fact in {**_IDS, **_FACTS}.items():
        if getattr(pair, name) is False:
            yield Message("fact_differs", fact=fact, a=_value(pair.a, name), b=_value(pair.b, name))
    if pair.kind is False:
        yield Message("fact_kind")


def _value(facts: Facts, name: str) -> str:
    if name == "author":
        return facts.authors.surname
    return f"{facts.pages.letter}{facts.pages.first}" if name == "page" else str(getattr(facts, name))
