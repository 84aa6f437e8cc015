"""One returned file judged: read, refused because it names people, or not readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.registry import FORM
from casepool.model.errors import FileError
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ReturnStatus
from casepool.privacy.finding.find import Finding, expectation
from casepool.registry.intake.cells import FormCells, form_cells
from casepool.registry.intake.grids import Grid, Recognise
from casepool.registry.intake.headers import recogniser
from casepool.registry.intake.identity_scan import findings_in_cells, findings_in_headers
from casepool.registry.intake.returns import read_return
from casepool.registry.intake.row_checks import CheckedRows, check_rows

WHOLE_FILE = "file"  # stands for a column where the file as a whole is at fault
_PLACES_TOLD = 5


@dataclass(frozen=True)
class Reason:
    """Why a row waits: line, column, what was expected there."""

    line: int
    column: str
    expected: str


@dataclass(frozen=True)
class JudgedReturn:
    """A file after reading.

    Attributes
    ----------
    status, messages : what became of it, in words that hold nothing of the file.
    lines : the line of each of its rows.
    cells, checked : text cells and checked rows, in the order of the lines; None unless the file was read.
    reasons : why the rows of a file that was not read wait.
    """

    status: ReturnStatus
    messages: tuple[str, ...]
    lines: npt.NDArray[np.int64]
    cells: pd.DataFrame | None = None
    checked: CheckedRows | None = None
    reasons: tuple[Reason, ...] = ()


class Reader:
    """Reads files against one protocol."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._recognise: Recognise = recogniser(protocol)

    def judge(self, path: Path) -> JudgedReturn:
        """Return what becomes of a file; never raises for what is in it."""
        try:
            return self._judged(read_return(path, self._recognise))
        except FileError as error:
            return _unreadable(str(error))
        except Exception as error:  # a text of Python or of a library may quote a cell: only its kind is told
            return _unreadable(f"reading stopped at an unforeseen fault ({type(error).__name__}); please report it")

    def _judged(self, grid: Grid) -> JudgedReturn:
        findings = findings_in_headers(grid, self._recognise)
        try:
            told = form_cells(grid, self._recognise)
        except FileError as error:
            lines = np.array(grid.lines, dtype=np.int64)
            return _refused(findings, lines) if findings else _unreadable(str(error), lines)
        findings += findings_in_cells(told, self._protocol)
        told = told.of_patients()
        if findings:
            return _refused(findings, told.lines)
        if told.missing:
            names = ", ".join(told.missing)
            return _unreadable(
                f"without column(s) {names}; expected all {len(FORM.names)} columns of the form", told.lines
            )
        checked = check_rows(told.form, told.faults, self._protocol)
        return JudgedReturn(ReturnStatus.READ, _messages(grid, told, checked), told.lines, told.form, checked)


def _messages(grid: Grid, told: FormCells, checked: CheckedRows) -> tuple[str, ...]:
    messages = list(told.notes)
    if not len(told.lines):
        messages.append("no row describes a patient")
    normalised = [*grid.notes, *([f"{checked.n_normalised} cell(s)"] if checked.n_normalised else [])]
    if normalised:
        messages.append(f"normalised: {', '.join(normalised)}")
    return tuple(messages)


def _unreadable(message: str, lines: Sequence[int] | npt.NDArray[np.int64] = ()) -> JudgedReturn:
    reasons = tuple(Reason(int(line), WHOLE_FILE, "a file that can be read, see its receipt") for line in lines)
    return JudgedReturn(ReturnStatus.UNREADABLE, (message,), np.array(lines, dtype=np.int64), reasons=reasons)


def _refused(findings: Sequence[Finding], lines: npt.NDArray[np.int64]) -> JudgedReturn:
    """Return the refusal of a file: every row waits, and nothing of any row is kept."""
    at = [Reason(one.row, one.column or WHOLE_FILE, expectation(one.kind)) for one in findings]
    told = {reason.line for reason in at}
    others = [
        Reason(int(line), WHOLE_FILE, "a file without anything that identifies a patient")
        for line in lines
        if line not in told
    ]
    return JudgedReturn(ReturnStatus.REFUSED, (_refusal(findings),), lines, reasons=(*at, *others))


def _refusal(findings: Sequence[Finding]) -> str:
    places = [f"line {one.row}, {one.column or 'row'}: {one.kind}" for one in findings[:_PLACES_TOLD]]
    places += [f"{len(findings) - _PLACES_TOLD} more"] if len(findings) > _PLACES_TOLD else []
    return (
        f"refused, it may identify somebody ({'; '.join(places)}). Nothing of it is used: "
        "delete the file and ask the centre for one without"
    )
