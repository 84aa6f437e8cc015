"""The curated tables read together, with corrections applied and every problem collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from casepool import ahead
from casepool.contract import CURATED, TABLES, Table
from casepool.files import sheets
from casepool.files.dialect import Normalised
from casepool.files.places import further_files, table_path
from casepool.model.errors import CuratedDataError, Problem
from casepool.model.message import Message
from casepool.rows import missing, numbered_rows, rows_of
from casepool.typing import Row

_Placed = tuple[int, Row]
_CORRECTABLE = {table.name for table in CURATED} - {"corrections"}


@dataclass(frozen=True)
class Curated:
    """The curated tables by name, with the problems, warnings and normalisations met while reading.

    ``readable`` is false where a table is missing or its rows could not be told apart. ``waiting`` holds, by table, the
    line and key of each row that is still to be filled in; no frame has it. ``typed`` holds the tables without their
    corrections. ``files`` are the names of the files that were read, by table.
    """

    frames: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    readable: bool = True
    waiting: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]] = field(default_factory=dict)
    typed: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def read_curated(folder: str | Path) -> Curated:
    """Return every curated table of a folder; problems are collected, not raised.

    A table is read from ``<name>.csv`` or, where that is missing, from ``<name>.xlsx``; any other spreadsheet of the
    folder is a problem, for nobody would read it.
    """
    paths = {table.name: table_path(folder, table.name) for table in CURATED}
    checked = {name: sheets.check_table(name, path) for name, path in paths.items()}
    frames = {name: one.frame for name, one in checked.items()}
    problems = [problem for one in checked.values() for problem in one.problems]
    problems += [_unread(path, other) for path, other in further_files(folder, paths).items()]
    notes = [Message("of_table", table=name, what=note) for name, one in checked.items() for note in one.notes]
    # What a table would hold that cannot be read is not missed by its corrections.
    there = {name: frames[name] for name, one in checked.items() if one.readable or name == "corrections"}
    corrected, correction_problems = apply_corrections(there)
    return Curated(
        frames | corrected,
        (*problems, *correction_problems),
        tuple(notes),
        all(one.readable for one in checked.values()),
        waiting={name: one.waiting for name, one in checked.items() if one.waiting},
        typed=frames,
        warnings=tuple(warning for one in checked.values() for warning in one.warnings),
        files={name: path.name for name, path in paths.items()},
    )


def _unread(path: Path, other: Path | None) -> Problem:
    found = Message("file_beside", other=other.name) if other else Message("file_of_no_table")
    return Problem(path.name, 0, "", "", found, Message("one_file_a_table", file=path.name))


def read_tables(paths: Mapping[str, str | Path]) -> Mapping[str, pd.DataFrame]:
    """Return the named curated tables, corrected; any problem raises CuratedDataError.

    ``paths`` must hold ``corrections`` so that what a stage reads is what the check has seen.
    """
    of_corrections = paths["corrections"]
    held = {name: ahead.taken(_read, name, path, of_corrections) for name, path in paths.items()}
    others = {name: path for name, path in paths.items() if held[name] is None}
    read = _read_together(others | {"corrections": of_corrections}) if others else {}
    return {name: read[name] if frame is None else frame for name, frame in held.items()}


@ahead.reader
def _read(name: str, path: str | Path, corrections: str | Path) -> pd.DataFrame:
    return _read_together({name: path, "corrections": corrections})[name]


def _read_together(paths: Mapping[str, str | Path]) -> Mapping[str, pd.DataFrame]:
    frames = {name: sheets.read_table(name, path) for name, path in paths.items()}
    corrected, problems = apply_corrections(frames)
    if problems:
        raise CuratedDataError(problems)
    return corrected


def apply_corrections(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return the tables with ``corrections`` applied.

    The corrections of one row are made together, so that their order does not matter: a count and its denominator may
    both move. A correction that no longer matches, or that puts a wrong value in, is a problem.
    """
    corrected = dict(frames)
    problems: list[Problem] = []
    by_table: dict[str, dict[int, list[_Placed]]] = {}
    places: dict[str, dict[str, list[int]]] = {}
    for line, row in numbered_rows(frames["corrections"]):
        name = row["table"]
        if name not in _CORRECTABLE:
            problems.append(_unmatched(line, row, "table", Message("curated_table")))
        elif name in corrected:
            if name not in places:
                places[name] = _places(corrected[name], TABLES[name])
            place, found = _place(corrected[name], places[name], row, line)
            problems += found
            if place is not None:
                by_table.setdefault(name, {}).setdefault(place, []).append((line, row))
    for name, by_row in by_table.items():
        corrected[name], found = _correct(corrected[name], TABLES[name], by_row)
        problems += found
    return corrected, problems


