"""The rows of a return against the form: typed values, and every fault that makes a row wait."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract import Column
from casepool.contract.registry import FORM, FREE_TEXT, OBJECTION
from casepool.files.dialect import each_distinct, normalise_cell
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.publication_ids import BETWEEN, dois_in, pmids_in
from casepool.model.vocabulary import Answer, Autoimmune, canonical
from casepool.registry.form.texts import disease_of_label
from casepool.registry.form.words import is_needed
from casepool.registry.intake.agreement import Stance, answer_in_form, stance_of
from casepool.registry.intake.date_order import JudgedDates, judge_order
from casepool.registry.intake.dates import is_date, written_date
from casepool.registry.intake.grids import OUT_OF_PLACE, WHOLE_ROW, Fault, any_row

_AN_AGREEMENT = Message("an_agreement")
_KNOWN_DISEASE = Message("disease_of_form")
_ONE_ORDER, _ARRIVED = Message("date_in_one_order"), Message("date_before_arrival")
_PLAIN_TEXT = Message("plain_text")
_WHOLE_LETTERS = Message("whole_letters")
_LONGEST_TEXT = 5_000
_SHORT_TEXT = Message("text_at_most", n=_LONGEST_TEXT)
_SIGNS = tuple("=+-@＝＋－＠")
# What a spreadsheet would compute if it took a comma or semicolon in the cell for the start of a new cell.
_COMPUTED = re.compile(r"\s*(?:[=@＝＠]|[+\-＋－](?:\w+\(|.*[|!]))")
_SEPARATORS = re.compile("[;,]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")
_BULLET = re.compile(r"[-+–—•*]+(\s+|$)")
_CODE = re.compile(r"(?:(?:pt|pat|patient|cas|case|n|no|num|id|numero)[\s.°#:\-]*)?p?[\s.°#\-]*(\d{1,4})")
_WHOLE = re.compile(r"(\d+),00?")  # 4,0 is 4; 4,000 may be four thousand


@dataclass(frozen=True)
class CheckedRows:
    """Rows after the checks.

    Attributes
    ----------
    typed : the columns of the form with their types; what does not fit a number is empty.
    faults : what makes rows wait; a row has one fault in a column at most.
    stances : what each row says of the patient's agreement (``Stance``).
    n_normalised : how many cells were put into the ids and formats of the form.
    month_first : whether the dates were read as month, day, year.
    """

    typed: pd.DataFrame
    faults: tuple[Fault, ...]
    stances: pd.Series
    n_normalised: int
    month_first: bool = False

    @property
    def at_fault(self) -> npt.NDArray[np.bool_]:
        """Which rows have a fault."""
        return any_row(self.faults, len(self.typed))


def check_rows(form: pd.DataFrame, met: tuple[Fault, ...], protocol: Protocol, last_day: dt.date) -> CheckedRows:
    """Return the rows typed, with their faults.

    One fault hides those that may follow from it. In this order: cells out of place; a patient of whom it is not told
    whether he objects; the row as a whole; its cells; the rules over several columns. A row by which a patient objects
    is not at fault, and nothing else in it is looked at.

    Parameters
    ----------
    form : text cells of the form's columns, "" where empty.
    met : faults that reading met.
    last_day : the day on which the file came; nothing in it can have been filled in later.
    """
    dates = judge_order(form["filled_on"].map(written_date), last_day)
    cells, n_normalised = _normalised(form.assign(filled_on=dates.cells), form, protocol)
    typed = pd.DataFrame({column.name: _typed(cells[column.name], column) for column in FORM.columns})
    shifted = [fault for fault in met if fault.column == OUT_OF_PLACE]
    stances = _stances(cells, shifted)
    silent = stances.isin([Stance.EMPTY, Stance.UNCLEAR]).to_numpy(bool)
    objects = (stances == Stance.OBJECTS).to_numpy(bool)
    faults = [*shifted, Fault(OBJECTION.name, _AN_AGREEMENT, silent)]
    by_cell = [fault for fault in met if fault.column not in {OUT_OF_PLACE, WHOLE_ROW}]
    for found in (
        [fault for fault in met if fault.column == WHOLE_ROW],
        [*by_cell, *_date_faults(dates, typed["filled_on"], last_day), *_cell_faults(cells, typed, protocol)],
        [Fault(rule.column, rule.expected, (~rule.holds(typed)).to_numpy(bool)) for rule in FORM.rules],
    ):
        faults += _once(found, within=~any_row(faults, len(form)) & ~objects)
    told = tuple(fault for fault in faults if fault.rows.any())
    return CheckedRows(typed, told, stances, n_normalised, dates.month_first)


def _date_faults(dates: JudgedDates, typed: pd.Series, last_day: dt.date) -> list[Fault]:
    fits = FORM.column("filled_on").fits(typed) & typed.notna().to_numpy(bool)
    future = fits & (typed > last_day.isoformat()).fillna(value=False).to_numpy(bool)
    return [Fault("filled_on", _ONE_ORDER, dates.doubtful), Fault("filled_on", _ARRIVED, future)]


def objecting_rows(form: pd.DataFrame, met: tuple[Fault, ...]) -> pd.DataFrame:
    """Return the objections of a file that is not used, with what tells whose they are and nothing more.

    Columns: ``centre``, ``patient_code``, ``filled_on`` (empty where they are missing or cannot be read); index: as in
    `form`.
    """
    names = ["centre", "patient_code", "filled_on", OBJECTION.name]
    cells = pd.DataFrame({name: each_distinct(form[name], partial(_in_form, FORM.column(name), {})) for name in names})
    stances = _stances(cells, [fault for fault in met if fault.column == OUT_OF_PLACE])
    return cells.loc[stances == Stance.OBJECTS, names[:-1]].replace("", None).astype("string")


def patients_of(form: pd.DataFrame) -> pd.DataFrame:
    """Return centre and number of each row as the form writes them, "" where empty."""
    names = ["centre", "patient_code"]
    return pd.DataFrame({name: each_distinct(form[name], partial(_in_form, FORM.column(name), {})) for name in names})


def _stances(cells: pd.DataFrame, shifted: list[Fault]) -> pd.Series:
    told = each_distinct(cells[OBJECTION.name], stance_of).astype("string")
    return told.mask(any_row(shifted, len(cells)), str(Stance.UNKNOWN))


def _once(faults: list[Fault], within: npt.NDArray[np.bool_]) -> list[Fault]:
    """Return the faults of the rows asked for, each row told once for a column: by the first."""
    left: dict[str | Message, npt.NDArray[np.bool_]] = {}
    told = []
    for fault in faults:
        open_rows = left.get(fault.column, within)
        told.append(Fault(fault.column, fault.expected, fault.rows & open_rows))
        left[fault.column] = open_rows & ~fault.rows
    return told


def _normalised(form: pd.DataFrame, sent: pd.DataFrame, protocol: Protocol) -> tuple[pd.DataFrame, int]:
    """Return the cells in the ids and formats of the form, and how many are other than they were sent."""
    diseases = disease_of_label(protocol)
    cells, n_changed = {}, 0
    for column in FORM.columns:
        cells[column.name] = each_distinct(form[column.name], partial(_in_form, column, diseases))
        before, after = sent[column.name].to_numpy(), cells[column.name].to_numpy()
        n_changed += int(((after != before) & (before != "")).sum())
    return pd.DataFrame(cells), n_changed


def _in_form(column: Column, diseases: Mapping[str, str], cell: str) -> str:
    """Return a cell as the form writes it; where the form needs an answer, an empty cell is none."""
    if column.name == "disease":
        return diseases.get(fold(cell), cell)
    if column.name == OBJECTION.name:
        return answer_in_form(cell)
    if not cell and is_needed(column):
        return ""
    whole = _WHOLE.fullmatch(cell) if column.kind == "integer" else None
    return normalise_cell(whole[1] if whole else _tidied(column.name, cell), column)


def _tidied(name: str, cell: str) -> str:
    """Return a cell in the form that the schema reads, where a person or program wrote it otherwise."""
    if name == "filled_on":
        return written_date(cell)
    if name == "patient_code":
        number = _CODE.fullmatch(fold(cell))
        return f"P{int(number[1])}" if number else cell
    if name == "autoimmune" and canonical(cell, Answer) == Answer.NOT_REPORTED:
        return Autoimmune.UNCERTAIN
    if name == "publication_pmid":
        return BETWEEN.join(pmids_in(cell)) or cell
    if name == "publication_doi":
        return BETWEEN.join(dois_in(cell)) or cell
    return _BULLET.sub("", cell, count=1) if name in FREE_TEXT else cell


def _typed(cells: pd.Series, column: Column) -> pd.Series:
    told = cells.to_numpy(dtype=object, copy=True)
    told[told == ""] = None
    if column.kind not in {"integer", "number"}:
        return pd.Series(pd.array(told, dtype=column.dtype), index=cells.index)
    values = np.asarray(pd.to_numeric(told, errors="coerce"), dtype=np.float64)
    if column.kind == "integer":
        with np.errstate(invalid="ignore"):  # an infinite one
            values[~((values % 1 == 0) & (np.abs(values) < 2.0**31))] = np.nan
    return pd.Series(pd.array(values, dtype=column.dtype), index=cells.index)


def _cell_faults(cells: pd.DataFrame, typed: pd.DataFrame, protocol: Protocol) -> list[Fault]:
    faults = []
    for column in FORM.columns:
        text = cells[column.name]
        if column.kind == "text":
            faults += _text_faults(text, column.name)
        wrong = pd.Series(~column.fits(typed[column.name]), index=cells.index)
        expected = column.expectation()
        if column.kind in {"integer", "number"}:
            wrong |= typed[column.name].isna() & (text != "")
            if column.name == "treatment_year":
                days = each_distinct(text, lambda cell: str(int(is_date(cell)))) == "1"
                faults.append(Fault(column.name, Message("year_alone"), days.to_numpy(bool)))
        elif column.name == "disease":
            wrong = ~text.isin(list(protocol.by_id))
            expected = _KNOWN_DISEASE
        elif column.vocabulary and is_needed(column):
            empty = (text == "").to_numpy(bool)
            faults.append(Fault(column.name, Message("an_answer", members=column.members), empty))
        faults.append(Fault(column.name, expected, wrong.to_numpy(bool)))
    return faults


def _text_faults(text: pd.Series, name: str) -> list[Fault]:
    codes, texts = pd.factorize(text.to_numpy())
    checks: dict[Message, Callable[[str], bool]] = {
        _PLAIN_TEXT: _computes,
        _WHOLE_LETTERS: lambda cell: bool(_CONTROL.search(cell)),
        _SHORT_TEXT: lambda cell: len(cell) > _LONGEST_TEXT,
    }
    return [
        Fault(name, expected, np.array([check(cell) for cell in texts], dtype=np.bool_)[codes])
        for expected, check in checks.items()
    ]


def _computes(cell: str) -> bool:
    """Return whether a spreadsheet could take a text, or a part of it, for a formula."""
    return cell.startswith(_SIGNS) or any(_COMPUTED.match(part) for part in _SEPARATORS.split(cell)[1:])
