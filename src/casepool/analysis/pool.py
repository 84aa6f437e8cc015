"""The table ``results``: every estimate of every outcome of the protocol."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.analysis.corrected_rates import corrected_rows
from casepool.analysis.events import event_rows
from casepool.analysis.outcome_counts import check_outcomes, outcome_counts
from casepool.analysis.raw_rates import raw_rows
from casepool.analysis.result_rows import ResultRow, as_frame
from casepool.analysis.tipping import tipping_rows
from casepool.configuration import Pooling
from casepool.protocol import Protocol


def pool_outcomes(studies: pd.DataFrame, unique: pd.DataFrame, protocol: Protocol, pooling: Pooling) -> pd.DataFrame:
    """Return the table ``results`` for the outcomes of the protocol and for relapse and harm.

    Parameters
    ----------
    studies, unique : the tables ``study_counts`` and ``unique_patients``.
    pooling : level, thresholds and priors.
    """
    check_outcomes(protocol)
    rows = [row for outcome in protocol.outcomes for row in _outcome_rows(studies, outcome.id, protocol, pooling)]
    return as_frame([*rows, *event_rows(unique, protocol.eligible_ids, pooling.level)])


def _outcome_rows(studies: pd.DataFrame, outcome: str, protocol: Protocol, pooling: Pooling) -> Iterator[ResultRow]:
    counts = outcome_counts(studies, outcome)
    diseases = protocol.eligible_ids
    yield from raw_rows(counts, diseases, pooling.level)
    yield from corrected_rows(counts, diseases, pooling)
    yield from tipping_rows(counts, diseases, pooling.thresholds, pooling.level)
