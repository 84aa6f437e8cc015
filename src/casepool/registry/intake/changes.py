"""What corrections changed: the answers of a patient that differ from those of the line before (private)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.registry import CENTRE, CHANGES, FORM, OBJECTION
from casepool.model.vocabulary import RowVerdict
from casepool.registry.intake.tables import no_rows
from casepool.rows import missing, rows_of
from casepool.typing import Row

_IN_ORDER = ["pseudonym", "filled_on", "return_label", "row"]
_OF_THE_LINE = {*(column.name for column in CENTRE), "patient_code", OBJECTION.name}


def changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``registry_changes``.

    Parameters
    ----------
    rows : columns of the form (typed), ``return_label``, ``row``, ``pseudonym``, ``centre_pseudonym``, ``verdict`` and
        ``counting``: whether a row may count, or would but for a question about its person.
    """
    told = rows.loc[rows["counting"] & (rows["verdict"] != RowVerdict.ALREADY_KNOWN), _IN_ORDER]
    order = told[told.duplicated("pseudonym", keep=False)].sort_values(_IN_ORDER).index
    if order.empty:
        return no_rows(CHANGES.dtypes)
    several = rows.loc[order]
    found = pd.DataFrame(list(_differences(several)), columns=CHANGES.names)
    return found.astype(CHANGES.dtypes).sort_values(list(CHANGES.key)).reset_index(drop=True)


def _differences(several: pd.DataFrame) -> Iterator[Row]:
    compared = [name for name in FORM.names if name not in _OF_THE_LINE]
    before: Row | None = None
    for row in rows_of(several):
        if before is not None and before["pseudonym"] == row["pseudonym"]:
            shared = {name: row[name] for name in CHANGES.names if name in row}
            for name in compared:
                one, other = (None if missing(line[name]) else str(line[name]) for line in (before, row))
                if one != other:
                    yield shared | {"column": name, "before": one, "after": other}
        before = row
