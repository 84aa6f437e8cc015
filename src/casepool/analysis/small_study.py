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
from meta_analyze import MetaAnalysisError, MetaAnalysisResult, meta_analysis
from scipy.special import expit

from casepool.stats.joint_settings import Settings
from casepool.stats.operating import OVERALL, Found, overall_truth
from casepool.stats.worlds import World

Numbers = npt.NDArray[np.floating[Any]] | npt.NDArray[np.integer[Any]]
FloatArray = npt.NDArray[np.float64]

CORRECTION = 0.5


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
