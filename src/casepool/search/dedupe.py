"""``casepool dedupe``: the records of any exports with each publication once, outside any project."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.contract.literature import RECORDS
from casepool.files import atomic
from casepool.files.formulas import frame_as_csv
from casepool.model.errors import CasepoolError, FileError
from casepool.model.message import Message, text
from casepool.model.vocabulary import Origin, Suspicion
from casepool.search.merging import Merged, merge_groups
from casepool.search.publications.entries import own_id
from casepool.search.publications.groups import group
from casepool.search.publications.pairs import Pair, doubtful_pairs
from casepool.search.raw import parse_export
from casepool.search.received import each_file, renamed
from casepool.typing import Row

_COLUMNS = ("record_id", "also_as", *(name for name in RECORDS.names if name not in {"record_id", "also_as", "origin"}))


@dataclass(frozen=True)
class Deduplicated:
    """The tables ``records``, ``merges`` and ``pairs``, and what is to be told."""

    records: pd.DataFrame
    merges: pd.DataFrame
    pairs: pd.DataFrame
    notes: tuple[Message, ...]


def dedupe(files: Sequence[Path], language: str = "en") -> Deduplicated:
    """Return the records of exports with each publication once, those merged, and the doubtful pairs.

    Neither the order of the files nor that of their records matters: of one publication the record that tells most is
    kept.

    Parameters
    ----------
    files : exports, folders of them, archives.
    language : ``en`` or ``fr``, of the reasons.

    Raises
    ------
    FileError
        With every file that cannot be read, or if there is none.
    """
    rows = read_rows(files)
    groups, compared = group(rows)
    merged = merge_groups(rows, groups, language)
    records = merged.records[list(_COLUMNS)].sort_values("record_id")
    merges = merged.merges[["record_id", "kept_as", "explanation"]].rename(columns={"explanation": "why"})
    merges = merges.sort_values(["record_id", "kept_as"])
    counts = Message("deduplicated", n=len(rows), kept=len(records), merged=len(merges))
    pairs = _pairs(merged, doubtful_pairs(groups.facts, compared), language)
    n = {one: int((pairs["suspicion"] == one).sum()) for one in Suspicion}
    doubts = Message("pairs_to_look_at", duplicates=n[Suspicion.DUPLICATE], studies=n[Suspicion.STUDY])
    return Deduplicated(records, merges, pairs, (*merged.notes, counts, doubts))


def write(done: Deduplicated, folder: Path) -> list[Path]:
    """Write ``records.csv``, ``merges.csv`` and ``pairs.csv`` into a folder, and return their paths."""
    tables = {"records.csv": done.records, "merges.csv": done.merges, "pairs.csv": done.pairs}
    for name, table in tables.items():
        atomic.write_text(folder / name, frame_as_csv(table))
    return [folder / name for name in tables]


def read_rows(files: Sequence[Path]) -> list[Row]:
    """Return the records of exports, the one to keep of each publication before the others.

    Parameters
    ----------
    files : exports, folders of them, archives.

    Raises
    ------
    FileError
        With every file that cannot be read, or if there is none.
    """
    rows: list[Row] = []
    faults: list[Message | str] = []
    with ExitStack() as stack:
        for path, name in each_file(files, stack):
            try:
                rows += [{**row, "origin": Origin.DATABASE, "source_file": name} for row in parse_export(path)]
            except CasepoolError as error:
                faults.append(renamed(error.message, path, name))
    if faults:
        raise FileError(Message("unreadable_files", messages=tuple(faults)))
    if not rows:
        raise FileError(Message("import_nothing"))
    return sorted(_shortly_named(rows), key=_preference)


def _shortly_named(rows: list[Row]) -> list[Row]:
    """Return the rows with the ids of a table's own column, where no other file has the same."""
    owners: dict[str, set[str]] = {}
    short = [own_id(row) for row in rows]
    for row, name in zip(rows, short, strict=True):
        owners.setdefault(name, set()).add(str(row["source_file"]))
    return [
        {**row, "record_id": name if len(owners[name]) == 1 else row["record_id"]}
        for row, name in zip(rows, short, strict=True)
    ]


def _preference(row: Row) -> tuple[object, ...]:
    """Return the place of a record among those of its publication: PubMed's first, then the fullest."""
    told = sum(1 for value in row.values() if value not in ("", None))
    return (not str(row["record_id"]).startswith("pmid:"), -told, str(row["record_id"]), str(row["source_file"]))


def _pairs(merged: Merged, found: Sequence[Pair], language: str) -> pd.DataFrame:
    titles = dict(zip(merged.records["record_id"], merged.records["title"], strict=True))
    named = [(sorted((merged.ids[one.a], merged.ids[one.b])), one) for one in found]
    rows = [
        {
            "number": number,
            "record_a": first,
            "record_b": second,
            "suspicion": one.suspicion,
            "likeness": round(one.likeness, 1),
            "why": text(one.why, language),
            "title_a": titles[first],
            "title_b": titles[second],
        }
        for number, ((first, second), one) in enumerate(named, start=1)
    ]
    names = ["number", "record_a", "record_b", "suspicion", "likeness", "why", "title_a", "title_b"]
    return pd.DataFrame(rows, columns=names)
