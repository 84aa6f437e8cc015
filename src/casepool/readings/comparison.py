"""Where two closed readings of a report differ, field by field, and what was decided of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from casepool.contract import TABLES
from casepool.contract.readings import CONSENSUS, READ, compared_columns, unit_column
from casepool.readings.cells import same, texts_of
from casepool.readings.kept import Kept, Reading
from casepool.readings.pairs import PAIRED, Pair, pairs_of
from casepool.rows import missing, rows_of
from casepool.typing import Row

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Unit:
    """What stands under one label of a table: the row of each reader, None where a reader has none."""

    table: str
    report: str
    label: str
    rows: Mapping[str, Texts | None]

    @property
    def key(self) -> str:
        """The key of the row in the tables, as corrections write it."""
        return f"report_id={self.report}, {unit_column(TABLES[self.table])}={self.label}"


@dataclass(frozen=True)
class Difference:
    """A field in which two readers differ; the column of the label where one of them lacks the row.

    Attributes
    ----------
    where_a, where_b : the places in the source that the readers name.
    """

    table: str
    report: str
    label: str
    key: str
    column: str
    reader_a: str
    value_a: str
    reader_b: str
    value_b: str
    where_a: str = ""
    where_b: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """What names it in ``adjudications.csv``."""
        return (self.table, self.key, self.column, self.reader_a, self.reader_b)

    @property
    def of_row(self) -> bool:
        """Whether one of the readers lacks the row as a whole."""
        return self.column == unit_column(TABLES[self.table])


@dataclass(frozen=True)
class Comparison:
    """Every two closed readings of a report side by side.

    Attributes
    ----------
    pairs : which rows are which; nothing is compared before a person has confirmed all of them.
    waits_for : readers whose blind reading is open: until they finish nobody sees anything.
    """

    kept: Kept
    report: str
    readings: tuple[Reading, ...]
    pairs: tuple[Pair, ...]
    waits_for: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether two closed readings may be shown."""
        return len(self.readings) > 1 and not self.waits_for

    @property
    def opened(self) -> bool:
        """Whether it was shown already."""
        return self.possible and all(one.compared for one in self.readings)

    @property
    def paired(self) -> bool:
        """Whether a person has confirmed who is who."""
        return self.possible and all(pair.confirmed for pair in self.pairs)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The rows of all readers under the labels of the consensus; none before they are paired."""
        return tuple(self._units()) if self.paired else ()

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every field in which two of the readers differ."""
        return tuple(one for unit in self.units for one in _differences(unit))

    @cached_property
    def decisions(self) -> Mapping[tuple[str, ...], Row]:
        """What was adjudicated, by `Difference.place`."""
        return {_place(row): row for row in rows_of(self.kept.beside["adjudications"])}

    @property
    def unsettled(self) -> tuple[Difference, ...]:
        """The differences that nobody has adjudicated."""
        return tuple(one for one in self.differences if one.place not in self.decisions)

    def decided(self, difference: Difference) -> str:
        """Return the value that an adjudicator chose for a difference."""
        value = self.decisions[difference.place]["value"]
        return "" if missing(value) else str(value)

    def _units(self) -> Iterator[Unit]:
        for table in READ:
            readers = [one.reader for one in self.readings if table in one.tables]
            if len(readers) < 2:
                continue
            rows = {reader: self.kept.rows(reader, self.report, table) for reader in readers}
            if table in PAIRED:
                yield from self._paired_units(table, rows)
            else:
                yield Unit(table, self.report, CONSENSUS, {one: _first(rows[one]) for one in readers})

    def _paired_units(self, table: str, rows: Mapping[str, list[Row]]) -> Iterator[Unit]:
        unit = unit_column(TABLES[table])
        texts = {(reader, row[unit]): texts_of(row) for reader, of_one in rows.items() for row in of_one}
        labels: dict[str, dict[str, str]] = {}
        for pair in self.pairs:
            if pair.table == table:
                found = labels.setdefault(pair.label, {})
                found |= {pair.reader_a: pair.label_a, pair.reader_b: pair.label_b}
        for label, of_readers in sorted(labels.items()):
            yield Unit(table, self.report, label, {one: texts.get((one, own)) for one, own in of_readers.items()})


def comparison_of(kept: Kept, report: str, first: str = "") -> Comparison:
    """Return the comparison of the closed readings of a report.

    Parameters
    ----------
    first : see `casepool.readings.pairs.pairs_of`.
    """
    readings = kept.of(report)
    closed = tuple(one for one in readings if one.closed)
    waits_for = tuple(one.reader for one in readings if not one.closed and one.blind)
    return Comparison(kept, report, closed, tuple(pairs_of(kept, report, first)), waits_for)


def comparisons(kept: Kept, first: Mapping[str, str] | None = None) -> list[Comparison]:
    """Return the comparison of each report that two readers have begun.

    Parameters
    ----------
    first : report → the reader whose rows stand in the tables already.
    """
    reports = sorted({one.report for one in kept.readings})
    leads = first or {}
    return [comparison_of(kept, one, leads.get(one, "")) for one in reports if len(kept.of(one)) > 1]


def _first(rows: list[Row]) -> Texts | None:
    return texts_of(rows[0]) if rows else None


def _differences(unit: Unit) -> Iterator[Difference]:
    table = TABLES[unit.table]
    for reader_a, reader_b in combinations(sorted(unit.rows), 2):
        a, b = unit.rows[reader_a], unit.rows[reader_b]
        head = (unit.table, unit.report, unit.label, unit.key)
        places = tuple("" if row is None else row["source_locator"] for row in (a, b))
        if a is None and b is None:
            continue
        if a is None or b is None:
            label = unit_column(table)
            values = ("" if row is None else row[label] for row in (a, b))
            value_a, value_b = values
            yield Difference(*head, label, reader_a, value_a, reader_b, value_b, *places)
            continue
        for column in compared_columns(table):
            one, other = a[column.name], b[column.name]
            if not same(column, one, other):
                yield Difference(*head, column.name, reader_a, one, reader_b, other, *places)


def _place(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("table", "key", "column", "reader_a", "reader_b"))
