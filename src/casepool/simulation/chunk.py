"""Simulation on the layout of the counts at hand: do the estimators find a known truth.

Chunks of replicates are drawn and tallied apart; their sums are added, so that the table does
not depend on how the replicates were divided among jobs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.model.configuration import Pooling
from casepool.pooling.pooled import settings_of
from casepool.pooling.small_study import trim_and_fill_estimator
from casepool.simulation.table import sums_frame
from casepool.stats.joint.settings import Settings
from casepool.stats.simulation.layout import Layout, SourceSize
from casepool.stats.simulation.operating import (
    ANCHORED,
    ANCHORED_MEAN,
    ESTIMATORS as PLAIN,
    LITERATURE_ONLY,
    OVERALL,
    Estimator,
    one_by_one,
    tally,
)
from casepool.stats.simulation.truth import LayoutTruth
from casepool.stats.simulation.worlds import Truth, draw_chunk

CURRENT, REFERENCE = "current", "reference"
# The own rates have no mean of all diseases, the others none of the anchored ones.
TARGETS = (OVERALL, ANCHORED_MEAN, ANCHORED, LITERATURE_ONLY)
ESTIMATORS: Mapping[str, Estimator] = {
    **{name: PLAIN[name] for name in ("naive", "glmm")},
    "trim_and_fill": one_by_one(trim_and_fill_estimator),
    **{name: PLAIN[name] for name in ("complete_only", "joint", "own")},
}


@dataclass(frozen=True)
class Chunk:
    """Which replicates: the true reporting ratio, the number of the chunk, its size, the root seed."""

    ratio: float
    index: int
    replicates: int
    seed: int


def layout_of(counts: OutcomeCounts, diseases: Sequence[str]) -> Layout:
    """Return the layout of counts: the diseases that have data and the size of each of their sources."""
    used = tuple(disease for disease in diseases if counts.of(disease).total[1])
    position = {disease: index for index, disease in enumerate(used)}
    rows = zip(counts.disease, counts.complete, counts.n, counts.registry, strict=True)
    sources = (
        SourceSize(position[d], bool(complete), int(n), bool(complete and registry))
        for d, complete, n, registry in rows
        if d in position and n
    )
    return Layout(used, tuple(sources))


def simulate_layout(
    studies: pd.DataFrame, diseases: Sequence[str], outcome: str, chunk: Chunk, pooling: Pooling
) -> pd.DataFrame:
    """Return the table ``simulation_sums`` of one chunk on the layout of the current counts.

    Parameters
    ----------
    studies : the table ``study_counts``.
    diseases : ids of the diseases that are asked about.
    pooling : level, priors and clustering, as the joint model is used in the build.
    """
    layout = layout_of(outcome_counts(studies, outcome), diseases)
    return simulate_chunk(CURRENT, LayoutTruth(layout, chunk.ratio), chunk, settings_of(pooling, "simulation"))


def simulate_chunk(
    layout: str,
    truth: Truth,
    chunk: Chunk,
    settings: Settings,
    targets: Sequence[str] | None = TARGETS,
    estimators: Mapping[str, Estimator] = ESTIMATORS,
) -> pd.DataFrame:
    """Return the table ``simulation_sums`` of one chunk of replicates drawn from a truth.

    Parameters
    ----------
    targets : what to estimate; None for all, each disease among them.
    """
    worlds = draw_chunk(truth, chunk.replicates, chunk.seed, chunk.index)
    found = tally((worlds.world(s) for s in range(len(worlds))), estimators, settings)
    return sums_frame(layout, chunk.ratio, chunk.index, (one for one in found if not targets or one.target in targets))
