"""The rows of the simulation and what is said of them in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from casepool.report.words.catalogue import Catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

LEADS = "own"  # the estimator that the report puts first


@dataclass(frozen=True)
class Simulated:
    """How one estimator did at one true ratio; bias, RMSE, coverage and width are proportions."""

    layout: str
    target: str
    ratio: float
    estimator: str
    n_replicates: int
    bias: float | None
    rmse: float | None
    coverage: float | None
    width: float | None
    estimable: float | None

    def of(self, measure: str) -> float | None:
        """Return bias or coverage."""
        return self.bias if measure == "bias" else self.coverage


def simulated(simulation: pd.DataFrame) -> list[Simulated]:
    """Return the rows, by layout, target, ratio and estimator, the own rate first."""
    rows = [
        Simulated(
            str(row["layout"]),
            str(row["target"]),
            float(str(row["ratio"])),
            str(row["estimator"]),
            int(str(row["n_replicates"])),
            *(
                None if is_missing(row[name]) else float(str(row[name]))
                for name in ("bias", "rmse", "coverage", "width", "estimable")
            ),
        )
        for row in rows_of(simulation)
    ]
    return sorted(rows, key=_order)


def _order(row: Simulated) -> tuple[str, bool, str, float, bool, bool, str]:
    return (
        row.layout, row.target != "overall", row.target, row.ratio,
        row.estimator != LEADS, row.estimator != "joint", row.estimator,
    )  # fmt: skip


def replicates(rows: Sequence[Simulated], catalogue: Catalogue) -> str:
    """Return the number of replicates, or its range."""
    counts, integer = sorted({row.n_replicates for row in rows}), catalogue.numbers.integer
    if len(counts) < 2:
        return integer(counts[0] if counts else 0)
    return catalogue.text("replicates_range", low=integer(counts[0]), high=integer(counts[-1]))


def replicates_words(rows: Sequence[Simulated], catalogue: Catalogue) -> str:
    """Return the number of replicates as a line of its own."""
    return catalogue.text("simulation_subtitle", n=replicates(rows, catalogue))


def title_words(layout: str, target: str, several: bool, catalogue: Catalogue) -> str:
    """Return what a pair of panels shows; the layout is named where there are several."""
    words = catalogue.label(target, "target")
    words = words[0].upper() + words[1:]
    return f"{catalogue.label(layout, 'layout')} – {words}" if several else words
