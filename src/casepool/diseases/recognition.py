"""Recognise the disease that a name means. What is not certain is asked, never guessed.

A text means a disease only if every word of it is accounted for: as part of a name, or as a word that is known to
change nothing. "Without", "drug-induced", "pernio" and all that nobody foresaw are neither; such a text is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casepool.diseases.folding import fold
from casepool.diseases.terms import Term, Terms, Words, collect, either
from casepool.files import sheets
from casepool.model.protocol import Protocol
from casepool.typing import Row


@dataclass(frozen=True)
class Recognised:
    """What a text means: one disease, or none and those among which a person decides.

    ``terms`` are the known names that stand in the text.
    """

    disease: str | None
    candidates: tuple[str, ...]
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    term: Term

    def within(self, other: _Span) -> bool:
        """Return whether a longer span has all the words of this one."""
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


class DiseaseNames:
    """The names that are known, from the rows of ``disease_terms.csv`` and the protocol."""

    def __init__(self, rows: Iterable[Row], protocol: Protocol) -> None:
        self._terms: Terms = collect(rows, protocol)
        self._written = {fold(term.text): term.text for term in self._terms.by_bag.values() if term.diseases}

    def recognise(self, text: str) -> Recognised:
        """Return the disease of a text, or the diseases among which it must be asked."""
        found = self._terms.split(text)
        spans = _in_order(_spans(found, self._terms.by_bag), found, self._terms.as_written)
        reordered = self._reordered(found, spans)
        named = [reordered] if reordered else [span.term for span in spans if span.term.diseases]
        explained = reordered is not None or _explained(found, spans)
        meant = self._meaning(named) if explained else None
        offered = named if reordered else self._offered(found, named)
        candidates = (meant,) if meant else tuple(dict.fromkeys(one for term in offered for one in term.diseases))
        together = () if meant else self._combined(candidates)
        return Recognised(meant, (*candidates, *together), tuple(dict.fromkeys(term.text for term in offered)))

    def words_of(self, text: str) -> Words:
        """Return the folded words by which a text is looked up."""
        return self._terms.bag(text)

    def nearest(self, text: str) -> str:
        """Return the known name that is most like a text, or an empty text where none is near."""
        return self._written.get(sheets.nearest(fold(text), list(self._written)), "")

    def _reordered(self, found: Words, spans: list[_Span]) -> Term | None:
        """Return the longest term that has all words of the text but neutral ones, as "PEMPHIGUS, refractory"."""
        neutral = {i for span in spans if not span.term.diseases for i in range(span.start, span.end)}
        content, whole = Counter(word for i, word in enumerate(found) if i not in neutral), Counter(found)
        if not content:
            return None
        some = next(iter(content))
        fitting = [bag for bag in self._terms.names if some in bag and content <= Counter(bag) <= whole]
        longest = max(map(len, fitting), default=0)
        terms = [self._terms.names[bag] for bag in fitting if len(bag) == longest]
        return either(*terms) if terms else None

    def _meaning(self, named: list[Term]) -> str | None:
        if not named or not all(term.certain for term in named):
            return None
        diseases = frozenset(one for term in named for one in term.diseases)
        if len(diseases) == 1:
            return next(iter(diseases))
        for parts, whole in self._terms.together.items():
            if diseases == parts or (whole in diseases and diseases - {whole} <= parts):
                return whole
        return None

    def _offered(self, found: Words, named: list[Term]) -> list[Term]:
        """Return the names in a text that is asked; one that lies scattered over it outdoes its own parts."""
        present = set(found)
        scattered = [(set(bag), term) for bag, term in self._terms.names.items() if present.issuperset(bag)]
        most = [term for bag, term in scattered if not any(bag < other for other, _ in scattered)]
        parts = [bag for bag, _ in scattered]
        kept = [term for term in named if not any(set(self._terms.split(term.text)) < bag for bag in parts)]
        searched = [] if kept or most else [span.term for span in _spans(found, self._terms.searched)]
        return list(dict.fromkeys((*kept, *most, *searched)))

    def _combined(self, candidates: tuple[str, ...]) -> list[str]:
        combined = [whole for parts, whole in self._terms.together.items() if parts <= set(candidates)]
        return [whole for whole in combined if whole not in candidates]


def _in_order(spans: list[_Span], found: Words, as_written: frozenset[Words]) -> list[_Span]:
    """Return the spans without those in another order that take words of two terms that stand as written."""
    exact = [span for span in spans if found[span.start : span.end] in as_written]
    return [
        span
        for span in spans
        if span in exact or sum(span.start < other.end and other.start < span.end for other in exact) < 2
    ]


def _explained(found: Words, spans: list[_Span]) -> bool:
    """Return whether each word is part of a term, and none of two names of different diseases."""
    read: dict[int, set[tuple[str, ...]]] = {}
    for span in spans:
        for i in range(span.start, span.end):
            read.setdefault(i, set()).update({span.term.diseases} if span.term.diseases else ())
    return len(read) == len(found) and all(len(diseases) <= 1 for diseases in read.values())


def _spans(found: Words, known: Mapping[Words, Term]) -> list[_Span]:
    longest = max(map(len, known), default=0)
    windows = (
        (start, end) for start in range(len(found)) for end in range(start + 1, min(start + longest, len(found)) + 1)
    )
    bags = ((start, end, known.get(tuple(sorted(found[start:end])))) for start, end in windows)
    spans = [_Span(start, end, term) for start, end, term in bags if term]
    return [span for span in spans if not any(span.within(other) for other in spans)]
