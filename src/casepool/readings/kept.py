"""What stands in ``data/curated/readings/``: every reading, what was paired and adjudicated, every problem of form.

A closed reading lies in ``READER/*.csv``, an open one in ``READER/open/`` (not in git) until its reader has finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    """

    beside: Mapping[str, pd.DataFrame]
    closed: Mapping[tuple[str, str], pd.DataFrame]
    working: Mapping[tuple[str, str], pd.DataFrame]
    problems: tuple[Problem, ...] = ()
    working_problems: tuple[Problem, ...] = ()

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
    problems: list[Problem] = []
    beside = {
        table.name: _checked(folder / f"{table.name}.csv", table.name, folder, problems) for table in BESIDE_READINGS
    }
    places = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    problems += _wrong_folders(places)
    readers = [one for one in places if READER.fullmatch(one.name)]
    closed = _rows_in({one.name: one for one in readers}, folder, problems)
    of_working: list[Problem] = []
    working = _rows_in({one.name: one / OPEN for one in readers}, folder, of_working)
    return Kept(beside, closed, working, tuple(problems), tuple(of_working))


def _wrong_folders(places: list[Path]) -> Iterator[Problem]:
    for one in places:
        if not READER.fullmatch(one.name):
            yield Problem(f"{FOLDER.name}/{one.name}", 0, "", "", one.name, Message("reader_of_reading"))


def _rows_in(places: Mapping[str, Path], folder: Path, problems: list[Problem]) -> dict[tuple[str, str], pd.DataFrame]:
    found = {}
    for reader, place in places.items():
        for name in READ:
            path = _path(place, name, folder, problems)
            if path is not None:
                found[reader, name] = _checked(path, name, folder, problems)
    return found


def _path(place: Path, name: str, folder: Path, problems: list[Problem]) -> Path | None:
    """Return the file of a table, CSV or XLSX; that both are there is a problem."""
    there = [path for path in (place / f"{name}.csv", place / f"{name}.xlsx") if path.is_file()]
    if len(there) > 1:
        names = ", ".join(one.name for one in there)
        problems.append(Problem(_shown(there[0], folder), 0, "", "", names, Message("one_file")))
    return there[0] if there else None


def _checked(path: Path, name: str, folder: Path, problems: list[Problem]) -> pd.DataFrame:
    if not path.is_file():
        table = TABLES[name]
        return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in table.columns})
    checked = sheets.check_table(name, path)
    problems += [replace(one, file=_shown(path, folder)) for one in checked.problems]
    return checked.frame


def _shown(path: Path, folder: Path) -> str:
    return (Path(folder.name) / path.relative_to(folder)).as_posix()
