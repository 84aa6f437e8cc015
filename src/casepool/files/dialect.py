"""Forgiving reading of what people type: encodings, separators, decimal commas, dates, labels.

The form is normalised here; the content is judged by the schemas. Each normalisation is noted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract import Table
from casepool.contract.columns import Column
from casepool.contract.texts import column_named
from casepool.files.formulas import unguarded
from casepool.files.signs import cleaned, codes_changed, codes_refused
from casepool.files.spoiled import doubt_of, fault_of, mended
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import canonical

# Position of the row, column.
_Cell = tuple[int, str]
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?$")
_GROUPED = re.compile("^\\d{1,3}(?:[ \u00a0\u202f\u2009]\\d{3})+$")
_SPACES = re.compile("[ \u00a0\u202f\u2009]")


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be used, or that a person must look at.

    Attributes
    ----------
    row : position of the row, from 0.
    column, found, expected : as of `casepool.model.errors.Problem`.
    """

    row: int
    column: str
    found: Message | str
    expected: Message


@dataclass(frozen=True)
class Normalised:
    """A table as text cells after normalisation.

    ``lines`` holds the line of each row in the file (the header is line 1), ``notes`` what was changed,
    ``too_long`` the line and number of cells of rows that are longer than the header, ``faults`` the cells whose value
    is lost, ``doubts`` those that a spreadsheet has perhaps changed, ``typed`` (position of the row, column) → what
    stood in a cell that was changed.
    """

    frame: pd.DataFrame
    lines: tuple[int, ...]
    notes: tuple[Message, ...]
    too_long: tuple[tuple[int, int], ...] = ()
    faults: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()
    typed: Mapping[_Cell, str] = field(default_factory=dict)

    def without(self, rows: Collection[int]) -> Normalised:
        """Return the table without the rows at some positions; notes stay."""
        kept = [place for place in range(len(self.frame)) if place not in set(rows)]
        now = {was: place for place, was in enumerate(kept)}
        faults, doubts = (
            tuple(replace(one, row=now[one.row]) for one in told if one.row in now)
            for told in (self.faults, self.doubts)
        )
        return replace(
            self,
            frame=self.frame.iloc[kept].reset_index(drop=True),
            lines=tuple(self.lines[place] for place in kept),
            faults=faults,
            doubts=doubts,
            typed={(now[row], name): cell for (row, name), cell in self.typed.items() if row in now},
        )


