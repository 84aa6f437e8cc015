"""What ``casepool check`` says of readings: what was changed after it was closed, and rows that follow no decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.readings import READ, unit_column
from casepool.files import sheets
from casepool.model.errors import CuratedDataError, Problem
from casepool.model.message import Message
from casepool.readings.cells import same, seal_of, texts_of
from casepool.readings.comparison import Comparison, Texts, Unit, comparisons
from casepool.readings.consensus import Settled, agreed_rows
from casepool.readings.kept import FOLDER, Kept, Reading, read_kept
from casepool.readings.pairs import PAIRED
from casepool.readings.steps import consensus_changes, line_of, row_of
from casepool.rows import missing, numbered_rows, rows_of
from casepool.typing import Row

Frames = Mapping[str, pd.DataFrame]


def reading_problems(kept: Kept, typed: Frames, corrected: Frames) -> list[Problem]:
    """Return every problem of readings, and of rows of the tables that contradict them.

    Parameters
    ----------
    typed, corrected : the curated tables as they are typed, and with their corrections.
    """
    if kept.problems:
        return list(kept.problems)
    problems = [*_unknown_reports(kept, corrected["reports"]), *seal_problems(kept)]
    # What follows from a changed row is not told beside it.
    problems = problems or [*pair_problems(kept), *_decision_problems(kept)]
    if not problems:
        for one in comparisons(kept, leads(corrected)):
            problems += row_problems(one, typed, corrected)
    return problems


def sound_comparisons(root: str | Path = ".") -> list[Comparison]:
    """Return the comparisons of a project; none where nobody reads anything twice.

    Raises
    ------
    CuratedDataError
        If a file of the readings is wrong in its form, or a closed reading was changed.
    """
    kept = read_kept(root)
    problems = [*kept.problems, *seal_problems(kept), *pair_problems(kept)]
    if problems:
        raise CuratedDataError(problems)
    return comparisons(kept)


def leads(tables: Frames) -> dict[str, str]:
    """Return report → the reader whose rows stand in the tables, by the first row of each report."""
    found: dict[str, str] = {}
    for name in PAIRED:
        for row in rows_of(tables[name][["report_id", "reader"]].dropna()):
            found.setdefault(row["report_id"], row["reader"])
    return found


def reading_hints(kept: Kept, typed: Frames, corrected: Frames) -> Iterator[Message]:
    """Yield what waits for a person: comparisons not opened, pairs not confirmed, fields not adjudicated."""
    if kept.problems:
        return
    yield from working_copies(kept)
    for one in comparisons(kept, leads(corrected)):
        readers = tuple(reading.reader for reading in one.readings)
        if not one.possible:
            continue
        if not one.opened:
            yield Message("reading_to_compare", report=one.report, readers=readers)
        elif not one.paired:
            yield Message("reading_to_pair", report=one.report)
        elif one.unsettled:
            fields = tuple(f"{each.key}, {each.column}" for each in one.unsettled)
            yield Message("reading_to_adjudicate", n=len(fields), report=one.report, fields=fields)
        elif any(consensus_changes(one, typed, corrected, "")):
            yield Message("reading_to_write", report=one.report)


def _unknown_reports(kept: Kept, reports: pd.DataFrame) -> Iterator[Problem]:
    known = list(reports["report_id"].dropna())
    for reading in kept.readings:
        if reading.report not in known:
            key = f"reader={reading.reader}, report_id={reading.report}"
            near = sheets.nearest(reading.report, known)
            yield Problem(_file("readings"), 0, key, "report_id", reading.report, Message("report_id"), near)


def seal_problems(kept: Kept) -> Iterator[Problem]:
    """Yield each row of a closed reading that is other than it was, new or gone, and each of no closed reading."""
    seals = {(row["reader"], row["table"], row["key"]): row["sha256"] for row in rows_of(kept.beside["seals"])}
    seen = set()
    for (reader, name), frame in kept.closed.items():
        for line, row in numbered_rows(frame):
            key = sheets.key_of(row, TABLES[name])
            seen.add((reader, name, key))
            reading = kept.find(reader, row["report_id"])
            file = f"{FOLDER.name}/{reader}/{name}.csv"
            if reading is None or not reading.closed:
                yield Problem(file, line, key, "", Message("row_of_no_closed_reading"), Message("reading_closed_first"))
            elif seals.get((reader, name, key)) != seal_of(texts_of(row)):
                found = Message("row_changed") if (reader, name, key) in seals else Message("row_new")
                yield Problem(file, line, key, "", found, _unchanged(reading))
    for reader, name, key in sorted(set(seals) - seen):
        report = key.partition(", ")[0].removeprefix("report_id=")
        reading = kept.find(reader, report)
        if reading is not None:
            yield Problem(f"{FOLDER.name}/{reader}/{name}.csv", 0, key, "", Message("row_gone"), _unchanged(reading))


def _unchanged(reading: Reading) -> Message:
    if reading.compared:
        return Message("reading_never_changed", day=reading.compared_on)
    return Message("reading_as_closed", day=reading.closed_on)


def _file(name: str) -> str:
    return f"{FOLDER.name}/{name}.csv"


def pair_problems(kept: Kept) -> Iterator[Problem]:
    """Yield each label of a pair that its reader does not have, and each row left out or standing twice."""
    groups: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for row in rows_of(kept.beside["pairings"]):
        group = (row["table"], row["report_id"], row["reader_a"], row["reader_b"])
        groups.setdefault(group, []).append(("" if missing(row["label_a"]) else row["label_a"],
                                             "" if missing(row["label_b"]) else row["label_b"]))  # fmt: skip
    for (table, report, reader_a, reader_b), pairs in groups.items():
        for place, (column, reader) in enumerate((("label_a", reader_a), ("label_b", reader_b))):
            named = [pair[place] for pair in pairs if pair[place]]
            own = [row[unit_column(TABLES[table])] for row in kept.rows(reader, report, table)]
            key = f"table={table}, report_id={report}, reader_a={reader_a}, reader_b={reader_b}"
            for label in sorted({*named, *own}):
                if named.count(label) != 1 or label not in own:
                    yield Problem(_file("pairings"), 0, key, column, label, Message("each_row_once", reader=reader))


def _decision_problems(kept: Kept) -> Iterator[Problem]:
    """Yield each adjudication of something in which the readings, as they were closed, do not differ."""
    open_differences = {
        difference.place: difference for one in comparisons(kept) if one.possible for difference in one.differences
    }
    for line, row in numbered_rows(kept.beside["adjudications"]):
        place = tuple(str(row[name]) for name in ("table", "key", "column", "reader_a", "reader_b"))
        found = open_differences.get(place)
        said = ("" if missing(row[name]) else row[name] for name in ("value_a", "value_b"))
        if found is None or tuple(said) != (found.value_a, found.value_b):
            key = f"table={row['table']}, key={row['key']}"
            yield Problem(_file("adjudications"), line, key, "column", str(row["column"]), Message("a_difference"))


def row_problems(compared: Comparison, typed: Frames, corrected: Frames) -> Iterator[Problem]:
    """Yield each cell of the tables that is neither what the readers agree on nor what was adjudicated.

    While something of the report waits for the adjudicator, a row under the name of one of the readers is still that
    reader's, and may hold what this reader found.
    """
    if not compared.opened or not compared.paired:
        return
    labels: dict[str, set[str]] = {name: set() for name in READ}
    for agreed in agreed_rows(compared):
        unit = agreed.unit
        labels[unit.table].add(unit.label)
        key = (unit.report, unit.label)
        rows = row_of(typed[unit.table], unit.table, key), row_of(corrected[unit.table], unit.table, key)
        if rows[0] is None or rows[1] is None:
            continue
        owner = unit.rows.get(rows[0]["reader"]) if compared.unsettled else None
        line = line_of(typed[unit.table], unit.table, key)
        if agreed.is_row is False and owner is None:
            yield Problem(f"{unit.table}.csv", line, unit.key, "", Message("row_there"), Message("no_row_adjudicated"))
        for name, settled in agreed.fields.items():
            values = (rows[0][name], rows[1][name])
            if not _holds(unit.table, name, settled, values, owner):
                found, expected = values[0] or Message("empty"), _expected(settled, unit)
                yield Problem(f"{unit.table}.csv", line, unit.key, name, found, expected)
    yield from _rows_of_nobody(compared, corrected, labels)


def _holds(table: str, name: str, settled: Settled | None, values: Sequence[str], owner: Texts | None) -> bool:
    """Return whether a cell, as typed or corrected, holds what was settled, or what its reader found."""
    column = TABLES[table].column(name)
    may_be = [*([settled.value] if settled else []), *([owner[name]] if owner else [])]
    return any(same(column, one, value) for one in may_be for value in values)


def _expected(settled: Settled | None, unit: Unit) -> Message:
    if settled is None:
        return Message("adjudication_of", readers=tuple(unit.rows))
    return Message(
        "adjudicated_value" if settled.adjudicated else "agreed_value", value=settled.value or Message("empty")
    )


def _rows_of_nobody(compared: Comparison, corrected: Frames, labels: Mapping[str, set[str]]) -> Iterator[Problem]:
    for name in PAIRED:
        if not all(name in one.tables for one in compared.readings):
            continue
        frame = corrected[name]
        for line, row in numbered_rows(frame[(frame["report_id"] == compared.report).fillna(value=False).astype(bool)]):
            if row[unit_column(TABLES[name])] not in labels[name]:
                key = sheets.key_of(row, TABLES[name])
                yield Problem(f"{name}.csv", line, key, "", Message("row_there"), Message("row_of_a_reading"))


def working_copies(kept: Kept) -> Iterator[Message]:
    """Yield working copies that differ from what was closed: nobody reads them any more."""
    for reading in kept.readings:
        for name in reading.tables if reading.closed else ():
            rows = {name_: seal_of(texts_of(row)) for name_, row in _by_key(kept, reading, name, working=True)}
            closed = {name_: seal_of(texts_of(row)) for name_, row in _by_key(kept, reading, name, working=False)}
            if rows and rows != closed:
                yield Message("working_copy_differs", reader=reading.reader, report=reading.report, table=name)


def _by_key(kept: Kept, reading: Reading, name: str, *, working: bool) -> Iterator[tuple[str, Row]]:
    for _, row in kept.numbered(reading.reader, reading.report, name, working=working):
        yield sheets.key_of(row, TABLES[name]), row
