"""A reader has finished: the rows are judged as ``casepool check`` does, sealed, and never shown before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.readings import READ
from casepool.extraction.consistency import consistency_problems
from casepool.extraction.curated import Curated
from casepool.extraction.plausible import plausibility_problems
from casepool.files import store
from casepool.model.errors import CuratedDataError, Problem
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.readings.kept import FOLDER, OPEN, Kept, Reading
from casepool.readings.steps import ReadingStep, readings_with, sealed, with_rows
from casepool.rows import rows_of


def close(kept: Kept, reader: str, report: str, curated: Curated, protocol: Protocol, day: str) -> ReadingStep:
    """Return the step that closes a reading: its rows leave the working copy, are sealed and can be compared.

    Raises
    ------
    CuratedDataError
        With everything that ``casepool check`` would say of the rows, or if no such reading is open.
    """
    reading = kept.find(reader, report)
    if reading is None or reading.closed:
        found = Message("reading_closed_already") if reading else Message("empty")
        raise CuratedDataError(
            [Problem("readings.csv", 0, _key(reader, report), "", found, Message("reading_begun_first"))]
        )
    frames = {name: _rows(kept, reading, name) for name in reading.tables}
    problems = [*_form_problems(kept, reader), *_own_problems(reading, frames)]
    if not problems:
        problems += row_problems(reading, frames, curated, protocol)
    if problems:
        raise CuratedDataError(problems)
    files: dict[str, bytes | None] = {}
    seals = []
    for name, frame in frames.items():
        files |= _closed_file(kept, reader, report, name, frame)
        seals += sealed(reader, name, rows_of(frame))
    files |= with_rows("seals", kept.beside["seals"], seals) | readings_with(kept, [replace(reading, closed_on=day)])
    n = sum(map(len, frames.values()))
    told = (*kept.remarks.get(reader, ()), Message("reading_closed", reader=reader, report=report, n=n))
    return ReadingStep(Message("step_close", reader=reader, report=report), files, told=told)


def _key(reader: str, report: str) -> str:
    return f"reader={reader}, report_id={report}"


def _rows(kept: Kept, reading: Reading, name: str) -> pd.DataFrame:
    """Return the rows of the working copy; where there is none, those that stand among the closed ones already."""
    for frames in (kept.working, kept.closed):
        frame = frames.get((reading.reader, name))
        if frame is not None:
            own = frame[(frame["report_id"] == reading.report).fillna(value=False).astype(bool)]
            if len(own):
                return own
    table = TABLES[name]
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in table.columns})


def _form_problems(kept: Kept, reader: str) -> Iterator[Problem]:
    for one in (*kept.problems, *kept.working_problems):
        if one.file.startswith(f"{FOLDER.name}/{reader}/"):
            yield one


def _own_problems(reading: Reading, frames: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Yield rows under another reader's id, and what a reading must hold and does not."""
    key = _key(reading.reader, reading.report)
    for name, frame in frames.items():
        for index, found in zip(frame.index, frame["reader"], strict=True):
            if found != reading.reader:
                place = f"{FOLDER.name}/{reading.reader}/{OPEN}/{name}.csv"
                yield Problem(
                    place, int(index) + 2, key, "reader", str(found), Message("own_reader", reader=reading.reader)
                )
    if not any(map(len, frames.values())):
        yield Problem("readings.csv", 0, key, "", Message("empty"), Message("rows_of_reading"))
    elif "appraisal" in frames and frames["appraisal"].empty:
        yield Problem("readings.csv", 0, key, "appraisal", Message("empty"), Message("appraisal_for_included"))


def row_problems(
    reading: Reading, frames: Mapping[str, pd.DataFrame], curated: Curated, protocol: Protocol
) -> list[Problem]:
    """Return what ``casepool check`` says of the rows of a reading, were they those of the tables.

    Rows elsewhere that name a patient (decisions on identity, other reports) go by the labels of the tables, which a
    second reader does not know: they are judged once patients are paired and settled.
    """
    if not curated.readable:
        return []
    put = {name: _in_place(curated[name], frames[name], reading.report) for name in frames}
    as_read = replace(curated, frames={**curated.frames, **put})
    before = {_said(one) for one in _judged(curated, protocol)}
    folder = f"{FOLDER.name}/{reading.reader}/{OPEN}"
    return [
        replace(one, file=f"{folder}/{one.file}") if Path(one.file).stem in READ else one
        for one in _judged(as_read, protocol)
        if _said(one) not in before and _is_own(one, reading.report)
    ]


def _is_own(one: Problem, report: str) -> bool:
    return Path(one.file).stem in {*READ, "reports"} and f"report_id={report}" in str(one.key).split(", ")


def _judged(curated: Curated, protocol: Protocol) -> Iterator[Problem]:
    yield from consistency_problems(curated, protocol)
    yield from plausibility_problems(curated, protocol)


def _said(one: Problem) -> tuple[str, ...]:
    """Return a problem without its line: rows of other reports stand elsewhere when some are taken out."""
    return (one.file, str(one.key), str(one.column), str(one.found), str(one.expected))


def _in_place(frame: pd.DataFrame, rows: pd.DataFrame, report: str) -> pd.DataFrame:
    others = frame[(frame["report_id"] != report).fillna(value=True).astype(bool)]
    return pd.concat([others, rows[frame.columns.tolist()]])


def _closed_file(kept: Kept, reader: str, report: str, name: str, rows: pd.DataFrame) -> dict[str, bytes | None]:
    table = TABLES[name]
    there = kept.closed.get((reader, name))
    if there is None and rows.empty:
        return {}
    path = f"{FOLDER.as_posix()}/{reader}/{name}.csv"
    old = rows.iloc[:0] if there is None else there[(there["report_id"] != report).fillna(value=True).astype(bool)]
    content = store.table_bytes(name, pd.concat([old[table.names], rows[table.names]], ignore_index=True), path)
    return {path: content, path.removesuffix("csv") + "xlsx": None}