def normalise(
    rows: Sequence[Sequence[str]],
    table: Table,
    notes: Sequence[Message] = (),
    met: Mapping[tuple[int, int], tuple[Message, Message]] | None = None,
) -> Normalised:
    """Return the rows of a file as a frame of text cells in the table's ids and number format.

    Columns that the table does not know are kept (the schema reports them); empty rows are dropped. The apostrophe that
    keeps a spreadsheet from reckoning a text is no part of it.

    Parameters
    ----------
    met : (line, position of the column) → found and expected, of cells whose value the reader of the file missed.
    """
    typed_header = [mended(cleaned(name)).strip() for name in rows[0]] if rows else []
    header = [column_named(table, name) for name in typed_header]
    numbered = [(line, row) for line, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    width = len(header)
    cells = np.empty((len(numbered), width), dtype=object)
    for place, (_, row) in enumerate(numbered):
        cells[place] = [unguarded(cleaned(cell).strip()) for cell in row[:width]] + [""] * (width - len(row))
    found = [*notes, *_cleaned_notes(header, numbered), *_mend(cells, header, [line for line, _ in numbered])]
    lost = [*_lost(cells, header), *_met(met or {}, header, numbered)]
    faults, doubts, typed = _normalise_columns(cells, header, table)
    if typed:
        found.append(_understood(typed, cells, header))
    cells[cells == ""] = None
    frame = pd.DataFrame(cells, columns=header).astype("string")
    too_long = tuple((line, len(row)) for line, row in numbered if any(cell.strip() for cell in row[width:]))
    lines = tuple(line for line, _ in numbered)
    return Normalised(frame, lines, tuple(found), too_long, (*lost, *faults), doubts, typed)


def _cleaned_notes(header: Sequence[str], numbered: Sequence[tuple[int, Sequence[str]]]) -> list[Message]:
    """Return a note for each column in which signs that nobody sees were removed, with rows and code points."""
    rows: dict[str, list[int]] = {}
    signs: dict[str, set[str]] = {}
    for line, row in numbered:
        for name, cell in zip(header, row, strict=False):
            if codes := codes_changed(cell.strip()):
                rows.setdefault(name, []).append(line)
                signs.setdefault(name, set()).update(codes)
    return [
        Message("signs_removed", column=name, rows=tuple(map(str, lines)), signs=tuple(sorted(signs[name])))
        for name, lines in rows.items()
    ]


def _normalise_columns(
    cells: npt.NDArray[np.object_], header: Sequence[str], table: Table
) -> tuple[tuple[Fault, ...], tuple[Fault, ...], dict[_Cell, str]]:
    """Normalise the cells where they stand; return faults, doubts, and what stood in the cells that are changed."""
    faults, doubts, typed = [], [], {}
    for place, name in enumerate(header):
        if name not in table.names or header.count(name) > 1:
            continue
        column, before = table.column(name), cells[:, place].copy()
        _normalise_column(cells[:, place], column)
        for row, cell in enumerate(before):
            if fault := fault_of(cell, column):
                faults.append(Fault(row, name, *fault))
            elif doubt := doubt_of(cell, column):
                doubts.append(Fault(row, name, cell, doubt))
            if cell and cell != cells[row, place]:
                typed[row, name] = cell
    return tuple(faults), tuple(doubts), typed


def _understood(typed: Mapping[_Cell, str], cells: npt.NDArray[np.object_], header: Sequence[str]) -> Message:
    """Return a note on the cells put into the ids and formats of the table, with an example of each column."""
    first: dict[str, tuple[int, str]] = {}
    for (row, name), cell in typed.items():
        first.setdefault(name, (row, cell))
    several = Counter(name for _, name in typed)
    columns = [
        Message("column_understood", column=name, n=several[name], found=cell, read=str(cells[row, header.index(name)]))
        for name, (row, cell) in first.items()
    ]
    return Message("cells_understood", n=len(typed), columns=tuple(columns))


def _mend(cells: npt.NDArray[np.object_], header: Sequence[str], lines: Sequence[int]) -> list[Message]:
    """Mend letters read in a wrong encoding where they stand; return a note for each column, with an example."""
    notes = []
    for place, name in enumerate(header):
        column = cells[:, place]
        wrong = [(row, cell) for row, cell in enumerate(column) if mended(cell) != cell]
        for row, cell in wrong:
            column[row] = mended(cell)
        if wrong:
            was = wrong[0][1]
            word = next((one for one in was.split() if mended(one) != one), was)
            rows = tuple(str(lines[row]) for row, _ in wrong)
            notes.append(Message("letters_mended", column=name, rows=rows, found=word, read=mended(word)))
    return notes


def _lost(cells: npt.NDArray[np.object_], header: Sequence[str]) -> list[Fault]:
    """Return the cells with signs that stand for something lost."""
    return [
        Fault(place, header[column], Message("signs_lost", signs=tuple(sorted(codes))), Message("signs_typed"))
        for (place, column), cell in np.ndenumerate(cells)
        if (codes := codes_refused(cell))
    ]


def _met(
    met: Mapping[tuple[int, int], tuple[Message, Message]],
    header: Sequence[str],
    numbered: Sequence[tuple[int, Sequence[str]]],
) -> list[Fault]:
    place_of = {line: place for place, (line, _) in enumerate(numbered)}
    return [
        Fault(place_of[line], header[column], *fault)
        for (line, column), fault in met.items()
        if line in place_of and column < len(header)
    ]


def _normalise_column(cells: npt.NDArray[np.object_], column: Column) -> None:
    """Normalise the cells of a column where they stand."""
    changed = {cell: normalise_cell(cell, column) for cell in dict.fromkeys(cells)}
    cells[:] = [changed[cell] for cell in cells]


def each_distinct(cells: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Return the cells, changed; `change` sees each text once, for columns repeat few of them."""
    codes, texts = pd.factorize(cells.to_numpy(dtype=object))
    changed = np.array([*(change(text) for text in texts), None], dtype=object)
    return pd.Series(changed[codes], index=cells.index, name=cells.name)  # an empty cell has the code -1


def normalise_cell(cell: str, column: Column) -> str:
    """Return a cell (empty = "") in the ids, the number format and the dates of its column."""
    if column.vocabulary is not None:
        if cell == "" and column.required and "not_reported" in column.members:
            return "not_reported"
        return canonical(cell, column.vocabulary) if cell else cell
    if column.spoken:
        return named(column.spoken).get(fold(cell), cell)
    if column.kind in {"integer", "number"}:
        return _number(cell, column)
    if column.kind != "date":
        return cell
    match = _DAY_FIRST.match(cell)
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else _MIDNIGHT.sub("", cell)


def _number(cell: str, column: Column) -> str:
    """Return a number as digits with a point: without the apostrophe that makes it a text, and thousands together."""
    digits = cell.lstrip("'’")
    if _GROUPED.match(digits):
        digits = _SPACES.sub("", digits)
    digits = digits.replace("\u202f", "").replace("\xa0", "")
    # A comma in a count may separate thousands: it is left for the schema to refuse.
    return digits.replace(",", ".") if column.kind == "number" else digits


@cache
def named(spoken: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return folded name → id."""
    return {fold(name): id_ for name, id_ in spoken}