def _places(frame: pd.DataFrame, table: Table) -> dict[str, list[int]]:
    """Return the key of each row → where it stands."""
    places: dict[str, list[int]] = {}
    for index, row in zip(frame.index, rows_of(frame[list(table.key)]), strict=True):
        places.setdefault(sheets.key_of(row, table), []).append(int(index))
    return places


def _place(
    frame: pd.DataFrame, places: Mapping[str, Sequence[int]], row: Row, line: int
) -> tuple[int | None, list[Problem]]:
    """Return the index of the row that a correction is for, or why there is none."""
    table, column = TABLES[str(row["table"])], str(row["column"])
    if column not in table.names:
        return None, [_unmatched(line, row, "column", Message("column_of_table"))]
    matches = places.get(str(row["key"]), ())
    if len(matches) != 1:
        return None, [_unmatched(line, row, "key", Message("key_of_one_row"))]
    current = frame.loc[matches[0], column]
    if cell_text(current) != cell_text(row["old"]):
        return None, [_unmatched(line, row, "old", Message("value_now", value=cell_text(current)))]
    return matches[0], []


def _correct(
    frame: pd.DataFrame, table: Table, by_row: Mapping[int, list[_Placed]]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table with its corrections; a row into which they put something wrong stays as it was."""
    placed = [one for row in by_row.values() for one in row]
    # Only a key can meet a row that is not corrected.
    key_moves = any(row["column"] in table.key for _, row in placed)
    rows = frame if key_moves else frame.loc[sorted(by_row)]
    cells = rows.astype("string")
    for place, corrections in by_row.items():
        for _, row in corrections:
            cells.loc[place, str(row["column"])] = row["new"]
    after = _recheck(cells, table)
    # What was wrong before is not the fault of a correction.
    wrong = sorted(set(after.problems) - set(_recheck(rows, table).problems)) if after.problems else []
    refused = {one.row - 2 for one in wrong}
    corrected = frame.copy()
    for place in set(by_row) - refused:
        for _, row in by_row[place]:
            corrected.loc[place, row["column"]] = after.frame.loc[place, row["column"]]
    return corrected, [_blame(one, by_row) for one in wrong]


def _blame(problem: Problem, by_row: Mapping[int, list[_Placed]]) -> Problem:
    """Return the problem of the correction that put a wrong value in: of its column, else of its row."""
    corrections = by_row.get(problem.row - 2) or next(iter(by_row.values()))
    line, row = next((one for one in corrections if one[1]["column"] == problem.column), corrections[0])
    return _unmatched(line, row, "new", problem.expected)


def _recheck(frame: pd.DataFrame, table: Table) -> sheets.CheckedTable:
    lines = tuple(int(index) + 2 for index in frame.index)
    cells = Normalised(frame.astype("string").reset_index(drop=True), lines, ())
    return sheets.check_cells(cells, table, f"{table.name}.csv")


def cell_text(value: object) -> str:
    """Return a cell as ``corrections.csv`` names its old and its new value."""
    if missing(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _unmatched(line: int, row: Row, column: str, expected: Message) -> Problem:
    key = f"table={row['table']}, key={row['key']}, column={row['column']}"
    return Problem("corrections.csv", line, key, column, cell_text(row[column]), expected)


def case_ids(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the id (``report_id/label``) of every patient and cohort stratum."""
    for name, label in (("patients", "patient_label"), ("cohorts", "stratum")):
        frame = frames[name].dropna(subset=["report_id", label])
        yield from (frame["report_id"] + "/" + frame[label])
