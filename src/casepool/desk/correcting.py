"""A cell of a row that git holds is not overwritten: it is corrected by a row of ``corrections.csv``."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casepool.contract import TABLES
from casepool.desk.entering import Clash, Done, clash_of
from casepool.desk.fields import cell_label, labels, typed
from casepool.desk.judging import Remark, judge, sentence
from casepool.desk.workspace import CURATED_FOLDER, Workspace, as_text, fits, today
from casepool.entry import rows
from casepool.entry.table_text import parse
from casepool.extraction.curated import cell_text
from casepool.files import sheets
from casepool.files.dialect import normalise_cell
from casepool.model.errors import FileError
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
    head = _git(workspace, "rev-parse", "HEAD")
    if head is None:
        return not (workspace.root / ".git").exists()
    return tuple(key) in workspace.kept(f"head {table}", head, lambda: _keys_in_head(workspace, table))


def _keys_in_head(workspace: Workspace, table: str) -> frozenset[tuple[str, ...]]:
    path = f"{CURATED_FOLDER.as_posix()}/{table}.csv"
    content = _git(workspace, "show", f"HEAD:./{path}")
    if content is None:  # the last version has no such table
        return frozenset()
    try:
        text = parse(content, TABLES[table], path)
    except FileError:
        return frozenset(tuple(map(as_text, key)) for key in zip(*_key_cells(workspace, table), strict=True))
    return frozenset(text.key_of(one.cells) for one in text.records if one.cells)


def _key_cells(workspace: Workspace, table: str) -> list[list[object]]:
    """Return the cells of the key of every row: where the last version cannot be read, all rows count as held."""
    return [workspace.curated()[table][name].tolist() for name in TABLES[table].key]


def _git(workspace: Workspace, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *words], cwd=workspace.root, capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


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
) -> Done | Clash | tuple[Remark, ...]:
    """Write the correction of a cell; return what is wrong with it where something is, and write nothing.

    Parameters
    ----------
    form : ``new``, ``reason`` and ``source``, as typed.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    row = _in_file(workspace, table, dict(zip(TABLES[table].key, key, strict=True)))
    if row is None:
        raise FileError(workspace.words("error_404"))
    described = TABLES[table].column(column)
    new = normalise_cell(typed(workspace, table, {column: form.get("new", "")})[column], described)
    wanted = {
        "table": table, "key": sheets.key_of(row, TABLES[table]), "column": column, "old": cell_text(row[column]),
        "new": new, "reason": form.get("reason", "").strip(), "source": form.get("source", "").strip(),
        "reader": workspace.reader, "date": today(),
    }  # fmt: skip
    if wrong := _wrong(workspace, table, key, wanted):
        return wrong
    place = rows.place_of(workspace.root, "corrections")
    opened = rows.open_row(place, (table, wanted["key"], column))
    outcome = rows.save(place, opened, wanted)
    if isinstance(outcome, rows.Saved):
        said = workspace.words("corrected", name=labels(workspace, table)[column])
        return Done(tuple(key), (said,))
    if isinstance(outcome, rows.Conflict):
        return clash_of(workspace, "corrections", outcome)
    return tuple(
        Remark(str(one.column), sentence(workspace, "corrections", one), stops=True) for one in outcome.problems
    )


def _wrong(workspace: Workspace, table: str, key: Sequence[str], wanted: Mapping[str, str]) -> tuple[Remark, ...]:
    """Return what is missing in a correction, and what the check would say of the row that it makes."""
    found = [
        Remark(name, workspace.words("needed", name=labels(workspace, "corrections")[name]), stops=True)
        for name in ("reason", "source")
        if not wanted[name]
    ]
    if wanted["new"] == wanted["old"]:
        found.append(Remark("new", workspace.words("nothing_new"), stops=True))
    where = dict(zip(TABLES[table].key, key, strict=True))
    now = workspace.row(table, where) or {}
    corrected = {name: as_text(now.get(name)) for name in TABLES[table].names} | {wanted["column"]: wanted["new"]}
    found += [replace(one, column="new") for one in judge(workspace, table, corrected, where).stops]
    return tuple(found)
