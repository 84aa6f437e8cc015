"""Texts that a spreadsheet would reckon: a cell that begins as a formula gets an apostrophe, and loses it when read.

Excel and LibreOffice run ``=HYPERLINK(…)`` of a CSV file that somebody opens. The apostrophe is their own sign for a
text. Numbers stay as they are. Adding and taking away are each other's inverse, so a stored table comes back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

_FORMULA = re.compile(r"'*[=+@-]")
_NUMBER = re.compile(r"[+-]?[\d.,\s\u202f\xa0]+(?:[eE][+-]?\d+)?")
_FIRST = ("=", "+", "@", "-", "'")


def guarded(text: str) -> str:
    """Return a text as a spreadsheet leaves it alone."""
    return f"'{text}" if _begins_as_formula(text) else text


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _begins_as_formula(text[1:]) else text


def guarded_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts are guarded."""
    found = frame.copy()
    for name in found.columns:
        if found[name].dtype in ("string", "object"):
            found[name] = changed(found[name], guarded)
    return found


def changed(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return a column of texts in which those that could be concerned are changed."""
    concerned = cells.astype("string").str.startswith(_FIRST).fillna(value=False).to_numpy(dtype=bool)
    if not concerned.any():
        return cells
    found = cells.copy()
    found[concerned] = found[concerned].map(change)
    return found


def _begins_as_formula(text: str) -> bool:
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)
