"""What people have decided on the identity of cases, in decisions and in the extraction itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from casepool.identity.clusters import Clusters
from casepool.identity.encoding import Encoded
from casepool.model.errors import LinkageError
from casepool.model.message import Message
from casepool.model.vocabulary import CaseKind, IdentityDecision
from casepool.rows import rows_of, split_ids
from casepool.typing import Row

Pair = tuple[int, int]


@dataclass(frozen=True)
class Decided:
    """Pairs of cases, by position, on which somebody has decided.

    Attributes
    ----------
    rows : the decisions on two known cases.
    told : links of the extraction (``same_patient_as``) that no decision contradicts or repeats.
    same, unsure, different : what follows for the pairs; `same` holds the told links too.
    """

    rows: tuple[Row, ...]
    told: tuple[Pair, ...]
    same: tuple[Pair, ...]
    unsure: tuple[Pair, ...]
    different: tuple[Pair, ...]

    @property
    def pairs(self) -> set[Pair]:
        """Every decided pair, the smaller position first."""
        return {(min(pair), max(pair)) for pair in (*self.same, *self.unsure, *self.different)}


def decided_pairs(cases: pd.DataFrame, decisions: pd.DataFrame) -> Decided:
    """Return the decisions on cases that are all there; decisions win over the extraction."""
    position = {case: place for place, case in enumerate(cases["case_id"])}
    rows = tuple(row for row in rows_of(decisions) if row["case_a"] in position and row["case_b"] in position)
    by_verdict: dict[str, list[Pair]] = {verdict: [] for verdict in IdentityDecision}
    for row in rows:
        by_verdict[row["decision"]].append((position[row["case_a"]], position[row["case_b"]]))
    known = {frozenset(pair) for pairs in by_verdict.values() for pair in pairs}
    named = cases["same_patient_as"].dropna()
    tellings = zip(cases["case_id"][named.index], named, strict=True)
    links = [(position[case], position[other]) for case, other in tellings if other in position]
    told = tuple(pair for pair in links if frozenset(pair) not in known)
    # An unsure decision does not undo what the extraction tells; one that says different does.
    apart = {frozenset(pair) for pair in by_verdict[IdentityDecision.DIFFERENT]}
    same = (*by_verdict[IdentityDecision.SAME_PATIENT], *(pair for pair in links if frozenset(pair) not in apart))
    unsure, different = (tuple(by_verdict[one]) for one in (IdentityDecision.UNSURE, IdentityDecision.DIFFERENT))
    return Decided(rows, told, same, unsure, different)


def split_by_kind(encoded: Encoded, pairs: Iterable[Pair]) -> tuple[list[Pair], dict[int, set[int]]]:
    """Return the pairs of like cases, and cohort → patients that a pair places inside it."""
    like: list[Pair] = []
    inside: dict[int, set[int]] = {}
    for a, b in pairs:
        if encoded.cohort[a] == encoded.cohort[b]:
            like.append((a, b))
        else:
            cohort, patient = (a, b) if encoded.cohort[a] else (b, a)
            inside.setdefault(cohort, set()).add(patient)
    return like, inside


def refuse_contradiction(
    ids: Sequence[str], clusters: Clusters, inside: dict[int, set[int]], different: Iterable[Pair]
) -> None:
    """Raise LinkageError if cases decided as different are joined by other decisions."""
    placed = {frozenset((cohort, patient)) for cohort, patients in inside.items() for patient in patients}
    joined = (pair for pair in different if clusters.of(pair[0]) == clusters.of(pair[1]) or frozenset(pair) in placed)
    wrong = sorted((ids[a], ids[b]) for a, b in joined)
    if wrong:
        pairs = tuple(Message("pair", first=a, second=b) for a, b in wrong)
        raise LinkageError(Message("joined_though_different", pairs=pairs))


def named_inside(cases: pd.DataFrame, inside: dict[int, set[int]], different: Iterable[Pair]) -> dict[int, set[int]]:
    """Return cohort → cases that decisions or the cohort itself place inside it.

    A cohort that lists a report holds the report's cases of its disease.
    """
    apart = {frozenset(pair) for pair in different}
    position = {case: place for place, case in enumerate(cases["case_id"])}
    named: dict[int, set[int]] = {}
    for cohort, row in ((place, cases.loc[place]) for place in cases.index[cases["kind"] == CaseKind.COHORT]):
        listed = split_ids(row["includes_case"])
        of_reports = cases.index[cases["report_id"].isin(listed) & (cases["disease"] == row["disease"])]
        found = inside.get(cohort, set()) | {position[case] for case in listed if case in position} | set(of_reports)
        named[cohort] = {int(case) for case in found if frozenset((case, cohort)) not in apart}
    return named
