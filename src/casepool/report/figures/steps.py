"""The figure of the steps: what moved the rate of each disease, as a waterfall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from casepool.defaults import LEVEL
from casepool.model.estimate import OK, Estimate
from casepool.model.protocol import Protocol
from casepool.report.figures.dots import DotLine, DotPage, dot_page
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

OWN_STEP = "deflation"  # after it the rate is the own rate

if TYPE_CHECKING:
    from casepool.report.figures.canvas.drawn import Drawn


def steps_figure(steps: pd.DataFrame, protocol: Protocol, language: str = "en", *, level: float = LEVEL) -> Drawn:
    """Return the steps of every disease, from its raw rate to its own rate and on to the pooled one.

    Parameters
    ----------
    steps : stage table.
    """
    catalogue = load_catalogue(language)
    first = steps[steps["outcome"] == protocol.outcomes[0].id]
    lines = [
        line
        for disease in protocol.eligible_ids
        for line in _lines(first[first["disease"] == disease].sort_values("position"), disease, protocol, catalogue)
    ]
    notes = (catalogue.text("steps_note"),)
    page = DotPage(
        "steps", tuple(lines), None, notes, level, protocol.synthetic,
        axis="forest_axis", amount="column_change", number="column_step_rate",
    )  # fmt: skip
    return dot_page(page, catalogue)


def _lines(steps: pd.DataFrame, disease: str, protocol: Protocol, catalogue: Catalogue) -> Iterator[DotLine]:
    if steps.empty:
        return
    yield DotLine(TableStyle(protocol, catalogue).disease(disease), kind="heading")
    before: float | None = None
    for row in rows_of(steps):
        value = None if is_missing(row["value"]) else float(row["value"])
        estimate = Estimate(status=OK, value=value, ci_lower=float(row["ci_lower"]), ci_upper=float(row["ci_upper"]))
        amount = "" if is_missing(row["change"]) else catalogue.numbers.signed_points(float(row["change"]))
        label = catalogue.text(f"step_{row['step']}")
        yield DotLine(label, estimate, "primary" if row["step"] == OWN_STEP else "row", before=before, amount=amount)
        before = value
