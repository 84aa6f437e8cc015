"""A reading that was begun and will not be finished is withdrawn: nothing waits for it, nothing typed is lost."""

from __future__ import annotations

from casepool.files import store
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.message import Message
from casepool.readings.kept import FOLDER, OPEN, Kept
from casepool.readings.steps import ReadingStep, path_of


def withdraw(kept: Kept, reader: str, report: str) -> ReadingStep:
    """Return the step that takes an open reading off the list; its working copies stay where they are.

    Raises
    ------
    CuratedDataError
        If no such reading was begun.
    FileError
        If it is finished: what was read is kept, and compared.
    """
    reading = kept.find(reader, report)
    if reading is None:
        key = f"reader={reader}, report_id={report}"
        raise CuratedDataError([Problem("readings.csv", 0, key, "", Message("empty"), Message("reading_begun_first"))])
    if reading.closed:
        raise FileError(Message("reading_not_withdrawn", reader=reader, report=report, day=reading.closed_on))
    listed = kept.beside["readings"]
    others = listed[~((listed["reader"] == reader) & (listed["report_id"] == report)).astype(bool)]
    files = {path_of("readings"): store.table_bytes("readings", others, path_of("readings"))}
    folder = f"{FOLDER.as_posix()}/{reader}/{OPEN}"
    told = (Message("reading_withdrawn", reader=reader, report=report, folder=folder),)
    return ReadingStep(Message("step_withdraw", reader=reader, report=report), files, told=told)
