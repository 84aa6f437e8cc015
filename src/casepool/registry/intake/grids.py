"""The grid of text cells that a returned file is read into, whatever its format, and the header in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from casepool.contract.registry import FORM, OBJECTION
from casepool.model.errors import FileError
from casepool.model.message import Message

MOST_ROWS, MOST_COLUMNS = 200_000, 500
# What stands for a column where a whole row is at fault: as such, or because its cells are out of place.
WHOLE_ROW, OUT_OF_PLACE = Message("whole_row"), Message("out_of_place")
# Whoever sends an objection alone need not send the other columns of the form.
OF_OBJECTION = frozenset({"centre", "patient_code", OBJECTION.name})
LOOKED_AT = 20  # rows in which a header is looked for

# Header text → column of the form or field of a REDCap export; "" = known and not used; None = unknown.
Recognise = Callable[[str], str | None]


@dataclass(frozen=True)
class Fault:
    """What is wrong with some rows in one column; the value that was found is never kept."""

    column: str | Message
    expected: Message
    rows: npt.NDArray[np.bool_]


def any_row(faults: Iterable[Fault], n_rows: int) -> npt.NDArray[np.bool_]:
    """Return which rows have one of the faults."""
    found = np.zeros(n_rows, dtype=np.bool_)
    for fault in faults:
        found |= fault.rows
    return found


@dataclass(frozen=True)
class Asides:
    """The texts beside the cells of a workbook, and whether its properties name who made or saved it."""

    texts: tuple[str, ...] = ()
    names_people: bool = False


@dataclass(frozen=True)
class Grid:
    """The cells of a file.

    Attributes
    ----------
    header, header_line : the header and its line in the file.
    rows, lines : text cells, each row as long as the header, and the line of each row in the file.
    faults : (position of the column, WHOLE_ROW or OUT_OF_PLACE; what was expected) → lines at fault.
    notes : what was met while reading; holds nothing of the file.
    beside : the first row of each other sheet that looks like a header.
    asides : what stands beside the cells of a workbook.
    """

    header: tuple[str, ...]
    header_line: int
    rows: list[list[str]]
    lines: list[int]
    faults: Mapping[tuple[int | Message, Message], set[int]] = field(default_factory=dict)
    notes: tuple[Message | str, ...] = ()
    beside: tuple[tuple[str, ...], ...] = ()
    asides: Asides = Asides()


def is_header(cells: Iterable[str], recognise: Recognise) -> bool:
    """Return whether a row holds at least half of the form's headers, or those of an objection."""
    names = {recognise(cell) for cell in cells if cell} - {None, ""}
    return len(names) >= len(FORM.names) // 2 or names >= OF_OBJECTION


def n_recognised(cells: Iterable[str], recognise: Recognise) -> int:
    """Return how many columns of the form a row names."""
    return len({recognise(cell) for cell in cells if cell} - {None, ""})


def check_header(rows: Sequence[tuple[int, Sequence[str]]], recognise: Recognise) -> None:
    """Raise FileError unless the first of the rows (line, cells), and it alone, is a header."""
    if not rows:
        raise FileError(Message("no_form"))
    headers = [line for line, cells in rows[:LOOKED_AT] if is_header(cells, recognise)]
    if not headers:
        found = n_recognised(rows[0][1], recognise)
        raise FileError(Message("no_header", n=found, n_columns=len(FORM.names), line=rows[0][0]))
    if headers[0] != rows[0][0]:
        raise FileError(Message("late_header", line=headers[0]))
    if len(headers) > 1:
        raise FileError(Message("second_header", line=headers[1]))


def check_size(n_rows: int, n_columns: int) -> None:
    """Raise FileError where a file has more rows or columns than a registry return can have."""
    if n_rows > MOST_ROWS:
        raise FileError(Message("too_many_rows", n=MOST_ROWS))
    if n_columns > MOST_COLUMNS:
        raise FileError(Message("too_many_columns", n=MOST_COLUMNS, n_columns=len(FORM.names)))
