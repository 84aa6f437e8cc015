"""How strong selective reporting must be to bring a raw rate down to a threshold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casepool.counting.outcomes import OutcomeCounts
from casepool.pooling.result_rows import ResultRow
from casepool.stats.bias.bounds import tipping_ratio
from casepool.stats.binomial import clopper_pearson


def tipping_rows(
    counts: OutcomeCounts, diseases: tuple[str, ...], thresholds: tuple[float, ...], level: float
) -> Iterator[ResultRow]:
    """Yield the tipping ratio of each disease with selective sources, for point and lower limit.

    The ratio refers to the selective sources only: complete ones are not selected.
    """
    for disease in diseases:
        selective = counts.of(disease, complete=False)
        if selective.total[1] == 0:
            continue
        for threshold in thresholds:
            yield _row(selective, disease, threshold, level)


def _row(counts: OutcomeCounts, disease: str, threshold: float, level: float) -> ResultRow:
    events, n = counts.total
    lower = float(clopper_pearson(events, n, level)[0])
    point = float(tipping_ratio(events / n, threshold)) if events < n else np.inf
    finite = np.isfinite(point)
    return ResultRow(
        counts.outcome,
        disease,
        f"tipping_{threshold:g}",
        "bounds",
        "ratio",
        "ok" if finite else "all_events",
        value=point if finite else None,
        ci_lower=float(tipping_ratio(lower, threshold)),
        n_response=events,
        n_evaluable=n,
        k=counts.n_reports,
        reason=None if finite else "all_events",
        cases=counts.listed_cases,
    )
