"""What spreadsheets and careless copies do to a cell: what can be mended, what is lost, what a person must look at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casepool.contract.columns import Column
from casepool.model.folding import fold
from casepool.model.message import Message

# The first sign of a letter of UTF-8 that was read as Windows-1252 or Mac Roman, and one that may follow it.
_MISREAD = re.compile("[ÂÃÄÅÎÏÐÑâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|√[^\x00-\x7f]|Ã ")
# What stands in a cell whose value a spreadsheet could not reckon or show, in English and French.
_NO_VALUE = re.compile(
    r"#(?:NAME\?|NOM\?|REF!|VALUE!|VALEUR!|DIV/0!|N/A|NULL!|NUL!|NUM!|NOMBRE!|SPILL!|CALC!|#+)"
    r"|(?:Err:|Erreur ?: ?)\d{3}"
)
_DAY = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}(?: 00:00:00)?|\d{1,2}-[a-zéû]{3,5}\.?(?:-\d{2,4})?"
)
_TRUTH = re.compile(r"VRAI|FAUX|TRUE|FALSE|True|False")
_RECKONED = re.compile(r"\d+[eE]\d+|0\d+|\d{1,2}-\d{1,2}")
_OF_A_PERIOD = frozenset({"data_from", "data_to", "treatment_year"})
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%")
_WITH_UNIT = re.compile(r"[~≈]?\s*(\d{1,4}(?:[.,]\d+)?)\s*(an|year|yr|y|mois|month|mo|sem|week|wk|w)\w*\.?")
_UNITS = {"a": "years", "y": "years", "m": "months", "s": "weeks", "w": "weeks"}
_MONTHS = 12
_NR = re.compile(r"n[./ ]?r\.?", re.IGNORECASE)
# What people put in the place of an answer: offered, never taken.
_SIGNS = {
    "not_reported": frozenset({"?", "na", "n/a", "nd", "nc", "np", "inconnu", "unknown", "non connu", "nsp"}),
    "yes": frozenset({"1", "x", "+"}),
    "no": frozenset({"0", "-"}),
}
_DAY_OF_TWO_DIGITS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2})")


def mended(text: str) -> str:
    """Return a text whose letters were read in a wrong encoding as it was; any other as it stands."""
    if text.isascii() or not _MISREAD.search(text):
        return text
    from ftfy import fix_encoding  # a slow import, for the rare file that needs it

    return str(fix_encoding(text))


def fault_of(cell: str, column: Column) -> tuple[Message | str, Message] | None:
    """Return what stands in a cell that holds no value, or a count that may be a thousand times larger."""
    if _NO_VALUE.fullmatch(cell):
        return cell, Message("value_lost")
    if column.kind == "integer" and _THOUSANDS.fullmatch(cell):
        return cell, Message("count_in_digits", number=column.expectation(), digits=re.sub(r"\D", "", cell))
    return None


def doubt_of(cell: str, column: Column) -> Message | None:
    """Return what is to be looked at in a text that a spreadsheet has changed, or will change when it is saved."""
    if column.kind != "text" or column.name in _OF_A_PERIOD:
        return None
    if column.pattern is None and (_DAY.fullmatch(cell) or _TRUTH.fullmatch(cell)):
        return Message("words_of_source")
    if column.pattern is not None and column.name != "pmid" and _RECKONED.fullmatch(cell):
        return Message("id_not_reckoned")
    return None


def open_answer(cell: str, column: Column) -> Message | None:
    """Return what is to be said of an answer that people write for two opposite ones, or None.

    NR is written for "not reported" and for "no response".
    """
    if _NR.fullmatch(cell) and {"none", "not_reported"} <= set(column.members):
        return Message("nr_is_two_answers", one=column.expectation())
    return None


def nearest_typed(cell: str, column: Column) -> str:
    """Return what a cell most likely means: a number with a unit, a share in percent, a short date, a sign."""
    if column.members and not _NR.fullmatch(cell):
        return next((one for one, signs in _SIGNS.items() if one in column.members and fold(cell) in signs), "")
    if column.kind == "date" and (day := _DAY_OF_TWO_DIGITS.fullmatch(cell)):
        return f"20{day[3]}-{int(day[2]):02d}-{int(day[1]):02d}" if int(day[2]) <= _MONTHS else ""
    if column.kind not in {"number", "integer"}:
        return ""
    if column.maximum == 1 and (share := _SHARE.fullmatch(cell)):
        return f"{float(share[1].replace(',', '.')) / 100:g}"
    number = _WITH_UNIT.fullmatch(cell.casefold())
    unit = _UNITS[number[2][0]] if number else ""
    return number[1].replace(",", ".") if number and unit in column.name.split("_") else ""


def in_one_column(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a spreadsheet opened a comma file in one column and saved it: rows stand in their first cell."""
    if not rows:
        return False
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    if len(filled[0]) == 1:
        return filled[0][0].count(",") > 1
    width = len(rows[0])
    packed = any(
        len(cells) == 1 and width > 1 and (";" in cells[0] or cells[0].count(",") >= width // 2) for cells in filled[1:]
    )
    return packed or rows[0][-1].rstrip().endswith(";")
