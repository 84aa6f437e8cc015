"""Each publication once: what is surely one is merged, with the reason; the others live on as its names.

A merge keeps the record of PubMed, else the first; those merged into it stay as ``also_as``, so that every decision on
them still holds. Abstract, article and follow-up letter of one study are not merged; ``study_id`` joins them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from casepool.contract.literature import MERGES, RECORDS
from casepool.model.message import Message, text
from casepool.rows import missing
from casepool.search.publications.groups import Groups, Joined, group
from casepool.search.publications.ids import named
from casepool.typing import Row

_FILLED = ("pmid", "pmcid", "doi", "title", "authors", "journal", "year", "volume", "issue", "pages", "url", "abstract")


@dataclass(frozen=True)
class Merged:
    """The records, each publication once, and the table of those merged into another.

    Attributes
    ----------
    ids : publication, as it is numbered in its groups → id of its record.
    notes : what is to be told of ids that two publications carried.
    """

    records: pd.DataFrame
    merges: pd.DataFrame
    ids: Mapping[int, str]
    notes: tuple[Message, ...]


def merge_records(rows: Sequence[Row]) -> Merged:
    """Return the records of all sources with each publication once.

    Parameters
    ----------
    rows : records in the order of preference: the first of those merged is kept. Which are merged does not depend
        on it.
    """
    return merge_groups(rows, group(rows)[0])


def merge_groups(rows: Sequence[Row], groups: Groups, language: str = "en") -> Merged:
    """Return the records with each publication of `groups` once, the reasons in a language."""
    publications = sorted(groups.members, key=lambda one: groups.records(one)[0])
    members = [groups.records(one) for one in publications]
    names = named([[str(rows[n]["record_id"]) for n in some] for some in members])
    records, merges = [], []
    for some, name, others in zip(members, names.ids, names.others, strict=True):
        records.append({**_filled([rows[n] for n in some]), "record_id": name, "also_as": "; ".join(others)})
        merges += [_merge(rows[n], name, groups.why(n, some[0]), language) for n in some[1:]]
    frame = pd.DataFrame(merges, columns=[name for name in MERGES.names if name != "number"])
    frame["number"] = frame.groupby(["record_id", "source_file"]).cumcount() + 1
    kept = pd.DataFrame(records, columns=RECORDS.names).replace("", pd.NA)
    return Merged(kept, frame[MERGES.names], dict(zip(publications, names.ids, strict=True)), names.notes)


def _merge(row: Row, kept_as: str, joined: Joined, language: str) -> Row:
    told = {name: row[name] for name in ("record_id", "origin", "source_file")}
    return {**told, "kept_as": kept_as, "rule": joined.rule, "explanation": _in_words(joined.why, language)}


@lru_cache(maxsize=4096)  # most merges have one of a few reasons
def _in_words(why: Message, language: str) -> str:
    return text(why, language)


def _filled(members: Sequence[Row]) -> Row:
    """Return the first record; what it does not tell is taken from the others."""
    row = dict(members[0])
    for other in members[1:]:
        for name in _FILLED:
            if _empty(row[name]) and not _empty(other[name]):
                row[name] = other[name]
    return row


def _empty(value: object) -> bool:
    return missing(value) or value == ""
