"""One returned file judged: read, refused because it names people, or not readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.registry import FORM
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ReturnStatus
from casepool.privacy.finding.find import Finding, expectation, kind_in_words
from casepool.registry.intake.cells import FormCells, form_cells
from casepool.registry.intake.grids import WHOLE_ROW, Fault, Grid, Recognise
from casepool.registry.intake.headers import recogniser
from casepool.registry.intake.identity_scan import findings_in_cells, findings_in_headers
from casepool.registry.intake.returns import read_return
from casepool.registry.intake.row_checks import CheckedRows, check_rows, objecting_rows

WHOLE_FILE = Message("whole_file")  # stands for a column where the file as a whole is at fault
_PLACES_TOLD = 5
_MOST_CENTRES = 1_000  # of one file; their names are compared with each other


@dataclass(frozen=True)
class Reason:
    """Why a row waits: line, column, what was expected there."""

    line: int
    column: str | Message
    expected: Message


@dataclass(frozen=True)
class JudgedReturn:
    """A file after reading.

    Attributes
    ----------
    status, messages : what became of it; holds nothing of the file.
    lines : the line of each of its rows.
    cells, checked : text cells and checked rows, in the order of the lines; None unless the file was read.
    reasons : why the rows of a file that was not read wait.
    objections : the objections in a file that was not read (``row_checks.objecting_rows``); index: the line.
    """

    status: ReturnStatus
    messages: tuple[Message | str, ...]
    lines: npt.NDArray[np.int64]
    cells: pd.DataFrame | None = None
    checked: CheckedRows | None = None
    reasons: tuple[Reason, ...] = ()
    objections: pd.DataFrame | None = None


class Reader:
    """Reads files against one protocol; `only_complete` lets the drafts of REDCap wait."""

    def __init__(self, protocol: Protocol, *, only_complete: bool = False) -> None:
        self._protocol = protocol
        self._only_complete = only_complete
        self._recognise: Recognise = recogniser(protocol)

    def judge(self, path: Path, last_day: dt.date) -> JudgedReturn:
        """Return what becomes of a file that came on a day; never raises for what is in it."""
        try:
            return self._judged(read_return(path, self._recognise), last_day)
        except FileError as error:
            return _unreadable(error.message)
        except Exception as error:  # a text of Python or of a library may quote a cell: only its kind is told
            return _unreadable(Message("unforeseen_fault", kind=type(error).__name__))

    def _judged(self, grid: Grid, last_day: dt.date) -> JudgedReturn:
        findings = findings_in_headers(grid, self._recognise)
        try:
            told = form_cells(grid, self._recognise)
        except FileError as error:
            lines = np.array(grid.lines, dtype=np.int64)
            return _refused(findings, lines) if findings else _unreadable(error.message, lines)
        findings += findings_in_cells(told, self._protocol)
        told = told.of_patients()
        unused: JudgedReturn | None = None
        if findings:
            unused = _refused(findings, told.lines)
        elif told.missing:
            unused = _unreadable(Message("lacks_columns", columns=told.missing, n=len(FORM.names)), told.lines)
        elif told.form["centre"].nunique() > _MOST_CENTRES:
            unused = _unreadable(Message("too_many_centres", n=_MOST_CENTRES), told.lines)
        if unused is not None:
            objections = objecting_rows(told.form, told.faults)
            return replace(unused, objections=objections.set_axis(told.lines[objections.index]))
        if self._only_complete:
            told = replace(told, faults=(*told.faults, Fault(WHOLE_ROW, Message("complete_in_redcap"), told.drafts)))
        checked = check_rows(told.form, told.faults, self._protocol, last_day)
        return JudgedReturn(ReturnStatus.READ, _messages(grid, told, checked), told.lines, told.form, checked)


def _messages(grid: Grid, told: FormCells, checked: CheckedRows) -> tuple[Message, ...]:
    messages = list(told.notes)
    if not len(told.lines):
        messages.append(Message("no_patient"))
    if told.drafts.any():
        lines = tuple(str(line) for line in told.lines[told.drafts][:_PLACES_TOLD])
        messages.append(Message("drafts_of_redcap", n=int(told.drafts.sum()), lines=lines))
    normalised = [*grid.notes, *([Message("month_first")] if checked.month_first else [])]
    normalised += [Message("n_cells_changed", n=checked.n_normalised)] if checked.n_normalised else []
    if normalised:
        messages.append(Message("normalised", what=tuple(normalised)))
    return tuple(messages)


def _unreadable(message: Message | str, lines: Sequence[int] | npt.NDArray[np.int64] = ()) -> JudgedReturn:
    reasons = tuple(Reason(int(line), WHOLE_FILE, Message("file_that_can_be_read")) for line in lines)
    return JudgedReturn(ReturnStatus.UNREADABLE, (message,), np.array(lines, dtype=np.int64), reasons=reasons)


def _refused(findings: Sequence[Finding], lines: npt.NDArray[np.int64]) -> JudgedReturn:
    """Return the refusal of a file: every row waits, and nothing of any row is kept."""
    at = [Reason(one.row, one.column or WHOLE_FILE, expectation(one.kind)) for one in findings]
    told = {reason.line for reason in at}
    others = [Reason(int(line), WHOLE_FILE, Message("file_without_identity")) for line in lines if line not in told]
    return JudgedReturn(ReturnStatus.REFUSED, (_refusal(findings),), lines, reasons=(*at, *others))


def _refusal(findings: Sequence[Finding]) -> Message:
    places = [_place(one) for one in findings[:_PLACES_TOLD]]
    places += [Message("n_more", n=len(findings) - _PLACES_TOLD)] if len(findings) > _PLACES_TOLD else []
    return Message("refused", places=tuple(places))


def _place(finding: Finding) -> Message:
    kind = kind_in_words(finding.kind)
    if finding.column in {"", WHOLE_ROW}:
        return Message("found_in_row", line=finding.row, kind=kind)
    return Message("found_in_column", line=finding.row, column=finding.column, kind=kind)
