"""Rows of a table as plain data, for code that reads one case or report at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from casepool.typing import Row


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dictionaries, in order."""
    names = [str(name) for name in frame.columns]
    columns = [_plain(cells) for _, cells in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(cells: pd.Series) -> list[Any]:
    """Return the cells of a column as plain Python values, an empty one as None."""
    import numpy as np
    import pandas as pd

    values = cells.tolist()
    if cells.dtype != object and isinstance(cells.dtype, np.dtype):
        return values
    return [None if one is pd.NA else one.item() if isinstance(one, np.generic) else one for one in values]


def numbered_rows(frame: pd.DataFrame) -> list[tuple[int, Row]]:
    """Return the rows of a table that was read, each with its line in the file (the header is line 1)."""
    lines = (int(index) + 2 for index in frame.index)
    return list(zip(lines, rows_of(frame), strict=True))


def missing(value: Any) -> bool:
    """Return whether a cell is empty."""
    if value is None or type(value) is str:
        return value is None
    import pandas as pd  # slow to import, and nothing for those who only ask for the columns of a table

    return bool(pd.isna(value))


def record_names(record: Row) -> list[str]:
    """Return every id of a record: its own, then those merged into it."""
    return [str(record["record_id"]), *split_ids(record["also_as"])]


def split_ids(cell: Any) -> list[str]:
    """Return the ids of a cell that lists them with semicolons."""
    return [] if missing(cell) else [part.strip() for part in str(cell).split(";") if part.strip()]
