"""Tables that the program writes and reads again: one strict dialect, the same rules both ways.

UTF-8, comma, LF, a header in the order of the contract, rows in the order of the key, empty = missing, numbers with at
most twelve significant digits, an apostrophe before a text that a spreadsheet would reckon. Nothing is guessed or
mended here; what people type goes through ``sheets``. What reading would refuse is not written, and what was not
written so is not read: a stored table comes back to the bit.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from casepool import ahead
from casepool.contract import TABLES, Column, Table
from casepool.files import atomic
from casepool.files.formulas import changed, frame_as_csv, unguarded
from casepool.files.validation import Violation, as_typed, violations
from casepool.model.errors import StoredTableError

# Fewer than a float has: the last ones differ between processors, and two machines shall make the same bytes.
_FLOAT_FORMAT = "%.12g"


def write_table(name: str, frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table of the contract, atomically; columns that it does not know are left out.

    Raises
    ------
    StoredTableError
        If a cell or row breaks the contract; reading would refuse it too.
    """
    atomic.write_bytes(path, table_bytes(name, frame.loc[:, TABLES[name].names], path))
    ahead.wish(_read, name, path)


def table_bytes(name: str, frame: pd.DataFrame, place: str | Path = "") -> bytes:
    """Return a table of the contract as its file holds it; `place` names it in an error.

    Raises
    ------
    StoredTableError
        As ``write_table`` does.
    """
    return _as_bytes(checked(name, frame, place))


def checked(name: str, frame: pd.DataFrame, place: str | Path = "") -> pd.DataFrame:
    """Return a frame as it would be stored: with the columns, types and order of the contract, which it keeps.

    Parameters
    ----------
    place : names the table in an error; its name in the contract where none is given.

    Raises
    ------
    StoredTableError
        With every cell and row that breaks the contract.
    """
    table = TABLES[name]
    typed = as_typed(table, frame)
    texts = [column.name for column in table.columns if column.dtype == "string"]
    typed[texts] = typed[texts].replace("", pd.NA)  # CSV has one sign for both
    typed = _sorted(typed, table)
    _refuse_violations(typed, table, place or name)
    return typed


def read_table(name: str, path: str | Path) -> pd.DataFrame:
    """Return a table that ``write_table`` wrote, in the types of the contract; the index counts its rows.

    Raises
    ------
    StoredTableError
        If the file is not in the dialect of the store, or breaks the contract.
    FileError
        If the file cannot be read.
    """
    return ahead.fetched(_read, name, path)


@ahead.reader
def _read(name: str, path: str | Path) -> pd.DataFrame:
    table, content = TABLES[name], atomic.read_bytes(path)
    typed = _from_bytes(content, table, path)
    _refuse_violations(typed, table, path)
    written = _as_bytes(_sorted(typed, table))
    if written != content:
        pairs = zip(written.split(b"\n"), content.split(b"\n"), strict=False)
        line = next((number for number, (one, other) in enumerate(pairs, start=1) if one != other), 1)
        raise StoredTableError(path, [f"line {line}; expected the form and order in which the program writes"])
    return typed


def stack(name: str, *frames: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of several frames as one table with the columns and types of its schema."""
    return pd.concat([as_typed(TABLES[name], frame) for frame in frames], ignore_index=True)


def _sorted(typed: pd.DataFrame, table: Table) -> pd.DataFrame:
    return typed.sort_values(list(table.key), kind="stable", na_position="first", ignore_index=True)


def _as_bytes(typed: pd.DataFrame) -> bytes:
    return frame_as_csv(typed, _FLOAT_FORMAT).encode("utf-8")


def _from_bytes(content: bytes, table: Table, path: str | Path) -> pd.DataFrame:
    options: Any = {"dtype": "string", "keep_default_na": False, "na_values": [""], "lineterminator": "\n"}
    try:
        cells = pd.read_csv(BytesIO(content), encoding="utf-8", skip_blank_lines=False, **options)
        if list(cells.columns) != table.names:
            raise StoredTableError(path, [f"the header; expected {','.join(table.names)}"])
        return pd.DataFrame({column.name: _parsed(cells[column.name], column) for column in table.columns})
    except (ValueError, pd.errors.ParserError) as error:
        fault = f"its form ({type(error).__name__}); expected CSV as the program writes it"
        raise StoredTableError(path, [fault]) from None


def _parsed(cells: pd.Series, column: Column) -> pd.Series:
    """Return the cells of a column in its type; Python reads the nearest float, the parser of pandas need not."""
    if column.kind not in {"integer", "number"}:
        return changed(cells, unguarded).astype(column.dtype)
    read = int if column.kind == "integer" else float
    values = [None if cell is pd.NA else read(cell) for cell in cells]
    return pd.Series(pd.array(values, dtype=column.dtype), name=column.name)


def _refuse_violations(typed: pd.DataFrame, table: Table, place: str | Path) -> None:
    found = sorted(violations(typed, table), key=_row)
    if found:
        raise StoredTableError(place, [f"row {one.row + 2}, {one.column}; expected {one.expected}" for one in found])


def _row(violation: Violation) -> int:
    return violation.row
