"""Pairs of records that a human should look at: perhaps one publication, perhaps two of one study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casepool import defaults
from casepool.model.message import Message
from casepool.model.vocabulary import Suspicion
from casepool.search.publications.compare import Comparison, compare, likeness, same_id
from casepool.search.publications.explain import explained
from casepool.search.publications.facts import Facts
from casepool.search.publications.places import same_page
from casepool.search.publications.rules import ALIKE, contradictions, rule_of, strength
from casepool.search.publications.titles import Relation
from casepool.typing import IntArray

LISTED_AT_A_PLACE = 40.0  # titles so alike are shown where they stand on one page of one volume
_NUMBERS = 3  # numbers that reports of one study have apart: part, months, patients; more are a scheme of titles
_CONTAINER = 2  # contradictions under one DOI from which on it is that of a book or supplement
_SAME_TITLE = frozenset({Relation.EQUAL, Relation.SPELLED, Relation.PART})


@dataclass(frozen=True)
class Listed:
    """Which pairs are shown: titles at least so alike (of 100), and records at most so many years apart."""

    title: float = defaults.LIKE_TITLES
    years: int = defaults.NEAR_YEARS


LISTED = Listed()


@dataclass(frozen=True)
class Pair:
    """Two records, by their places, what they may be, and why.

    Attributes
    ----------
    strength : the more, the more speaks for one publication.
    """

    a: int
    b: int
    suspicion: Suspicion
    likeness: float
    strength: float
    why: Message


def doubtful_pairs(facts: Mapping[int, Facts], pairs: IntArray, listed: Listed = LISTED) -> list[Pair]:
    """Return those pairs of publications that are for a human, perhaps duplicates first, the strongest first.

    Parameters
    ----------
    facts : of publications, numbered in an order that their content alone decides.
    """
    found = []
    for a, b in pairs.tolist():
        pair = _worth_a_look(facts[a], facts[b], listed)
        if pair:
            why = Message("held_apart", why=explained(pair)) if rule_of(pair) else explained(pair)
            found.append(Pair(a, b, _suspicion(pair), pair.likeness, strength(pair), why))
    return sorted(found, key=lambda one: (list(Suspicion).index(one.suspicion), -one.strength, one.a, one.b))


def _worth_a_look(a: Facts, b: Facts, listed: Listed) -> Comparison | None:
    """Return two publications side by side, or None where nothing speaks for one publication or study."""
    if not (same_id(a, b) or same_page(a.pages, b.pages) or likeness(a, b, listed.title) or _holds(a, b)):
        return None
    pair = compare(a, b)
    return pair if _doubtful(pair, listed) else None


def _holds(a: Facts, b: Facts) -> bool:
    """Return whether one title may be a part of the other."""
    short, long = sorted((a.title.text, b.title.text), key=len)
    return bool(short) and (long.startswith(short) or long.endswith(short))


def _doubtful(pair: Comparison, listed: Listed) -> bool:
    if pair.pmid or (pair.title in _SAME_TITLE and pair.long):
        return True
    if pair.doi:  # one that stands for a whole supplement makes no pairs
        unlike = pair.long and pair.likeness < ALIKE
        return pair.likeness >= listed.title or len(contradictions(pair)) + unlike < _CONTAINER
    place = pair.page and (pair.volume or pair.year) and (pair.author or pair.journal)
    if place and (pair.likeness >= LISTED_AT_A_PLACE or pair.title is Relation.UNSEEN):
        return True
    few = len(set(pair.a.title.numbers) ^ set(pair.b.title.numbers)) <= _NUMBERS
    years = (pair.a.year, pair.b.year)
    near = None in years or abs((pair.a.year or 0) - (pair.b.year or 0)) <= listed.years
    return few and near and pair.likeness >= listed.title and pair.author is not False


def _suspicion(pair: Comparison) -> Suspicion:
    if pair.doi or pair.pmid or rule_of(pair):
        return Suspicion.DUPLICATE
    elsewhere = pair.journal is False and not (pair.page and pair.volume)
    later = pair.near_year is False and not pair.volume
    told_so = pair.title in {Relation.NUMBER, Relation.ABOUT} or pair.kind is False
    return Suspicion.STUDY if elsewhere or later or told_so else Suspicion.DUPLICATE
