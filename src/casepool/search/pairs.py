"""The table ``citation_pairs``: records that may be one publication, or of one study, what matters most first."""

from __future__ import annotations

import pandas as pd

from casepool.contract.literature import CITATION_PAIRS
from casepool.model.vocabulary import Answer, ScreeningDecision, Stake
from casepool.rows import record_names, rows_of
from casepool.search.publications.blocking import candidates
from casepool.search.publications.facts import facts_of
from casepool.search.publications.pairs import LISTED, Listed, Pair, doubtful_pairs
from casepool.typing import Row


def citation_pairs(records: pd.DataFrame, screening: pd.DataFrame, listed: Listed = LISTED) -> pd.DataFrame:
    """Return the table ``citation_pairs``: what no reviewer has decided first, then what hangs on it, then likeness.

    A pair is decided where both records carry a decision; a publication told twice is excluded as
    ``duplicate_publication``, the reports of one study share a ``study_id``.
    """
    rows = sorted(rows_of(records), key=lambda row: str(row["record_id"]))
    facts = [facts_of(row) for row in rows]
    order = sorted(range(len(rows)), key=lambda place: facts[place].title.ordered)
    ordered = [facts[place] for place in order]
    found = doubtful_pairs(dict(enumerate(ordered)), candidates(ordered), listed)
    standing = _Standing(screening)
    table = [_row(one, rows[order[one.a]], rows[order[one.b]], standing) for one in found]
    table.sort(key=lambda row: (row["decided"] == Answer.YES, list(Stake).index(row["stake"])))
    return pd.DataFrame(
        [{"number": number, **row} for number, row in enumerate(table, start=1)], columns=CITATION_PAIRS.names
    )


class _Standing:
    """Which records the reviewers have decided on, and which they keep."""

    def __init__(self, screening: pd.DataFrame) -> None:
        dropped = set(screening.loc[screening["decision"] == ScreeningDecision.EXCLUDE, "record_id"])
        self._decided = set(screening["record_id"])
        self._kept = self._decided - dropped

    def decided(self, row: Row) -> bool:
        return not self._decided.isdisjoint(record_names(row))

    def kept(self, row: Row) -> bool:
        return not self._kept.isdisjoint(record_names(row))


def _row(pair: Pair, a: Row, b: Row, standing: _Standing) -> Row:
    first, second = sorted((a, b), key=lambda row: str(row["record_id"]))
    return {
        "record_a": first["record_id"],
        "record_b": second["record_id"],
        "suspicion": pair.suspicion,
        "stake": _stake(first, second, standing),
        "likeness": round(pair.likeness, 1),
        "explanation": str(pair.why),
        "title_a": first["title"],
        "title_b": second["title"],
        "decided": Answer.YES if standing.decided(first) and standing.decided(second) else Answer.NO,
    }


def _stake(a: Row, b: Row, standing: _Standing) -> Stake:
    kept = (standing.kept(a), standing.kept(b))
    if all(kept):
        return Stake.BOTH_INCLUDED
    if any(kept):
        return Stake.ONE_INCLUDED
    return Stake.NONE_INCLUDED if standing.decided(a) and standing.decided(b) else Stake.UNDECIDED
