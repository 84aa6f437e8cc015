"""Frames of the intake as tables of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from casepool.contract import Table


def as_table(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with the columns, types and order of a table."""
    if not len(frame):
        return no_rows(table.dtypes)
    typed = frame.reindex(columns=table.names).astype(table.dtypes)
    return typed.drop_duplicates(list(table.key)).sort_values(list(table.key)).reset_index(drop=True)


def no_rows(dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame of these columns without rows."""
    return _without_rows(tuple(dtypes.items())).copy()


@cache
def _without_rows(columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns})
