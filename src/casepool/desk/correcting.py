"""A cell of a row that git holds is not overwritten: it is corrected by a row of ``corrections.csv``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casepool.contract import TABLES
from casepool.desk.entering import Done
from casepool.desk.fields import cell_label, labels, typed
from casepool.desk.judging import Remark, judge, sentence
from casepool.desk.workspace import CURATED_FOLDER, Workspace, as_text, fits, today
from casepool.entry import correcting as entry
from casepool.entry.correcting import Correction
from casepool.entry.table_text import parse
from casepool.extraction.curated import cell_text
from casepool.files import git, sheets
from casepool.files.dialect import normalise_cell
from casepool.model.errors import CuratedDataError, FileError
from casepool.model.message import text
from casepool.rows import rows_of
from casepool.typing import Row


@dataclass(frozen=True)
class Cell:
    """A cell as it can be corrected.

    Attributes
    ----------
    column, label : of the cell.
    file : what stands in the table, as the reader writes it.
    now : what holds: the correction, where there is one.
    why : the reason of that correction, or nothing.
    """

    column: str
    label: str
    file: str
    now: str
    why: str


def committed(workspace: Workspace, table: str, key: Sequence[str]) -> bool:
    """Return whether the last version in git holds a row; without git every row counts as held."""
    head = git.answer(workspace.root, "rev-parse", "HEAD")
    if head is None:
        return not (workspace.root / ".git").exists()
    return tuple(key) in workspace.kept(f"head {table}", head, lambda: _keys_in_head(workspace, table))


def _keys_in_head(workspace: Workspace, table: str) -> frozenset[tuple[str, ...]]:
    path = f"{CURATED_FOLDER.as_posix()}/{table}.csv"
    content = git.committed(workspace.root, path)
    if content is None:  # the last version has no such table
        return frozenset()
    try:
        found = parse(content, TABLES[table], path)
    except FileError:
        return frozenset(tuple(map(as_text, key)) for key in zip(*_key_cells(workspace, table), strict=True))
    return frozenset(found.key_of(one.cells) for one in found.records if one.cells)


def _key_cells(workspace: Workspace, table: str) -> list[list[object]]:
    """Return the cells of the key of every row: where the last version cannot be read, all rows count as held."""
    return [workspace.curated()[table][name].tolist() for name in TABLES[table].key]


def cells(workspace: Workspace, table: str, key: Sequence[str]) -> tuple[Cell, ...] | None:
    """Return every cell of a row as it can be corrected, or None where there is no such row."""
    where = dict(zip(TABLES[table].key, key, strict=True))
    row, now = _in_file(workspace, table, where), workspace.row(table, where)
    if row is None or now is None:
        return None
    named = labels(workspace, table)
    why = {one["column"]: as_text(one["reason"]) for one in _corrections(workspace, table, row)}
    return tuple(
        Cell(
            name,
            named[name],
            cell_label(workspace, table, name, row[name]),
            cell_label(workspace, table, name, now[name]),
            why.get(name, ""),
        )
        for name in TABLES[table].names
    )


def _in_file(workspace: Workspace, table: str, where: Mapping[str, str]) -> Row | None:
    """Return a row as it stands in its file, before corrections."""
    frame = sheets.check_table(table, workspace.folder / f"{table}.csv").frame
    return next((row for row in rows_of(frame) if fits(row, where)), None)


def _corrections(workspace: Workspace, table: str, row: Row) -> list[Row]:
    key = sheets.key_of(row, TABLES[table])
    return [one for one in workspace.rows("corrections") if (one["table"], one["key"]) == (table, key)]


def correct(
    workspace: Workspace, table: str, key: Sequence[str], column: str, form: Mapping[str, str]
) -> Done | tuple[Remark, ...]:
    """Write the correction of a cell; return what is wrong with it where something is, and write nothing.

    Parameters
    ----------
    form : ``new``, ``reason`` and ``source``, as typed.

    Raises
    ------
    FileError
        If nothing can be written now, or the corrections have changed meanwhile.
    """
    row = _in_file(workspace, table, dict(zip(TABLES[table].key, key, strict=True)))
    if row is None:
        raise FileError(workspace.words("error_404"))
    new = typed(workspace, table, {column: form.get("new", "")})[column]
    reason, source = (form.get(name, "").strip() for name in ("reason", "source"))
    named = sheets.key_of(row, TABLES[table])
    wanted = Correction(table, named, column, new, reason, source, workspace.reader, today())
    if wrong := _wrong(workspace, key, wanted):
        return wrong
    try:
        done = entry.correct(workspace.root, wanted)
    except CuratedDataError as error:
        return tuple(Remark("new", sentence(workspace, table, one), stops=True) for one in error.problems)
    beside = [text(one, workspace.language) for one in done if one.id != "corrected_cell"]
    said = workspace.words("corrected", name=labels(workspace, table)[column])
    return Done(tuple(key), (said, *beside))


def _wrong(workspace: Workspace, key: Sequence[str], wanted: Correction) -> tuple[Remark, ...]:
    """Return what is missing in a correction, and what the check would say of the row that it makes."""
    found = [
        Remark(name, workspace.words("needed", name=workspace.words(f"{name}_of_correction")), stops=True)
        for name, given in (("reason", wanted.reason), ("source", wanted.source))
        if not given
    ]
    where = dict(zip(TABLES[wanted.table].key, key, strict=True))
    now = workspace.row(wanted.table, where) or {}
    new = normalise_cell(wanted.new, TABLES[wanted.table].column(wanted.column))
    if new == cell_text(now.get(wanted.column)):
        found.append(Remark("new", workspace.words("nothing_new"), stops=True))
    corrected = {name: as_text(now.get(name)) for name in TABLES[wanted.table].names} | {wanted.column: new}
    found += [replace(one, column="new") for one in judge(workspace, wanted.table, corrected, where).stops]
    return tuple(found)
