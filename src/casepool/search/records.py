"""The table of records: the entries of every raw file, each publication once, and what is new among them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casepool.contract.literature import NEW_RECORDS, SEARCH_UPDATE
from casepool.rows import record_names, rows_of
from casepool.search.merging import Merged, merge_records
from casepool.search.pubmed.chain import SNAPSHOTS, chain_of, newest_before, snapshot_of
from casepool.search.raw import Raw, read_raw
from casepool.typing import Row


@dataclass(frozen=True)
class Update:
    """What the snapshot in use brings since the one before: a table of one row (or none) and the new records."""

    counts: pd.DataFrame
    records: pd.DataFrame


def build_records(
    sources: pd.DataFrame, root: str | Path, snapshot: str, decided: Collection[str] = ()
) -> pd.DataFrame:
    """Return the table ``records`` of the raw files that ``sources.csv`` describes, each publication once."""
    return merged_records(read_raw(sources, root, snapshot), sources, root, snapshot, decided).records


def merged_records(
    raw: Raw, sources: pd.DataFrame, root: str | Path, snapshot: str, decided: Collection[str] = ()
) -> Merged:
    """Return the records of the raw files, and those merged into another.

    An id that stands in two imports stays with the record of the one received first, so that a later import cannot take
    a decision away from it.

    Parameters
    ----------
    raw : what stands in the raw files, which lie under `root`.
    sources : the table ``sources`` that describes them.
    snapshot : date of the PubMed snapshot in use; later ones are left aside, earlier ones too but for
        decided records that the snapshot in use does not find.
    decided : ids of records that carry a decision.

    Raises
    ------
    FileError
        If a raw file has a fault.
    """
    chain = chain_of(root, snapshot)
    by_file: dict[str, list[Row]] = {}
    for row in raw.rows():
        if snapshot_of(row["source_file"]) <= snapshot:
            by_file.setdefault(row["source_file"], []).append(row)
    rows: list[Row] = []
    newer: set[str] = set()  # what a newer snapshot tells of a record holds
    received = dict(zip(sources["path"], sources["accessed_on"].astype(str), strict=True))
    for path in sorted(by_file, key=lambda one: _preference(one, received[one])):
        read, name = by_file[path], snapshot_of(path)
        if name:
            read = [row for row in read if row["record_id"] not in newer]
            read = [row for row in read if name in chain or row["record_id"] in decided]
            newer |= {str(row["record_id"]) for row in read}
        rows += read
    return merge_records(rows)


def found_by_search(raw: Raw, root: str | Path, snapshot: str) -> set[str]:
    """Return the PubMed ids of a snapshot and of what it continues."""
    chain = set(chain_of(root, snapshot))
    return {row["pmid"] for row in raw.rows() if snapshot_of(row["source_file"]) in chain and row["pmid"]}


def search_update(
    sources: pd.DataFrame,
    raw: Raw,
    root: str | Path,
    snapshot: str,
    records: pd.DataFrame,
    decided: Collection[str] = (),
) -> Update:
    """Return what is new in `records` since the snapshot before `snapshot` (nothing where there is none).

    An import counts as known if it was received by the day of that snapshot.
    """
    previous = newest_before(sources["path"], snapshot)
    if not previous:
        return Update(pd.DataFrame(columns=SEARCH_UPDATE.names), pd.DataFrame(columns=NEW_RECORDS.names))
    there = sources["path"].str.startswith(SNAPSHOTS) | (sources["accessed_on"] <= previous)
    then = replace(raw, entries=raw.entries[raw.entries["source_file"].isin(sources.loc[there, "path"])])
    before = merged_records(then, sources, root, previous, decided).records
    known = {one for row in rows_of(before) for one in record_names(row)}
    new = records[[known.isdisjoint(record_names(row)) for row in rows_of(records)]]
    row = {"snapshot": snapshot, "previous": previous, "n_previous": len(records) - len(new), "n_new": len(new)}
    return Update(pd.DataFrame([row], columns=SEARCH_UPDATE.names), new[NEW_RECORDS.names])


def _preference(path: str, received: str) -> tuple[int, str, str]:
    """Return the place of a file: PubMed first, newest first; then the imports as they were received."""
    name = snapshot_of(path)
    return (-int(name.replace("-", "")), "", path) if name else (0, received, path)
