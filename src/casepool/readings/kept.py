"""What stands in ``data/curated/readings/``: every reading, what was paired and adjudicated, every problem of form.

A closed reading lies in ``READER/*.csv``, an open one in ``READER/open/`` (not in git) until its reader has finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.readings import BESIDE_READINGS, READ, READER
from casepool.files import sheets
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.vocabulary import ReadingMode
from casepool.rows import missing, numbered_rows, rows_of, split_ids
from casepool.typing import Row

FOLDER = Path("data") / "curated" / "readings"
OPEN = "open"


@dataclass(frozen=True)
class Reading:
    """One reader's reading of one report.

    Attributes
    ----------
    tables : what of the report this reader has read.
    closed_on, compared_on : days, empty where it is open, or where nobody has seen the comparison.
    """

    reader: str
    report: str
    mode: str
    tables: tuple[str, ...]
    started_on: str
    closed_on: str
    compared_on: str

    @property
    def closed(self) -> bool:
        """Whether its reader has finished."""
        return bool(self.closed_on)

    @property
    def compared(self) -> bool:
        """Whether the comparison with another reading was opened: it never changes from then on."""
        return bool(self.compared_on)

    @property
    def blind(self) -> bool:
        """Whether it was made without sight of another one."""
        return self.mode == ReadingMode.BLIND


@dataclass(frozen=True)
class Kept:
    """All readings of a project.

    Attributes
    ----------
    beside : readings, seals, pairings and adjudications by name.
    closed, working : (reader, table) → rows, of closed readings and of the working copies.
    problems, working_problems : what is wrong with the form of the files; of a working copy only its reader hears.
    remarks : reader → what was read otherwise than it was typed, or may have been changed by a spreadsheet.
    """

    beside: Mapping[str, pd.DataFrame]
    closed: Mapping[tuple[str, str], pd.DataFrame]
    working: Mapping[tuple[str, str], pd.DataFrame]
    problems: tuple[Problem, ...] = ()
    working_problems: tuple[Problem, ...] = ()
    remarks: Mapping[str, tuple[Message | Problem, ...]] = field(default_factory=dict)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every reading that was begun, by report and reader."""
        found = (_reading(row) for row in rows_of(self.beside["readings"]))
        return tuple(sorted(found, key=lambda one: (one.report, one.reader)))

    def of(self, report: str) -> tuple[Reading, ...]:
        """Return the readings of a report."""
        return tuple(one for one in self.readings if one.report == report)

    def find(self, reader: str, report: str) -> Reading | None:
        """Return a reading, or None."""
        return next((one for one in self.of(report) if one.reader == reader), None)

    def rows(self, reader: str, report: str, table: str) -> list[Row]:
        """Return the rows of a closed reading, by label."""
        return [row for _, row in self.numbered(reader, report, table)]

    def numbered(self, reader: str, report: str, table: str, *, working: bool = False) -> list[tuple[int, Row]]:
        """Return the rows of a reader on a report, each with its line in the file."""
        frame = (self.working if working else self.closed).get((reader, table))
        if frame is None:
            return []
        of_report = (frame["report_id"] == report).fillna(value=False).astype(bool)
        return numbered_rows(frame[of_report].sort_values(list(TABLES[table].key)))


def _reading(row: Row) -> Reading:
    days = ("" if missing(row[name]) else str(row[name]) for name in ("started_on", "closed_on", "compared_on"))
    return Reading(row["reader"], row["report_id"], row["mode"], tuple(split_ids(row["tables"])), *days)


def read_kept(root: str | Path) -> Kept:
    """Return the readings of a project; none where it has no folder of them. Problems are collected, not raised."""
    folder = Path(root) / FOLDER
    found = _Found(folder)
    beside = {table.name: found.table(folder / f"{table.name}.csv", table.name) for table in BESIDE_READINGS}
    places = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    readers = [one for one in places if READER.fullmatch(one.name)]
    closed = {(one.name, name): frame for one in readers for name, frame in found.tables(one).items()}
    working: dict[tuple[str, str], pd.DataFrame] = {}
    remarks: dict[str, tuple[Message | Problem, ...]] = {}
    of_working: list[Problem] = []
    for one in readers:
        of_reader = _Found(folder)
        working |= {(one.name, name): frame for name, frame in of_reader.tables(one / OPEN).items()}
        of_working += of_reader.problems
        remarks[one.name] = tuple(of_reader.remarks)
    problems = (*found.problems, *_wrong_folders(places))
    return Kept(beside, closed, working, problems, tuple(of_working), remarks)


@dataclass
class _Found:
    """What is met in files while they are read."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Message | Problem] = field(default_factory=list)

    def tables(self, place: Path) -> dict[str, pd.DataFrame]:
        """Return the tables of a reader that are there, CSV or XLSX; that both are there is a problem."""
        frames = {}
        for name in READ:
            there = [path for path in (place / f"{name}.csv", place / f"{name}.xlsx") if path.is_file()]
            if len(there) > 1:
                names = ", ".join(one.name for one in there)
                self.problems.append(Problem(self._shown(there[0]), 0, "", "", names, Message("one_file")))
            if there:
                frames[name] = self.table(there[0], name)
        return frames

    def table(self, path: Path, name: str) -> pd.DataFrame:
        """Return a table; one that is not there is empty. A row that is only begun would be a patient lost."""
        contract = TABLES[name]
        if not path.is_file():
            return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in contract.columns})
        checked = sheets.check_table(name, path)
        shown = self._shown(path)
        self.problems += [replace(one, file=shown) for one in checked.problems]
        for line, key in checked.waiting:
            told = ", ".join(f"{column}={cell}" for column, cell in zip(contract.key, key, strict=True))
            self.problems.append(Problem(shown, line, told, "", Message("empty"), Message("row_filled_in")))
        self.remarks += [Message("of_table", table=name, what=note) for note in checked.notes]
        self.remarks += [replace(one, file=shown) for one in checked.warnings]
        return checked.frame

    def _shown(self, path: Path) -> str:
        return (Path(self.folder.name) / path.relative_to(self.folder)).as_posix()


def _wrong_folders(places: list[Path]) -> Iterator[Problem]:
    for one in places:
        if not READER.fullmatch(one.name):
            yield Problem(f"{FOLDER.name}/{one.name}", 0, "", "", one.name, Message("reader_of_reading"))
