"""Why rows wait, and what is left of them: the table ``quarantine``, and the rows themselves (private)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.contract.registry import FORM, QUARANTINE, WAITING
from casepool.files.dialect import each_distinct
from casepool.model.message import Message
from casepool.model.vocabulary import RowVerdict
from casepool.registry.intake.agreement import WILLING
from casepool.registry.intake.judged_returns import JudgedReturn
from casepool.registry.intake.objections import Objections
from casepool.registry.intake.persons import Doubts
from casepool.registry.intake.tables import as_table
from casepool.registry.intake.versions import LATER_DATE
from casepool.typing import Row

_WOULD_COMPUTE = ("=", "+", "-", "@", "\t", "\r")
_PLACE = ["return_label", "row"]
_IN_WORDS = ["column_said", "expected_said"]


@dataclass(frozen=True)
class Reason:
    """Why a row waits: label of its file, line, column or place, and what was expected there."""

    label: str
    row: int
    column: str | Message
    expected: Message


def reasons_of(
    returns: Mapping[str, JudgedReturn], rows: pd.DataFrame, objections: Objections, doubts: Doubts
) -> pd.DataFrame:
    """Return why each row waits: ``return_label``, ``row``, ``column`` and ``expected`` in English and to be said.

    Parameters
    ----------
    rows : as ``versions.settle`` takes them, with ``verdict``.
    doubts : rows that seem to tell of another patient.
    """
    waits = rows["verdict"] == RowVerdict.QUARANTINED
    columns = [*_PLACE, "column", "expected", *_IN_WORDS]
    pieces = [pd.DataFrame([*_of_files(returns), *_of_objections(objections)], columns=columns)]
    waiting = rows.loc[waits, _PLACE]
    for label, one in returns.items():
        left = set(waiting.loc[waiting["return_label"] == label, "row"])
        for fault in one.checked.faults if one.checked is not None else ():
            lines = [line for line in one.lines[fault.rows] if line in left]
            pieces.append(pd.DataFrame({"return_label": label, "row": lines, **_said(fault.column, fault.expected)}))
    aside = rows["held"] & ~rows["forgotten"]
    sound = waits & rows["valid"] & ~rows["open"] & ~rows["forgotten"] & ~aside
    for which, column, expected in (
        (waits & rows["forgotten"], "patient_code", Message("nobody_forgotten")),
        (waits & aside, "patient_code", Message("objection_settled_first")),
        (sound, "filled_on", LATER_DATE),
    ):
        if which.any():
            pieces.append(rows.loc[which, _PLACE].assign(**_said(column, expected)))
    pieces += [rows.loc[[index], _PLACE].assign(**_said(*doubt)) for index, doubt in doubts.items()]
    return pd.concat([piece for piece in pieces if len(piece)] or pieces[:1], ignore_index=True)


def _of_files(returns: Mapping[str, JudgedReturn]) -> Iterator[tuple[object, ...]]:
    for label, one in returns.items():
        yield from ((label, reason.line, *_said(reason.column, reason.expected).values()) for reason in one.reasons)


def _of_objections(objections: Objections) -> Iterator[tuple[object, ...]]:
    for one in objections.events:
        yield from ((one.label, one.row, *_said(one.column, expected).values()) for expected in one.to_settle)


def _said(column: str | Message, expected: Message) -> Row:
    words: Row = {"column": str(column), "expected": str(expected)}
    return words | dict(zip(_IN_WORDS, (column, expected), strict=True))


def each_once(told: pd.DataFrame) -> tuple[Reason, ...]:
    """Return the reasons in the order of the table ``quarantine``."""
    key = list(QUARANTINE.key)
    once = told.drop_duplicates(key).sort_values(key)
    places = zip(*(once[name] for name in (*_PLACE, *_IN_WORDS)), strict=True)
    return tuple(Reason(label, int(row), column, expected) for label, row, column, expected in places)


def waiting_rows(returns: Mapping[str, JudgedReturn], rows: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the text of the rows that wait, as table ``WAITING``.

    Left out are rows whose patients do not agree, for all that is known, and rows that may tell who somebody is.
    """
    agreeing = rows["stance"].isin(WILLING) & ~(rows["objecting"] | rows["held"] | rows["forgotten"])
    waits = (rows["verdict"] == RowVerdict.QUARANTINED) & agreeing & ~rows["hidden"].astype(bool)
    kept = rows.loc[waits, _PLACE]
    if kept.empty:
        return as_table(kept, WAITING)
    cells = pd.concat([one.cells for one in returns.values() if one.cells is not None], ignore_index=True)
    cells = cells.loc[kept.index]
    texts = pd.DataFrame({name: each_distinct(cells[name], _neutral) for name in FORM.names})
    told = (reasons["column"] + ": " + reasons["expected"]).groupby([reasons[name] for name in _PLACE]).agg("; ".join)
    reason = told.reindex(pd.MultiIndex.from_frame(kept[_PLACE])).to_numpy()
    return as_table(texts.assign(return_label=kept["return_label"], row=kept["row"], reason=reason), WAITING)


def _neutral(cell: str) -> str | None:
    """Return a text that no spreadsheet takes for a formula, or None for an empty cell."""
    return f"'{cell}" if cell.startswith(_WOULD_COMPUTE) else cell or None
