"""``casepool add --undo``: the last report that was added is taken back, as long as nothing was built on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casepool.contract import TABLES
from casepool.entry.adding import ADDS
from casepool.entry.journal import Change, Step, carry_out, digest
from casepool.entry.rows import place_of, read
from casepool.entry.table_text import NotInOrderError, TableText, parse
from casepool.entry.writing import writing
from casepool.files.git import committed
from casepool.model.errors import FileError
from casepool.model.message import Message


def undo(root: str | Path) -> tuple[Message, ...]:
    """Take the last ``casepool add`` back; return what is to be told.

    Raises
    ------
    FileError
        If nothing was added here, a row was filled in since, or it is committed to git; nothing was written.
    """
    base = Path(root)
    with writing(base) as told:
        noted = (base / ADDS).read_bytes() if (base / ADDS).exists() else b"[]"
        steps: list[dict[str, Any]] = json.loads(noted)
        if not steps:
            raise FileError(Message("nothing_to_undo"))
        last = steps[-1]
        _refuse_touched(base, last)
        changes = [*_without_rows(base, last), *_without_files(base, last)]
        changes.append(Change(ADDS, noted, json.dumps(steps[:-1], ensure_ascii=False).encode()))
        name = Message("step_undo", reports=tuple(last["reports"]))
        carry_out(base, Step(name, tuple(changes)))
    return (*told, name)


def committed_table(root: Path, table: str) -> TableText | None:
    """Return a table as the last commit holds it, or None where it holds none that can be read."""
    place = place_of(root, table)
    content = committed(root, place.path)
    try:
        return None if content is None else parse(content, TABLES[table], place.path)
    except NotInOrderError:
        return None


def _refuse_touched(base: Path, last: dict[str, Any]) -> None:
    reports = tuple(last["reports"])
    heads: dict[str, TableText | None] = {}
    filled: list[str] = []
    kept: list[str] = []
    for row in last["rows"]:
        table, key = row["table"], tuple(row["key"])
        head = heads.setdefault(table, committed_table(base, table))
        if head is not None and head.find(key):
            kept.append(_row(table, key))
        found = read(place_of(base, table)).find(key)
        if found is not None and found.text != row["text"]:
            filled.append(_row(table, key))
    if kept:
        raise FileError(Message("undo_committed", reports=reports, rows=tuple(kept)))
    filled += _built_on(base, last)
    edited = [path for path, was in last["files"].items() if (base / path).exists() and _digest(base / path) != was]
    if filled or edited:
        raise FileError(Message("undo_filled_in", reports=reports, rows=(*filled, *edited)))


def _built_on(base: Path, last: dict[str, Any]) -> list[str]:
    """Return the rows of the reports that somebody put beside those that were added."""
    ours = {(row["table"], tuple(row["key"])) for row in last["rows"]}
    found = []
    for table in ("patients", "cohorts", "cumulative_incidences", "appraisal"):
        keys = (one.cells for one in read(place_of(base, table)).records if one.cells)
        for cells in keys:
            key = tuple(cells[name] for name in TABLES[table].key)
            if cells["report_id"] in last["reports"] and (table, key) not in ours:
                found.append(_row(table, key))
    return found


def _row(table: str, key: tuple[str, ...]) -> str:
    return f"{table}.csv {', '.join(key)}"


def _digest(path: Path) -> str:
    return digest(path.read_bytes())


def _without_rows(base: Path, last: dict[str, Any]) -> list[Change]:
    tables: dict[str, TableText] = {}
    for row in last["rows"]:
        table = tables.setdefault(row["table"], read(place_of(base, row["table"])))
        tables[row["table"]] = table.without(tuple(row["key"]))
    return [
        Change(place.path, place.file.read_bytes(), table.text().encode())
        for place, table in ((place_of(base, name), table) for name, table in tables.items())
    ]


def _without_files(base: Path, last: dict[str, Any]) -> list[Change]:
    return [Change(path, (base / path).read_bytes(), None) for path in last["files"] if (base / path).exists()]
