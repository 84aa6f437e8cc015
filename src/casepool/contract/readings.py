"""The tables of double readings: what people and the program write down in ``data/curated/readings/``.

The rows of a reading are those of patients, cohorts and appraisal, in the columns of these tables, one folder a reader.
"""

from __future__ import annotations

import re

from casepool.contract.columns import Column, Table, choice, date, identifier, integer, number, proportion, text
from casepool.model.message import Message
from casepool.model.vocabulary import ReadingMode

# The tables that a reader fills in.
READ = ("patients", "cohorts", "appraisal")
CONSENSUS = "consensus"  # the reader of a row that two readings agreed on, or that was adjudicated
# An id that is safe as the name of a folder on every system.
READER = re.compile(rf"(?!{CONSENSUS}$)[a-z][a-z0-9_]{{0,39}}")
# Who read where and when, and their remarks, are no findings: two readers differ there without disagreeing.
_BESIDE = frozenset({"source_locator", "reader", "date", "note"})


def compared_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table in which two readings are compared."""
    return tuple(one for one in table.columns if one.name not in {*table.key, *_BESIDE})


def unit_column(table: Table) -> str:
    """Return the column that tells the rows of one report apart: the label of a patient, the stratum, the reader."""
    return table.key[1]


def _reader(name: str) -> Column:
    return text(name, required=True, pattern=READER.pattern, expected=Message("reader_of_reading"))


def _table_read() -> Column:
    return text("table", required=True, pattern="|".join(READ), expected=Message("table_read"))


# Who reads which report, how, and how far they are. `tables`: what of it this reader has read.
READINGS = Table(
    "readings",
    ("reader", "report_id"),
    (
        _reader("reader"),
        identifier("report_id"),
        choice("mode", ReadingMode),
        text("tables", required=True, pattern=rf"(?:{'|'.join(READ)})(?:; (?:{'|'.join(READ)}))*"),
        date("started_on", required=True),
        date("closed_on"),
        date("compared_on"),
    ),
)

# The rows of closed readings by checksum: what no longer matches was changed afterwards.
SEALS = Table(
    "seals",
    ("reader", "table", "key"),
    (
        _reader("reader"),
        _table_read(),
        text("key", required=True),
        text("sha256", required=True, pattern=r"^[0-9a-f]{64}$", expected=Message("sha256")),
    ),
)

# Which row of one reader is which of another. An empty label: this reader has no such row.
PAIRINGS = Table(
    "pairings",
    ("table", "report_id", "reader_a", "label_a", "reader_b", "label_b"),
    (
        _table_read(),
        identifier("report_id"),
        _reader("reader_a"),
        identifier("label_a", required=False),
        _reader("reader_b"),
        identifier("label_b", required=False),
        identifier("label"),
        text("decided_by", required=True),
        date("date", required=True),
    ),
)

# What was decided where two readers differed; an empty value: the field stays empty, the row is none.
ADJUDICATIONS = Table(
    "adjudications",
    ("table", "key", "column", "reader_a", "reader_b"),
    (
        _table_read(),
        text("key", required=True),
        text("column", required=True),
        _reader("reader_a"),
        text("value_a"),
        _reader("reader_b"),
        text("value_b"),
        text("value"),
        text("reason", required=True),
        text("adjudicator", required=True),
        date("date", required=True),
    ),
)

_DIFFERENCE = (
    _table_read(),
    identifier("report_id"),
    text("label"),
    text("column", required=True),
    _reader("reader_a"),
    text("value_a"),
    _reader("reader_b"),
    text("value_b"),
)

# Fields in which two compared readings differ and that nobody has adjudicated (``results/review``).
READING_CONFLICTS = Table(
    "reading_conflicts", ("table", "report_id", "label", "column", "reader_a", "reader_b"), _DIFFERENCE
)

# How far two readers agreed before anybody adjudicated, by field.
EXTRACTION_AGREEMENT = Table(
    "extraction_agreement",
    ("mode", "table", "column"),
    (
        choice("mode", ReadingMode),
        text("table", required=True),
        text("column", required=True),
        text("kind", required=True),
        integer("n", required=True),
        integer("n_agreed", required=True),
        proportion("agreed"),
        number("kappa", -1, 1),
        number("ci_lower", -1, 1),
        number("ci_upper", -1, 1),
        number("largest_difference"),
        text("status"),
    ),
)

BESIDE_READINGS = (READINGS, SEALS, PAIRINGS, ADJUDICATIONS)
