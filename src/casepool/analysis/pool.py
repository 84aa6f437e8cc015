"""The table ``results``: every estimate of every outcome of the protocol."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.analysis.corrected_rates import corrected_rows
from casepool.analysis.outcome_counts import outcome_counts
from casepool.analysis.raw_rates import raw_rows
from casepool.analysis.result_rows import ResultRow, as_frame
from casepool.analysis.tipping import tipping_rows
from casepool.configuration import Pooling
from casepool.protocol import Protocol


def pool_responses(studies: pd.DataFrame, protocol: Protocol, pooling: Pooling) -> pd.DataFrame:
    """Return the table ``results`` for all outcomes of the protocol.

    Parameters
    ----------
    studies : the table ``study_counts``.
    pooling : level, thresholds and priors.
    """
    return as_frame(
        row for outcome in protocol.outcomes for row in _outcome_rows(studies, outcome.id, protocol, pooling)
    )


def _outcome_rows(studies: pd.DataFrame, outcome: str, protocol: Protocol, pooling: Pooling) -> Iterator[ResultRow]:
    counts = outcome_counts(studies, outcome)
    diseases = protocol.eligible_ids
    yield from raw_rows(counts, diseases, pooling.level)
    yield from corrected_rows(counts, diseases, pooling)
    yield from tipping_rows(counts, diseases, pooling.thresholds, pooling.level)
