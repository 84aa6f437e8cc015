"""The one validator of tables: whoever reads or writes one asks here what its contract refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from casepool.contract import Table
from casepool.model.message import Message
from casepool.typing import BoolArray


@dataclass(frozen=True)
class Violation:
    """A cell or row that the contract refuses.

    Attributes
    ----------
    row : position of the row, from 0.
    column : the column, or the columns of the key joined by /.
    expected : what should stand there.
    by : what refuses it: its column, the key (which stands in an earlier row too), or a rule over the row.
    """

    row: int
    column: str
    expected: Message
    by: Literal["column", "key", "rule"] = "column"


def as_typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the columns of a table, in its order and types."""
    return frame.reindex(columns=table.names).astype(table.dtypes)


def violations(typed: pd.DataFrame, table: Table) -> Iterator[Violation]:
    """Yield what a typed frame breaks: its columns, its key, and the rules over a row."""
    for column in table.columns:
        fits = column.fits(typed[column.name])
        yield from (Violation(row, column.name, column.expectation()) for row in positions(~fits))
    for row in positions(typed.duplicated(list(table.key)).to_numpy()):
        yield Violation(row, "/".join(table.key), Message("each_key_once"), by="key")
    for rule in table.rules:
        holds = rule.holds(typed).to_numpy()
        yield from (Violation(row, rule.column, rule.expected, by="rule") for row in positions(~holds))


def positions(mask: BoolArray) -> list[int]:
    """Return where a mask holds."""
    return [int(index) for index in mask.nonzero()[0]]
