"""Two people on two branches: a curated table is merged row by row and cell by cell, by the keys of the contract.

git merges lines, and neighbouring lines that two people added are a conflict to it. Here rows with other keys never
meet, and other cells of one row merge. What really contradicts stands in the file between the marks of git, with table,
key, column and both values named; ``casepool check`` and the row store refuse the file until a person has decided.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain

from casepool.contract import Table
from casepool.entry.table_text import Key, form_faults, order_of, split_records
from casepool.model.message import Message

Cells = Mapping[str, str]


class NotMergeableError(Exception):
    """A side is not in the form of the program, or its columns do not fit: git's own merge of lines is left."""


@dataclass(frozen=True)
class Clash:
    """What two people decided differently: one cell, or a row that one changed and the other deleted.

    Attributes
    ----------
    column : empty where it is the whole row.
    ours, theirs : both values; None for a row that is deleted.
    """

    table: str
    key: Key
    column: str
    ours: str | None
    theirs: str | None

    def message(self) -> Message:
        """Return what is said of it."""
        if self.column:
            values = {"ours": _shown(self.ours), "theirs": _shown(self.theirs)}
            return Message("merge_clash", table=self.table, key=self.key, column=self.column, **values)
        side = Message("merge_ours" if self.ours is None else "merge_theirs")
        return Message("merge_clash_deleted", table=self.table, key=self.key, side=side)


@dataclass(frozen=True)
class Merged:
    """A merged table: its text, and what a person must decide."""

    text: str
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class _Side:
    """One version of a table: its columns, and its rows by key with the text as it stands."""

    header: tuple[str, ...]
    head: str
    rows: Mapping[Key, tuple[Cells, str]]

    def cells(self, key: Key) -> Cells | None:
        """Return the cells of a row, or None where there is no such row."""
        return self.rows[key][0] if key in self.rows else None


def merge(base: bytes, ours: bytes, theirs: bytes, table: Table) -> Merged:
    """Return two versions of a table merged over the one that both come from.

    Parameters
    ----------
    base, ours, theirs : the bytes of the three files; no bytes where there was no file.

    Raises
    ------
    NotMergeableError
        If one of them is no table in the form of the program, or a column that one side dropped was used by the other.
    """
    before, mine, other = (_side(content, table) for content in (base, ours, theirs))
    header = _header(before, mine, other)
    merging = _Merging(table, header, before, mine, other)
    records = list(merging.records())
    head = next((one.head for one in (mine, other) if one.header == header), _line(header))
    return Merged(f"{head}{''.join(records)}", tuple(merging.clashes))


