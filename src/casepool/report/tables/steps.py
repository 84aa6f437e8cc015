"""What moved the rate of each disease, step by step."""

from __future__ import annotations

import pandas as pd

from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row


def steps_table(steps: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the steps from the raw rate of each disease to its own rate and on to the pooled one.

    Parameters
    ----------
    steps : stage table.
    """
    columns = [
        style.column("disease", weight=2.0),
        style.column("step", weight=3.2),
        style.column("step_rate", "right", 1.5, level=style.interval),
        style.column("change", "right", 1.0),
    ]
    first = steps[steps["outcome"] == style.protocol.outcomes[0].id]
    rows = []
    for disease in style.protocol.eligible_ids:
        for position, row in enumerate(rows_of(first[first["disease"] == disease].sort_values("position"))):
            rows.append(_row(row, "" if position else style.disease(disease), style))
    return style.table("steps", columns, rows, [style.catalogue.text("note_steps")])


def _row(row: Row, name: str, style: TableStyle) -> list[str]:
    numbers = style.catalogue.numbers
    rate = numbers.percent_span(row["ci_lower"], row["ci_upper"])
    if not is_missing(row["value"]):
        rate = numbers.percent_interval(row["value"], row["ci_lower"], row["ci_upper"])
    change = numbers.missing if is_missing(row["change"]) else numbers.signed_points(float(row["change"]))
    return [name, style.catalogue.text(f"step_{row['step']}"), rate, change]
