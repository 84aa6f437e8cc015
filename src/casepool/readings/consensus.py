"""What the tables hold of a report that was read twice: what the readers agree on, and what was adjudicated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casepool.contract import TABLES
from casepool.contract.readings import CONSENSUS, compared_columns, unit_column
from casepool.readings.cells import same
from casepool.readings.comparison import Comparison, Difference, Texts, Unit


@dataclass(frozen=True)
class Settled:
    """A value that both readers report, or that an adjudicator chose."""

    value: str
    adjudicated: bool


@dataclass(frozen=True)
class Agreed:
    """What a row of the tables is by its readings.

    Attributes
    ----------
    is_row : whether there is such a row; None where that is not adjudicated.
    fields : column → its value; None where the readers differ and nobody has decided.
    """

    unit: Unit
    is_row: bool | None
    fields: dict[str, Settled | None]

    @property
    def settled(self) -> bool:
        """Whether nothing is left to decide."""
        return self.is_row is False or (self.is_row is True and None not in self.fields.values())


def agreed_rows(compared: Comparison) -> Iterator[Agreed]:
    """Yield what each row of a report is by its readings, as far as it is settled."""
    by_unit: dict[str, list[Difference]] = {}
    for one in compared.differences:
        by_unit.setdefault(f"{one.table}/{one.label}", []).append(one)
    for unit in compared.units:
        found = by_unit.get(f"{unit.table}/{unit.label}", [])
        is_row = _is_row(compared, [one for one in found if one.of_row])
        fields = {} if is_row is False else _fields(compared, unit, [one for one in found if not one.of_row])
        yield Agreed(unit, is_row, fields)


def _is_row(compared: Comparison, found: Sequence[Difference]) -> bool | None:
    if any(one.place not in compared.decisions for one in found):
        return None
    decided = {bool(compared.decided(one)) for one in found}
    return decided.pop() if len(decided) == 1 else None if decided else True


def _fields(compared: Comparison, unit: Unit, found: Sequence[Difference]) -> dict[str, Settled | None]:
    rows = [row for row in unit.rows.values() if row is not None]
    fields: dict[str, Settled | None] = {}
    for column in compared_columns(TABLES[unit.table]):
        differing = [one for one in found if one.column == column.name]
        if not differing:
            fields[column.name] = Settled(rows[0][column.name], adjudicated=False)
        elif any(one.place not in compared.decisions for one in differing):
            fields[column.name] = None
        else:
            values = {compared.decided(one) for one in differing}
            fields[column.name] = Settled(values.pop(), adjudicated=True) if len(values) == 1 else None
    return fields


def fits(column_name: str, table: str, settled: Settled, found: str) -> bool:
    """Return whether a cell of the tables holds what was settled."""
    return same(TABLES[table].column(column_name), settled.value, found)


def row_to_write(agreed: Agreed, there: Texts | None, day: str) -> dict[str, str]:
    """Return the row of the tables, as texts by column.

    Parameters
    ----------
    there : the row as it stands there; its place in the source and its note are kept.
    day : on which it is written.
    """
    unit, table = agreed.unit, TABLES[agreed.unit.table]
    rows = {reader: row for reader, row in sorted(unit.rows.items()) if row is not None}
    row = dict.fromkeys(table.names, "")
    for name, one in agreed.fields.items():
        if one is not None:  # words that differ in capitals alone stay as they are
            row[name] = there[name] if there and fits(name, unit.table, one, there[name]) else one.value
    row |= {"report_id": unit.report, unit_column(table): unit.label, "reader": CONSENSUS, "date": day}
    for name in ("source_locator", "note"):
        told = there[name] if there else ""
        row[name] = told or "; ".join(dict.fromkeys(one[name] for one in rows.values() if one[name]))
    return row
