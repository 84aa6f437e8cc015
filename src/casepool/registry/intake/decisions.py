"""Identity decisions on pairs with a registry case: private, so they lie beside the returns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from casepool.contract.curated import IDENTITY_DECISIONS
from casepool.files import sheets
from casepool.model.errors import CuratedDataError, Problem
from casepool.model.message import Message

DECISION_FILES = ("identity_decisions.csv", "identity_decisions.xlsx")
REGISTRY_PREFIX = "registry/"


def read_decisions(folder: str | Path) -> pd.DataFrame:
    """Return the decisions that lie in the folder of returns (none: an empty table).

    Raises
    ------
    CuratedDataError
        With every problem of the file; each pair needs a registry case, for the others belong to
        ``data/curated/identity_decisions.csv``.
    """
    path = next((Path(folder) / name for name in DECISION_FILES if (Path(folder) / name).is_file()), None)
    if path is None:
        columns = {column.name: pd.Series(dtype=column.dtype) for column in IDENTITY_DECISIONS.columns}
        return pd.DataFrame(columns)
    checked = sheets.check_table("identity_decisions", path)
    problems = [*checked.problems, *_without_registry(checked.frame, path.name)]
    if problems:
        raise CuratedDataError(problems)
    return checked.frame


def _without_registry(frame: pd.DataFrame, file: str) -> list[Problem]:
    told = [frame[name].str.startswith(REGISTRY_PREFIX).fillna(value=False) for name in ("case_a", "case_b")]
    lines = [int(index) + 2 for index in frame.index[~(told[0] | told[1])]]
    found, expected = Message("no_registry_case"), Message("registry_case_id", prefix=REGISTRY_PREFIX)
    return [Problem(file, line, "", "case_a/case_b", found, expected) for line in lines]
