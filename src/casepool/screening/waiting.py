"""The list of records that wait for a human decision (``results/screening/to_screen.csv``)."""

from __future__ import annotations

import pandas as pd

from casepool.screening.state import AWAITING, CONFLICT, TO_SCREEN

COLUMNS = ("record_id", "state", "title", "authors", "journal", "year", "doi", "url")


def to_screen(records: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """Return the records without decision, in conflict, or whose full text is awaited."""
    waiting = state[state["state"].isin([TO_SCREEN, CONFLICT, AWAITING])]
    merged = waiting[["record_id", "state"]].merge(records, on="record_id", how="left")
    ordered = merged.sort_values(["state", "year", "record_id"], ascending=[False, False, True])
    return ordered[list(COLUMNS)]
