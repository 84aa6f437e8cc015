"""Cumulative incidences in words: what a cohort reports that gives no number of responders."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from casepool.counting.counts import counted_cases
from casepool.report.words.catalogue import Catalogue
from casepool.rows import rows_of


def incidence_sentences(
    incidences: pd.DataFrame,
    unique: pd.DataFrame,
    source: Callable[[str], str],
    catalogue: Catalogue,
    disease: str | None = None,
) -> list[str]:
    """Return a sentence for each counted cohort that is known by cumulative incidences.

    Parameters
    ----------
    incidences, unique : tables ``cumulative_incidences`` and ``unique_patients``.
    source : gives the short citation of a report id.
    disease : of whose cohorts; None for all.
    """
    case = incidences["report_id"] + "/" + incidences["stratum"]
    told = unique[unique["case_id"].isin(case)]
    counted = counted_cases(told if disease is None else told[told["disease"] == disease])
    cohorts = counted[counted["n_evaluable"].fillna(0) == 0].set_index("case_id")
    return [
        _sentence(source(str(case_id).split("/", 1)[0]), block, int(cohorts.loc[case_id, "n_treated"]), catalogue)
        for case_id, block in incidences.groupby(case, sort=True)
        if case_id in cohorts.index
    ]


def _sentence(source: str, rows: pd.DataFrame, n: int, catalogue: Catalogue) -> str:
    parts = [
        catalogue.plural(
            "words_incidence_at",
            row["time_months"],
            rate=catalogue.numbers.percent_interval(row["proportion"], row["ci_lower"], row["ci_upper"]),
        )
        for row in rows_of(rows.sort_values("time_months"))
    ]
    return catalogue.plural("words_incidence", n, source=source, parts=catalogue.join(parts))
