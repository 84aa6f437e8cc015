"""The table ``results``, and the one place where its rows become estimates and estimates become rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from casepool.contract.columns import Column, Kind, Table, integer, number, proportion, text
from casepool.model.estimate import Estimate
from casepool.rows import missing

if TYPE_CHECKING:
    import pandas as pd

    from casepool.typing import Row

RESULTS = Table(
    "results",
    ("name",),
    (
        text("name", required=True),
        text("outcome", required=True),
        text("disease", required=True),
        text("analysis", required=True),
        text("model", required=True),
        text("measure", required=True),
        number("threshold", None),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        number("pi_lower", None),
        number("pi_upper", None),
        proportion("lowest"),
        proportion("highest"),
        integer("n_response"),
        integer("n_at_most"),
        integer("n_evaluable"),
        integer("k"),
        text("status", required=True),
        text("reason"),
        text("cases"),
    ),
)

_OF_ESTIMATE = tuple(column for column in RESULTS.columns if column.name != "name")


def results_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Return estimates as the table ``results``."""
    import pandas as pd

    frame = pd.DataFrame([{"name": one.name, **asdict(one)} for one in estimates], columns=RESULTS.names)
    return frame.astype(RESULTS.dtypes)


def estimates_of(results: pd.DataFrame) -> list[Estimate]:
    """Return the rows of the table ``results`` as estimates; cells that are empty are None."""
    return [Estimate(**cells) for cells in plain_rows(results, _OF_ESTIMATE)]


def plain_rows(frame: pd.DataFrame, columns: Sequence[Column]) -> list[Row]:
    """Return the rows of a frame with plain data of each kind of column, as `plain_cell` gives it."""
    names = [column.name for column in columns]
    cells = [_plain_cells(frame[column.name], _PLAIN[column.kind]) for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def _plain_cells(cells: pd.Series, plain: Callable[[Any], object]) -> list[object]:
    empty = cells.isna().tolist()
    return [None if no else plain(cell) for cell, no in zip(cells.tolist(), empty, strict=True)]


def plain_cell(value: object, kind: Kind) -> Any:
    """Return a cell of a column of this kind as plain data: a whole number, a number or a text; None where empty."""
    return None if missing(value) else _PLAIN[kind](value)


def _whole(value: Any) -> int:
    return int(float(value))


_PLAIN: dict[Kind, Callable[[Any], object]] = {
    "text": str,
    "enum": str,
    "date": str,
    "integer": _whole,
    "number": float,
}
