"""Records joined into publications: by the strongest evidence first, and never through a third that two contradict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from casepool.search.publications.compare import Comparison, compare
from casepool.search.publications.facts import Facts
from casepool.search.publications.rules import Rule, contradictions, rule_of, strength, worth_comparing
from casepool.typing import IntArray


@dataclass(frozen=True)
class Join:
    """Two publications that are one, by a rule."""

    a: int
    b: int
    rule: Rule
    pair: Comparison

    @property
    def order(self) -> tuple[int, float, int, int]:
        """What decides which join is made first."""
        return list(Rule).index(self.rule), -strength(self.pair), self.a, self.b


def joins_of(facts: Mapping[int, Facts], told: Callable[[int], Sequence[Facts]], pairs: IntArray) -> list[Join]:
    """Return the joins that are to be made among pairs, in their order.

    Parameters
    ----------
    facts : publication → what its records tell together; their numbers follow from their contents alone.
    told : what each record of a publication tells.
    """
    groups: dict[int, list[int]] = {}
    made = []
    for join in _sure(facts, pairs):
        one, other = groups.setdefault(join.a, [join.a]), groups.setdefault(join.b, [join.b])
        left, right = ([facts for n in some for facts in told(n)] for some in (one, other))
        if one is other or _apart(left, right, join):
            continue
        made.append(join)
        one += other
        groups.update(dict.fromkeys(other, one))
    return made


def _sure(facts: Mapping[int, Facts], pairs: IntArray) -> list[Join]:
    found = []
    for a, b in pairs.tolist():
        pair = worth_comparing(facts[a], facts[b])
        rule = rule_of(pair) if pair else None
        if pair and rule:
            found.append(Join(a, b, rule, pair))
    return sorted(found, key=lambda join: join.order)


def _apart(one: Sequence[Facts], other: Sequence[Facts], join: Join) -> bool:
    """Return whether a record of one group contradicts a record of the other.

    One PubMed id is one publication, and a first author who is the same in the records compared may be turned or
    shortened in others of their groups.
    """
    if join.rule is Rule.PMID or len(one) == len(other) == 1:
        return False
    excused = ["author"] if join.pair.author else []
    pairs = (compare(a, b) for a, b in product(one, other))
    return any(contradictions(pair) not in ([], excused) and not rule_of(pair) for pair in pairs)
