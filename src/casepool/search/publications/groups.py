"""Records put into publications: which belong together, and by what each was joined to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casepool.model.message import Message
from casepool.search.publications.blocking import candidates, each_once
from casepool.search.publications.compare import compare
from casepool.search.publications.entries import repeated
from casepool.search.publications.explain import explained
from casepool.search.publications.facts import Facts, all_facts, together
from casepool.search.publications.join import joins_of
from casepool.search.publications.rules import rule_of
from casepool.typing import IntArray, Row

SAME_ENTRY = "same_entry"


@dataclass(frozen=True)
class Joined:
    """Why a record is not kept: it is one publication with another, by a rule."""

    rule: str
    why: Message


class Groups:
    """The publications of some records.

    A record is named by its place in an order that the contents of the records alone decide, and a publication by the
    first of its records.

    Attributes
    ----------
    order : the record at each place.
    members : publication → the places of its records, in order.
    facts : publication → what its records tell together.
    joined : place of a record that is not the first of its publication → why it belongs there.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        told = all_facts(rows)
        self._rows = rows
        self.order = sorted(range(len(rows)), key=lambda n: (told[n].title.ordered, *_content(rows[n])))
        self._place = {n: place for place, n in enumerate(self.order)}
        self._told = [told[n] for n in self.order]
        self._first = list(range(len(rows)))
        self.members = {place: [place] for place in self._first}
        self.facts = dict(enumerate(self._told))
        self.joined: dict[int, Joined] = {}
        self._entry: dict[int, int] = {}  # place → the entry that it is once more
        for a, b in repeated([rows[n] for n in self.order]):
            self._entry[b] = self._entry.setdefault(a, a)
            self.join(a, b, Joined(SAME_ENTRY, Message("said_again")))

    def join(self, a: int, b: int, joined: Joined) -> None:
        """Make one publication of those of two records."""
        keep, gone = sorted((self._first[a], self._first[b]))
        if keep == gone:
            return
        self.members[keep] = sorted(self.members[keep] + self.members.pop(gone))
        for place in self.members[keep]:
            self._first[place] = keep
        del self.facts[gone]
        self.facts[keep] = together(self.told(keep))
        self.joined[gone] = joined

    def records(self, publication: int) -> list[int]:
        """Return the numbers of the records of a publication, as they were given."""
        return sorted(self.order[place] for place in self.members[publication])

    def why(self, record: int, kept: int) -> Joined:
        """Return why a record is one publication with that which is kept of it: by itself, else through another."""
        place, with_ = self._place[record], self._place[kept]
        if place in self._entry and self._entry[place] == self._entry.get(with_):
            return Joined(SAME_ENTRY, Message("said_again"))
        others = [other for other in self.members[self._first[place]] if other not in {place, with_}]
        for other in (with_, *others):
            pair = compare(self._told[other], self._told[place])
            rule = rule_of(pair)
            if rule:
                why = explained(pair)
                name = str(self._rows[self.order[other]]["record_id"])
                itself = name == self._rows[kept]["record_id"]
                return Joined(rule, why if itself else Message("by_way_of", record=name, why=why))
        return self.joined.get(place) or self.joined[with_]

    def told(self, publication: int) -> list[Facts]:
        """Return what each record of a publication tells."""
        return [self._told[place] for place in self.members[publication]]

    def between(self, pairs: IntArray) -> IntArray:
        """Return the pairs of publications that pairs of records make, each once."""
        first = np.array(self._first, dtype=np.int64)
        lifted = np.sort(first[pairs], axis=1)
        return each_once(lifted[lifted[:, 0] != lifted[:, 1]])


def group(rows: Sequence[Row]) -> tuple[Groups, IntArray]:
    """Return the publications of records, and the pairs of them that are worth a look and were not joined.

    Which records belong together depends on what they say alone, not on their order. What one record lacks and another
    of its publication has is used in the next comparison, until nothing is joined any more.
    """
    found = Groups(rows)
    todo = pairs = _candidates(found)
    while len(todo):
        compared = dict(found.facts)
        for join in joins_of(found.facts, found.told, todo):
            found.join(join.a, join.b, Joined(join.rule, explained(join.pair)))
        pairs = found.between(pairs)
        changed = np.array([one for one, facts in found.facts.items() if compared[one] is not facts], dtype=np.int64)
        todo = pairs[np.isin(pairs, changed).any(axis=1)]
    return found, pairs


def _candidates(found: Groups) -> IntArray:
    places = np.array(list(found.facts), dtype=np.int64)
    return places[candidates(list(found.facts.values()))]


def _content(row: Row) -> list[str]:
    return [str(row[name]) for name in ("record_id", "source_file", "authors", "year", "pages", "doi", "pmid")]
