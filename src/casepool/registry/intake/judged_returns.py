"""One returned file judged: read, refused because it names people, or not readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.registry import CENTRE, FORM
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ReturnStatus
from casepool.privacy.finding.find import Finding, expectation, kind_in_words
from casepool.registry.form.redcap import RECORD_ID
from casepool.registry.intake.cells import FormCells, form_cells
from casepool.registry.intake.grids import OF_OBJECTION, WHOLE_ROW, Fault, Grid, Recognise, any_row
from casepool.registry.intake.headers import recogniser
from casepool.registry.intake.identity_scan import findings_beside, findings_in_cells, findings_in_headers
from casepool.registry.intake.missing import read_as_missing
from casepool.registry.intake.returns import read_return
from casepool.registry.intake.row_checks import CheckedRows, check_rows, objecting_rows
from casepool.registry.intake.rules import ReadingRules

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
    hidden : rows that may tell who somebody is; their text is copied nowhere.
    """

    status: ReturnStatus
    messages: tuple[Message | str, ...]
    lines: npt.NDArray[np.int64]
    cells: pd.DataFrame | None = None
    checked: CheckedRows | None = None
    reasons: tuple[Reason, ...] = ()
    objections: pd.DataFrame | None = None
    hidden: npt.NDArray[np.bool_] | None = None


class Reader:
    """Reads files against one protocol; `only_complete` lets the drafts of REDCap wait."""

    def __init__(self, protocol: Protocol, rules: ReadingRules, *, only_complete: bool = False) -> None:
        self._protocol = protocol
        self._rules = rules
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
        beside = findings_beside(grid)
        findings = [*findings_in_headers(grid, self._recognise), *(one for one in beside if one.certain)]
        try:
            told = form_cells(grid, self._recognise)
        except FileError as error:
            lines = np.array(grid.lines, dtype=np.int64)
            return _refused(findings, lines) if findings else _unreadable(error.message, lines)
        findings += findings_in_cells(told, self._protocol, self._rules)
        told = told.of_patients()
        unused: JudgedReturn | None = None
        objections = objecting_rows(told.form, told.faults)
        # A file of objections alone lacks no column that is looked at.
        alone = 0 < len(objections) == len(told.lines) and OF_OBJECTION.isdisjoint(told.missing)
        if any(one.certain for one in findings):
            unused = _refused(findings, told.lines)
        elif told.missing and not alone:
            unused = _unreadable(self._lacking(grid, told.missing), told.lines)
        elif told.form["centre"].nunique() > _MOST_CENTRES:
            unused = _unreadable(Message("too_many_centres", n=_MOST_CENTRES), told.lines)
        if unused is not None:
            hold = (Message("objections_inside", n=len(objections)),) if len(objections) else ()
            objections = objections.set_axis(told.lines[objections.index])
            return replace(unused, messages=(*unused.messages, *hold), objections=objections)
        if self._only_complete:
            told = replace(told, faults=(*told.faults, Fault(WHOLE_ROW, Message("complete_in_redcap"), told.drafts)))
        form, missing = read_as_missing(told.form, self._rules.missing_codes)
        doubts = _doubts(findings, told.lines)
        told = replace(told, form=form, faults=(*doubts, *told.faults), notes=(*told.notes, *missing))
        checked = check_rows(told.form, told.faults, self._protocol, last_day)
        messages = (*_messages(grid, told, checked), *_beside(grid, beside))
        hidden = any_row(doubts, len(told.lines))
        return JudgedReturn(ReturnStatus.READ, messages, told.lines, told.form, checked, hidden=hidden)

    def _lacking(self, grid: Grid, missing: tuple[str, ...]) -> Message:
        """Return what is said of a file without required columns."""
        exported = RECORD_ID in map(self._recognise, grid.header)
        if exported and {column.name for column in CENTRE} <= set(missing):
            return Message("one_instrument")
        return Message("lacks_columns", columns=missing, n=len(FORM.names))


def _doubts(findings: Sequence[Finding], lines: npt.NDArray[np.int64]) -> tuple[Fault, ...]:
    """Return what may tell who somebody is as faults of its rows: they wait, and the centre is asked.

    Where it stands on the line of no patient (the centre's own in an export), every row waits.
    """
    told: dict[tuple[str | Message, str], set[int]] = {}
    for one in findings:
        told.setdefault((one.column, one.kind), set()).add(one.row)
    known = set(lines.tolist())
    faults = []
    for (column, kind), rows in told.items():
        at_fault = np.isin(lines, list(rows)) | (not rows <= known)
        faults.append(Fault(column, Message("may_tell_who", kind=kind_in_words(kind)), at_fault))
    return tuple(faults)


def _beside(grid: Grid, findings: Sequence[Finding]) -> list[Message]:
    """Return what is said of a workbook in which something beside the cells may tell who somebody is."""
    kinds = tuple(kind_in_words(one.kind) for one in findings)
    told = [Message("may_stand_beside", kinds=kinds)] if kinds else []
    return [*told, *([Message("properties_name_somebody")] if grid.asides.names_people else [])]


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
    findings = sorted(findings, key=lambda one: not one.certain)  # what refuses the file is told first
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
