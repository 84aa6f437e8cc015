"""Dates of filling in: in which order a column writes day and month, judged by the column as a whole.

A cell as 03/12/2026 says nothing of its order; a day above 12 in another row does, and so does a date that would lie
in the future. Where the rows disagree, nobody guesses.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casepool.typing import BoolArray

_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# The day must come first; the month must; the month, or the date lies in the future; either may; no such date.
_DAY_FIRST, _MONTH_FIRST, _FUTURE, _EITHER, _NOT_ASKED = "day", "month", "future", "either", ""


@dataclass(frozen=True)
class JudgedDates:
    """A column of dates.

    Attributes
    ----------
    cells : the texts; dates of which the order is known as YYYY-MM-DD, all others as they were.
    doubtful : which cells may be read in two ways, or contradict the order of the others.
    month_first : whether the column was read as month, day, year.
    """

    cells: pd.Series
    doubtful: BoolArray
    month_first: bool


def judge_order(cells: pd.Series, last_day: dt.date) -> JudgedDates:
    """Return a column with the order of day and month that its cells show; without any sign, the day comes first.

    Month first is believed where no cell contradicts it, and where no doubtful one hangs on a single date, which may be
    mistyped.
    """
    kinds = cells.map({cell: _order(str(cell), last_day) for cell in cells.unique()})
    day, either = (kinds.eq(kind).to_numpy(bool) for kind in (_DAY_FIRST, _EITHER))
    month = kinds.isin([_MONTH_FIRST, _FUTURE]).to_numpy(bool)
    alone = cells[month].nunique() == 1 and bool(either.any() or kinds.eq(_FUTURE).any())
    believed = bool(month.any() and not day.any() and not alone)
    doubtful = (month | either) if month.any() and not believed else np.zeros(len(cells), dtype=np.bool_)
    clear = pd.Series((day | month | either) & ~doubtful, index=cells.index)
    return JudgedDates(
        cells.where(~clear, cells.map(lambda cell: _iso(str(cell), month_first=believed))), doubtful, believed
    )


def _order(cell: str, last_day: dt.date) -> str:
    """Return what a cell shows of the order."""
    found = _NUMBERS.fullmatch(cell)
    if not found or found[1] == found[2]:
        return _NOT_ASKED
    day, month = (_date(cell, month_first=first) for first in (False, True))
    if day and month:
        return _FUTURE if month <= last_day < day else _EITHER
    return _DAY_FIRST if day else _MONTH_FIRST if month else _NOT_ASKED


def _iso(cell: str, *, month_first: bool) -> str:
    found = _date(cell, month_first=month_first)
    return found.isoformat() if found else cell


def _date(cell: str, *, month_first: bool) -> dt.date | None:
    found = _NUMBERS.fullmatch(cell)
    if not found:
        return None
    day, month = (found[2], found[1]) if month_first else (found[1], found[2])
    try:
        return dt.date(int(found[3]), int(month), int(day))
    except ValueError:  # no such day
        return None
