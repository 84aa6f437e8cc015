"""All table access: read, validate, write. Every CSV of the project goes through here."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract import TABLES, Column, Table, pandera_schema
from casepool.files.dialect import Normalised, normalise, read_cells
from casepool.model.errors import CasepoolError, CuratedDataError, Problem, SourceDataError
from casepool.rows import missing

_FLOAT_FORMAT = "%.12g"
_LARGEST = 2.0**53  # above this a float no longer tells one whole number from the next


@dataclass(frozen=True)
class CheckedTable:
    """A table after reading: the typed frame, every problem found, and what was normalised.

    ``readable`` is false where the rows could not be told apart; the frame is then empty.
    """

    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    readable: bool = True


def check_table(name: str, path: str | Path) -> CheckedTable:
    """Return the table of a file with all its problems; never raises on bad content.

    Parameters
    ----------
    name : the table's name in the data contract.
    path : CSV (comma or semicolon, UTF-8 or Windows-1252) or XLSX.
    """
    table, path = TABLES[name], Path(path)
    try:
        rows, notes = read_cells(path)
    except (OSError, CasepoolError) as error:
        problem = Problem(path.name, 0, "", "", str(error), "a readable CSV or XLSX file")
        return CheckedTable(_empty(table), (problem,), (), readable=False)
    return check_cells(normalise(rows, table, notes), table, path.name)


def check_cells(cells: Normalised, table: Table, file: str) -> CheckedTable:
    """Return the table of text cells with all its problems; the index counts the rows of the file."""
    structural = tuple(_structure_problems(cells, table, file))
    if structural:
        return CheckedTable(_empty(table), structural, cells.notes, readable=False)
    typed, number_problems = _typed(cells, table, file)
    problems = {*number_problems, *_column_problems(typed, cells, table, file)}
    problems |= {*_key_problems(typed, cells, table, file), *_rule_problems(typed, cells, table, file)}
    typed.index = pd.Index([line - 2 for line in cells.lines], dtype="int64")
    return CheckedTable(typed, tuple(sorted(problems)), cells.notes)


def read_table(name: str, path: str | Path) -> pd.DataFrame:
    """Return a valid table; a file with problems raises CuratedDataError listing them all."""
    checked = check_table(name, path)
    if checked.problems:
        raise CuratedDataError(checked.problems)
    return checked.frame


def stack(name: str, *frames: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of several frames as one table with the columns and types of its schema."""
    return pd.concat([_as_typed(TABLES[name], frame) for frame in frames], ignore_index=True)


def _as_typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reindex(columns=table.names).astype(table.dtypes)


def write_table(name: str, frame: pd.DataFrame, path: str | Path) -> None:
    """Write a valid table: ordered columns, sorted by key, one dialect, atomically."""
    table = TABLES[name]
    typed = _as_typed(table, frame.loc[:, table.names])
    typed = typed.sort_values(list(table.key), kind="stable", na_position="first")
    pandera_schema(table).validate(typed, lazy=True)
    buffer = StringIO()
    typed.to_csv(buffer, index=False, lineterminator="\n", float_format=_FLOAT_FORMAT)
    write_text(path, buffer.getvalue())


def write_text(path: str | Path, content: str) -> None:
    """Write text atomically (temporary file in the same folder, fsync, rename)."""
    write_bytes(path, content.encode("utf-8"))


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes atomically (temporary file in the same folder, fsync, rename)."""
    with atomic_file(path) as handle:
        handle.write(content)


@contextmanager
def atomic_file(path: str | Path) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the place of `path` only when the block ends well."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file; one that cannot be read is a SourceDataError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}). Check that the file is there."
        raise SourceDataError(message) from error


def key_of(row: Mapping[str, object], table: Table) -> str:
    """Return the key of a row as ``column=value`` pairs for messages."""
    return ", ".join(f"{name}={row[name]}" for name in table.key)


def _positions(mask: npt.NDArray[np.bool_]) -> list[int]:
    return [int(index) for index in mask.nonzero()[0]]


def _plain_row(row: pd.Series) -> dict[str, object]:
    return {str(name): value for name, value in row.items()}


def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in table.columns})


def _structure_problems(cells: Normalised, table: Table, file: str) -> Iterator[Problem]:
    found = list(cells.frame.columns)
    if not found:
        yield Problem(file, 0, "", "", "the file is empty", f"a header: {', '.join(table.names)}")
        return
    for line, n_cells in cells.too_long:
        expected = f"{len(found)} cells as in the header (a text with a comma stands in quotation marks)"
        yield Problem(file, line, "", "", f"{n_cells} cells", expected)
    repeated = sorted({name for name in found if found.count(name) > 1})
    for name in repeated:
        yield Problem(file, 1, "", name, "column stands more than once", "each column once")
    for name in table.names:
        if name not in found:
            yield Problem(file, 1, "", name, "column is missing", "the columns of the data contract")
    for name in found:
        if name not in table.names and name not in repeated:
            near = nearest(name, table.names)
            yield Problem(file, 1, "", name or "(no name)", "unknown column", "the columns of the data contract", near)


def _typed(cells: Normalised, table: Table, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    frame = cells.frame.loc[:, table.names].copy()
    problems: list[Problem] = []
    for column in table.columns:
        if column.kind in {"integer", "number"}:
            values = pd.to_numeric(frame[column.name], errors="coerce").astype("Float64")
            if column.kind == "integer":
                whole = (values % 1 == 0) & (values.abs() < _LARGEST)
                values = values.where(whole.fillna(value=False))
            bad = (values.isna() & frame[column.name].notna()).to_numpy()
            problems += [_problem(cells, table, file, column, index) for index in _positions(bad)]
            frame[column.name] = values.astype(column.dtype)
        else:
            frame[column.name] = frame[column.name].astype(column.dtype)
    return frame, problems


def _problem(cells: Normalised, table: Table, file: str, column: Column, index: int) -> Problem:
    row = cells.frame.iloc[index]
    found = "(empty)" if missing(row[column.name]) else str(row[column.name])
    near = nearest(found, column.members) if column.members else ""
    key = key_of(_plain_row(row), table)
    return Problem(file, cells.lines[index], key, column.name, found, column.expectation(), near)


def _column_problems(typed: pd.DataFrame, cells: Normalised, table: Table, file: str) -> Iterator[Problem]:
    for column in table.columns:
        wrong = (~column.fits(typed[column.name])).to_numpy()
        yield from (_problem(cells, table, file, column, index) for index in _positions(wrong))


def _key_problems(typed: pd.DataFrame, cells: Normalised, table: Table, file: str) -> Iterator[Problem]:
    for index in _positions(typed.duplicated(list(table.key)).to_numpy()):
        key = key_of(_plain_row(cells.frame.iloc[index]), table)
        yield Problem(file, cells.lines[index], key, "/".join(table.key), f"{key} (again)", "each key once")


def _rule_problems(typed: pd.DataFrame, cells: Normalised, table: Table, file: str) -> Iterator[Problem]:
    for rule in table.rules:
        broken = (~rule.holds(typed)).to_numpy()
        for index in _positions(broken):
            problem = _problem(cells, table, file, table.column(rule.column), index)
            yield Problem(file, problem.row, problem.key, rule.column, problem.found, rule.expected)


def nearest(found: str, valid: list[str] | tuple[str, ...]) -> str:
    """Return the valid value most like `found`, or an empty text where none is near."""
    from rapidfuzz import fuzz, process, utils

    match = process.extractOne(found, valid, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70)
    return str(match[0]) if match else ""
