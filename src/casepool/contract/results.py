"""The table ``results``, and the one place where its rows become estimates and estimates become rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from casepool.contract.columns import Kind, Table, integer, number, proportion, text
from casepool.model.estimate import Estimate
from casepool.rows import missing, rows_of

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


def results_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Return estimates as the table ``results``."""
    import pandas as pd

    frame = pd.DataFrame([{"name": one.name, **asdict(one)} for one in estimates], columns=RESULTS.names)
    return frame.astype(RESULTS.dtypes)


def estimates_of(results: pd.DataFrame) -> list[Estimate]:
    """Return the rows of the table ``results`` as estimates; cells that are empty are None."""
    return [_estimate(row) for row in rows_of(results)]


def _estimate(row: Row) -> Estimate:
    cells = {
        column.name: plain_cell(row[column.name], column.kind) for column in RESULTS.columns if column.name != "name"
    }
    return Estimate(**cells)


def plain_cell(value: object, kind: Kind) -> Any:
    """Return a cell of a column of this kind as plain data: a whole number, a number or a text; None where empty."""
    if missing(value):
        return None
    if kind == "integer":
        return int(float(str(value)))
    return float(str(value)) if kind == "number" else str(value)
