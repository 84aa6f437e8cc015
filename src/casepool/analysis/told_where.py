"""Who is told where: patients by the kinds of source that tell them, small registry cells withheld.

Readers know the literature, so they know how many patients each kind of publication tells; they may know
how many patients the registry has. A cell is therefore withheld together with a second one of its row and
column, until no withheld number follows from sums and differences; where that cannot be had, the table
tells the literature alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.rows import rows_of, split_ids
from casepool.schemas.cases import TOLD_WHERE
from casepool.vocabulary import Answer, Ascertainment, ReportType

KINDS = ("literature_selective", "literature_complete", "registry_selective", "registry_complete")
SHOWN, SMALL, WITHHELD = "shown", "small", "withheld"
_LITERATURE, _REGISTRY = list(KINDS[:2]), list(KINDS[2:])
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def told_where(unique: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the table ``told_where``: patients by the kinds of source that tell them.

    Parameters
    ----------
    unique : the table ``unique_patients``; sources of unclear ascertainment count as selective.
    threshold : the smallest number of patients that a cell with the registry may show.
    """
    cells = _cells(unique)
    grid = _Grid.of(cells, threshold)
    if grid is None:
        cells = _cells(unique[unique["report_type"] != ReportType.REGISTRY_CALL])
        grid = _Grid.of(cells, threshold)
    rows = [] if grid is None else list(grid.rows())
    table = pd.DataFrame(rows, columns=TOLD_WHERE.names)
    return table.astype({column.name: column.dtype for column in TOLD_WHERE.columns})


def _cells(unique: pd.DataFrame) -> pd.DataFrame:
    """Return the number of patients of each combination of kinds."""
    told = _by_patient(unique)
    return told[told["n"] > 0].groupby(list(KINDS))["n"].sum().reset_index()


