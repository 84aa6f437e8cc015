"""The cells of a returned file under the columns of the form: cleaned, joined and filled down."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.registry import CENTRE, FORM
from casepool.files.dialect import each_distinct
from casepool.model.errors import FileError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.registry.form.redcap import RECORD_ID
from casepool.registry.intake import redcap_export
from casepool.registry.intake.grids import OUT_OF_PLACE, WHOLE_ROW, Fault, Grid, Recognise

_CENTRE = [column.name for column in CENTRE]
# A column unknown, and the number of a record, which a centre may have made of a name.
_NOT_USED = (None, RECORD_ID)
# Signs that nobody sees: they could hide a name from whoever looks for it.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_NEUTRALISED = re.compile(r"^'+(?=[=+\-@])")


@dataclass(frozen=True)
class FormCells:
    """The cells of a file, every one a text, "" where empty.

    Attributes
    ----------
    form : the columns of the form, all of them.
    others : the columns that are not used, named by their position (the first is 1).
    lines : the line of each row in the file.
    faults : what is wrong with rows, as far as reading shows it.
    missing : columns that the form requires and the file does not have.
    notes : what was met; holds nothing of the file.
    survey_identifiers : in which rows REDCap tells who answered.
    drafts : which rows REDCap does not call complete.
    """

    form: pd.DataFrame
    others: pd.DataFrame
    lines: npt.NDArray[np.int64]
    faults: tuple[Fault, ...]
    missing: tuple[str, ...]
    notes: tuple[Message, ...]
    survey_identifiers: npt.NDArray[np.bool_]
    drafts: npt.NDArray[np.bool_]

    def of_patients(self) -> FormCells:
        """Return the rows that tell of a patient, not of a centre or a number alone: the rows of the registry."""
        kept = (self.form.drop(columns=[*_CENTRE, "patient_code"]) != "").any(axis="columns").to_numpy(bool)
        numbers = int((~kept & (self.form["patient_code"] != "").to_numpy(bool)).sum())
        return replace(
            self,
            notes=(*self.notes, *([Message("numbers_alone", n=numbers)] if numbers else [])),
            drafts=self.drafts[kept],
            form=self.form[kept].reset_index(drop=True),
            others=self.others[kept].reset_index(drop=True),
            lines=self.lines[kept],
            faults=tuple(Fault(fault.column, fault.expected, fault.rows[kept]) for fault in self.faults),
            survey_identifiers=self.survey_identifiers[kept],
        )


def form_cells(grid: Grid, recognise: Recognise) -> FormCells:
    """Return the cells of a grid under the columns of the form.

    Cells of the centre that are empty take the value above them, within the same centre (in a REDCap
    export: within the same record).

    Raises
    ------
    FileError
        If a column of the form stands twice.
    """
    names = [recognise(header) for header in grid.header]
    _check_repeated(names)
    lines = np.array(grid.lines, dtype=np.int64)
    everything = _cleaned(grid)
    cells = everything.loc[:, [bool(name) for name in names]]
    cells.columns = pd.Index([name for name in names if name])
    others = everything.loc[:, [name in _NOT_USED for name in names]]
    others.columns = pd.Index([place + 1 for place, name in enumerate(names) if name in _NOT_USED])
    faults = _faults(grid, names, lines)
    exported = redcap_export.is_export(names)
    if exported:
        cells, found = redcap_export.form_columns(cells)
        faults += found
    missing = tuple(column.name for column in FORM.columns if column.required and column.name not in cells)
    unknown = everything.loc[:, [name is None for name in names]]
    notes = _notes(cells, n_unknown=int((unknown != "").any().sum()))
    form = cells.reindex(columns=FORM.names, fill_value="")
    if not exported:
        form = _filled_down(form)
    answered = redcap_export.survey_identifiers(cells).to_numpy(bool)
    drafts = redcap_export.drafts(everything, grid.header, names) & exported
    return FormCells(form, others, lines, tuple(faults), missing, notes, answered, drafts)


def _check_repeated(names: list[str | None]) -> None:
    told = [name for name in names if name]
    repeated = [name for name in FORM.names if told.count(name) > 1]
    if repeated or len(set(told)) < len(told):
        raise FileError(Message("column_twice", columns=tuple(repeated) or Message("field_of_export")))


def _cleaned(grid: Grid) -> pd.DataFrame:
    frame = pd.DataFrame(grid.rows, columns=range(len(grid.header)), dtype=object)
    return pd.DataFrame({place: each_distinct(frame[place], clean) for place in frame}, dtype=object)


def clean(cell: str) -> str:
    """Return a cell without invisible signs, outer and doubled spaces, and the sign that makes it a text."""
    if cell.isascii() and cell.isalnum():
        return cell
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", cell))
    return _NEUTRALISED.sub("", " ".join(visible.split()))


def _faults(grid: Grid, names: list[str | None], lines: npt.NDArray[np.int64]) -> list[Fault]:
    """Return the faults of rows that reading met, those of columns that nobody reads left out."""
    faults = []
    for (place, expected), at_fault in grid.faults.items():
        column = names[place] if isinstance(place, int) else place
        if column is not None and column in {*FORM.names, WHOLE_ROW, OUT_OF_PLACE}:
            faults.append(Fault(column, expected, np.isin(lines, list(at_fault))))
    return faults


def _notes(cells: pd.DataFrame, n_unknown: int) -> tuple[Message, ...]:
    notes = []
    absent = [column.name for column in FORM.columns if not column.required and column.name not in cells]
    if n_unknown:
        notes.append(Message("columns_not_read", n=n_unknown))
    if absent:
        notes.append(Message("without_columns", columns=tuple(absent)))
    return tuple(notes)


def _filled_down(form: pd.DataFrame) -> pd.DataFrame:
    """Return the form with the centre's columns filled from the rows above, within one centre."""
    told = form[_CENTRE].astype("string").replace("", pd.NA)
    centre = told["centre"].ffill()
    of_same = each_distinct(centre.fillna(""), fold)
    filled = told.assign(centre=centre).groupby(of_same, sort=False)[_CENTRE].ffill()
    return form.assign(**{name: filled[name].fillna("").astype(object) for name in _CENTRE})
