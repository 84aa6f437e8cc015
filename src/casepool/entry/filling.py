"""``casepool merge``: a filled table, whatever its file is called, put into the curated tables row by row.

An empty cell of the file says nothing. A row with a new key is added, an empty cell is filled; a cell that holds
another value stays as it is until a person says why the new one is right: then it becomes a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from casepool.contract import CURATED, TABLES
from casepool.contract.texts import column_named
from casepool.entry.journal import Change, Step, carry_out
from casepool.entry.rows import judge, place_of, read
from casepool.entry.table_text import Key, TableText
from casepool.entry.writing import writing
from casepool.files import sheets
from casepool.files.cells import is_workbook, read_cells
from casepool.files.dialect import Normalised, normalise
from casepool.files.workbook import FilledSheet, read_filled, sheets_of
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.message import Message

_SILENT = frozenset({"", "not_reported"})
_BESIDE = frozenset({"reader", "date"})  # who fills a row in, and when: another reader does not change what was read
_CURATED = {table.name: table for table in CURATED}


@dataclass(frozen=True)
class Cell:
    """A cell that the file fills or would change: what stands in the table now, and what in the file."""

    column: str
    now: str
    filled: str


@dataclass(frozen=True)
class RowOffered:
    """A row of the file beside the row of the table.

    Attributes
    ----------
    line : row number in the file.
    new : whether the table has no row with its key.
    filled : cells that are empty in the table.
    changed : cells that hold another value in the table; nothing writes over them.
    cells : the row as it would be written.
    """

    table: str
    key: Key
    line: int
    new: bool
    filled: tuple[Cell, ...]
    changed: tuple[Cell, ...]
    cells: Mapping[str, str]

    @property
    def named(self) -> str:
        """The key as messages name it."""
        return sheets.key_of(dict(zip(TABLES[self.table].key, self.key, strict=True)), TABLES[self.table])


@dataclass(frozen=True)
class Offer:
    """What a file would do to the tables: its rows, what is wrong with them, and how they were read."""

    rows: tuple[RowOffered, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether any row is new or fills a cell."""
        return any(one.new or one.filled for one in self.rows)

    @property
    def changes(self) -> bool:
        """Whether any row holds another value than the table."""
        return any(one.changed for one in self.rows)

    def said(self) -> Iterator[Message]:
        """Yield the preview: for each table how many rows, then each row that is new, filled in or other."""
        yield from (Message("normalised", what=note) for note in self.notes)
        for name in dict.fromkeys(one.table for one in self.rows):
            rows = [one for one in self.rows if one.table == name]
            n_new, n_filled, n_changed = (sum(map(bool, kind)) for kind in zip(*map(_kinds, rows), strict=True))
            same = sum(not any(_kinds(one)) for one in rows)
            yield Message("merge_table", table=name, new=n_new, filled=n_filled, changed=n_changed, same=same)
            for row in rows:
                if row.new:
                    yield Message("merge_new", key=row.named, row=row.line)
                for cell in row.filled:
                    yield Message("merge_fills", key=row.named, column=cell.column, filled=cell.filled)
                for cell in row.changed:
                    yield Message("merge_other", key=row.named, column=cell.column, now=cell.now, filled=cell.filled)


@dataclass(frozen=True)
class Correction:
    """Why the values of the file are right where the table says otherwise, and who says so when."""

    reason: str
    reader: str
    day: str


def offer(root: str | Path, file: str | Path) -> Offer:
    """Return what a filled file would do to the curated tables of a project; nothing is written.

    Parameters
    ----------
    file : CSV, or XLSX with one sheet or several; which table it is follows from its sheets, its name and its header.

    Raises
    ------
    FileError
        If it cannot be read, or no table of the project has its columns.
    """
    path = Path(file)
    rows: list[RowOffered] = []
    problems: list[Problem] = []
    notes: list[Message] = []
    for name, filled in _filled_tables(path).items():
        table = TABLES[name]
        cells = normalise(filled.rows, table, filled.notes, filled.met)
        checked = sheets.check_cells(cells, table, path.name)
        notes += [Message("of_table", table=name, what=note) for note in checked.notes]
        found = [*_rows(read(place_of(root, name)), cells, filled.rows)] if checked.readable else []
        problems += _problems(root, path.name, found, checked.problems)
        rows += found
    return Offer(tuple(rows), tuple(problems), tuple(notes))


