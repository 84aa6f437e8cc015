"""A step of double reading on the disk: its files and the rows of the curated tables, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casepool.entry.journal import Step, carry_out, changed
from casepool.entry.rows import judge, place_of, read
from casepool.entry.table_text import Cells, TableText
from casepool.entry.writing import writing
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.message import Message
from casepool.readings.steps import ReadingStep, RowChange


def write_step(root: str | Path, step: ReadingStep) -> tuple[Message, ...]:
    """Write a step; return what is to be told of an earlier one that was cut short.

    Of a row that changes, the cells that do not change keep their bytes, and so does every other row.

    Raises
    ------
    CuratedDataError
        If ``casepool check`` would refuse a row; nothing is written.
    FileError
        As `casepool.entry.writing.writing` and `casepool.entry.journal.carry_out`.
    """
    with writing(root) as told:
        contents = dict(step.files)
        problems: list[Problem] = []
        for table in dict.fromkeys(one.table for one in step.rows):
            place = place_of(root, table)
            rows = [one for one in step.rows if one.table == table]
            contents[place.path] = _with_rows(root, read(place), rows, problems).text().encode()
        if problems:
            raise CuratedDataError(problems)
        carry_out(root, Step(step.name, changed(root, contents)))
    return told


def _with_rows(root: str | Path, text: TableText, rows: Sequence[RowChange], problems: list[Problem]) -> TableText:
    for one in rows:
        place, there = place_of(root, one.table), text.find(one.key)
        if one.before is None and there is not None and _waits(text, there.cells):
            text, there = text.without(one.key), None  # begun by `casepool add`, and filled in by the readers
        if (there is None) != (one.before is None):
            raise FileError(Message("nothing_written", why=Message("changed_meanwhile", files=(place.path,))))
        if one.after is None:
            text = text.without(one.key)
            continue
        cells = {**(there.cells if there else {}), **{name: one.after[name] for name in one.changed}}
        found, wrong, _ = judge(place, cells, text.line_of(one.key))
        problems += wrong
        text = text.with_row(found if there is None else cells)
    return text


def _waits(text: TableText, cells: Cells) -> bool:
    """Return whether a row is only begun: it holds its key, and perhaps who is to read it and since when."""
    beside = {*text.table.key, "reader", "date"}
    return not any(cell for name, cell in cells.items() if name not in beside and cell != "not_reported")
