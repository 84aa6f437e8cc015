"""Chunks of the simulation as tables of sums, and their combination."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from casepool.contract.columns import Table
from casepool.contract.estimates import SIMULATION, SIMULATION_SUMS
from casepool.rows import rows_of
from casepool.stats.simulation.tally import Tally
from casepool.typing import Row


def sums_frame(layout: str, ratio: float, chunk: int, tallies: Iterable[Tally]) -> pd.DataFrame:
    """Return the table ``simulation_sums`` of one chunk."""
    return _frame((_sums(layout, ratio, chunk, one) for one in tallies), SIMULATION_SUMS)


def _sums(layout: str, ratio: float, chunk: int, one: Tally) -> Row:
    return {
        "layout": layout, "ratio": ratio, "chunk": chunk, "target": one.target,
        "estimator": one.estimator, "n_replicates": one.replicates, "n_asked": one.asked, "n_estimates": one.n,
        "n_covered": one.covered, "error": one.error, "squared_error": one.squared_error, "width": one.width,
    }  # fmt: skip


def combine_chunks(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the table ``simulation`` of chunks; the same chunk twice is refused."""
    every = [row for frame in frames for row in rows_of(frame)]
    keys = [tuple(row[name] for name in SIMULATION_SUMS.key) for row in every]
    if len(set(keys)) < len(keys):
        message = "simulation: found a chunk twice; expected each chunk once"
        raise ValueError(message)
    return _frame(_combined(every), SIMULATION)


def _combined(every: Iterable[Row]) -> Iterator[Row]:
    sums: dict[tuple[object, ...], Tally] = {}
    for row in every:
        key = tuple(row[name] for name in SIMULATION.key)
        one = Tally(
            str(row["estimator"]), str(row["target"]), int(row["n_replicates"]), int(row["n_asked"]),
            int(row["n_estimates"]), float(row["error"]), float(row["squared_error"]), int(row["n_covered"]),
            float(row["width"]),
        )  # fmt: skip
        sums[key] = sums[key] + one if key in sums else one
    for key, one in sums.items():
        yield {
            **dict(zip(SIMULATION.key, key, strict=True)), "n_replicates": one.replicates, "bias": one.bias,
            "rmse": one.rmse, "coverage": one.coverage, "width": one.mean_width, "estimable": one.estimable,
        }  # fmt: skip


def _frame(rows: Iterable[Row], table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=table.names)
    return frame.astype(table.dtypes)
