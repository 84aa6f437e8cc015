"""Who is told where: patients by the kinds of source that tell them.

The registry's totals name the published cases that lie inside them, so nothing follows from this table
that does not follow from the public cases.
"""

from __future__ import annotations

import pandas as pd

from casepool.contract.cases import TOLD_WHERE
from casepool.model.vocabulary import Answer, Ascertainment, ReportType
from casepool.rows import rows_of, split_ids

KINDS = ("literature_selective", "literature_complete", "registry_selective", "registry_complete")


def told_where(unique: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``told_where``: patients by the kinds of source that tell them.

    Parameters
    ----------
    unique : the table ``unique_patients``; sources of unclear ascertainment count as selective.
    """
    told = _by_patient(unique)
    cells = told[told["n"] > 0].groupby(list(KINDS))["n"].sum().reset_index()
    for kind in KINDS:
        cells[kind] = cells[kind].astype(bool).map({True: Answer.YES.value, False: Answer.NO.value})
    return cells.astype(TOLD_WHERE.dtypes)


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
