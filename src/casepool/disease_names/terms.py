"""The terms of ``disease_terms.csv`` and of the protocol, ready to be looked up by their folded words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casepool.disease_names.folding import fold, words
from casepool.protocol import Disease, Protocol
from casepool.rows import Row, missing, split_ids
from casepool.vocabulary import TermKind

Words = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A name or word as written, and the diseases it may mean: none for a word that changes nothing."""

    text: str
    diseases: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True)
class Terms:
    """All terms by their folded words, and what sets of diseases mean together.

    ``searched`` are words that the protocol searches by. A search is meant to find too much: they offer a disease where
    nothing else does, and settle none.
    """

    by_words: Mapping[Words, Term]
    searched: Mapping[Words, Term]
    together: Mapping[frozenset[str], str]
    small: frozenset[str]
    capitals: frozenset[str]

    @cached_property
    def by_bag(self) -> dict[Words, Term]:
        """The terms of several words by these words in alphabetical order."""
        bags: dict[Words, Term] = {}
        for key, term in self.by_words.items():
            bag = tuple(sorted(key))
            known = bags.get(bag, term)
            bags[bag] = term if term.diseases == known.diseases else _either(known, term)
        return {bag: term for bag, term in bags.items() if len(bag) > 1 and term.diseases}

    def split(self, text: str) -> Words:
        """Return the folded words of a text without small words; terms in capitals stay as they are."""
        folded: list[str] = []
        plain: list[str] = []
        for word in (*words(text), ""):
            if word and word not in self.capitals:
                plain.append(word)
                continue
            folded += [one for one in fold(" ".join(plain)).split() if one not in self.small]
            folded += [word] if word else []
            plain = []
        return tuple(folded)


def collect(rows: Iterable[Row], protocol: Protocol) -> Terms:
    """Return the terms of the table, and those of the protocol that the table does not have."""
    listed = [row for row in rows if not missing(row["term"])]
    of_kind = {kind: [row for row in listed if kind_of(row) == kind] for kind in TermKind}
    small = frozenset(word for row in of_kind[TermKind.SMALL] for word in fold(str(row["term"])).split())
    capitals = frozenset(str(row["term"]) for row in of_kind[TermKind.CAPITALS])
    terms = Terms({}, {}, _together(of_kind[TermKind.TOGETHER]), small, capitals)
    by_words: dict[Words, Term] = {}
    for kind in (TermKind.NEUTRAL, TermKind.ASKED, TermKind.NAME, TermKind.CAPITALS):
        for row in of_kind[kind]:
            term = Term(str(row["term"]), tuple(split_ids(row["disease"])), certain=kind != TermKind.ASKED)
            _add(by_words, terms.split(term.text), term)
    listed_words = frozenset(by_words)
    for term in _protocol_names(protocol):
        if terms.split(term.text) not in listed_words:
            _add(by_words, terms.split(term.text), term)
    searched: dict[Words, Term] = {}
    for term in _protocol_searches(protocol):
        _add(searched, terms.split(term.text), term)
    return Terms(by_words, searched, terms.together, small, capitals)


def kind_of(row: Row) -> TermKind:
    """Return the kind of a row of the table; an empty or a wrong one reads as a name."""
    kind = row["kind"]
    return TermKind(kind) if not missing(kind) and kind in set(TermKind) else TermKind.NAME


def sides(term: str) -> list[str]:
    """Return the disease ids of a term of the kind ``together``."""
    return [side.strip() for side in term.split("+")]


def _together(rows: list[Row]) -> dict[frozenset[str], str]:
    return {frozenset(sides(str(row["term"]))): str(row["disease"]) for row in rows if not missing(row["disease"])}


def _add(by_words: dict[Words, Term], key: Words, term: Term) -> None:
    if not key:
        return
    known = by_words.get(key, term)
    by_words[key] = known if known.diseases == term.diseases and known.certain else _either(known, term)


def _either(one: Term, other: Term) -> Term:
    return Term(one.text, tuple(dict.fromkeys((*one.diseases, *other.diseases))), certain=False)


def _protocol_names(protocol: Protocol) -> Iterator[Term]:
    for disease in protocol.diseases:
        for name in _names(disease):
            yield Term(name, (disease.id,))


def _names(disease: Disease) -> Iterator[str]:
    for name in (disease.name.en, disease.name.fr):
        yield name
        yield name.split("(", 1)[0]
    yield from (disease.short.en, disease.short.fr, disease.id.replace("_", " "))


def _protocol_searches(protocol: Protocol) -> Iterator[Term]:
    for disease in protocol.diseases:
        for name in (*disease.mesh, *disease.text):
            if "*" not in name:
                yield Term(name, (disease.id,), certain=False)
