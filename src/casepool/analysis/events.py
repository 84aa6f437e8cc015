"""Adverse events and relapse pooled by the same engine as the responses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from casepool.analysis.counts import counted_cases
from casepool.analysis.outcome_counts import OutcomeCounts
from casepool.analysis.raw_rates import raw_rows
from casepool.analysis.result_rows import ResultRow
from casepool.schemas.cases import EVENTS, RELEASED_REPORTS
from casepool.vocabulary import Ascertainment


def event_counts(unique: pd.DataFrame, event: str) -> OutcomeCounts:
    """Return events and patients at risk of each source that tells of the event.

    Relapse counts among responders, the other events among treated patients.
    """
    cases = counted_cases(unique)
    columns = [f"n_{event}", f"n_{event}_known"]
    grouped = cases.groupby(["disease", "report_id"], sort=True)
    sums = grouped[columns].sum()
    sums["complete"] = grouped["ascertainment"].first() == Ascertainment.COMPLETE
    sums["cases"] = grouped["case_id"].agg("; ".join)
    told = sums[sums[columns[1]] > 0].reset_index()
    return OutcomeCounts(
        event,
        told["disease"].to_numpy(dtype=str),
        told["complete"].to_numpy(dtype=bool),
        told[columns[0]].to_numpy(dtype=np.int64),
        told[columns[1]].to_numpy(dtype=np.int64),
        tuple(told["cases"]),
        ~told["report_id"].isin(list(RELEASED_REPORTS)).to_numpy(dtype=bool),
    )


def event_rows(unique: pd.DataFrame, diseases: tuple[str, ...], level: float) -> Iterator[ResultRow]:
    """Yield the rates of every event; without any event, also the rule-of-three limit."""
    for event in EVENTS:
        counts = event_counts(unique, event)
        for row in raw_rows(counts, diseases, level):
            yield row
            if row.model == "exact" and row.n_response == 0 and row.n_evaluable:
                yield _rule_of_three(row, level)


def _rule_of_three(row: ResultRow, level: float) -> ResultRow:
    """Return the one-sided upper limit 1 − (1 − level)^(1/n), about 3/n, where no event was seen."""
    upper = 1.0 - (1.0 - level) ** (1.0 / float(row.n_evaluable or 1))
    return ResultRow(
        row.outcome, row.disease, row.analysis, "rule_of_three", "proportion", "no_events", 0.0, 0.0, upper,
        n_response=0, n_evaluable=row.n_evaluable, k=row.k, cases=row.cases,
    )  # fmt: skip
