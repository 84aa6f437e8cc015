"""A reading is begun: empty tables for a blind one, the rows of another reader to check, the first one from git."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.readings import CONSENSUS, READ, READER
from casepool.files import sheets, store
from casepool.files.git import committed
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import ReadingMode
from casepool.readings.kept import FOLDER, OPEN, Kept, Reading
from casepool.readings.source import Source
from casepool.readings.steps import ReadingStep, readings_with, sealed, with_rows
from casepool.rows import missing, rows_of
from casepool.typing import Row


@dataclass(frozen=True)
class First:
    """What somebody who read alone has left in the tables.

    Attributes
    ----------
    reader : the id that the folder gets.
    rows : table → rows.
    """

    reader: str
    rows: Mapping[str, list[Row]]


def begin(
    kept: Kept,
    reader: str,
    report: str,
    mode: ReadingMode,
    tables: Mapping[str, pd.DataFrame],
    day: str,
) -> ReadingStep:
    """Return the step that begins a reading, or opens a closed one again that nobody has compared.

    Parameters
    ----------
    tables : reports, and the tables that hold the rows of a first reader.

    Raises
    ------
    CuratedDataError
        If the reader has no id that can be a folder, there is no such report, or nothing to verify.
    FileError
        If this reading was compared: it stays as it is.
    """
    problems = list(_wrong_request(reader, report, tables["reports"]))
    if problems:
        raise CuratedDataError(problems)
    known = kept.find(reader, report)
    if known is not None:
        return _again(kept, known)
    firsts = [
        one for one in first_readers(tables, report) if one.reader != reader and not kept.find(one.reader, report)
    ]
    files, readings, told = _copies(kept, firsts, report, day)
    own = Reading(reader, report, mode, _readable(tables, reader, report), day, "", "")
    rows = _to_check(kept, firsts, reader, report) if mode is ReadingMode.VERIFICATION else {}
    if mode is ReadingMode.VERIFICATION and not rows:
        wrong = Problem("readings.csv", 0, f"report_id={report}", "mode", mode.value, Message("reading_to_verify"))
        raise CuratedDataError([wrong])
    files |= readings_with(kept, [*readings, own])
    files |= _working_files(kept, reader, rows)
    folder = f"{FOLDER.as_posix()}/{reader}/{OPEN}"
    told = [*told, Message("reading_begun", reader=reader, report=report, folder=folder)]
    return ReadingStep(Message("step_begin", reader=reader, report=report), files, told=tuple(told))


def _wrong_request(reader: str, report: str, reports: pd.DataFrame) -> list[Problem]:
    problems = []
    if not READER.fullmatch(reader):
        near = reader_id(reader) if READER.fullmatch(reader_id(reader)) else ""
        problems.append(Problem("readings.csv", 0, "", "reader", reader, Message("reader_of_reading"), near))
    known = list(reports["report_id"].dropna())
    if report not in known:
        near = sheets.nearest(report, known)
        problems.append(Problem("readings.csv", 0, "", "report_id", report, Message("report_id"), near))
    return problems


def reader_id(name: str) -> str:
    """Return an id for the folder of a reader, made of the id that stands in the tables."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in fold(name))
    return plain.strip("_")[:40]


def _again(kept: Kept, known: Reading) -> ReadingStep:
    if known.compared:
        raise FileError(Message("reading_compared", reader=known.reader, report=known.report, day=known.compared_on))
    folder = f"{FOLDER.as_posix()}/{known.reader}/{OPEN}"
    if not known.closed:
        told = (Message("reading_is_open", reader=known.reader, report=known.report, folder=folder),)
        return ReadingStep(Message("step_begin", reader=known.reader, report=known.report), told=told)
    rows = {name: kept.rows(known.reader, known.report, name) for name in known.tables}
    files = readings_with(kept, [replace(known, closed_on="")]) | without_seals(kept, known)
    for name in known.tables:
        frame = kept.closed.get((known.reader, name))
        if frame is not None:
            path = f"{FOLDER.as_posix()}/{known.reader}/{name}.csv"
            files[path] = store.table_bytes(name, frame[frame["report_id"] != known.report], path)
    files |= _working_files(kept, known.reader, rows)
    told = (Message("reading_opened_again", reader=known.reader, report=known.report, folder=folder),)
    return ReadingStep(Message("step_begin", reader=known.reader, report=known.report), files, told=told)


def without_seals(kept: Kept, reading: Reading) -> dict[str, bytes | None]:
    """Return the seals without those of a reading."""
    seals = kept.beside["seals"]
    own = {sheets.key_of(row, TABLES[name]) for name in reading.tables
           for row in kept.rows(reading.reader, reading.report, name)}  # fmt: skip
    others = seals[~((seals["reader"] == reading.reader) & seals["key"].isin(list(own))).astype(bool)]
    return with_rows("seals", others, [])


