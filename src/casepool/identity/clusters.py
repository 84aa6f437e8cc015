"""Clusters of cases that are one patient: decided pairs first, then the strongest scores."""

from __future__ import annotations

from collections.abc import Iterable

from casepool.identity.encoding import Encoded
from casepool.identity.score import contradicting


class Clusters:
    """Cases joined into patients.

    A decided pair is joined whatever the rest says. Any other pair is refused where it would put two
    patients of one report (or of one centre of the registry), both sexes, or two cases decided as
    different into one cluster; a sure one also where any two cases of the cluster contradict each other.
    """

    def __init__(self, encoded: Encoded, different: Iterable[tuple[int, int]]) -> None:
        self._root = list(range(len(encoded)))
        self._members: dict[int, list[int]] = {}
        self._encoded = encoded
        self._apart: dict[int, set[int]] = {}
        for a, b in different:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def copy(self) -> Clusters:
        """Return the same clusters, to be joined further apart from these."""
        twin = Clusters(self._encoded, ())
        twin._root, twin._members, twin._apart = list(self._root), dict(self._members), self._apart
        return twin

    def of(self, case: int) -> int:
        """Return the number of a case's cluster: the position of one of its members."""
        while self._root[case] != case:
            self._root[case] = self._root[self._root[case]]
            case = self._root[case]
        return case

    def members(self, case: int) -> list[int]:
        """Return all members of the cluster of a case."""
        root = self.of(case)
        return self._members.get(root, [root])

    def join(self, a: int, b: int) -> None:
        """Put the clusters of two cases together."""
        first, second = self.of(a), self.of(b)
        if first != second:
            self._members[first] = self.members(first) + self.members(second)
            self._members.pop(second, None)
            self._root[second] = first

    def settled(self, a: int, b: int) -> str | None:
        """Return why two cases are known to be two patients: by their reports, or by a decision."""
        ours, theirs = self.members(a), self.members(b)
        if self.of(a) == self.of(b):
            return None
        report = self._encoded.codes["report"]
        if not {report[case] for case in ours}.isdisjoint(report[case] for case in theirs):
            return "two patients of one report would become one"
        if self._apart and any(not self._apart.get(case, set()).isdisjoint(theirs) for case in ours):
            return "decided as different through another case"
        return None

    def refusal(self, a: int, b: int) -> str | None:
        """Return why two cases cannot count as one patient, as far as their clusters know."""
        sexes = {self._encoded.codes["sex"][case] for case in (*self.members(a), *self.members(b))} - {-1}
        return self.settled(a, b) or ("a woman and a man would become one" if len(sexes) > 1 else None)

    def doubt(self, a: int, b: int) -> str | None:
        """Return why two cases are not one patient for sure: a refusal, or what other cases of them contradict."""
        refusal = self.refusal(a, b)
        if refusal or self.of(a) == self.of(b):
            return refusal
        labels = contradicting(self._encoded, self.members(a), self.members(b))
        return f"another case of the patient contradicts: {', '.join(labels)}" if labels else None
