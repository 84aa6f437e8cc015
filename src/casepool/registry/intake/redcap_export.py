"""From a REDCap export to the columns of the form: check boxes, repeated instruments, missing data codes.

Read are exports with raw data or with labels, of records that repeat the instrument ``patient`` (one row
with the fields of the centre, then one row for each patient) or that hold one patient each.

A cell is empty, or "not reported" where it is one of a list, if it holds nothing but a missing data code:

- in any field, a code that REDCap proposes: NI, INV, UNK, NASK, ASKU, NAV, MSK, NA, NAVU, NP, QS, TRC, DER,
  PINF, NINF, UNC, OTH;
- in a coded field or a number, where the value is none that the field allows: -9, -99, -999, -9999, 999, 9999.

Boxes of the earlier treatments: see ``redcap.prior_answers``; without any tick both are not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract import Column
from casepool.contract.registry import CENTRE, FORM, OBJECTION
from casepool.files.dialect import each_distinct
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import Answer
from casepool.registry.form.redcap import (
    PRIOR_TREATMENTS,
    RECORD_ID,
    checkbox_header,
    prior_answers,
    prior_codes,
    prior_columns,
    prior_labels,
    ticks_contradict,
)
from casepool.registry.intake.grids import Fault
from casepool.registry.intake.headers import REPEAT, STATUS, SURVEY_ID

_CODES = frozenset(
    {"NI", "INV", "UNK", "NASK", "ASKU", "NAV", "MSK", "NA", "NAVU", "NP", "QS"}
    | {"TRC", "DER", "PINF", "NINF", "UNC", "OTH"}
)
_NUMBERS = frozenset({"-9", "-99", "-999", "-9999", "999", "9999"})
_OWN = frozenset({RECORD_ID, REPEAT, SURVEY_ID, PRIOR_TREATMENTS})
_TICKED = frozenset({"1", "checked", "coche", "cochee", "yes", "oui"})
_NOT_TICKED = frozenset({"", "0", "unchecked", "non coche", "non cochee", "no", "non"})
_DRAFT = frozenset({"0", "1", "incomplete", "unverified", "incomplet", "non verifie"})
_CENTRE = [column.name for column in CENTRE]


def is_export(names: Iterable[str | None]) -> bool:
    """Return whether the columns of a file show it to be a REDCap export."""
    return not (_OWN | _boxes().keys()).isdisjoint(name for name in names if name)


def _boxes() -> dict[str, str]:
    """Return header of a box of the earlier treatments → its code."""
    return {checkbox_header(code): code for code in prior_codes()}


def _choices() -> dict[str, str]:
    """Return code or label of a box, folded → its code."""
    labels = ((shown, code) for language in ("fr", "en") for code, shown in prior_labels(language).items())
    return {fold(code): code for code in prior_codes()} | {fold(shown): code for shown, code in labels}


def survey_identifiers(cells: pd.DataFrame) -> pd.Series:
    """Return in which rows REDCap tells who answered (name or e-mail of a participant)."""
    none = pd.Series(data=False, index=cells.index)
    return cells[SURVEY_ID] != "" if SURVEY_ID in cells else none


def drafts(cells: pd.DataFrame, header: Sequence[str], names: Sequence[str | None]) -> npt.NDArray[np.bool_]:
    """Return which rows have a patient whom REDCap calls incomplete or unverified.

    Parameters
    ----------
    cells : all text cells of the file, by position.
    header, names : the header of each column, and what it stands for.
    """
    first = names.index("patient_code") if "patient_code" in names else len(names)
    status = [place for place, shown in enumerate(header) if place > first and fold(shown) in STATUS]
    if not status:
        return np.zeros(len(cells), dtype=np.bool_)
    return cells[status[-1]].map(fold).isin(_DRAFT).to_numpy(bool)


def form_columns(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the text cells of an export under the columns of the form, and faulty check boxes.

    Parameters
    ----------
    cells : text cells ("" where empty); columns as ``headers.recogniser`` names them.
    """
    found = cells.copy()
    for column in FORM.columns:
        if column.name in found:
            found[column.name] = each_distinct(found[column.name], partial(_told, column))
    faults: list[Fault] = []
    if not set(found).isdisjoint({PRIOR_TREATMENTS, *_boxes()}):
        answers, faults = _prior_treatments(_ticks(found))
        found = found.assign(**answers)
    if RECORD_ID in found:
        found = _with_centre_of_record(found)
    return found, faults


def _told(column: Column, cell: str) -> str:
    """Return a cell, or what stands for a missing data code: it answers, on purpose, that a value is not known."""
    listed = column.vocabulary is not None or column.kind in {"integer", "number"}
    if (cell.upper() if listed else cell) in _CODES or (
        cell in _NUMBERS and (column.vocabulary or column.name == "disease")
    ):
        return str(Answer.NOT_REPORTED) if column.vocabulary and column != OBJECTION else ""
    if cell in _NUMBERS and column.kind in {"integer", "number"}:
        fits = column.fits(pd.Series([float(cell)], dtype="Float64"))
        return cell if fits.all() else ""
    return cell


def _ticks(cells: pd.DataFrame) -> pd.Series:
    """Return the ticked codes of each row, a comma after each; "?" stands for a box that cannot be read.

    REDCap exports check boxes in a column each, or together in one (codes or labels).
    """
    together = cells.get(PRIOR_TREATMENTS, pd.Series("", index=cells.index))
    ticks = together.astype(object).where(together == "", together + ",")
    for header, code in _boxes().items():
        if header in cells:
            box = cells[header].map(fold)
            ticks += np.where(box.isin(_TICKED), f"{code},", np.where(box.isin(_NOT_TICKED), "", "?,"))
    return ticks


def _prior_treatments(ticks: pd.Series) -> tuple[dict[str, pd.Series], list[Fault]]:
    """Return the answer for each column of the earlier treatments ("" without any tick), and faults."""
    codes = {text: _codes_of(text) for text in ticks.unique()}
    unread = ticks.map({text: found is None for text, found in codes.items()})
    contradict = ticks.map({text: bool(found) and ticks_contradict(found or ()) for text, found in codes.items()})
    told = {text: prior_answers(found) if found else {} for text, found in codes.items()}
    answers = {
        column: ticks.map({text: str(answer.get(column, "")) for text, answer in told.items()}).astype("string")
        for column in prior_columns()
    }
    faults = [
        Fault(prior_columns()[0], Message("ticked_or_not"), unread.to_numpy(bool)),
        Fault(prior_columns()[0], Message("treatments_or_none"), contradict.to_numpy(bool)),
    ]
    return answers, faults


def _codes_of(text: str) -> frozenset[str] | None:
    """Return the codes that a row ticks, or None where one is unknown."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    choices = _choices()
    codes = {choices.get(fold(part)) for part in parts if part not in _CODES | _NUMBERS}
    return None if None in codes else frozenset(code for code in codes if code)


def _with_centre_of_record(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with what a record tells of its centre in each of its rows."""
    told = [name for name in _CENTRE if name in cells]
    texts = cells[told].astype("string").replace("", pd.NA)
    filled = texts.fillna(texts.groupby(cells[RECORD_ID]).transform("first")).fillna("")
    return cells.assign(**{name: filled[name].astype(object) for name in told})
