"""What the commands and the desk do with readings: a step is made here, shown, and written by `casepool.entry`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.extraction.curated import Curated, read_curated
from casepool.files import sheets
from casepool.files.cells import read_cells
from casepool.files.dialect import normalise
from casepool.files.formulas import rows_as_csv
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ReadingMode
from casepool.readings.beginning import begin, tables_for
from casepool.readings.cells import cell_text
from casepool.readings.closing import close
from casepool.readings.comparison import Comparison, comparisons
from casepool.readings.filled import read_filled
from casepool.readings.judging import leads, pair_problems, seal_problems
from casepool.readings.kept import Kept, read_kept
from casepool.readings.pairs import Pair
from casepool.readings.source import Source
from casepool.readings.steps import ReadingStep, adjudicated, confirmed_pairs, consensus_changes, readings_with
from casepool.readings.withdrawing import withdraw
from casepool.rows import rows_of
from casepool.typing import Row


@dataclass(frozen=True)
class Work:
    """The readings of a project beside its tables.

    Attributes
    ----------
    day : on which something is done, as tables write it.
    """

    root: Path
    protocol: Protocol
    kept: Kept
    curated: Curated
    day: str

    def begin(self, reader: str, report: str, mode: ReadingMode, source: Source | None = None) -> ReadingStep:
        """Return the step that begins a reading (see `casepool.readings.beginning.begin`)."""
        found = tables_for(self.root, self.curated.typed, source)
        return begin(self.kept, reader, report, mode, found, self.day)

    def close(self, reader: str, report: str) -> ReadingStep:
        """Return the step that closes a reading (see `casepool.readings.closing.close`)."""
        return close(self.kept, reader, report, self.curated, self.protocol, self.day)

    def withdraw(self, reader: str, report: str) -> ReadingStep:
        """Return the step that withdraws an open reading (see `casepool.readings.withdrawing.withdraw`)."""
        return withdraw(self.kept, reader, report)

    def compared(self, report: str = "") -> list[Comparison]:
        """Return the comparisons that may be shown, of one report or of all.

        Raises
        ------
        CuratedDataError
            If a closed reading was changed.
        FileError
            If the one report that was asked for has no two finished readings.
        """
        problems = [*self.kept.problems, *seal_problems(self.kept), *pair_problems(self.kept)]
        if problems:
            raise CuratedDataError(problems)
        found = [one for one in comparisons(self.kept, leads(self.curated.frames)) if report in ("", one.report)]
        possible = [one for one in found if one.possible]
        if report and not possible:
            waits = Message("next_finish", readers=found[0].waits_for) if found else Message("next_second_reader")
            raise FileError(Message("not_to_be_compared", report=report, why=waits))
        return possible

    def opening(self, compared: Sequence[Comparison]) -> ReadingStep:
        """Return the step that notes that comparisons were opened: from then on their readings never change."""
        readings = [one for each in compared for one in each.readings if not one.compared]
        files = readings_with(self.kept, [replace(one, compared_on=self.day) for one in readings]) if readings else {}
        return ReadingStep(Message("step_compare", n=len(readings)), files)

    def confirm(self, compared: Sequence[Comparison], by: str) -> ReadingStep:
        """Return the step that confirms the proposed pairs as they are."""
        pairs = [pair for one in compared for pair in one.pairs]
        return self._with_opening(compared, confirmed_pairs(self.kept, pairs, by, self.day))

    def confirm_file(self, compared: Sequence[Comparison], path: Path, by: str) -> ReadingStep:
        """Return the step that confirms the pairs of a file, in the columns of ``pairings.csv``.

        Raises
        ------
        CuratedDataError
            With every line that names no row of its reader, and every row that is left out or stands twice.
        """
        rows, _ = read_cells(path)
        cells = normalise(rows, TABLES["pairings"])
        for name, value in (("decided_by", by), ("date", self.day)):
            cells.frame[name] = cells.frame[name].fillna(value) if name in cells.frame else value
        checked = sheets.check_cells(cells, TABLES["pairings"], path.name)
        pairs = [_pair(row) for row in rows_of(checked.frame)]
        step = confirmed_pairs(self._without(pairs), pairs, by, self.day)
        new = pd.concat([self._without(pairs).beside["pairings"], checked.frame], ignore_index=True)
        found = replace(self.kept, beside={**self.kept.beside, "pairings": new})
        problems = [*checked.problems, *(replace(one, file=path.name) for one in pair_problems(found))]
        problems += _not_compared(pairs, compared, path.name)
        if problems:
            raise CuratedDataError(problems)
        return self._with_opening(compared, step)

    def adjudicate(self, path: Path | None) -> ReadingStep:
        """Return the step that takes in a filled sheet, and writes the rows of each report that is settled with it.

        Raises
        ------
        CuratedDataError
            With everything that is wrong with the sheet, or forbids a row of the tables.
        """
        found = self.compared()
        filled = read_filled(path, found, self.day) if path else None
        files = adjudicated(self.kept, filled.rows) if filled else {}
        now = comparisons(self._decided(filled.rows if filled else None), leads(self.curated.frames))
        changes, problems = [], []
        for one in (each for each in now if each.opened and each.paired):
            of_report, wrong = consensus_changes(one, self.curated.typed, self.curated.frames, self.day)
            changes += of_report
            problems += wrong
        if problems:
            raise CuratedDataError(problems)
        n = len(filled.rows) if filled else 0
        waiting = sum(len(one.unsettled) for one in now if one.opened)
        told = (Message("adjudicated", n=n), Message("still_open", n=waiting))
        return ReadingStep(Message("step_adjudicate", n=n), files, tuple(changes), told)

    def _decided(self, rows: pd.DataFrame | None) -> Kept:
        if rows is None or rows.empty:
            return self.kept
        table = TABLES["adjudications"]
        both = pd.concat([self.kept.beside["adjudications"], rows.astype(table.dtypes)], ignore_index=True)
        return replace(self.kept, beside={**self.kept.beside, "adjudications": both})

    def _without(self, pairs: Sequence[Pair]) -> Kept:
        """Return the readings without what was confirmed of the same rows before."""
        named = {(one.table, one.report, one.reader_a, one.reader_b) for one in pairs}
        frame = self.kept.beside["pairings"]
        keys = zip(*(frame[name] for name in ("table", "report_id", "reader_a", "reader_b")), strict=True)
        kept = frame[pd.Series([key not in named for key in keys], index=frame.index, dtype=bool)]
        return replace(self.kept, beside={**self.kept.beside, "pairings": kept})

    def _with_opening(self, compared: Sequence[Comparison], step: ReadingStep) -> ReadingStep:
        return replace(step, files={**self.opening(compared).files, **step.files})


def work_on(root: str | Path, protocol: Protocol, day: str) -> Work:
    """Return the readings of a project, whose protocol is in force.

    Raises
    ------
    CuratedDataError
        If the tables cannot be read.
    """
    curated = read_curated(Path(root) / "data" / "curated")
    if not curated.readable:
        raise CuratedDataError(curated.problems)
    return Work(Path(root), protocol, read_kept(root), curated, day)


def pairs_as_csv(pairs: Sequence[Pair]) -> bytes:
    """Return pairs as a file to correct: who decides and when is filled in by the one who confirms it."""
    names = [name for name in TABLES["pairings"].names if name not in ("decided_by", "date")]
    rows = [[one.table, one.report, one.reader_a, one.label_a, one.reader_b, one.label_b, one.label] for one in pairs]
    return rows_as_csv([names, *rows]).encode("utf-8-sig")


def _pair(row: Row) -> Pair:
    names = ("table", "report_id", "reader_a", "label_a", "reader_b", "label_b", "label")
    table, report, reader_a, label_a, reader_b, label_b, label = (cell_text(row[name]) for name in names)
    return Pair(table, report, reader_a, label_a, reader_b, label_b, label)


def _not_compared(pairs: Sequence[Pair], compared: Sequence[Comparison], file: str) -> list[Problem]:
    known = {(one.report, reading.reader) for one in compared for reading in one.readings}
    return [
        Problem(file, 0, f"report_id={one.report}", "reader_a", one.reader_a, Message("two_closed_readings"))
        for one in pairs
        if not {(one.report, one.reader_a), (one.report, one.reader_b)} <= known or one.reader_a >= one.reader_b
    ]
