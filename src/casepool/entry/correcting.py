"""``casepool correct``: a cell that git holds is not overwritten; a row of ``corrections.csv`` says what is right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.contract import CURATED, TABLES
from casepool.entry import rows
from casepool.entry.undoing import committed_table
from casepool.extraction.curated import apply_corrections, cell_text
from casepool.files import sheets
from casepool.files.dialect import normalise_cell
from casepool.model.errors import CuratedDataError, FileError
from casepool.model.message import Message
from casepool.rows import missing, rows_of

_CORRECTABLE = tuple(table.name for table in CURATED if table.name != "corrections")


@dataclass(frozen=True)
class Correction:
    """A cell and what is right.

    Attributes
    ----------
    key : the key of the row, its parts joined by ``/`` or as messages show it (``report_id=…, patient_label=…``).
    new : as typed; labels and decimal commas are understood.
    """

    table: str
    key: str
    column: str
    new: str
    reason: str
    source: str
    reader: str
    day: str


def correct(root: str | Path, wanted: Correction) -> tuple[Message, ...]:
    """Write the correction of a cell; one of the same cell is replaced, and that is said.

    Raises
    ------
    FileError
        If there is no such cell, nothing would change, git does not hold the row yet (it can be edited where it
        stands), or nothing can be written now.
    CuratedDataError
        If what ``casepool check`` would say of the corrected row stops it. Nothing was written in either case.
    """
    base = Path(root)
    frame = _frame(base, wanted)
    row, key = _row(frame, wanted)
    _refuse_uncommitted(base, wanted.table, row)
    old = cell_text(row[wanted.column])
    new = normalise_cell(wanted.new.strip(), TABLES[wanted.table].column(wanted.column))
    cells = {
        "table": wanted.table,
        "key": key,
        "column": wanted.column,
        "old": old,
        "new": new,
        "reason": wanted.reason,
    }
    cells |= {"source": wanted.source, "reader": wanted.reader, "date": wanted.day}
    place = rows.place_of(base, "corrections")
    opened = rows.open_row(place, (wanted.table, key, wanted.column))
    before = opened.cells["new"] if opened.cells else old
    if new == before:
        raise FileError(Message("nothing_to_correct", column=wanted.column, value=new or Message("empty")))
    _refuse_wrong(base, wanted.table, frame, cells)
    outcome = rows.save(place, opened, cells)
    if isinstance(outcome, rows.Refused):
        raise CuratedDataError(outcome.problems)
    if isinstance(outcome, rows.Conflict):
        raise FileError(Message("nothing_written", why=Message("changed_meanwhile", files=(place.path,))))
    shown = {"old": before or Message("empty"), "new": new or Message("empty")}
    said = Message("corrected_cell", table=wanted.table, key=key, column=wanted.column, row=outcome.line, **shown)
    replaced = (Message("correction_replaced", old=old or Message("empty")),) if opened.cells else ()
    return (*outcome.notes, said, *replaced)


def _frame(base: Path, wanted: Correction) -> pd.DataFrame:
    """Return the table as it stands in its file, before corrections."""
    if wanted.table not in _CORRECTABLE:
        near = sheets.nearest(wanted.table, _CORRECTABLE)
        raise FileError(Message("no_such_table", table=wanted.table, tables=_CORRECTABLE, hint=_hint(near)))
    names = TABLES[wanted.table].names
    if wanted.column not in names:
        near = sheets.nearest(wanted.column, names)
        raise FileError(Message("no_such_column", table=wanted.table, column=wanted.column, hint=_hint(near)))
    return sheets.read_table(wanted.table, rows.place_of(base, wanted.table).file)


def _row(frame: pd.DataFrame, wanted: Correction) -> tuple[dict[str, object], str]:
    """Return the row with a key, and the key as corrections name it."""
    table = TABLES[wanted.table]
    keys: dict[str, str] = {}
    for row in rows_of(frame):
        named, short = sheets.key_of(row, table), "/".join(cell_text(row[name]) for name in table.key)
        if wanted.key in {named, short}:
            return row, named
        keys[short] = named
    near = sheets.nearest(wanted.key, list(keys))
    raise FileError(Message("no_row_of_key", table=wanted.table, key=wanted.key, hint=_hint(near)))


def _refuse_uncommitted(base: Path, name: str, row: dict[str, object]) -> None:
    head = committed_table(base, name)
    key = tuple("" if missing(row[part]) else cell_text(row[part]) for part in TABLES[name].key)
    if head is not None and head.find(key) is None:
        raise FileError(Message("not_committed_yet", table=name, key=key))


def _refuse_wrong(base: Path, name: str, frame: pd.DataFrame, cells: dict[str, str]) -> None:
    """Raise what the check would say of the row that the correction makes."""
    typed = sheets.read_table("corrections", rows.place_of(base, "corrections").file)
    same = (typed[["table", "key", "column"]] == [cells[part] for part in ("table", "key", "column")]).all(axis=1)
    new = pd.DataFrame([{part: cell or None for part, cell in cells.items()}], columns=typed.columns).astype("string")
    frames = {name: frame, "corrections": typed[~same.fillna(value=False)]}
    _, before = apply_corrections(frames)
    added = pd.concat([frames["corrections"], new], ignore_index=True)
    _, after = apply_corrections({**frames, "corrections": added})
    known = {(one.key, one.column, one.expected) for one in before}
    if wrong := [one for one in after if (one.key, one.column, one.expected) not in known]:
        raise CuratedDataError(wrong)


def _hint(near: str) -> Message | str:
    return Message("did_you_mean", nearest=near) if near else ""