def _working_files(kept: Kept, reader: str, rows: Mapping[str, Sequence[Row]]) -> dict[str, bytes | None]:
    """Return the working copies: with further rows where there are any; none that is there is emptied."""
    files: dict[str, bytes | None] = {}
    for name in READ:
        there = kept.working.get((reader, name))
        table = TABLES[name]
        path = f"{FOLDER.as_posix()}/{reader}/{OPEN}/{name}.csv"
        if there is None and not rows.get(name):
            files[path] = f"{','.join(table.names)}\n".encode()
        elif rows.get(name):
            new = pd.DataFrame(rows[name], columns=table.names).astype(table.dtypes)
            old = new.iloc[:0] if there is None else there[table.names]
            joined = pd.concat([old, new], ignore_index=True).drop_duplicates(list(table.key), keep="first")
            files[path] = store.table_bytes(name, joined, path)
            if there is not None:
                files[path.removesuffix("csv") + "xlsx"] = None  # its rows stand in the CSV now
    return files


def first_readers(tables: Mapping[str, pd.DataFrame], report: str) -> list[First]:
    """Return who read a report alone, with their rows: by the column ``reader`` of the tables."""
    found: dict[str, dict[str, list[Row]]] = {}
    for name in READ:
        for row in rows_of(tables[name][(tables[name]["report_id"] == report).fillna(value=False).astype(bool)]):
            if not missing(row["reader"]) and row["reader"] != CONSENSUS:
                reader = reader_id(row["reader"])
                found.setdefault(reader, {}).setdefault(name, []).append({**row, "reader": reader})
    return [First(reader, rows) for reader, rows in sorted(found.items()) if READER.fullmatch(reader)]


def _readable(tables: Mapping[str, pd.DataFrame], reader: str, report: str) -> tuple[str, ...]:
    """Return what a reader has to read: every table, but those that only others have read in part."""
    firsts = [one for one in first_readers(tables, report) if one.reader == reader]
    return _tables_of(firsts[0], first_readers(tables, report)) if firsts else READ


def _tables_of(one: First, all_of_report: Sequence[First]) -> tuple[str, ...]:
    """Return what a first reader has read: the tables with rows of theirs, and those in which nobody has any."""
    by_others = {name for other in all_of_report if other is not one for name in other.rows}
    return tuple(name for name in READ if name in one.rows or name not in by_others)


def _copies(
    kept: Kept, firsts: Sequence[First], report: str, day: str
) -> tuple[dict[str, bytes | None], list[Reading], list[Message]]:
    """Return the first readings as closed ones: files, entries of the list, what is to be said."""
    files: dict[str, bytes | None] = {}
    readings, seals, told = [], [], []
    for first in firsts:
        for name, rows in first.rows.items():
            table = TABLES[name]
            new = pd.DataFrame(rows, columns=table.names).astype(table.dtypes)
            there = kept.closed.get((first.reader, name), new.iloc[:0])[table.names]
            path = f"{FOLDER.as_posix()}/{first.reader}/{name}.csv"
            files[path] = store.table_bytes(name, pd.concat([there, new], ignore_index=True), path)
            seals += sealed(first.reader, name, rows)
        read_on = max(str(row["date"]) for rows in first.rows.values() for row in rows)
        readings.append(Reading(first.reader, report, ReadingMode.BLIND, _tables_of(first, firsts), read_on, day, ""))
        n = sum(map(len, first.rows.values()))
        told.append(Message("first_reading_copied", n=n, reader=first.reader, report=report))
    return files | (with_rows("seals", kept.beside["seals"], seals) if seals else {}), readings, told


def _to_check(kept: Kept, firsts: Sequence[First], reader: str, report: str) -> dict[str, list[Row]]:
    """Return the rows of the first reading that a verifying reader starts from."""
    closed = [one for one in kept.of(report) if one.closed and one.reader != reader]
    if closed:
        first = min(closed, key=lambda one: (one.closed_on, one.reader))
        rows: Mapping[str, list[Row]] = {name: kept.rows(first.reader, report, name) for name in first.tables}
    else:
        rows = {name: of_table for one in reversed(firsts) for name, of_table in one.rows.items()}
    return {name: [{**row, "reader": reader} for row in of_table] for name, of_table in rows.items() if of_table}


def tables_for(root: Path, curated: Mapping[str, pd.DataFrame], source: Source | None) -> Mapping[str, pd.DataFrame]:
    """Return the tables of the first reader: as last committed, or as they stand where there is no commit of them.

    Parameters
    ----------
    source : where they are to be taken from; None: git, and the tables where git holds none.

    Raises
    ------
    FileError
        If git was asked for and holds no such table.
    """
    if source is Source.TABLES:
        return curated
    found = {name: _committed(root, name) for name in READ}
    if source is None and not any(frame is not None for frame in found.values()):
        return curated
    missed = tuple(name for name, frame in found.items() if frame is None)
    if missed and source is Source.GIT:
        raise FileError(Message("not_committed", tables=missed))
    return {**curated, **{name: frame for name, frame in found.items() if frame is not None}}


def _committed(root: Path, name: str) -> pd.DataFrame | None:
    """Return a table as of the last commit; None where git or the commit has none that can be read."""
    content = committed(root, f"data/curated/{name}.csv")
    if content is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_bytes(content)
        checked = sheets.check_table(name, path)
    return checked.frame if checked.readable else None
