"""Whether sums and differences of everything made public leave only groups that the rule allows.

A reader may add and subtract released counts with any factors. What comes of it is a weighted count of the patients
whose weights do not cancel. The patients fall into blocks, of those who stand in exactly the same released groups; a
combination is a vector over the blocks, and whom it tells of are the blocks where it is not zero. Every combination is
a sum, without cancelling, of those that cannot be made smaller (elementary vectors: R. T. Rockafellar, in
Combinatorial Mathematics and its Applications, 1969, 104-127), and so is what is left of it for centres that know some
of the patients. So it is enough to look at these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from casepool.registry.release.rule import SECRET, Columns, Rule
from casepool.typing import BoolArray, FloatArray, IntArray

# Beyond, each block must pass by itself: more than is needed, and quickly known.
_MOST_COMBINATIONS = 5_000
_ZERO = 1e-9
# A patient as counted somewhere: case id → what was counted. A patient of whom it has changed is another one.
Counted = dict[str, str]


@dataclass
class Told:
    """What is public, or about to be, and what may still be added.

    Attributes
    ----------
    people : index case id; see ``Rule.refusal``.
    """

    people: pd.DataFrame
    rule: Rule
    _sets: dict[str, list[frozenset[tuple[str, str]]]] = field(default_factory=dict)

    def take(self, what: str, counted: Counted) -> None:
        """Take note of a group that is public; `what` was counted in it."""
        self._sets.setdefault(what, []).append(frozenset(counted.items()))

    def has(self, what: str) -> bool:
        """Return whether anything of the kind is public."""
        return bool(self._sets.get(what))

    def allows(self, what: tuple[str, ...], counted: Counted, columns: Columns = SECRET) -> bool:
        """Return whether a further group leaves, in all combinations with groups of these kinds, what the rule allows.

        Parameters
        ----------
        columns : of `people`; see ``Rule.refusal``.
        """
        new = frozenset(counted.items())
        near: list[frozenset[tuple[str, str]]] = []
        far = list(dict.fromkeys(one for kind in what for one in self._sets.get(kind, ())))
        if new in far:
            return True
        reached = set(new)
        while touching := [one for one in far if not reached.isdisjoint(one)]:
            near += touching
            reached = reached.union(*touching)
            far = [one for one in far if one not in touching]
        if not near:
            return self.rule.refusal(self.people.loc[list(counted)], columns) is None
        return self._stands([new, *near], columns)

    def _stands(self, sets: list[frozenset[tuple[str, str]]], columns: Columns) -> bool:
        secret = columns[1]
        everyone = sorted(frozenset().union(*sets))
        people = self.people.loc[[case for case, _ in everyone]]
        inside = np.array([[one in group for group in sets] for one in everyone])[people[secret].to_numpy(bool)]
        people = people[people[secret]]
        if people.empty:
            return True
        blocks, block = np.unique(inside, axis=0, return_inverse=True)
        block = block.reshape(-1)
        firm = np.array([self.rule.withstands(people[block == one], columns) for one in range(len(blocks))])
        told_of = (np.isin(block, support) for support in elementary_supports(blocks.T.astype(float), firm))
        return all(self.rule.refusal(people[rows], columns) is None for rows in told_of)


def elementary_supports(groups: FloatArray, firm: BoolArray) -> Iterator[IntArray]:
    """Yield the blocks of each smallest combination of groups that is zero on every firm block.

    Parameters
    ----------
    groups : groups × blocks, 1 where the block lies in the group.
    firm : blocks that hide whatever is added to them.
    """
    weak = np.flatnonzero(~firm)
    basis = _null_space(groups[:, firm].T) @ groups[:, weak]
    _, sizes, directions = np.linalg.svd(basis, full_matrices=False)
    basis = directions[sizes > _ZERO]
    rank = len(basis)
    if rank and comb(len(weak), rank - 1) > _MOST_COMBINATIONS:
        yield from weak[:, None]
        return
    for zeros in combinations(range(len(weak)), rank - 1) if rank else ():
        factors = _null_space(basis[:, list(zeros)].T)
        if len(factors) == 1:
            yield weak[np.abs(factors[0] @ basis) > _ZERO]


def _null_space(matrix: FloatArray) -> FloatArray:
    """Return the vectors that a matrix takes to zero, as rows."""
    if not len(matrix):
        return np.eye(matrix.shape[1])
    _, sizes, directions = np.linalg.svd(matrix)
    return directions[int((sizes > _ZERO).sum()) :]