def _by_patient(unique: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each patient, or group known by counts: kinds that tell them, and how many they are."""
    registry = unique["report_type"] == ReportType.REGISTRY_CALL
    complete = unique["ascertainment"] == Ascertainment.COMPLETE
    kinds = pd.DataFrame(
        {
            "literature_selective": ~registry & ~complete,
            "literature_complete": ~registry & complete,
            "registry_selective": registry & ~complete,
            "registry_complete": registry & complete,
        }
    ).astype(bool)
    patient = _patient_ids(unique)
    told = kinds.groupby(patient).any()
    # The row of the patient's own id speaks for all tellings; where it is not there, any of them does.
    heads = unique.assign(patient=patient, own=unique["case_id"] == patient)
    heads = heads.sort_values(["own", "case_id"], ascending=[False, True]).groupby("patient").first()
    n = heads["n_treated"].fillna(heads["n_evaluable"]).astype(int)
    inside = heads["lies_inside"][heads["lies_inside"].isin(told.index)]
    for kind in KINDS:
        told.loc[inside.index, kind] |= told.loc[inside, kind].to_numpy()
    # A cohort that counts its patients holds those told singly too; one without counts has lost them already.
    dropped = inside[heads.loc[inside.index, "counted"] == Answer.NO]
    held = n[dropped.index].groupby(dropped).sum()
    n = n.sub(held.reindex(n.index, fill_value=0))
    return told.assign(n=n.clip(lower=0))


def _patient_ids(unique: pd.DataFrame) -> pd.Series:
    """Return the id of each row's patient: of the telling that is kept, or of its patients lying in a cohort."""
    head = {
        telling: row["case_id"]
        for row in rows_of(unique.loc[unique["also_told_in"].notna(), ["case_id", "also_told_in"]])
        for telling in split_ids(row["also_told_in"])
    }
    alone = unique["kept_as"].where(unique["lies_inside"].isna(), unique["case_id"])
    return unique["case_id"].map(head).fillna(alone)


@dataclass(frozen=True)
class _Grid:
    """Combinations of literature kinds (rows) by combinations of registry kinds (columns).

    Attributes
    ----------
    literature, registry : the combinations; the first is none.
    n : patients.
    small, withheld : cells without a number, for their size and to protect others.
    """

    literature: tuple[tuple[bool, ...], ...]
    registry: tuple[tuple[bool, ...], ...]
    n: IntArray
    small: BoolArray
    withheld: BoolArray

    @classmethod
    def of(cls, cells: pd.DataFrame, threshold: int) -> _Grid | None:
        """Return the grid with enough cells withheld, or None where that cannot be had."""
        rows, columns = _combinations(cells, _LITERATURE), _combinations(cells, _REGISTRY)
        n = np.zeros((len(rows), len(columns)), dtype=np.int64)
        for cell in rows_of(cells):
            row = rows.index(tuple(cell[kind] for kind in _LITERATURE))
            n[row, columns.index(tuple(cell[kind] for kind in _REGISTRY))] = cell["n"]
        small = (n > 0) & (n < threshold)
        small[:, 0] = False  # publications alone: everybody can count them
        withheld = _complement(n, small, threshold)
        if _follows(n, small, withheld, threshold):
            return None
        return cls(rows, columns, n, small, withheld)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the cells that hold patients or protect others."""
        for row, column in np.ndindex(*self.n.shape):
            if self.n[row, column] == 0 and not self.withheld[row, column]:
                continue
            told = (*self.literature[row], *self.registry[column])
            hidden = self.small[row, column] or self.withheld[row, column]
            status = SMALL if self.small[row, column] else WITHHELD if hidden else SHOWN
            answers = {kind: Answer.YES if yes else Answer.NO for kind, yes in zip(KINDS, told, strict=True)}
            yield {**answers, "n": None if hidden else int(self.n[row, column]), "status": status}


def _combinations(cells: pd.DataFrame, kinds: list[str]) -> tuple[tuple[bool, ...], ...]:
    found = {tuple(bool(yes) for yes in row) for row in cells[kinds].to_numpy()}
    return tuple(sorted(found | {(False,) * len(kinds)}))


def _known_totals(n: IntArray, threshold: int) -> list[BoolArray]:
    """Return the rows and columns whose totals readers may know, as masks.

    They count the literature, and the patients of all sources together; they are told how many patients
    the registry has, if these are enough to be told.
    """
    lines = [(axis, line) for axis in (0, 1) for line in range(n.shape[axis])]
    place = np.indices(n.shape)
    masks = [place[axis] == line for axis, line in lines]
    of_registry = [line == 0 if axis == 0 else line > 0 for axis, line in lines]
    return [mask for mask, called in zip(masks, of_registry, strict=True) if not called or n[mask].sum() >= threshold]


def _complement(n: IntArray, small: BoolArray, threshold: int) -> BoolArray:
    """Return further cells to withhold, so that no known total has a single cell without a number.

    The smallest neighbour goes, one with patients before one without: a cell that is empty protects as
    well, for nobody knows that it is.
    """
    withheld = np.zeros_like(small)
    free = np.ones_like(small)
    free[0, 0] = False  # told nowhere: no such patient
    cost = np.where(n > 0, n, n.sum() + 1)
    totals = _known_totals(n, threshold)
    while True:
        hidden = small | withheld
        single = [total & free & ~hidden for total in totals if (hidden & total).sum() == 1]
        choices = next((choice for choice in single if choice.any()), None)
        if choices is None:
            return withheld
        cheapest = np.argmin(np.where(choices, cost, 2 * n.sum() + 2))
        withheld[np.unravel_index(cheapest, n.shape)] = True


def _follows(n: IntArray, small: BoolArray, withheld: BoolArray, threshold: int) -> bool:
    """Return whether a small number follows from what readers may know.

    That is: the known totals, every number shown, and that a small cell holds from 1 to less than the threshold.
    """
    from scipy.optimize import linprog

    hidden = small | withheld
    if not small.any():
        return False
    totals = _known_totals(n, threshold)
    sums = np.array([total[hidden] for total in totals], dtype=float)
    left = np.array([n[total & hidden].sum() for total in totals], dtype=float)
    bounds = [(1, threshold - 1) if is_small else (0, None) for is_small in small[hidden]]
    for place in np.flatnonzero(small[hidden]):
        goal = np.arange(len(bounds)) == place
        least, most = (linprog(sign * goal, A_eq=sums, b_eq=left, bounds=bounds).fun for sign in (1, -1))
        if -most - least < 0.5:
            return True
    return False
