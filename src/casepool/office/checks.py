"""The checks that a spreadsheet makes while a person types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casepool.office.entry import EntryColumn, EntryForm
from casepool.office.words import office_words

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

_Lists = tuple[tuple[str, ...], ...]
ROWS_CHECKED = 1000
_TITLE, _MESSAGE = 32, 225  # the longest that a spreadsheet shows
# 1 January 1990 as a spreadsheet counts days.
_FIRST_DAY = "32874"
_DIGITS = 'EXACT(TEXT(VALUE({cell}),REPT("0",LEN({cell}))),{cell}&"")'
_NUMBER = 'IF(EXACT(LEFT({cell},1),"P"),MID({cell},2,9),{cell})'
_NO_SPACE = 'ISERROR(FIND(" ",{cell}))'
_ONE_PMID = f'AND(LEN({{cell}})<=9,LEFT({{cell}},1)<>"0",{_DIGITS})'
_SEVERAL = 'ISNUMBER(VALUE(SUBSTITUTE(SUBSTITUTE({cell},";","")," ","")))'
# Pattern of the schema → the same as a formula over the first cell of the column.
FORMULAS = {
    r"^P?\d{1,4}$": f"AND(LEN({_NUMBER})<=4,{_DIGITS.replace('{cell}', _NUMBER)})",
    r"^[1-9]\d{0,8}$": _ONE_PMID,
    r"^[1-9]\d{0,8}(?:; [1-9]\d{0,8})*$": f'IF(ISNUMBER(FIND(";",{{cell}})),{_SEVERAL},{_ONE_PMID})',
    r"^10\.\d{4,9}/\S+$": f'AND(LEFT({{cell}},3)="10.",ISNUMBER(FIND("/",{{cell}})),{_NO_SPACE})',
    r"^10\.\d{4,9}/\S+(?:; 10\.\d{4,9}/\S+)*$": (
        'AND(LEFT({cell},3)="10.",ISNUMBER(FIND("/",{cell})),ISERROR(FIND(" ",SUBSTITUTE({cell},"; ",""))))'
    ),
    r"^PMC\d+$": f'AND(EXACT(LEFT({{cell}},3),"PMC"),{_NO_SPACE})',
    r"^[a-z]{2}$": "AND(LEN({cell})=2,EXACT(LOWER({cell}),{cell}))",
    r"^[A-Za-z0-9_.:\-]+$": _NO_SPACE,
}


def checks(form: EntryForm, lists: _Lists) -> list[DataValidation]:
    """Return one check for each column: a list, limits, a pattern, or a message only.

    Parameters
    ----------
    lists : the drop-down lists of the workbook.
    """
    from openpyxl.utils import get_column_letter

    found = []
    for number, column in enumerate(form.columns, start=1):
        letter = get_column_letter(number)
        check = _check(column, form, lists, f"{letter}2")
        check.add(f"{letter}2:{letter}{1 + ROWS_CHECKED}")
        found.append(check)
    return found


def list_name(number: int) -> str:
    """Return the name under which a drop-down list stands in the workbook."""
    return f"list_{number + 1}"


def _check(column: EntryColumn, form: EntryForm, lists: _Lists, first_cell: str) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation

    words = office_words(form.language)
    title = shortened(" · ".join(filter(None, (form.mark, column.header))), _TITLE)
    told = (words["must"] if column.needed else "", column.what, "" if column.choices else column.allowed)
    message = " ".join(filter(None, told))
    wrong = f"{words['wrong']} {column.allowed}"
    return DataValidation(
        **_rule(column, lists, first_cell),
        allow_blank=True,
        showInputMessage=True,
        showErrorMessage=True,
        errorStyle="stop",
        promptTitle=title,
        prompt=shortened(message, _MESSAGE) or None,
        errorTitle=title,
        error=shortened(wrong, _MESSAGE),
    )


def _rule(column: EntryColumn, lists: _Lists, first_cell: str) -> dict[str, Any]:
    source = column.source
    if column.choices:
        return {"type": "list", "formula1": list_name(lists.index(column.choices))}
    if source.kind in {"integer", "number"}:
        kind = "whole" if source.kind == "integer" else "decimal"
        return {"type": kind} | _between(source.minimum, source.maximum)
    if source.kind == "date":
        return {"type": "date", "operator": "greaterThanOrEqual", "formula1": _FIRST_DAY}
    if source.pattern in FORMULAS:
        return {"type": "custom", "formula1": FORMULAS[source.pattern].replace("{cell}", first_cell)}
    return {}


def _between(low: float | None, high: float | None) -> dict[str, str]:
    if low is not None and high is not None:
        return {"operator": "between", "formula1": f"{low:g}", "formula2": f"{high:g}"}
    return {"operator": "greaterThanOrEqual", "formula1": "-1E+99" if low is None else f"{low:g}"}


def shortened(text: str, length: int) -> str:
    """Return the text, cut at a word where it is longer than `length`."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"
