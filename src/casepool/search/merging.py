"""Each publication once: sure merges of records across sources, and pairs for a human.

A merge keeps the record of PubMed, else the first; the others live on as ``also_as`` so that every
decision on them still holds. Abstract, article and follow-up letter of one study are not merged: they
differ in journal, year or pages, and ``study_id`` joins them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from casepool.contract.literature import CITATION_PAIRS, MERGES, RECORDS
from casepool.model.vocabulary import Answer
from casepool.rows import missing, record_names, rows_of
from casepool.search.likeness import LIKE_TITLE, SAME_TITLE, Facts, candidates, contradictions, facts_of, likeness
from casepool.typing import Row

_FILLED = ("pmid", "pmcid", "doi", "title", "authors", "journal", "year", "volume", "issue", "pages", "url", "abstract")
_DIFFERENT = 60.0  # two titles less alike under one DOI: an issue of abstracts, not one publication
_NEAR_YEARS = 3


@dataclass(frozen=True)
class Merged:
    """The records, each publication once, and the table of those merged into another."""

    records: pd.DataFrame
    merges: pd.DataFrame


@dataclass(frozen=True)
class _Join:
    rule: str
    explanation: str


def merge_records(rows: Sequence[Row]) -> Merged:
    """Return the records of all sources with each publication once.

    Parameters
    ----------
    rows : records in the order of preference: the first of those merged is kept.
    """
    facts = {place: facts_of(row) for place, row in enumerate(rows)}
    kept_of, joins = _by_ids(rows, facts)
    _by_title(facts, kept_of, joins)
    merges, records = [], []
    members: dict[int, list[int]] = {}
    for place in range(len(rows)):
        root = _root(kept_of, place)
        if root != place:
            merges.append(_merge(rows[place], rows[root], joins[place]))
        members.setdefault(root, []).append(place)
    for root, places in members.items():
        records.append(_filled([rows[place] for place in places], rows[root]))
    frame = pd.DataFrame(merges, columns=[name for name in MERGES.names if name != "number"])
    frame["number"] = frame.groupby(["record_id", "source_file"]).cumcount() + 1
    return Merged(pd.DataFrame(records, columns=RECORDS.names).replace("", pd.NA), frame[MERGES.names])


def _by_ids(rows: Sequence[Row], facts: dict[int, Facts]) -> tuple[dict[int, int], dict[int, _Join]]:
    kept_of: dict[int, int] = {}
    joins: dict[int, _Join] = {}
    first: dict[tuple[str, str], int] = {}
    for place in range(len(rows)):
        for name, value in (("PMID", facts[place].pmid), ("DOI", facts[place].doi)):
            other = first.setdefault((name, value), place) if value else place
            keep, gone = sorted((_root(kept_of, other), _root(kept_of, place)))
            if keep != gone and (name == "PMID" or _doi_joins(facts[keep], facts[gone])):
                kept_of[gone] = keep
                joins[gone] = _Join(f"same_{name.lower()}", f"same {name} {value}")
    return kept_of, joins


def _doi_joins(a: Facts, b: Facts) -> bool:
    if a.pmid and b.pmid and a.pmid != b.pmid:
        return False
    return not (a.comparable and b.comparable) or likeness(a, b) >= _DIFFERENT


def _by_title(facts: dict[int, Facts], kept_of: dict[int, int], joins: dict[int, _Join]) -> None:
    for a, b in candidates(facts):
        first, second = sorted((_root(kept_of, a), _root(kept_of, b)))
        if first == second or second in kept_of:
            continue
        score = likeness(facts[a], facts[b])
        if score >= SAME_TITLE and not contradictions(facts[a], facts[b]) and not _apart(facts[first], facts[second]):
            kept_of[second] = first
            joins[second] = _Join("same_title", f"same title ({score:.0f} of 100), year, first author and journal")


def _apart(a: Facts, b: Facts) -> bool:
    return any(text.startswith("different") for text in contradictions(a, b))


def _root(kept_of: dict[int, int], place: int) -> int:
    while place in kept_of:
        place = kept_of[place]
    return place


def _merge(row: Row, kept: Row, join: _Join) -> Row:
    told = {name: row[name] for name in ("record_id", "origin", "source_file")}
    return {**told, "kept_as": kept["record_id"], "rule": join.rule, "explanation": join.explanation}


def _filled(members: Sequence[Row], kept: Row) -> Row:
    """Return the kept record; what it does not tell is taken from the others."""
    row = dict(kept)
    for other in members:
        for name in _FILLED:
            if _empty(row[name]) and not _empty(other[name]):
                row[name] = other[name]
    others = dict.fromkeys(str(one["record_id"]) for one in members)
    row["also_as"] = "; ".join(one for one in others if one != kept["record_id"])
    return row


def _empty(value: object) -> bool:
    return missing(value) or value == ""


def citation_pairs(records: pd.DataFrame, screening: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``citation_pairs``: records that may tell one publication, most alike first.

    A pair is decided where both records carry a decision; a publication told twice is excluded as
    ``duplicate_publication``, the reports of one study share a ``study_id``.
    """
    rows = rows_of(records)
    facts = {place: facts_of(row) for place, row in enumerate(rows)}
    decided = set(screening["record_id"])
    pairs = [
        _pair(rows[a], rows[b], likeness(facts[a], facts[b]), contradictions(facts[a], facts[b]), decided)
        for a, b in candidates(facts)
        if likeness(facts[a], facts[b]) >= LIKE_TITLE and _near(facts[a], facts[b])
    ]
    return pd.DataFrame(pairs, columns=CITATION_PAIRS.names)


def _near(a: Facts, b: Facts) -> bool:
    return a.year is None or b.year is None or abs(a.year - b.year) <= _NEAR_YEARS


def _pair(a: Row, b: Row, score: float, against: Sequence[str], decided: set[str]) -> Row:
    first, second = sorted((a, b), key=lambda row: str(row["record_id"]))
    both = all(decided & set(record_names(row)) for row in (first, second))
    return {
        "record_a": first["record_id"],
        "record_b": second["record_id"],
        "likeness": round(score, 1),
        "explanation": f"titles {score:.0f} of 100 alike; {', '.join(against) or 'nothing speaks against it'}",
        "title_a": first["title"],
        "title_b": second["title"],
        "decided": Answer.YES if both else Answer.NO,
    }
