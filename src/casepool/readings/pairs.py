"""Which row of one reader is which of another: proposed by what the rows say, confirmed by a person.

Two readers who do not see each other label and count patients differently; nothing can be compared before they are
paired.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from casepool.contract import TABLES, Table
from casepool.contract.readings import compared_columns, unit_column
from casepool.readings.cells import same, texts_of
from casepool.readings.kept import Kept, Reading
from casepool.rows import rows_of
from casepool.typing import FloatArray, Row

PAIRED = ("patients", "cohorts")
_LEAST_ALIKE = 0.5  # of what either reader reports; below, two rows are proposed as two patients
_SILENT = ("", "not_reported")


@dataclass(frozen=True)
class Pair:
    """A row of reader a and the one of reader b that tells of the same patients; one of the labels may be empty.

    Attributes
    ----------
    label : under which label it stands in the consensus.
    alike : share of equal cells among those that either reader reports; None where there is no second row.
    confirmed : whether a person decided it.
    """

    table: str
    report: str
    reader_a: str
    label_a: str
    reader_b: str
    label_b: str
    label: str
    alike: float | None = None
    confirmed: bool = False

    @property
    def alone(self) -> bool:
        """Whether one of the readers has no such row."""
        return not (self.label_a and self.label_b)


def pairs_of(kept: Kept, report: str, first: str = "") -> list[Pair]:
    """Return the pairs of rows of a report, of each two closed readings: those that a person decided, else a proposal.

    Parameters
    ----------
    first : the reader whose labels stand in the tables already; else the one who closed first.
    """
    closed = [one for one in kept.of(report) if one.closed]
    return [
        pair
        for one, other in combinations(closed, 2)
        for table in PAIRED
        if table in one.tables and table in other.tables
        for pair in _decided(kept, table, one, other) or _proposed(kept, table, one, other, first)
    ]


def _decided(kept: Kept, table: str, one: Reading, other: Reading) -> list[Pair]:
    frame = kept.beside["pairings"]
    asked = {"table": table, "report_id": one.report, "reader_a": one.reader, "reader_b": other.reader}
    rows = [row for row in rows_of(frame) if all(row[name] == value for name, value in asked.items())]
    known = {reader: {row[unit_column(TABLES[table])]: row for row in kept.rows(reader, one.report, table)}
             for reader in (one.reader, other.reader)}  # fmt: skip
    pairs = []
    for row in rows:
        a, b = (row["label_a"] or "", row["label_b"] or "")
        both = known[one.reader].get(a), known[other.reader].get(b)
        alike = share_alike(TABLES[table], both[0], both[1]) if both[0] and both[1] else None
        pairs.append(Pair(table, one.report, one.reader, a, other.reader, b, row["label"], alike, confirmed=True))
    return pairs


def _proposed(kept: Kept, table: str, one: Reading, other: Reading, first: str) -> list[Pair]:
    contract = TABLES[table]
    rows = [kept.rows(reading.reader, one.report, table) for reading in (one, other)]
    matched = match_rows(contract, *rows)
    unit = unit_column(contract)
    leads = other.reader == first or (one.reader != first and other.closed_on < one.closed_on)
    labels = [
        (rows[0][a][unit] if a is not None else "", rows[1][b][unit] if b is not None else "") for a, b in matched
    ]
    taken = {b if leads else a for a, b in labels} - {""}
    pairs = []
    for (a, b), (place_a, place_b) in zip(labels, matched, strict=True):
        label = (b or _free(a, one, taken)) if leads else (a or _free(b, other, taken))
        taken.add(label)
        both = place_a is not None and place_b is not None
        alike = share_alike(contract, rows[0][place_a], rows[1][place_b]) if both else None  # type: ignore[index]
        pairs.append(Pair(table, one.report, one.reader, a, other.reader, b, label, alike))
    return sorted(pairs, key=lambda pair: (pair.label_a == "", pair.label_a, pair.label_b))


def _free(label: str, of: Reading, taken: set[str]) -> str:
    """Return the label of a row that the leading reader lacks, marked with its reader where it is taken."""
    return label if label not in taken else f"{label}_{of.reader}"


def match_rows(table: Table, of_a: Sequence[Row], of_b: Sequence[Row]) -> list[tuple[int | None, int | None]]:
    """Return which row of reader a is which of reader b (places; None: the other has no such row).

    Linear assignment on the weight of equal cells: a value that few rows have weighs more than one that all share, as
    −log2 of its share of the rows. Rows that agree in less than half of what either reports stay alone.
    """
    from scipy.optimize import linear_sum_assignment  # slow to import

    if not of_a or not of_b:
        return [(place, None) for place in range(len(of_a))] + [(None, place) for place in range(len(of_b))]
    weights = _weights(table, of_a, of_b)
    found = zip(*(places.tolist() for places in linear_sum_assignment(weights, maximize=True)), strict=True)
    pairs = [(a, b) for a, b in found if share_alike(table, of_a[a], of_b[b]) >= _LEAST_ALIKE]
    alone_a = sorted(set(range(len(of_a))) - {a for a, _ in pairs})
    alone_b = sorted(set(range(len(of_b))) - {b for _, b in pairs})
    return [*pairs, *((place, None) for place in alone_a), *((None, place) for place in alone_b)]


def _weights(table: Table, of_a: Sequence[Row], of_b: Sequence[Row]) -> FloatArray:
    """Return the weight of equal cells of each row of a (rows) with each of b (columns)."""
    texts_a, texts_b = [texts_of(row) for row in of_a], [texts_of(row) for row in of_b]
    weights = np.zeros((len(of_a), len(of_b)))
    for column in compared_columns(table):
        counts = Counter(row[column.name] for row in (*texts_a, *texts_b))
        total = counts.total()
        for i, one in enumerate(texts_a):
            for j, other in enumerate(texts_b):
                if same(column, one[column.name], other[column.name]):
                    weights[i, j] += _rarity(counts[one[column.name]], total) + 1e-6
    return weights


def _rarity(n: int, total: int) -> float:
    return -math.log2(n / total)


def share_alike(table: Table, one: Row, other: Row) -> float:
    """Return the share of equal cells among those that either row reports; 1 where neither reports anything."""
    a, b = texts_of(one), texts_of(other)
    told = [column for column in compared_columns(table) if {a[column.name], b[column.name]} - set(_SILENT)]
    equal = sum(same(column, a[column.name], b[column.name]) for column in told)
    return equal / len(told) if told else 1.0
