"""Tables that people type: read forgivingly, with every problem found, in words that help to mend it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES, Column, Table
from casepool.contract.texts import right_values
from casepool.files.cells import is_workbook, read_cells
from casepool.files.dialect import Fault, Normalised, normalise
from casepool.files.spoiled import in_one_column, nearest_typed, open_answer
from casepool.files.validation import Violation, positions, violations
from casepool.files.workbook import FilledSheet, read_filled
from casepool.model.errors import CasepoolError, CuratedDataError, Problem
from casepool.model.message import Message
from casepool.rows import missing

# Who is to read a report, and since when it waits.
_BESIDE_KEY = frozenset({"reader", "date"})
_NOT_REPORTED = "not_reported"  # what an empty cell of a list becomes
# Ten thousand patients are four of them; a file of hundreds, row by row, would take the memory of the machine.
MOST_MIB = 50
_LARGEST = 2.0**53  # above this a float no longer tells one whole number from the next


@dataclass(frozen=True)
class CheckedTable:
    """A table after reading: the typed frame, every problem found, what was normalised, and what to look at.

    ``readable`` is false where the rows could not be told apart; the frame is then empty. ``waiting`` holds the line
    and key of each row that is still to be filled in: it is no part of the frame. ``warnings`` are cells that a
    spreadsheet has perhaps changed.
    """

    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    readable: bool = True
    waiting: tuple[tuple[int, tuple[str, ...]], ...] = ()
    warnings: tuple[Problem, ...] = ()


def check_table(name: str, path: str | Path) -> CheckedTable:
    """Return the table of a file with all its problems; never raises on bad content.

    Parameters
    ----------
    name : the table's name in the data contract.
    path : CSV (comma or semicolon, UTF-8 or Windows-1252) or XLSX.
    """
    table, path = TABLES[name], Path(path)
    try:
        if (size := math.ceil(path.stat().st_size / 2**20)) > MOST_MIB:
            problem = Problem(path.name, 0, "", "", Message("of_mib", n=size), Message("table_of_mib", n=MOST_MIB))
            return CheckedTable(_empty(table), (problem,), (), readable=False)
        filled = read_filled(path, table) if is_workbook(path) else FilledSheet(*read_cells(path))
    except (OSError, CasepoolError) as error:
        found = error.message if isinstance(error, CasepoolError) else str(error)
        problem = Problem(path.name, 0, "", "", found, Message("readable_table"))
        return CheckedTable(_empty(table), (problem,), (), readable=False)
    if in_one_column(filled.rows):
        problem = Problem(path.name, 0, "", "", Message("all_in_one_column"), Message("columns_apart"))
        return CheckedTable(_empty(table), (problem,), filled.notes, readable=False)
    return check_cells(normalise(filled.rows, table, filled.notes, filled.met), table, path.name)


def check_cells(cells: Normalised, table: Table, file: str) -> CheckedTable:
    """Return the table of text cells with all its problems; the index counts the rows of the file."""
    structural = tuple(_structure_problems(cells, table, file))
    if structural:
        return CheckedTable(_empty(table), structural, cells.notes, readable=False)
    lost = {(cells.lines[one.row], one.column) for one in cells.faults}
    for fault in cells.faults:  # no value: no rule over the row is to judge what stands there
        cells.frame.loc[fault.row, fault.column] = None
    cells, waiting = _set_aside(cells, table)
    typed, no_numbers = _typed(cells, table)
    found = _each_cell_once([*no_numbers, *violations(typed, table)])
    problems = {_problem(cells, table, file, one) for one in found}
    problems = {one for one in problems if (one.row, one.column) not in lost}
    for fault in cells.faults:
        told = _of_cell(cells, table, file, fault)
        digits = fault.expected.id == "count_in_digits"  # these are the example
        problems.add(told if digits else replace(told, example=_example(table, table.column(fault.column))))
    doubts = (_of_cell(cells, table, file, one) for one in cells.doubts)
    typed.index = pd.Index([line - 2 for line in cells.lines], dtype="int64")
    return CheckedTable(typed, tuple(sorted(problems)), cells.notes, waiting=waiting, warnings=tuple(sorted(doubts)))


def _each_cell_once(found: Sequence[Violation]) -> Iterator[Violation]:
    """Yield what is refused, without the rules that a cell breaks because it holds no value of its column at all."""
    unfit = {(one.row, one.column) for one in found if one.by == "column"}
    yield from (one for one in found if one.by != "rule" or (one.row, one.column) not in unfit)


def _set_aside(cells: Normalised, table: Table) -> tuple[Normalised, tuple[tuple[int, tuple[str, ...]], ...]]:
    """Return the cells without the rows that wait to be filled in, and line and key of these.

    One whose key stands in another row too is not set aside: it is a mistake.
    """
    if not table.may_wait or cells.frame.empty:
        return cells, ()
    key, frame = list(table.key), cells.frame
    told = [name for name in table.names if name not in {*key, *_BESIDE_KEY}]
    blank = frame[told].isna() | (frame[told] == _NOT_REPORTED).fillna(value=False)
    waits = blank.all(axis=1) & frame[key].notna().all(axis=1) & ~frame.duplicated(key, keep=False)
    damaged = {one.row for one in cells.faults}
    aside = [place for place in positions(waits.to_numpy(dtype=bool)) if place not in damaged]
    if not aside:
        return cells, ()
    return cells.without(aside), tuple((cells.lines[place], tuple(frame.iloc[place][key])) for place in aside)


def read_table(name: str, path: str | Path) -> pd.DataFrame:
    """Return a valid table; a file with problems raises CuratedDataError listing them all."""
    checked = check_table(name, path)
    if checked.problems:
        raise CuratedDataError(checked.problems)
    return checked.frame


def key_of(row: Mapping[str, object], table: Table) -> str:
    """Return the key of a row as ``column=value`` pairs for messages; a part that is not there is a dash."""
    return ", ".join(f"{name}={'–' if missing(row[name]) else row[name]}" for name in table.key)


def _plain_row(row: pd.Series) -> dict[str, object]:
    return {str(name): value for name, value in row.items()}


def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in table.columns})


def _structure_problems(cells: Normalised, table: Table, file: str) -> Iterator[Problem]:
    found = list(cells.frame.columns)
    if not found:
        yield Problem(file, 0, "", "", Message("empty_file"), Message("header_of_columns", columns=tuple(table.names)))
        return
    for line, n_cells in cells.too_long:
        expected = Message("cells_as_header", n=len(found))
        yield Problem(file, line, "", "", Message("n_cells", n=n_cells), expected)
    repeated = sorted({name for name in found if found.count(name) > 1})
    for name in repeated:
        yield Problem(file, 1, "", name, Message("column_again"), Message("each_column_once"))
    for name in table.names:
        if name not in found:
            yield Problem(file, 1, "", name, Message("column_missing"), Message("contract_columns"))
    for name in found:
        if name not in table.names and name not in repeated:
            near = nearest(name, table.names)
            shown = name or Message("no_name")
            yield Problem(file, 1, "", shown, Message("unknown_column"), Message("contract_columns"), near)


def _typed(cells: Normalised, table: Table) -> tuple[pd.DataFrame, list[Violation]]:
    """Return the cells in the types of the table (what is no number is missing) and where that was so."""
    frame = cells.frame.loc[:, table.names].copy()
    found: list[Violation] = []
    for column in table.columns:
        if column.kind in {"integer", "number"}:
            values = pd.to_numeric(frame[column.name], errors="coerce").astype("Float64")
            if column.kind == "integer":
                whole = (values % 1 == 0) & (values.abs() < _LARGEST)
                values = values.where(whole.fillna(value=False))
            bad = (values.isna() & frame[column.name].notna()).to_numpy()
            found += [Violation(index, column.name, column.expectation()) for index in positions(bad)]
            frame[column.name] = values.astype(column.dtype)
    return frame, found


def _problem(cells: Normalised, table: Table, file: str, violation: Violation) -> Problem:
    index, name, expected = violation.row, violation.column, violation.expected
    row = cells.frame.iloc[index]
    key = key_of(_plain_row(row), table)
    if violation.by == "key":
        return Problem(file, cells.lines[index], key, name, Message("key_again", key=key), expected)
    column, found = table.column(name), "" if missing(row[name]) else cells.typed.get((index, name), str(row[name]))
    shown, line = found or Message("empty"), cells.lines[index]
    if violation.by == "rule":
        return Problem(file, line, key, name, shown, expected)
    expected = open_answer(found, column) or expected
    return Problem(file, line, key, name, shown, expected, _nearest_value(found, column), _example(table, column))


def _of_cell(cells: Normalised, table: Table, file: str, fault: Fault) -> Problem:
    key = key_of(_plain_row(cells.frame.iloc[fault.row]), table)
    return Problem(file, cells.lines[fault.row], key, fault.column, fault.found, fault.expected)


def _example(table: Table, column: Column) -> tuple[tuple[str, str], ...]:
    """Return a right value of a column in each language; of a list, whose values are named, none is needed."""
    return () if column.members else right_values(table.name, column.name)


def _nearest_value(found: str, column: Column) -> str:
    names = [name for name, _ in column.spoken]
    close = nearest(found, [*column.members, *names]) if column.members or names else ""
    return dict(column.spoken).get(close, close) or nearest_typed(found, column)


def nearest(found: str, valid: list[str] | tuple[str, ...]) -> str:
    """Return the valid value most like `found`, or an empty text where none is near."""
    from rapidfuzz import fuzz, process, utils

    match = process.extractOne(found, valid, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70)
    return str(match[0]) if match else ""
