"""The row store: one row of a table is saved, added or deleted, and every other byte of its file stays.

A row is saved against what it was when it was opened. Where it changed on the disk meanwhile (another tab, an editor,
``git checkout``), nothing is written and both are shown. What is saved is judged by the very functions of
``casepool check``. A file that is not in the form in which the program writes is refused, never mended on the side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casepool.contract import TABLES, Table
from casepool.entry.journal import put, refusal
from casepool.entry.table_text import Cells, Key, TableText, empty_table, parse
from casepool.entry.writing import writing
from casepool.files import atomic, sheets
from casepool.files.dialect import normalise
from casepool.model.errors import FileError, Problem
from casepool.model.message import Message

_RAW = {"sources": "data/raw/sources.csv"}


@dataclass(frozen=True)
class Place:
    """A table in a file of a project.

    Attributes
    ----------
    root : the folder of the project.
    table : name in the data contract.
    path : of the file, relative to the project, with slashes.
    """

    root: Path
    table: str
    path: str

    @property
    def contract(self) -> Table:
        """Columns and rules of the table."""
        return TABLES[self.table]

    @property
    def file(self) -> Path:
        """The file."""
        return self.root / self.path


@dataclass(frozen=True)
class Opened:
    """A row as somebody opened it: handed back with the save.

    Attributes
    ----------
    key : its key, in the order of the contract.
    cells : column → text as it stood there; None where there was no such row.
    digest : SHA-256 of the record; empty where there was none.
    """

    key: Key
    cells: Cells | None = None
    digest: str = ""


@dataclass(frozen=True)
class Saved:
    """The row is on the disk.

    Attributes
    ----------
    row : as it stands there now, to be handed back with the next save; without cells after a deletion.
    line : its row number as ``casepool check`` counts.
    notes : what was written otherwise than it was typed, and what is to be told of an earlier step.
    """

    row: Opened
    line: int
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Field:
    """One cell of a conflict: as it was opened, as it is on the disk, and as it was to be saved.

    An empty text is an empty cell; None says that there is no row.
    """

    column: str
    opened: str | None
    on_disk: str | None
    mine: str | None

    @property
    def clashes(self) -> bool:
        """Whether both sides changed it, each to another value."""
        return self.on_disk not in (self.opened, self.mine) and self.mine != self.opened


@dataclass(frozen=True)
class Conflict:
    """Nothing was written: the row changed on the disk since it was opened.

    Attributes
    ----------
    fields : every cell that either side changed, in the order of the table.
    on_disk : the row as it is now; to save knowingly, hand this back as what was opened.
    """

    fields: tuple[Field, ...]
    on_disk: Opened


@dataclass(frozen=True)
class Refused:
    """Nothing was written: what ``casepool check`` would say of the row."""

    problems: tuple[Problem, ...]


Outcome = Saved | Conflict | Refused


def place_of(root: str | Path, table: str) -> Place:
    """Return where a curated table, or the table of sources, stands in a project."""
    return Place(Path(root), table, _RAW.get(table, f"data/curated/{table}.csv"))


def read(place: Place) -> TableText:
    """Return a table as its text; one whose file is not there is empty.

    Raises
    ------
    NotInOrderError
        If the file is not in the form in which the program writes.
    FileError
        If a workbook stands in the place of the file.
    """
    if not place.file.exists():
        workbook = place.file.with_suffix(".xlsx")
        if workbook.exists():
            raise FileError(Message("table_is_a_workbook", file=workbook.name, table=place.file.name))
        return empty_table(place.contract)
    return parse(atomic.read_bytes(place.file), place.contract, place.path)


def open_row(place: Place, key: Sequence[str]) -> Opened:
    """Return the row with a key as it stands on the disk; without cells where there is none.

    Raises
    ------
    FileError
        As `read`.
    """
    return _opened(read(place), tuple(key))


def save(place: Place, opened: Opened, mine: Mapping[str, str]) -> Outcome:
    """Save a row: in the place of the one that was opened, or as a new one where it sorts.

    Parameters
    ----------
    opened : the row as it was opened (`open_row`); for a new one ``Opened(key)``.
    mine : column → what was typed, labels and decimal commas as ``casepool check`` takes them; a column that is not
        there is empty. Its key may be another than the one opened: the row is renamed.

    Returns
    -------
    Saved, Conflict (the row, or one of the new key, is other on the disk), or Refused (what is wrong with the row).

    Raises
    ------
    FileError
        If nothing can be written now, or the file is not in order; nothing was written.
    """
    with writing(place.root) as told:
        now = read(place)
        cells, problems, notes = judge(place, mine, now.line_of(opened.key))
        if conflict := _conflict(now, opened, cells):
            return conflict
        if problems:
            return Refused(problems)
        after = now.with_row(cells, instead_of=opened.key)
        _write(place, now, after)
        key = after.key_of(cells)
        return Saved(_opened(after, key), after.line_of(key), (*told, *notes))


def delete(place: Place, opened: Opened) -> Outcome:
    """Delete the row that was opened, unless it changed meanwhile.

    Raises
    ------
    FileError
        As `save`.
    """
    with writing(place.root) as told:
        now = read(place)
        if conflict := _conflict(now, opened, None):
            return conflict
        after = now.without(opened.key)
        _write(place, now, after)
        return Saved(Opened(opened.key), now.line_of(opened.key), told)


def judge(
    place: Place, typed: Mapping[str, str], line: int = 2
) -> tuple[Cells, tuple[Problem, ...], tuple[Message, ...]]:
    """Return a row in the ids and number formats of its table, its problems, and notes on what was changed.

    The rules over several tables see the whole project: `casepool.checks.data.check_data`.

    Parameters
    ----------
    line : the row number under which problems are told.
    """
    table = place.contract
    names = [*table.names, *(name for name in typed if name not in table.names)]
    found = normalise([names, [typed.get(name, "") for name in names]], table)
    if found.frame.empty:  # nothing was typed at all
        column = table.column(table.key[0])
        problem = Problem(place.file.name, line, "", column.name, Message("empty"), column.expectation())
        return dict.fromkeys(table.names, ""), (problem,), ()
    checked = sheets.check_cells(replace(found, lines=(line,)), table, place.file.name)
    texts = found.frame.fillna("").iloc[0]
    return {name: str(texts[name]) for name in table.names}, checked.problems, found.notes


def _opened(table: TableText, key: Key) -> Opened:
    found = table.find(key)
    return Opened(key) if found is None else Opened(key, found.cells, found.digest)


def _conflict(now: TableText, opened: Opened, mine: Cells | None) -> Conflict | None:
    """Return what stands in the way of a save: the row as it is now, or another one with the key that it would get."""
    on_disk = _opened(now, opened.key)
    key = opened.key if mine is None else now.key_of(mine)
    if on_disk.digest == opened.digest and key != opened.key:
        on_disk, opened = _opened(now, key), Opened(key)
    if on_disk.digest == opened.digest:
        return None
    columns = now.table.names
    cells = [_cells_of(one, columns) for one in (opened.cells, on_disk.cells, mine)]
    fields = (Field(*row) for row in zip(columns, *cells, strict=True))
    changed = tuple(one for one in fields if not one.opened == one.on_disk == one.mine)
    return Conflict(changed, on_disk)


def _cells_of(cells: Cells | None, columns: Sequence[str]) -> list[str | None]:
    return [None if cells is None else cells.get(name, "") for name in columns]


def _write(place: Place, before: TableText, after: TableText) -> None:
    if before == after and place.file.exists():
        return
    try:
        put(place.file, after.text().encode())
    except OSError as error:
        raise FileError(Message("nothing_written", why=refusal(error, place.path))) from error
