"""Conventional small-study tools, computed by PyMetaAnalysis on reports of one patient and more.

They are shown for readers who expect them and correct nothing here: the standard error of a
report of one patient follows from its response alone, so that the funnel of case reports is
asymmetric without any selection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from meta_analyze import MetaAnalysisError, MetaAnalysisResult, meta_analysis
from scipy.special import expit

from casepool.contract.estimates import SMALL_STUDY
from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.model.protocol import Protocol
from casepool.stats.joint.settings import Settings
from casepool.stats.simulation.operating import OVERALL, Found, overall_truth
from casepool.stats.simulation.worlds import World
from casepool.typing import FloatArray, Row

Numbers = npt.NDArray[np.floating[Any]] | npt.NDArray[np.integer[Any]]


CORRECTION = 0.5
NOTE = "not a correction at n = 1"


def logit_effects(events: Numbers, n: Numbers) -> tuple[FloatArray, FloatArray]:
    """Return the logit of each report and its variance, with 0.5 added to both counts."""
    x, others = np.asarray(events) + CORRECTION, np.asarray(n) - np.asarray(events) + CORRECTION
    return np.log(x / others), 1.0 / x + 1.0 / others


def pooled_logit(events: Numbers, n: Numbers, level: float) -> MetaAnalysisResult:
    """Return the random-effects fit of the logits (DerSimonian–Laird)."""
    effect, variance = logit_effects(events, n)
    return meta_analysis(effect=effect, variance=variance, tau2_method="DL", confidence_level=level)


def trim_and_fill_estimator(world: World, settings: Settings) -> Iterator[Found]:
    """Yield the overall rate after trim and fill of the reports in print; failures are the missing ones."""
    try:
        filled = pooled_logit(world.events, world.n, settings.level).trim_and_fill(side="left")
    except MetaAnalysisError:
        yield OVERALL, None, overall_truth(world)
        return
    lower, upper = (float(expit(limit)) for limit in filled.adjusted_ci)
    yield OVERALL, (float(expit(filled.adjusted_estimate)), lower, upper), overall_truth(world)


def small_study(studies: pd.DataFrame, protocol: Protocol, level: float) -> pd.DataFrame:
    """Return the table ``small_study``: pooled logits, Egger's test, trim and fill, for each outcome.

    Rates stand on the scale of proportions, Egger's intercept on that of its regression; every row
    says that it corrects nothing.
    """
    rows = [row for one in protocol.outcomes for row in _rows(outcome_counts(studies, one.id), level)]
    frame = pd.DataFrame(rows, columns=SMALL_STUDY.names)
    return frame.astype(SMALL_STUDY.dtypes)


def _rows(counts: OutcomeCounts, level: float) -> Iterator[Row]:
    common: Row = {
        "outcome": counts.outcome, "n_reports": len(counts.n), "n_single": int((counts.n == 1).sum()),
        "status": "ok", "note": NOTE,
    }  # fmt: skip
    for tool, measure, compute in _TOOLS:
        if not counts.tally.exact:
            yield {**common, "tool": tool, "measure": measure, "status": "bounds"}
            continue
        try:
            yield {**common, "tool": tool, "measure": measure, **compute(counts, level)}
        except MetaAnalysisError:
            yield {**common, "tool": tool, "measure": measure, "status": "too_few_reports"}


def _rate(estimate: float, limits: tuple[float, float]) -> Row:
    lower, upper = (float(expit(limit)) for limit in limits)
    return {"value": float(expit(estimate)), "ci_lower": lower, "ci_upper": upper}


def _pooled(counts: OutcomeCounts, level: float) -> Row:
    found = pooled_logit(counts.events, counts.n, level)
    return _rate(found.estimate, found.ci)


def _egger(counts: OutcomeCounts, level: float) -> Row:
    found = pooled_logit(counts.events, counts.n, level).egger_test()
    limits = {"ci_lower": found.intercept_ci_low, "ci_upper": found.intercept_ci_high}
    return {"value": found.intercept, **limits, "p_value": found.pvalue}


def _trim_and_fill(counts: OutcomeCounts, level: float) -> Row:
    found = pooled_logit(counts.events, counts.n, level).trim_and_fill(side="left")
    return {**_rate(found.adjusted_estimate, found.adjusted_ci), "n_filled": found.k0}


_TOOLS = (
    ("random_effects", "proportion", _pooled),
    ("egger", "intercept", _egger),
    ("trim_and_fill", "proportion", _trim_and_fill),
)
