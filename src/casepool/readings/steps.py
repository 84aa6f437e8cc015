"""What a reader or an adjudicator does, as a step that is shown before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from casepool.contract import TABLES
from casepool.files import sheets, store
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.readings.cells import seal_of, texts_of
from casepool.readings.comparison import Comparison, Texts
from casepool.readings.consensus import Agreed, agreed_rows, row_to_write
from casepool.readings.kept import FOLDER, Kept, Reading
from casepool.readings.pairs import Pair
from casepool.rows import rows_of
from casepool.typing import Row


@dataclass(frozen=True)
class RowChange:
    """A row of a curated table that a step writes (`after`), or takes out (None).

    Attributes
    ----------
    before : the row as it stands there, None where there is none.
    """

    table: str
    key: tuple[str, ...]
    before: Texts | None
    after: Texts | None

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns whose cell is another one afterwards."""
        before, after = self.before or {}, self.after or {}
        return tuple(name for name in TABLES[self.table].names if before.get(name, "") != after.get(name, ""))


@dataclass(frozen=True)
class ReadingStep:
    """Files under ``data/curated/readings`` with their new content, and rows of the curated tables.

    Attributes
    ----------
    name : what is done, for the journal.
    files : path in the project → content; None removes it.
    told : what is to be said of it.
    """

    name: Message
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    rows: tuple[RowChange, ...] = ()
    told: tuple[Message | Problem, ...] = ()


def path_of(name: str) -> str:
    """Return where a table beside the readings stands."""
    return f"{FOLDER.as_posix()}/{name}.csv"


def with_rows(name: str, frame: pd.DataFrame, rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes | None]:
    """Return a table beside the readings with further rows; one with the same key takes the place of the old."""
    table = TABLES[name]
    new = pd.DataFrame(list(rows), columns=table.names).astype(table.dtypes)
    joined = pd.concat([frame[table.names], new], ignore_index=True)
    kept = joined.drop_duplicates(list(table.key), keep="last")
    return {path_of(name): store.table_bytes(name, kept, path_of(name))}


def readings_with(kept: Kept, changed: Sequence[Reading]) -> dict[str, bytes | None]:
    """Return the list of readings with some of them changed or added."""
    return with_rows("readings", kept.beside["readings"], [_as_row(one) for one in changed])


def _as_row(one: Reading) -> Row:
    days = {"closed_on": one.closed_on or None, "compared_on": one.compared_on or None}
    row = {"reader": one.reader, "report_id": one.report, "mode": one.mode, "tables": "; ".join(one.tables)}
    return row | {"started_on": one.started_on} | days


def sealed(reader: str, table: str, rows: Iterable[Row]) -> list[Row]:
    """Return the seals of rows of a closed reading."""
    contract = TABLES[table]
    return [
        {"reader": reader, "table": table, "key": sheets.key_of(row, contract), "sha256": seal_of(texts_of(row))}
        for row in rows
    ]


def confirmed_pairs(kept: Kept, pairs: Sequence[Pair], by: str, day: str) -> ReadingStep:
    """Return the step that writes down who is who."""
    rows = [
        {
            "table": one.table,
            "report_id": one.report,
            "label": one.label,
            "decided_by": by,
            "date": day,
            "reader_a": one.reader_a,
            "label_a": one.label_a or None,
            "reader_b": one.reader_b,
            "label_b": one.label_b or None,
        }
        for one in pairs
        if not one.confirmed
    ]
    files = with_rows("pairings", kept.beside["pairings"], rows)
    return ReadingStep(Message("step_pairs", n=len(rows)), files, told=(Message("pairs_confirmed", n=len(rows)),))


def adjudicated(kept: Kept, rows: pd.DataFrame) -> dict[str, bytes | None]:
    """Return the adjudications with new ones."""
    return with_rows("adjudications", kept.beside["adjudications"], rows_of(rows)) if len(rows) else {}


def consensus_changes(
    compared: Comparison, tables: Mapping[str, pd.DataFrame], corrected: Mapping[str, pd.DataFrame], day: str
) -> tuple[list[RowChange], list[Problem]]:
    """Return what the curated tables are to hold of a report in which everything is settled, and what forbids it.

    Parameters
    ----------
    tables, corrected : the curated tables as typed, and with their corrections.
    """
    found = list(agreed_rows(compared))
    if not found or not all(one.settled for one in found):
        return [], []
    changes: list[RowChange] = []
    problems: list[Problem] = []
    for one in found:
        change, wrong = _change(one, tables, corrected, day)
        changes += [change] if change else []
        problems += wrong
    return changes, problems


def _change(
    agreed: Agreed, tables: Mapping[str, pd.DataFrame], corrected: Mapping[str, pd.DataFrame], day: str
) -> tuple[RowChange | None, list[Problem]]:
    unit = agreed.unit
    key = (unit.report, unit.label)
    there, known = row_of(tables[unit.table], unit.table, key), row_of(corrected[unit.table], unit.table, key)
    if not agreed.is_row:
        return (RowChange(unit.table, key, there, None) if there else None), []
    after = row_to_write(agreed, known, day)
    if there is None or known is None:
        return RowChange(unit.table, key, None, after), []
    problems = []
    for name in agreed.fields:
        if there[name] == known[name]:
            continue
        if after[name] == known[name]:
            after[name] = there[name]  # the correction says it already, and matches what stands there
        else:
            expected = Message("value_that_was_settled", value=after[name] or Message("empty"))
            problems.append(Problem("corrections.csv", 0, unit.key, name, known[name] or Message("empty"), expected))
    touched = [name for name in TABLES[unit.table].names if name != "date" and after[name] != there[name]]
    return (RowChange(unit.table, key, there, after) if touched else None), problems


def row_of(frame: pd.DataFrame, table: str, key: tuple[str, ...]) -> dict[str, str] | None:
    """Return the row with a key as texts, or None."""
    found = rows_of(_with_key(frame, table, key))
    return texts_of(found[0]) if found else None


def line_of(frame: pd.DataFrame, table: str, key: tuple[str, ...]) -> int:
    """Return the line of the row with a key in its file (the header is line 1)."""
    return int(_with_key(frame, table, key).index[0]) + 2


def _with_key(frame: pd.DataFrame, table: str, key: tuple[str, ...]) -> pd.DataFrame:
    first, second = TABLES[table].key
    return frame[((frame[first] == key[0]) & (frame[second] == key[1])).fillna(value=False).astype(bool)]
