"""How wide a table must be: the parts of its cells that no line may break, and what is left for the rest.

Widths are in em of a Helvetica face (Arial, Liberation Sans), the widest that a text is likely to be set in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from casepool.report.tables.display import DisplayTable, InLanguage

SOFT_HYPHEN = "\u00ad"
# A cell that is longer is a text, also where it stands at the right.
_LONGEST_NUMBER = 11.0
# A column is not widened for one cell that is so many times longer than its average.
_OUTLYING = 2.5
# How much wider bold type is: of Arial, and of the face in which LaTeX sets by itself.
BOLD, LATEX_BOLD = 1.08, 1.18
# Signs of a width of their own; every other sign is as wide as a digit, capitals wider.
_WIDTHS = {
    **dict.fromkeys("ijlıíìîï'’|", 0.23),
    **dict.fromkeys("ftI.,:;/!()[] \u00a0\u2011-·", 0.31),
    **dict.fromkeys("\u202f\u2009", 0.2),
    **dict.fromkeys("\u2060\u00ad", 0.0),
    **dict.fromkeys("mwMW%@œæ—\u2003+=<>×±−∞≤≥→", 0.92),
}
_DIGIT, _CAPITAL = 0.556, 0.72
# No part of an address or of a DOI.
_LONG_WORD = re.compile(r"(?<![\w./@-])[^\W\d_]{11,}(?![\w/@]|[.-]\w)")
_BREAK = re.compile(r"[ \u00ad]|(?<=[-\u2010])(?=\w)")


@dataclass(frozen=True)
class Column:
    """What a column needs.

    Attributes
    ----------
    number : whether it holds short values, no line of which is broken.
    least, natural : width of its longest part that cannot be broken, and of its longest cell, in em.
    """

    number: bool
    least: float
    natural: float


@lru_cache(maxsize=8192)
def text_width(text: str) -> float:
    """Return the width of a text in one line, in em."""
    return sum(map(_width, text))


@cache
def _width(sign: str) -> float:
    return _WIDTHS.get(sign, _CAPITAL if sign.isupper() else _DIGIT)


def hyphenated(text: str, language: str) -> str:
    """Return a text whose long words may be broken where the language allows it (soft hyphens)."""
    if isinstance(text, InLanguage):
        return InLanguage(_LONG_WORD.sub(lambda word: _hyphenated(word[0], text.language), text), text.language)
    return _LONG_WORD.sub(lambda word: _hyphenated(word[0], language), text)


@lru_cache(maxsize=8192)
def _hyphenated(word: str, language: str) -> str:
    patterns = _patterns(language)
    return str(patterns.inserted(word, SOFT_HYPHEN)) if patterns else word


@cache
def _patterns(language: str) -> Any:
    import pyphen

    known = {"en": "en_GB", "fr": "fr"}.get(language, language)
    return pyphen.Pyphen(lang=known, left=4, right=4) if known in pyphen.LANGUAGES else None


def is_number(table: DisplayTable, place: int) -> bool:
    """Return whether a column holds short values: it is not aligned to the left, and no cell is a text."""
    cells = (row[place] for row in table.rows)
    return table.columns[place].align != "left" and all(text_width(cell) <= _LONGEST_NUMBER for cell in cells)


def columns_of(table: DisplayTable, bold: float = BOLD) -> list[Column]:
    """Return what each column of a table needs, its long words hyphenated.

    Parameters
    ----------
    bold : how much wider bold type is.
    """
    return [_column(table, place, bold) for place in range(len(table.columns))]


def _column(table: DisplayTable, place: int, bold: float) -> Column:
    number = is_number(table, place)
    heading = bold * _longest_part(hyphenated(table.columns[place].label, table.language))
    widths = [(bold if index in table.bold_rows else 1.0, row[place]) for index, row in enumerate(table.rows)]
    natural = max([heading, *(factor * text_width(cell) for factor, cell in widths)])
    if number:
        return Column(number, natural, natural)
    parts = (factor * _longest_part(hyphenated(cell, table.language)) for factor, cell in widths)
    least, mean = max([heading, *parts]), sum(text_width(cell) for _, cell in widths) / max(len(widths), 1)
    return Column(number, least, max(least, min(natural, _OUTLYING * mean)))


def _longest_part(text: str) -> float:
    """Return the width of the longest part of a text that holds no place to break, a hyphen added where it is soft."""
    places = [0, *(found.start() for found in _BREAK.finditer(text)), len(text)]
    return max(text_width(text[first:last]) + 0.31 for first, last in pairwise(places))


def least_width(columns: Sequence[Column]) -> float:
    """Return the width below which something of the table would be cut or broken, in em."""
    return sum(column.least for column in columns)


def shared_widths(columns: Sequence[Column], room: float) -> list[float]:
    """Return the width of each column where the table has a room, in em: as much as it needs, then what is left.

    Where all that is wanted fits, every column widens alike; else numbers keep their natural width and texts share the
    rest as a browser shares it.
    """
    spare = room - least_width(columns)
    wanted = [column.natural - column.least for column in columns]
    if sum(wanted) <= max(spare, 0.0):
        whole = sum(column.natural for column in columns)
        return [column.natural * room / whole for column in columns]
    return [column.least + spare * want / sum(wanted) for column, want in zip(columns, wanted, strict=True)]
