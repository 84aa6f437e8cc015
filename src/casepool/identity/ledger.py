"""The identity ledger: who is told twice, what is sure, what a person should look at, who counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casepool.identity.blocking import Blocking
from casepool.identity.clusters import Clusters
from casepool.identity.cohorts import overlaps
from casepool.identity.decided import Decided, Pair, decided_pairs, named_inside, refuse_contradiction, split_by_kind
from casepool.identity.encoding import Encoded, encode
from casepool.identity.pair_table import Verdicts, pair_table
from casepool.identity.score import Pairs, far_pairs, score_batches, sure_pairs
from casepool.identity.tellings import unique_table
from casepool.model.vocabulary import Answer
from casepool.typing import BoolArray

# The strongest pairs to review are listed; a person will not read more.
MAX_TO_REVIEW = 5_000


@dataclass(frozen=True)
class Linked:
    """What the ledger says.

    Attributes
    ----------
    pairs : table ``candidate_pairs``.
    unique : table ``unique_patients``: decided and sure pairs count once.
    all_same : the same with every doubtful pair as one patient.
    notes : what was not compared or listed for lack of room; names cases, so private like the tables.
    """

    pairs: pd.DataFrame
    unique: pd.DataFrame
    all_same: pd.DataFrame
    notes: tuple[str, ...]


def link(cases: pd.DataFrame, decisions: pd.DataFrame) -> Linked:
    """Return the identity ledger of the eligible cases.

    Parameters
    ----------
    cases : the table ``cases``.
    decisions : the table ``identity_decisions``; it wins over everything else.

    Raises
    ------
    LinkageError
        If two cases decided as different are joined through other decisions, or if decisions put more
        patients inside a cohort than it treated.
    """
    found = settled(cases, decisions)
    notes: tuple[str, ...] = ()
    unique, shared = found.unique()
    all_same = found.doubtful_as_one()
    n_review = len(found.verdicts.review)
    listed = replace(found.verdicts, review=found.verdicts.review.where(np.arange(n_review) < MAX_TO_REVIEW))
    if n_review > MAX_TO_REVIEW:
        notes = (f"{n_review} pairs to review; the strongest {MAX_TO_REVIEW} are listed",)
    pairs = pair_table(found.eligible, found.encoded, listed, shared)
    return Linked(pairs, unique, all_same, (*found.notes, *notes))


def unique_patients(cases: pd.DataFrame, decisions: pd.DataFrame, *, unsure_as_same: bool = False) -> pd.DataFrame:
    """Return the table ``unique_patients``: the eligible cases, each patient counted once.

    With `unsure_as_same` every doubtful pair counts as one patient (sensitivity analysis). See ``link``.
    """
    found = settled(cases, decisions)
    return found.doubtful_as_one() if unsure_as_same else found.unique()[0]


@dataclass(frozen=True)
class Settled:
    """The eligible cases, encoded, with what became of their pairs.

    Attributes
    ----------
    inside : cohort → the cases known to lie inside it.
    notes : what was not compared.
    """

    eligible: pd.DataFrame
    encoded: Encoded
    clusters: Clusters
    inside: dict[int, set[int]]
    verdicts: Verdicts
    notes: tuple[str, ...]

    def unique(self) -> tuple[pd.DataFrame, dict[tuple[str, str], list[str]]]:
        """Return the unique patients, and pairs of cohorts → patients who lie inside both."""
        return unique_table(self.eligible, self.clusters, self.inside)

    def doubtful_as_one(self) -> pd.DataFrame:
        """Return the unique patients with every doubtful pair as one patient."""
        joined = _count_doubtful_as_one(self.encoded, self.clusters, self.inside, self.verdicts)
        return unique_table(self.eligible, *joined)[0]


def settled(cases: pd.DataFrame, decisions: pd.DataFrame) -> Settled:
    """Return the eligible cases with everything decided that people or the scores decide."""
    eligible = cases[cases["eligible"] == Answer.YES].sort_values("case_id").reset_index(drop=True)
    encoded = encode(eligible)
    decided = decided_pairs(eligible, decisions)
    clusters, inside = _decided_clusters(eligible, encoded, decided)
    return Settled(eligible, encoded, clusters, inside, *_judge(encoded, decided, clusters, inside))


def _decided_clusters(
    eligible: pd.DataFrame, encoded: Encoded, decided: Decided
) -> tuple[Clusters, dict[int, set[int]]]:
    """Return the clusters that people have decided on, and cohort → the cases known to lie inside it."""
    clusters = Clusters(encoded, decided.different)
    like, placed = split_by_kind(encoded, decided.same)
    for a, b in like:
        clusters.join(a, b)
    refuse_contradiction(list(encoded.ids), clusters, placed, decided.different)
    return clusters, named_inside(eligible, placed, decided.different)


def _judge(
    encoded: Encoded, decided: Decided, clusters: Clusters, inside: dict[int, set[int]]
) -> tuple[Verdicts, tuple[str, ...]]:
    """Return what became of every pair, and what was not compared; joins the sure pairs in `clusters`."""
    blocking = Blocking(encoded)
    scored = _undecided(score_batches(encoded, blocking.batches()), decided)
    sure = sure_pairs(encoded, scored)
    refused = _join_sure(clusters, scored.where(sure))
    review = _to_review(clusters, scored.where(~sure & ~far_pairs(encoded, scored)))
    found = overlaps(encoded)
    overlap = _undecided(found.pairs, decided)
    overlap = overlap.where(_outside(overlap, inside))
    return Verdicts(decided, scored.where(sure), review, overlap, refused), (*blocking.notes, *found.notes)


def _undecided(pairs: Pairs, decided: Decided) -> Pairs:
    known = decided.pairs
    return pairs.where(np.array([pair not in known for pair in _couples(pairs)], dtype=bool))


def _couples(pairs: Pairs) -> list[Pair]:
    return [(int(i), int(j)) for i, j in zip(pairs.i, pairs.j, strict=True)]


def _strongest_first(pairs: Pairs) -> Pairs:
    return pairs.where(np.lexsort((pairs.j, pairs.i, -pairs.score)))


def _join_sure(clusters: Clusters, sure: Pairs) -> dict[Pair, str]:
    """Join the sure pairs, the strongest first; return those refused, with the reason."""
    refused: dict[Pair, str] = {}
    for a, b in _couples(_strongest_first(sure)):
        reason = clusters.doubt(a, b)
        if reason is None:
            clusters.join(a, b)
        else:
            refused[a, b] = reason
    return refused


def _to_review(clusters: Clusters, pairs: Pairs) -> Pairs:
    """Return the pairs that are still open once the sure ones are joined, the strongest first."""
    pairs = _strongest_first(pairs)
    still_open = [clusters.of(a) != clusters.of(b) and clusters.settled(a, b) is None for a, b in _couples(pairs)]
    return pairs.where(np.array(still_open, dtype=bool))


def _outside(overlap: Pairs, inside: dict[int, set[int]]) -> BoolArray:
    """Return which overlaps with a cohort are not settled by what is known to lie inside it."""
    settled = {(min(cohort, case), max(cohort, case)) for cohort, cases in inside.items() for case in cases}
    return np.array([pair not in settled for pair in _couples(overlap)], dtype=bool)


def _count_doubtful_as_one(
    encoded: Encoded, clusters: Clusters, inside: dict[int, set[int]], verdicts: Verdicts
) -> tuple[Clusters, dict[int, set[int]]]:
    """Return clusters and cohort members with every doubtful pair as the same, one to one.

    Unsure decisions go first, then the strongest scores. A cohort takes no more patients than it treated,
    and a patient lies in one cohort at most.
    """
    same = clusters.copy()
    more = {cohort: set(cases) for cohort, cases in inside.items()}
    like, placed = split_by_kind(encoded, verdicts.decided.unsure)
    refused = sorted(verdicts.refused)
    overlap_like, _ = split_by_kind(encoded, _couples(verdicts.overlap))
    for a, b in (*like, *refused, *_couples(verdicts.review), *overlap_like):
        if same.refusal(a, b) is None and not (more.get(a) or more.get(b)):
            same.join(a, b)
    doubtful = [(cohort, case) for cohort, cases in sorted(placed.items()) for case in sorted(cases)]
    _place(encoded, same, more, [*doubtful, *_couples(_strongest_first(verdicts.overlap))])
    return same, more


def _place(encoded: Encoded, same: Clusters, more: dict[int, set[int]], pairs: Iterable[Pair]) -> None:
    treated = encoded.numbers["n_treated"]
    taken = {same.of(case) for cases in more.values() for case in cases}
    for a, b in pairs:
        if encoded.cohort[a] == encoded.cohort[b]:
            continue
        cohort, case = (a, b) if encoded.cohort[a] else (b, a)
        tellings = same.members(cohort)
        lying = {same.of(one) for telling in tellings for one in more.get(telling, ())}
        room = np.nanmin([np.inf, *treated[tellings]]) - np.nansum(treated[list(lying)])
        if same.of(case) not in taken and room >= 1:
            more.setdefault(cohort, set()).add(case)
            taken.add(same.of(case))
