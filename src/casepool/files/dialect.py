"""Forgiving reading of what people type: encodings, separators, decimal commas, dates, labels.

The form is normalised here; the content is judged by the schemas. Each normalisation is noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract import Table
from casepool.contract.columns import Column
from casepool.files.formulas import unguarded
from casepool.files.signs import cleaned, codes_changed, codes_refused
from casepool.model.message import Message
from casepool.model.vocabulary import canonical

_FRENCH_DATE = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")


@dataclass(frozen=True)
class Normalised:
    """A table as text cells after normalisation.

    ``lines`` holds the line of each row in the file (the header is line 1), ``notes`` what was changed,
    ``too_long`` the line and number of cells of rows that are longer than the header, ``lost`` the position of the row,
    the column and the code points of cells in which something was lost.
    """

    frame: pd.DataFrame
    lines: tuple[int, ...]
    notes: tuple[Message, ...]
    too_long: tuple[tuple[int, int], ...] = ()
    lost: tuple[tuple[int, str, tuple[str, ...]], ...] = ()


def normalise(rows: Sequence[Sequence[str]], table: Table, notes: Sequence[Message] = ()) -> Normalised:
    """Return the rows of a file as a frame of text cells in the table's ids and number format.

    Columns that the table does not know are kept (the schema reports them); empty rows are dropped. The apostrophe that
    keeps a spreadsheet from reckoning a text is no part of it.
    """
    header = [name.strip() for name in rows[0]] if rows else []
    numbered = [(line, row) for line, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    width = len(header)
    cells = np.empty((len(numbered), width), dtype=object)
    for place, (_, row) in enumerate(numbered):
        cells[place] = [unguarded(cleaned(cell).strip()) for cell in row[:width]] + [""] * (width - len(row))
    lost = tuple(
        (place, header[column], tuple(sorted(codes)))
        for (place, column), cell in np.ndenumerate(cells)
        if (codes := codes_refused(cell))
    )
    found = [*notes, *_cleaned_notes(header, numbered)]
    for column in table.columns:
        if header.count(column.name) == 1:
            changed = _normalise_column(cells[:, header.index(column.name)], column)
            found += [Message("cells_normalised", column=column.name, n=changed)] if changed else []
    cells[cells == ""] = None
    frame = pd.DataFrame(cells, columns=header).astype("string")
    too_long = tuple((line, len(row)) for line, row in numbered if any(cell.strip() for cell in row[width:]))
    return Normalised(frame, tuple(line for line, _ in numbered), tuple(found), too_long, lost)


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


def _normalise_column(cells: npt.NDArray[np.object_], column: Column) -> int:
    """Normalise the cells of a column where they stand; return how many are other than they were typed."""
    changed = {cell: normalise_cell(cell, column) for cell in dict.fromkeys(cells)}
    touched = sum(1 for cell in cells if cell and changed[cell] != cell)
    cells[:] = [changed[cell] for cell in cells]
    return touched


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
    if column.kind in {"integer", "number"}:
        digits = cell.replace("\u202f", "").replace("\xa0", "")
        # A comma in a count may separate thousands: it is left for the schema to refuse.
        return digits.replace(",", ".") if column.kind == "number" else digits
    match = _FRENCH_DATE.match(cell) if column.kind == "date" else None
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else cell
