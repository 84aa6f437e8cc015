"""How far two readers agreed before anybody adjudicated, and in which fields nobody has decided yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from casepool.contract import TABLES, Column
from casepool.contract.readings import CONSENSUS, EXTRACTION_AGREEMENT, READING_CONFLICTS, compared_columns, unit_column
from casepool.model.message import Message
from casepool.model.vocabulary import ReadingMode
from casepool.readings.cells import same
from casepool.readings.comparison import Comparison, Texts, Unit
from casepool.stats.kappa import Kappa, cohens_kappa, counts_of, pooled_kappa
from casepool.typing import Row

ALL = "all"  # in place of a table or a column: all of them
REPORTS = "reports"
_KINDS = ("category", "number", "words")
_Cell = tuple[str, str]


@dataclass(frozen=True)
class _Both:
    """A row of the tables as two readers have it."""

    table: str
    one: Texts
    other: Texts

    def cells(self, column: str) -> _Cell:
        return self.one[column], self.other[column]


def extraction_agreement(compared: Sequence[Comparison], level: float) -> pd.DataFrame:
    """Return the table ``extraction_agreement``: from the readings as they were closed, whatever was adjudicated.

    For each mode (verification: one of the two has seen the other), table and field: cells that at least one of the two
    fills in, and how many of them are equal; of categories Cohen's kappa (a value that is not reported is a category),
    of numbers the largest difference. Rows that one reader lacks stand in the line of the label and in no field. The
    lines ``all`` join the fields of a kind; their kappa is that of De Vries 2008, its interval a jackknife over rows.

    Parameters
    ----------
    level : coverage of the intervals.
    """
    rows: list[Row] = []
    opened = [one for one in compared if one.opened and one.paired]
    for mode in ReadingMode:
        of_mode = [(one, pair) for one in opened for pair in _readers(one, mode)]
        if of_mode:
            rows += [{"mode": mode.value, **row} for row in _of_mode(of_mode, level)]
    return pd.DataFrame(rows, columns=EXTRACTION_AGREEMENT.names)


def reading_conflicts(compared: Sequence[Comparison]) -> pd.DataFrame:
    """Return the table ``reading_conflicts``: fields in which readers differ and that nobody has adjudicated."""
    names = {"report_id": "report"}
    rows = [
        {name: getattr(difference, names.get(name, name)) for name in READING_CONFLICTS.names}
        for one in compared
        if one.opened
        for difference in one.unsettled
    ]
    return pd.DataFrame(rows, columns=READING_CONFLICTS.names)


def appraisals_read(appraisal: pd.DataFrame, compared: Sequence[Comparison]) -> pd.DataFrame:
    """Return the curated appraisals with those of compared readings that nobody has settled."""
    settled = set(appraisal.loc[appraisal["reader"] == CONSENSUS, "report_id"])
    rows = [
        row
        for one in compared
        if one.opened and one.report not in settled
        for reading in one.readings
        for row in one.kept.rows(reading.reader, one.report, "appraisal")
    ]
    read = pd.DataFrame(rows, columns=appraisal.columns).astype(appraisal.dtypes.to_dict())
    return pd.concat([appraisal, read], ignore_index=True).drop_duplicates(["report_id", "reader"])


def _readers(compared: Comparison, mode: ReadingMode) -> list[tuple[str, str]]:
    """Return every two readers of a report whose agreement is of that mode."""
    pairs = combinations(compared.readings, 2)
    return [(a.reader, b.reader) for a, b in pairs if (a.blind and b.blind) == (mode is ReadingMode.BLIND)]


def _of_mode(of_mode: Sequence[tuple[Comparison, tuple[str, str]]], level: float) -> Iterator[Row]:
    yield _reports(of_mode)
    units = [(unit, pair) for one, pair in of_mode for unit in one.units if set(pair) <= set(unit.rows)]
    both = list(_both(units))
    yield from _joined(both, level)
    for table in dict.fromkeys(unit.table for unit, _ in units):
        of_table = [(unit, pair) for unit, pair in units if unit.table == table]
        found = sum(all(unit.rows[one] is not None for one in pair) for unit, pair in of_table)
        either = sum(any(unit.rows[one] is not None for one in pair) for unit, pair in of_table)
        yield {"table": table, "column": unit_column(TABLES[table]), **_counts("rows", either, found)}
        for column in compared_columns(TABLES[table]):
            cells = _told([one.cells(column.name) for one in both if one.table == table])
            if cells:
                yield {"table": table, "column": column.name, **_field(column, cells, level)}


def _reports(of_mode: Sequence[tuple[Comparison, tuple[str, str]]]) -> Row:
    reports = {one.report for one, _ in of_mode}
    differing = {
        one.report
        for one, pair in of_mode
        for other in one.differences
        if {other.reader_a, other.reader_b} == set(pair)
    }
    return {"table": REPORTS, "column": "report_id", **_counts(REPORTS, len(reports), len(reports - differing))}


def _both(units: Sequence[tuple[Unit, tuple[str, str]]]) -> Iterator[_Both]:
    for unit, (a, b) in units:
        one, other = unit.rows[a], unit.rows[b]
        if one is not None and other is not None:
            yield _Both(unit.table, one, other)


def _told(cells: Sequence[_Cell]) -> list[_Cell]:
    return [cell for cell in cells if any(cell)]


def _kind(column: Column) -> str:
    if column.vocabulary or column.expected == Message("identifier"):  # a disease is one of those of the protocol
        return "category"
    return "number" if column.kind in {"integer", "number"} else "words"


def _counts(kind: str, n: int, n_agreed: int) -> Row:
    return {"kind": kind, "n": n, "n_agreed": n_agreed, "agreed": n_agreed / n if n else None}


def _field(column: Column, cells: Sequence[_Cell], level: float) -> Row:
    kind = _kind(column)
    row = _counts(kind, len(cells), sum(same(column, *cell) for cell in cells))
    if kind == "category":
        return row | _told_kappa(cohens_kappa(counts_of(cells)), level)
    gaps = [abs(float(one) - float(other)) for one, other in cells if one and other] if kind == "number" else []
    return row | {"largest_difference": max(gaps, default=None)}


def _told_kappa(found: Kappa, level: float) -> Row:
    lower, upper = found.interval(level) or (None, None)
    return {"kappa": found.kappa, "ci_lower": lower, "ci_upper": upper, "status": found.status}


def _joined(both: Sequence[_Both], level: float) -> Iterator[Row]:
    """Yield the lines of all fields together: of all kinds, then of each."""
    counts: dict[str, list[int]] = {kind: [0, 0] for kind in (ALL, *_KINDS)}
    categories: list[Mapping[str, _Cell]] = []
    for row in both:
        chosen: dict[str, _Cell] = {}
        for column in compared_columns(TABLES[row.table]):
            cell = row.cells(column.name)
            if not any(cell):
                continue
            kind = _kind(column)
            for one in (ALL, kind):
                counts[one][0] += 1
                counts[one][1] += same(column, *cell)
            if kind == "category":
                chosen[f"{row.table}/{column.name}"] = cell
        categories.append(chosen)
    for kind, (n, n_agreed) in counts.items():
        found = _told_kappa(pooled_kappa(categories), level) if kind == "category" else {}
        yield {"table": ALL, "column": kind, **_counts(kind, n, n_agreed), **found}
