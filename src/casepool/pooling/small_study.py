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
from meta_analyze.estimators import InverseVarianceFit, fit_inverse_variance
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
# As PyMetaAnalysis has them.
_FEWEST, _FEWEST_FITTED, _MOST_ROUNDS = 3, 2, 100


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
    filled = trimmed_and_filled(*logit_effects(world.events, world.n), settings.level)
    if filled is None:
        yield OVERALL, None, overall_truth(world)
        return
    rate, lower, upper = (float(expit(one)) for one in (filled.estimate, filled.ci_low, filled.ci_high))
    yield OVERALL, (rate, lower, upper), overall_truth(world)


def trimmed_and_filled(effect: FloatArray, variance: FloatArray, level: float) -> InverseVarianceFit | None:
    """Return the random-effects fit after trim and fill on the left, by L0 (Duval and Tweedie 2000).

    To the last bit that of ``trim_and_fill`` of PyMetaAnalysis, from the same fits, without the tables and the account
    that it makes of each: they take most of its time, and a simulation asks a thousand times. None where that raises:
    below three reports, where but one is left, and where the number of those that are trimmed does not settle.
    """
    k, order = len(effect), np.argsort(effect, kind="stable")
    if k < _FEWEST:
        return None
    ordered, variances = effect[order], variance[order]
    trimmed, before, rounds = 0, -1, 0
    while trimmed != before:
        if k - trimmed < _FEWEST_FITTED or rounds == _MOST_ROUNDS:
            return None
        centre = _fit(ordered[: k - trimmed], variances[: k - trimmed], level).estimate
        distance = ordered - centre
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(distance), kind="stable")] = np.arange(1, k + 1)
        wanted = (4.0 * float(ranks[distance > 0].sum()) - k * (k + 1)) / (2.0 * k - 1.0)
        before, trimmed, rounds = trimmed, min(k - 1, max(0, int(np.rint(wanted)))), rounds + 1
    outer = slice(k - trimmed, k)
    filled = np.concatenate((effect, centre - distance[outer]))
    return _fit(filled, np.concatenate((variance, variances[outer])), level)


def _fit(effect: FloatArray, variance: FloatArray, level: float) -> InverseVarianceFit:
    return fit_inverse_variance(
        effect,
        variance,
        model="random",
        tau2_method="DL",
        ci_method="normal",
        confidence_level=level,
        atol=1e-10,
        max_iter=1000,
    )


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
