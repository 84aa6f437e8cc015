"""Declared events pooled by the same engine as the responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from casepool.counting.counts import counted_cases
from casepool.counting.outcomes import OutcomeCounts, source_counts
from casepool.description.safety import SEVERAL_SETTINGS, several_settings
from casepool.model.estimate import OVERALL, Estimate
from casepool.model.study import study
from casepool.model.vocabulary import Ascertainment
from casepool.pooling.raw import exact_row, raw_rows


def event_counts(unique: pd.DataFrame, event: str) -> OutcomeCounts:
    """Return events and patients at risk of each source that tells of the event.

    A loss of response counts among responders, the other events among treated patients.
    """
    cases = counted_cases(unique)
    of = study().counted[event]
    grouped = cases.groupby(["disease", "report_id"], sort=True)
    sums = grouped[[of.least, of.most, of.known]].sum()
    sums[["ascertainment", "report_type"]] = grouped[["ascertainment", "report_type"]].first()
    sums["n_centres"] = grouped["n_centres"].max()
    sums["cases"] = grouped["case_id"].agg("; ".join)
    return source_counts(event, sums[sums[of.known] > 0].reset_index(), [Ascertainment.COMPLETE])


def event_rows(unique: pd.DataFrame, diseases: tuple[str, ...], level: float) -> Iterator[Estimate]:
    """Yield the rates of every event; without any event, also the rule-of-three limit.

    An event that is not pooled over settings has a rate by setting in place of one over several.
    """
    for event, declared in study().events.items():
        places = () if declared.pooled else (*diseases, OVERALL)
        apart = {one for one in places if several_settings(_of(unique, one), event)}
        for row in raw_rows(event_counts(unique, event), diseases, level):
            if row.disease in apart:
                yield from [_not_pooled(row)] if (row.analysis, row.model) == ("raw", "exact") else []
                continue
            yield row
            if row.model == "exact" and row.n_at_most == 0 and row.n_evaluable:
                yield _rule_of_three(row, level)
        for disease in (*diseases, OVERALL):
            yield from _by_setting(_of(unique, disease), disease, event, level) if disease in apart else []


def _of(unique: pd.DataFrame, disease: str) -> pd.DataFrame:
    cases = counted_cases(unique)
    return cases if disease == OVERALL else cases[cases["disease"] == disease]


def _by_setting(cases: pd.DataFrame, disease: str, event: str, level: float) -> Iterator[Estimate]:
    for setting in study().setting:
        block = cases[cases["setting"] == setting]
        counts = event_counts(block, event)
        if len(counts.n):
            yield exact_row(counts, disease, setting.value, level)


def _not_pooled(row: Estimate) -> Estimate:
    """Return the counts of a rate without the rate: its patients are of settings that do not mix."""
    return replace(
        row, status=SEVERAL_SETTINGS, reason=SEVERAL_SETTINGS, value=None, ci_lower=None, ci_upper=None,
        lowest=None, highest=None,
    )  # fmt: skip


def _rule_of_three(row: Estimate, level: float) -> Estimate:
    """Return the one-sided upper limit 1 − (1 − level)^(1/n), about 3/n, where no event was seen."""
    upper = 1.0 - (1.0 - level) ** (1.0 / float(row.n_evaluable or 1))
    return replace(row, model="rule_of_three", status="no_events", value=0.0, ci_lower=0.0, ci_upper=upper)
