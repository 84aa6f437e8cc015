"""The table ``results``: every estimate of every outcome of the protocol."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.results import results_frame
from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.counting.tally import require_nested_rates
from casepool.model.configuration import Pooling
from casepool.model.estimate import Estimate
from casepool.model.protocol import Protocol
from casepool.pooling.corrected import corrected_rows
from casepool.pooling.events import event_rows
from casepool.pooling.raw import raw_rows
from casepool.pooling.tipping import tipping_rows


def pool_outcomes(
    studies: pd.DataFrame,
    unique: pd.DataFrame,
    linkage: pd.DataFrame,
    protocol: Protocol,
    pooling: Pooling,
) -> pd.DataFrame:
    """Return the table ``results`` for the outcomes of the protocol and for relapse and harm.

    Parameters
    ----------
    studies, unique, linkage : the tables ``study_counts``, ``unique_patients``, ``registry_linkage``.
    pooling : level, thresholds and priors.
    """
    rates = _rates(studies, linkage, protocol, pooling)
    results = results_frame([*rates, *event_rows(unique, protocol.eligible_ids, pooling.level)])
    require_nested_rates(results, protocol)
    return results


def pool_rates(studies: pd.DataFrame, linkage: pd.DataFrame, protocol: Protocol, pooling: Pooling) -> pd.DataFrame:
    """Return the table ``results`` for the outcomes of the protocol alone."""
    return results_frame(_rates(studies, linkage, protocol, pooling))


def _rates(studies: pd.DataFrame, linkage: pd.DataFrame, protocol: Protocol, pooling: Pooling) -> list[Estimate]:
    told = [outcome_counts(studies, outcome.id, linkage) for outcome in protocol.outcomes]
    return [row for counts in told for row in _outcome_rows(counts, protocol, pooling)]


def _outcome_rows(counts: OutcomeCounts, protocol: Protocol, pooling: Pooling) -> Iterator[Estimate]:
    diseases = protocol.eligible_ids
    yield from raw_rows(counts, diseases, pooling.level)
    if not counts.tally.exact:  # bounds are not counts: nothing to correct
        return
    yield from corrected_rows(counts, diseases, pooling)
    yield from tipping_rows(counts, diseases, pooling.thresholds, pooling.level)
