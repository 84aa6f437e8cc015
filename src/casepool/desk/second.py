"""A second reading: begun, filled in, finished, compared, adjudicated; nobody sees an open one of another."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.readings import READ
from casepool.contract.texts import column_label
from casepool.desk.workspace import Workspace, as_text, today
from casepool.entry.reading_steps import write_step
from casepool.entry.rows import Place
from casepool.extraction.curated import Curated
from casepool.files.formulas import rows_as_csv
from casepool.model.message import Message, text
from casepool.model.vocabulary import ReadingMode
from casepool.readings.agreement import extraction_agreement
from casepool.readings.comparison import Comparison, comparison_of
from casepool.readings.filled import COLUMNS, sheet_rows
from casepool.readings.kept import FOLDER, OPEN, Kept, Reading, read_kept
from casepool.readings.showing import agreement_lines, pair_lines, status_lines
from casepool.readings.steps import ReadingStep
from casepool.readings.work import Work, work_on
from casepool.rows import rows_of


@dataclass(frozen=True)
class Mine:
    """The reader's own open reading of a report: its mode, and table → key and label of each row."""

    report: str
    mode: str
    rows: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Open:
    """A field in which two readers differ, as the page shows it."""

    label: str
    key: str
    readers: tuple[tuple[str, str, str], ...]
    values: tuple[str, str]


@dataclass(frozen=True)
class Compared:
    """The comparison of a report.

    Attributes
    ----------
    stage : ``waits``, ``to_open``, ``to_pair``, ``to_decide`` or ``settled``.
    said : why it waits, or the proposed pairs.
    agreement : how far the readers agree, before anything was decided.
    """

    report: str
    stage: str
    said: tuple[str, ...] = ()
    open: tuple[Open, ...] = ()
    agreement: tuple[str, ...] = ()


def kept(workspace: Workspace) -> Kept:
    """Return the readings of the project."""
    return read_kept(workspace.root)


def open_reading(workspace: Workspace, report: str) -> Reading | None:
    """Return the reader's own reading of a report that is not finished, or None."""
    found = kept(workspace).find(workspace.reader, report) if workspace.reader else None
    return None if found is None or found.closed else found


def reads_blind(workspace: Workspace, report: str) -> bool:
    """Return whether the reader reads a report blind at present: what was read of it before is not shown then."""
    found = open_reading(workspace, report)
    return found is not None and found.blind


def status(workspace: Workspace) -> tuple[str, ...]:
    """Return who reads what, how far, and what comes next; nothing of what was read."""
    return tuple(text(one, workspace.language) for one in status_lines(kept(workspace)))


def reports_read(workspace: Workspace) -> tuple[tuple[str, bool, bool], ...]:
    """Return the reports with readings: id, whether the reader's own is open, whether two may be compared."""
    found = kept(workspace)
    reports = sorted({one.report for one in found.readings})
    return tuple((one, open_reading(workspace, one) is not None, comparison_of(found, one).possible) for one in reports)


def begin(workspace: Workspace, report: str, mode: str) -> tuple[str, ...]:
    """Begin a reading of a report; return what is said.

    Raises
    ------
    CuratedDataError, FileError
        If it cannot be begun, in words.
    """
    work = _work(workspace)
    return _written(workspace, work, work.begin(workspace.reader, report, ReadingMode(mode)))


def close(workspace: Workspace, report: str) -> tuple[str, ...]:
    """Finish the reader's own reading; return what is said.

    Raises
    ------
    CuratedDataError
        With everything that the check would say of its rows.
    """
    work = _work(workspace)
    return _written(workspace, work, work.close(workspace.reader, report))


