"""Counts by source and by disease × ascertainment, with the cases behind each."""

from __future__ import annotations

import pandas as pd

from casepool.protocol import Protocol
from casepool.schemas.cases import COUNTS, SEVERAL_DISEASES, STUDY_COUNTS
from casepool.stats.intervals import clopper_pearson
from casepool.vocabulary import Answer, Ascertainment

_SUMS = ("n_treated", "n_evaluable", "n_response", "n_graded", "n_complete")


def counted_cases(unique: pd.DataFrame) -> pd.DataFrame:
    """Return the cases that count (each patient once)."""
    return unique[unique["counted"] == Answer.YES]


def study_counts(unique: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the table ``study_counts``: one row for each report and disease.

    The response of each carries its Clopper–Pearson interval; empty where nobody is evaluable.
    """
    cases = counted_cases(unique).sort_values("case_id")
    cases = cases.assign(n_treated=cases["n_treated"].fillna(0))
    grouped = cases.groupby(["disease", "report_id"], sort=True)
    first = grouped[["study_id", "report_type", "year", "ascertainment"]].first()
    sums = grouped[list(_SUMS)].sum()
    listed = grouped["case_id"].agg("; ".join).rename("cases")
    studies = pd.concat([first, sums, listed], axis=1).reset_index()
    known = studies["n_evaluable"] > 0
    events, n = (studies.loc[known, name].to_numpy(dtype=int) for name in ("n_response", "n_evaluable"))
    lower, upper = clopper_pearson(events, n, level)
    studies.loc[known, "ci_lower"], studies.loc[known, "ci_upper"] = lower, upper
    return studies[STUDY_COUNTS.names]


def disease_counts(studies: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Return the table ``counts``: every eligible disease × ascertainment, zeros included.

    Registry patients whose disease is not disclosed follow as several diseases, where there are any.
    """
    several = [SEVERAL_DISEASES] if (studies["disease"] == SEVERAL_DISEASES).any() else []
    cells = [(disease, kind.value) for disease in (*protocol.eligible_ids, *several) for kind in Ascertainment]
    rows = []
    for disease, kind in cells:
        block = studies[(studies["disease"] == disease) & (studies["ascertainment"] == kind)]
        told = block[block["n_evaluable"] > 0]
        sums = {name: int(block[name].sum()) for name in _SUMS}
        rows.append(
            {
                "disease": disease,
                "ascertainment": kind,
                "n_reports": len(told),
                **sums,
                "cases": "; ".join(block["cases"]) or pd.NA,
            }
        )
    return pd.DataFrame(rows, columns=COUNTS.names)