def merge(root: str | Path, file: str | Path, correction: Correction | None = None) -> tuple[Message, ...]:
    """Put a filled file into the curated tables in one step, and return what is to be said.

    Parameters
    ----------
    correction : write a correction for each cell that holds another value; without it such cells stay as they are.

    Raises
    ------
    CuratedDataError
        With every problem of the file; nothing is written then.
    FileError
        If the file or a table cannot be read or written now, or a value is corrected already.
    """
    base = Path(root)
    with writing(base) as told:
        found = offer(base, file)
        if found.problems:
            raise CuratedDataError(found.problems)
        changed = [*_written(base, found)]
        if correction and found.changes:
            changed.append(_corrected(base, found, correction, Path(file).name))
        if changed:
            carry_out(base, Step(Message("step_merge", file=Path(file).name), tuple(changed)))
    done = Message("merge_done", n=sum(one.new or bool(one.filled) for one in found.rows))
    kept = [Message("merge_kept")] if found.changes and not correction else []
    return (*told, done, *kept)


def _kinds(row: RowOffered) -> tuple[bool, bool, bool]:
    return row.new, bool(row.filled), bool(row.changed)


def _filled_tables(path: Path) -> dict[str, FilledSheet]:
    if is_workbook(path):
        return {name: read_filled(path, TABLES[name]) for name in _at_least_one(path, sheets_of(path, _CURATED))}
    filled = FilledSheet(*read_cells(path))
    header = {cell.strip() for cell in filled.rows[0]} if filled.rows else set()
    known = {name: sum(column_named(table, one) in table.names for one in header) for name, table in _CURATED.items()}
    best = path.stem.casefold() if path.stem.casefold() in known else max(known, key=known.__getitem__)
    return dict.fromkeys(_at_least_one(path, [best] if known[best] else []), filled)


def _at_least_one(path: Path, names: list[str]) -> list[str]:
    if not names:
        raise FileError(Message("merge_no_table", file=path.name, tables=tuple(_CURATED)))
    return names


def _problems(root: str | Path, file: str, rows: Sequence[RowOffered], found: Sequence[Problem]) -> Iterator[Problem]:
    """Yield what is wrong with the file; of a row that the table has, with what the two say together."""
    known = {one.line: one for one in rows if not one.new}
    yield from (problem for problem in found if problem.row not in known)
    for line, row in known.items():
        together = dict(row.cells) | {cell.column: cell.filled for cell in row.changed}
        _, wrong, _ = judge(place_of(root, row.table), together, line)
        yield from (replace(problem, file=file) for problem in wrong)


def _rows(now: TableText, cells: Normalised, typed: Sequence[Sequence[str]]) -> Iterator[RowOffered]:
    """Yield each row of a file beside its row of the table; an empty cell of the file says nothing."""
    header = list(cells.frame.columns)
    for line, (_, texts) in zip(cells.lines, cells.frame.fillna("").iterrows(), strict=True):
        raw = typed[line - 1]
        said = {name for name, cell in zip(header, raw, strict=False) if cell.strip()}
        mine = {name: str(texts[name]) for name in now.table.names}
        key = now.key_of(mine)
        there = now.find(key)
        if there is None:
            yield RowOffered(now.table.name, key, line, new=True, filled=(), changed=(), cells=mine)
            continue
        other = [
            Cell(name, there.cells[name], mine[name])
            for name in now.table.names
            if name in said and mine[name] != there.cells[name] and mine[name] not in _SILENT
        ]
        filled = tuple(one for one in other if one.now in _SILENT)
        changed = tuple(one for one in other if one.now not in _SILENT and one.column not in _BESIDE)
        after = dict(there.cells) | {one.column: one.filled for one in filled}
        yield RowOffered(now.table.name, key, line, new=False, filled=filled, changed=changed, cells=after)


def _written(root: Path, found: Offer) -> Iterator[Change]:
    for name in dict.fromkeys(one.table for one in found.rows):
        place = place_of(root, name)
        before = after = read(place)
        for row in found.rows:
            if row.table == name and (row.new or row.filled):
                after = after.with_row(row.cells)
        if after != before:
            yield _change(place.path, before, after, there=place.file.exists())


def _change(path: str, before: TableText, after: TableText, *, there: bool) -> Change:
    return Change(path, before.text().encode() if there else None, after.text().encode())


def _corrected(root: Path, found: Offer, correction: Correction, file: str) -> Change:
    """Return the change of corrections.csv: one row for each cell that the file says otherwise."""
    place = place_of(root, "corrections")
    before = after = read(place)
    cells = chain.from_iterable(((row, cell) for cell in row.changed) for row in found.rows)
    for row, cell in cells:
        key = (row.table, row.named, cell.column)
        if before.find(key) is not None:
            raise FileError(Message("merge_corrected_already", table=row.table, key=row.named, column=cell.column))
        values = {"table": row.table, "key": row.named, "column": cell.column, "old": cell.now, "new": cell.filled}
        values |= {"reason": correction.reason, "source": row.cells.get("source_locator") or file}
        after = after.with_row(values | {"reader": correction.reader, "date": correction.day})
    return _change(place.path, before, after, there=place.file.exists())