class _Merging:
    """The merge of the rows of one table; `clashes` grows while they are merged."""

    def __init__(self, table: Table, header: tuple[str, ...], before: _Side, mine: _Side, other: _Side) -> None:
        self.table, self.header = table, header
        self.before, self.mine, self.other = before, mine, other
        self.clashes: list[Clash] = []

    def records(self) -> Iterator[str]:
        """Yield each record of the merged table, in the order of our side; what is new of theirs where it sorts."""
        for key in self._order():
            yield self._record(key)

    def _order(self) -> list[Key]:
        keys = list(self.mine.rows)
        for key in self.other.rows:
            if key not in self.mine.rows:
                mine = order_of(self.table, key)
                after = [place for place, one in enumerate(keys, start=1) if order_of(self.table, one) <= mine]
                keys.insert(after[-1] if after else 0, key)
        return keys

    def _record(self, key: Key) -> str:
        before, mine, other = (side.cells(key) for side in (self.before, self.mine, self.other))
        if mine is None or other is None:
            return self._one_sided(key, before)
        for side, cells, rest in ((self.mine, mine, other), (self.other, other, mine)):
            if self._same(cells, rest) or (before is not None and self._same(rest, before)):
                return self._text(side, key)
        return self._both_changed(key, before or {}, mine, other)

    def _one_sided(self, key: Key, before: Cells | None) -> str:
        """Return a row that one side does not have: new on the other, deleted here, or deleted and changed."""
        there = self.other if key not in self.mine.rows else self.mine
        if before is None:
            return self._text(there, key)
        if self._same(before, there.rows[key][0]):
            return ""
        ours, theirs = (None, "") if there is self.other else ("", None)
        clash = Clash(self.table.name, key, "", ours, theirs)
        kept = self._text(there, key)
        return self._marked([clash], *(("", kept) if ours is None else (kept, "")))

    def _both_changed(self, key: Key, before: Cells, mine: Cells, other: Cells) -> str:
        ours, theirs, clashes = [], [], []
        for name in self.header:
            old, one, two = (cells.get(name, "") for cells in (before, mine, other))
            clash = one != two and old not in (one, two)
            merged = two if one == old else one
            ours.append(one if clash else merged)
            theirs.append(two if clash else merged)
            if clash:
                clashes.append(Clash(self.table.name, key, name, one, two))
        return self._marked(clashes, _line(ours), _line(theirs)) if clashes else _line(ours)

    def _marked(self, clashes: Sequence[Clash], ours: str, theirs: str) -> str:
        self.clashes += clashes
        where = ", ".join(f"{name}={cell}" for name, cell in zip(self.table.key, clashes[0].key, strict=True))
        told = [(_told(one.column, one.ours), _told(one.column, one.theirs)) for one in clashes]
        head, foot = ("; ".join(side) for side in zip(*told, strict=True))
        return f"<<<<<<< {self.table.name}, {where}: {head}\n{ours}=======\n{theirs}>>>>>>> {foot}\n"

    def _text(self, side: _Side, key: Key) -> str:
        """Return a row as it stands on one side, byte by byte where the columns are the same."""
        cells, text = side.rows[key]
        return text if side.header == self.header else _line([cells.get(name, "") for name in self.header])

    def _same(self, one: Cells, other: Cells) -> bool:
        return all(one.get(name, "") == other.get(name, "") for name in self.header)


def _side(content: bytes, table: Table) -> _Side:
    if not content:
        return _Side((), "", {})
    if any(True for _ in form_faults(content)):
        raise NotMergeableError
    try:
        (head, names), *records = split_records(content.decode("utf-8"))
    except (csv.Error, ValueError) as error:
        raise NotMergeableError from error
    header = tuple(names)
    if not set(table.key) <= set(header) or len(set(header)) < len(header):
        raise NotMergeableError
    rows: dict[Key, tuple[Cells, str]] = {}
    for text, row in records:
        if not row:
            continue
        cells = dict(zip(header, row, strict=False))
        key = tuple(cells.get(name, "") for name in table.key)
        if len(row) != len(header) or key in rows:
            raise NotMergeableError
        rows[key] = cells, text if text.endswith("\n") else f"{text}\n"
    return _Side(header, head if head.endswith("\n") else f"{head}\n", rows)


def _header(before: _Side, mine: _Side, other: _Side) -> tuple[str, ...]:
    """Return the columns: ours, those that they added beside their left neighbours, none that one of us dropped."""
    if not mine.header or not other.header:
        return mine.header or other.header
    dropped = (set(before.header) - set(mine.header)) | (set(before.header) - set(other.header))
    for name in dropped:
        if any(_uses(side, before, name) for side in (mine, other) if name in side.header):
            raise NotMergeableError
    base_order = mine.header == before.header
    names = list(other.header if base_order else mine.header)
    for place, name in enumerate(mine.header if base_order else other.header):
        if name not in names:
            left = (mine.header if base_order else other.header)[:place]
            names.insert(1 + max((names.index(one) for one in left if one in names), default=-1), name)
    return tuple(name for name in names if name not in dropped)


def _uses(side: _Side, before: _Side, name: str) -> bool:
    """Return whether a side wrote something of its own into a column."""
    return any(cells.get(name, "") != (before.cells(key) or {}).get(name, "") for key, (cells, _) in side.rows.items())


def _line(cells: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _shown(value: str | None) -> Message | str:
    return value or Message("empty")


def _told(column: str, value: str | None) -> str:
    """Return a value for a mark of git, which is one line."""
    if value is None:
        return "(deleted)"
    return f"{column} = {' '.join(value.split())}" if column else "(changed)"


def clash_lines(clashes: Sequence[Clash]) -> tuple[Message, ...]:
    """Return what is said of all that a person must decide."""
    return tuple(chain([Message("merge_clashes", n=len(clashes))], (one.message() for one in clashes)))
