"""The one door of CSV files: a text that a spreadsheet would reckon gets an apostrophe, and loses it when read.

Excel and LibreOffice run ``=HYPERLINK(…)`` of a CSV file that somebody opens. The apostrophe is their own sign for a
text. Numbers stay as they are. Adding and taking away are each other's inverse, so a table comes back as it was.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# With the wide forms, which a spreadsheet of eastern Asia takes for the narrow ones.
_SIGNS = "=+@-\t\r＝＋＠－"
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
_NUMBER = re.compile(r"[+-]?(?=[., \u202f\xa0]*\d)[\d., \u202f\xa0]+(?:[eE][+-]?\d+)?%?")
_FIRST = frozenset((*_SIGNS, "'"))


def frame_as_csv(frame: pd.DataFrame, float_format: str | None = None) -> str:
    """Return a frame as CSV (comma, LF, a header, no index), its texts guarded."""
    return str(_guarded_texts(frame).to_csv(index=False, lineterminator="\n", float_format=float_format))


def rows_as_csv(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """Return rows of texts, the header among them, as CSV (LF), guarded."""
    buffer = StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(
        [guarded(cell) for cell in row] for row in rows
    )
    return buffer.getvalue()


def guarded(text: str) -> str:
    """Return a text as a spreadsheet leaves it alone."""
    return f"'{text}" if _begins_as_formula(text) else text


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _begins_as_formula(text[1:]) else text


def _guarded_texts(frame: pd.DataFrame) -> pd.DataFrame:
    found = frame.copy(deep=False)
    for name, dtype in frame.dtypes.items():
        if dtype in ("string", "object"):
            cells = frame[name]
            if (safe := changed(cells, guarded)) is not cells:
                found[name] = safe
    return found


def changed(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return a column of texts in which those that could be concerned are changed; itself where there is none."""
    texts = cells.to_numpy(dtype=object)
    concerned = [row for row, text in enumerate(texts) if isinstance(text, str) and text[:1] in _FIRST]
    if not concerned:
        return cells
    found = cells.copy()
    found.iloc[concerned] = [change(text) for text in texts[concerned]]
    return found


def _begins_as_formula(text: str) -> bool:
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)