def open_readings(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Return reader and report of every reading that is not finished: one that was abandoned can be withdrawn."""
    return tuple(sorted((one.reader, one.report) for one in kept(workspace).readings if not one.closed))


def withdraw(workspace: Workspace, reader: str, report: str) -> tuple[str, ...]:
    """Withdraw an open reading of anybody; return what is said.

    Raises
    ------
    CuratedDataError, FileError
        If there is none, or it is finished.
    """
    work = _work(workspace)
    return _written(workspace, work, work.withdraw(reader, report))


def mine(workspace: Workspace, report: str) -> Mine | None:
    """Return the reader's own open reading of a report, or None."""
    found = open_reading(workspace, report)
    if found is None:
        return None
    rows = {}
    for table in found.tables:
        frame = kept(workspace).working.get((workspace.reader, table))
        own = [] if frame is None else [row for row in rows_of(frame) if row["report_id"] == report]
        keys = [tuple(as_text(row[name]) for name in TABLES[table].key) for row in own]
        rows[table] = tuple(("/".join(key), " · ".join(key[1:])) for key in keys)
    return Mine(report, found.mode, rows)


def place_of_mine(workspace: Workspace, table: str) -> Place:
    """Return where the reader's own working copy of a table stands."""
    return Place(workspace.root, table, f"{FOLDER.as_posix()}/{workspace.reader}/{OPEN}/{table}.csv")


def as_read(workspace: Workspace, report: str) -> Curated:
    """Return the tables as they would be were the reader's own rows those of a report."""
    curated, found = workspace.curated(), kept(workspace)
    frames = dict(curated.frames)
    for table in READ:
        others = frames[table][(frames[table]["report_id"] != report).fillna(value=False).astype(bool)]
        own = found.working.get((workspace.reader, table))
        if own is not None:
            own = own[(own["report_id"] == report).fillna(value=False).astype(bool)]
        frames[table] = others if own is None or own.empty else pd.concat([others, own[others.columns.tolist()]])
        frames[table] = frames[table].reset_index(drop=True)
    return replace(curated, frames=frames)


def compared(workspace: Workspace, report: str) -> Compared:
    """Return the comparison of a report as far as it may be shown.

    Raises
    ------
    CuratedDataError
        If a finished reading was changed.
    FileError
        If there are no two finished readings.
    """
    (found,) = _work(workspace).compared(report)
    if not found.opened:
        return Compared(report, "to_open")
    if not found.paired:
        return Compared(report, "to_pair", tuple(text(one, workspace.language) for one in pair_lines(found.pairs)))
    lines = agreement_lines(extraction_agreement([found], workspace.project.configuration.pooling.level))
    spoken = workspace.language
    named = {f"{table}.{name}": column_label(table, name, spoken) for table in READ for name in TABLES[table].names}
    agreement = tuple(text(one, spoken, named) for one in lines)
    if not found.unsettled:
        return Compared(report, "settled", (), (), agreement)
    return Compared(report, "to_decide", (), _open(workspace, found), agreement)


def _open(workspace: Workspace, found: Comparison) -> tuple[Open, ...]:
    shown = sheet_rows(found.unsettled, workspace.language)[1:]
    a, b = COLUMNS.index("value_a"), COLUMNS.index("value_b")
    return tuple(
        Open(
            column_label(one.table, one.column, workspace.language),
            _row_named(workspace, one.table, one.key),
            ((one.reader_a, row[a], one.where_a), (one.reader_b, row[b], one.where_b)),
            (row[a], row[b]),
        )
        for one, row in zip(found.unsettled, shown, strict=True)
    )


def _row_named(workspace: Workspace, table: str, key: str) -> str:
    """Return how the pages call a row of a report, of its key as messages name it."""
    parts = [part.partition("=")[2] for part in key.split(", ")]
    return workspace.words(f"row_{table}", name=" · ".join(parts[1:]))


def open_comparison(workspace: Workspace, report: str) -> tuple[str, ...]:
    """Open the comparison of a report: from then on its readings never change."""
    work = _work(workspace)
    return _written(workspace, work, work.opening(work.compared(report)))


def confirm_pairs(workspace: Workspace, report: str) -> tuple[str, ...]:
    """Confirm the proposed pairs of a report."""
    work = _work(workspace)
    return _written(workspace, work, work.confirm(work.compared(report), workspace.reader))


def decide(workspace: Workspace, report: str, chosen: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Write what was decided on the open differences of a report, in their order: value and reason; empty: still open.

    Raises
    ------
    CuratedDataError
        With everything that is wrong with a decision; nothing is written then.
    """
    work = _work(workspace)
    (found,) = work.compared(report)
    lines = sheet_rows(found.unsettled, workspace.language)
    names = {name: place for place, name in enumerate(COLUMNS)}
    for line, (value, reason) in zip(lines[1:], chosen, strict=True):
        if value or reason:
            line[names["value"]], line[names["reason"]] = value, reason
            line[names["adjudicator"]], line[names["date"]] = workspace.reader, today()
    with tempfile.TemporaryDirectory(dir=workspace.private.folder) as folder:
        sheet = Path(folder) / "comparison.csv"
        sheet.write_bytes(rows_as_csv(lines).encode("utf-8-sig"))
        step = work.adjudicate(sheet)
    return _written(workspace, work, step)


def _work(workspace: Workspace) -> Work:
    return work_on(workspace.root, workspace.protocol, today())


def _written(workspace: Workspace, work: Work, step: ReadingStep) -> tuple[str, ...]:
    earlier: tuple[Message, ...] = write_step(work.root, step) if step.files or step.rows else ()
    spoken = workspace.language
    return tuple(text(one, spoken) if isinstance(one, Message) else one.text(spoken) for one in (*earlier, *step.told))
