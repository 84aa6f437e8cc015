"""How strong selective reporting must be to bring a raw rate down to a threshold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from casepool.counting.outcomes import OutcomeCounts
from casepool.model.estimate import OK, TIPPING, Estimate
from casepool.pooling.evidence import unestimated
from casepool.stats.bias.bounds import tipping_ratio
from casepool.stats.binomial import clopper_pearson


def tipping_rows(
    counts: OutcomeCounts, diseases: tuple[str, ...], thresholds: tuple[float, ...], level: float
) -> Iterator[Estimate]:
    """Yield the tipping ratio of each disease with selective sources, for point and lower limit.

    The ratio refers to the selective sources only: complete ones are not selected.
    """
    for disease in diseases:
        selective = counts.of(disease, complete=False)
        if selective.total[1] == 0:
            continue
        for threshold in thresholds:
            yield _row(selective, disease, threshold, level)


def _row(counts: OutcomeCounts, disease: str, threshold: float, level: float) -> Estimate:
    events, n = counts.total
    lower = float(clopper_pearson(events, n, level)[0])
    row = replace(
        unestimated(counts, disease, TIPPING, "bounds"),
        measure="ratio",
        threshold=threshold,
        ci_lower=float(tipping_ratio(lower, threshold)),
    )
    if events == n:  # no ratio brings a rate of one down
        return replace(row, status="all_events", reason="all_events")
    return replace(row, status=OK, value=float(tipping_ratio(events / n, threshold)))
