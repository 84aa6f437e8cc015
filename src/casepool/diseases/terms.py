"""The terms of ``disease_terms.csv`` and of the protocol, ready to be looked up.

A term is looked up by its bag: its folded words in alphabetical order, for writers put them in any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casepool.diseases.folding import fold, words
from casepool.model.protocol import Disease, Protocol
from casepool.model.vocabulary import TermKind
from casepool.rows import missing, split_ids
from casepool.typing import Row

Words = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A name or word as written, and the diseases it may mean: none for a word that changes nothing."""

    text: str
    diseases: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True)
class Terms:
    """All terms by their bags, and what sets of diseases mean together.

    ``searched`` are words that the protocol searches by. A search is meant to find too much: they offer a disease where
    nothing else does, and settle none.
    """

    by_bag: Mapping[Words, Term]
    searched: Mapping[Words, Term]
    as_written: frozenset[Words]
    together: Mapping[frozenset[str], str]
    small: frozenset[str]
    capitals: frozenset[str]

    @cached_property
    def names(self) -> dict[Words, Term]:
        """The terms of several words that mean diseases."""
        return {bag: term for bag, term in self.by_bag.items() if len(bag) > 1 and term.diseases}

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

    def bag(self, text: str) -> Words:
        """Return the words by which a text is looked up."""
        return tuple(sorted(self.split(text)))


def collect(rows: Iterable[Row], protocol: Protocol) -> Terms:
    """Return the terms of the table, and those of the protocol that the table does not have."""
    listed = [row for row in rows if not missing(row["term"])]
    of_kind = {kind: [row for row in listed if kind_of(row) == kind] for kind in TermKind}
    small = frozenset(word for row in of_kind[TermKind.SMALL] for word in fold(str(row["term"])).split())
    capitals = frozenset(str(row["term"]) for row in of_kind[TermKind.CAPITALS])
    terms = Terms({}, {}, frozenset(), _together(of_kind[TermKind.TOGETHER]), small, capitals)
    by_bag: dict[Words, Term] = {}
    for kind in (TermKind.NEUTRAL, TermKind.ASKED, TermKind.NAME, TermKind.CAPITALS):
        for row in of_kind[kind]:
            term = Term(str(row["term"]), tuple(split_ids(row["disease"])), certain=kind != TermKind.ASKED)
            _add(by_bag, terms.bag(term.text), term)
    in_table = frozenset(by_bag)
    for term in _protocol_names(protocol):
        if terms.bag(term.text) not in in_table:
            _add(by_bag, terms.bag(term.text), term)
    searched: dict[Words, Term] = {}
    for term in _protocol_searches(protocol):
        _add(searched, terms.bag(term.text), term)
    written = frozenset(
        terms.split(text)
        for text in (*(str(row["term"]) for row in listed), *(term.text for term in _protocol_names(protocol)))
    )
    return Terms(by_bag, searched, written, terms.together, small, capitals)


def either(first: Term, *others: Term) -> Term:
    """Return what terms of the same words mean: the first where all agree, else one to be asked."""
    if all((term.diseases, term.certain) == (first.diseases, first.certain) for term in others):
        return first
    diseases = (one for term in (first, *others) for one in term.diseases)
    return Term(first.text, tuple(dict.fromkeys(diseases)), certain=False)


def kind_of(row: Row) -> TermKind:
    """Return the kind of a row of the table; an empty or a wrong one reads as a name."""
    kind = row["kind"]
    return TermKind(kind) if not missing(kind) and kind in set(TermKind) else TermKind.NAME


def sides(term: str) -> list[str]:
    """Return the disease ids of a term of the kind ``together``."""
    return [side.strip() for side in term.split("+")]


def _together(rows: list[Row]) -> dict[frozenset[str], str]:
    return {frozenset(sides(str(row["term"]))): str(row["disease"]) for row in rows if not missing(row["disease"])}


def _add(by_bag: dict[Words, Term], key: Words, term: Term) -> None:
    if not key:
        return
    known = by_bag.get(key, term)
    by_bag[key] = either(known, term)


def _protocol_names(protocol: Protocol) -> Iterator[Term]:
    for disease in protocol.diseases:
        for name in _names(disease):
            yield Term(name, (disease.id,))


def _names(disease: Disease) -> Iterator[str]:
    for name in disease.name.spoken:
        yield name
        yield name.split("(", 1)[0]
    yield from (*disease.short.spoken, disease.id.replace("_", " "))


def _protocol_searches(protocol: Protocol) -> Iterator[Term]:
    for disease in protocol.diseases:
        for name in (*disease.mesh, *disease.text):
            if "*" not in name:
                yield Term(name, (disease.id,), certain=False)
