"""Rates if the reporting ratio were known, at many ratios: what the slider of the report moves over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from casepool.contract.estimates import RATIO_RATES
from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.model.configuration import Pooling
from casepool.model.estimate import OVERALL, OWN, POOLED
from casepool.model.protocol import Protocol
from casepool.pooling.own import allowances_of, own_data
from casepool.pooling.pooled import fit, settings_of
from casepool.stats.own.data import OwnData
from casepool.stats.own.fit import fit_own
from casepool.stats.own.mean import mean_rate
from casepool.typing import Row

# From a quarter to sixteen, eight steps for each doubling.
RATIOS = tuple(2.0 ** (step / 8) for step in range(-16, 33))
_Rate = tuple[str, float, tuple[float, float]]  # of which disease, its mean, its limits


def ratio_rates(
    studies: pd.DataFrame, protocol: Protocol, pooling: Pooling, ratios: Sequence[float] = RATIOS
) -> pd.DataFrame:
    """Return the table ``ratio_rates``: own and pooled rates of the first outcome at every ratio.

    They are those of ``casepool pool --ratio``. A disease without patients has no row; there is none where the outcome
    has bounds only. Who of the registry was published says nothing of a rate whose ratio is known.

    Parameters
    ----------
    studies : the table ``study_counts``.
    ratios : reporting ratios.
    """
    counts = outcome_counts(studies, protocol.outcomes[0].id)
    known = ratios if counts.tally.exact else ()  # bounds are not counts: nothing to correct
    rows = [row for ratio in known for row in _at(ratio, counts, protocol.eligible_ids, pooling)]
    return pd.DataFrame(rows, columns=RATIO_RATES.names).astype(RATIO_RATES.dtypes)


def _at(ratio: float, counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[Row]:
    found = ((OWN, _own(ratio, counts, diseases, pooling)), (POOLED, _pooled(ratio, counts, diseases, pooling)))
    for analysis, rates in found:
        for disease, value, (lower, upper) in rates:
            events, n = (counts if disease == OVERALL else counts.of(disease)).total
            yield {
                "ratio": ratio, "analysis": analysis, "disease": disease, "n_response": events, "n_evaluable": n,
                "value": value, "ci_lower": lower, "ci_upper": upper,
            }  # fmt: skip


def _own(ratio: float, counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[_Rate]:
    """Yield the own rate of each disease with patients, and the mean of those that have complete evidence."""
    data = own_data(counts, diseases)
    fitted = fit_own(OwnData(data.n_diseases, data.sources), allowances_of(pooling).with_ratio(ratio))
    known = [(d, rate) for d, rate in enumerate(fitted.rates) if rate is not None]
    for d, rate in known:
        yield diseases[d], rate.mean, rate.interval(pooling.level)
    anchored = [d for d, rate in known if rate.anchored]
    if len(anchored) > 1:
        mean = mean_rate(fitted, anchored, pooling.level)
        yield OVERALL, mean.mean, mean.ci


def _pooled(ratio: float, counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[_Rate]:
    """Yield the pooled rate of each disease with patients, and their mean."""
    joint = fit(counts, diseases, replace(settings_of(pooling), ratio=ratio))
    for disease, rate in zip(diseases, joint.diseases, strict=True):
        if rate.n_complete + rate.n_selective:
            yield disease, rate.mean, rate.ci
    if joint.overall is not None:
        yield OVERALL, joint.overall.mean, joint.overall.ci
