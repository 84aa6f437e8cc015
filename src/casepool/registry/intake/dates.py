"""Dates as people and programs write them: 12.03.2021, 12-3-21, 12 mars 2021, a serial number of a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from babel.dates import get_month_names

from casepool.model.folding import fold

_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})[ T]\d{1,2}:\d{2}.*")
_DAY_ZERO = dt.date(1899, 12, 30)  # of a spreadsheet's serial numbers
_SERIALS = range(36_526, 73_051)  # 2000 to 2099
_NUMBERS = re.compile(r"(\d{1,2})\s?([/.\-]|\s)\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[\s.\-]*(?:of |de )?([a-z]{3,})\.?,?[\s\-]*(?:de )?(\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CENTURY = 2000


def written_date(cell: str) -> str:
    """Return a date as the form writes it (YYYY-MM-DD or DD/MM/YYYY), or the cell where it is none.

    Of two digits a year is one of this century. Day and month keep the order in which they were written.
    """
    if cell.isascii() and cell.isdigit() and len(cell) == len(str(_SERIALS[0])) and int(cell) in _SERIALS:
        return (_DAY_ZERO + dt.timedelta(days=int(cell))).isoformat()
    if with_time := _DATE_TIME.fullmatch(cell):
        return with_time[1]
    if numbers := _NUMBERS.fullmatch(cell):
        return f"{numbers[1]}/{numbers[3]}/{_year(numbers[4])}"
    folded = fold(cell)
    if found := _DAY_FIRST.fullmatch(folded):
        day, month, year = found[1], _months().get(found[2]), found[3]
    elif found := _MONTH_FIRST.fullmatch(folded):
        day, month, year = found[2], _months().get(found[1]), found[3]
    else:
        return cell
    return f"{_year(year)}-{month:02d}-{int(day):02d}" if month else cell


def is_date(cell: str) -> bool:
    """Return whether a cell holds a day, in any of these ways or as the form writes it."""
    return written_date(cell) != cell or re.fullmatch(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}", cell) is not None


def _year(digits: str) -> int:
    return int(digits) + (_CENTURY if len(digits) == 2 else 0)


@cache
def _months() -> dict[str, int]:
    """Return folded name or abbreviation of a month in both languages → its number."""
    return {
        fold(name).rstrip("."): number
        for language in ("fr", "en")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    } | {"sept": 9, "aug": 8, "fev": 2, "dec": 12}
