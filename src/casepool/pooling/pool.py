"""The tables ``results`` and ``steps``: every estimate of every outcome, and what moved the own rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from casepool.contract.estimates import STEPS
from casepool.contract.results import results_frame
from casepool.counting.outcomes import outcome_counts
from casepool.counting.tally import require_nested_rates
from casepool.model.configuration import Pooling
from casepool.model.estimate import Estimate
from casepool.model.protocol import Protocol
from casepool.pooling.events import event_rows
from casepool.pooling.own import OwnResult
from casepool.pooling.pooled import pooled_rows
from casepool.pooling.raw import raw_rows
from casepool.pooling.tipping import tipping_rows
from casepool.typing import Row


@dataclass(frozen=True)
class PooledTables:
    """The tables of these names."""

    results: pd.DataFrame
    steps: pd.DataFrame


def pool_outcomes(
    studies: pd.DataFrame,
    unique: pd.DataFrame,
    linkage: pd.DataFrame,
    protocol: Protocol,
    pooling: Pooling,
) -> PooledTables:
    """Return every estimate of the outcomes of the protocol and of relapse and harm, and what moved the own rates.

    Parameters
    ----------
    studies, unique, linkage : the tables ``study_counts``, ``unique_patients``, ``registry_linkage``.
    pooling : level, thresholds, allowances and priors.
    """
    outcomes = list(_rates(studies, linkage, protocol, pooling))
    rates = [one for estimates, _ in outcomes for one in estimates]
    results = results_frame([*rates, *event_rows(unique, protocol.eligible_ids, pooling.level)])
    require_nested_rates(results, protocol)
    steps = [row for _, of_outcome in outcomes for row in of_outcome]
    return PooledTables(results, pd.DataFrame(steps, columns=STEPS.names).astype(STEPS.dtypes))


def pool_rates(studies: pd.DataFrame, linkage: pd.DataFrame, protocol: Protocol, pooling: Pooling) -> pd.DataFrame:
    """Return the table ``results`` for the outcomes of the protocol alone."""
    outcomes = _rates(studies, linkage, protocol, pooling)
    return results_frame([one for estimates, _ in outcomes for one in estimates])


def _rates(
    studies: pd.DataFrame, linkage: pd.DataFrame, protocol: Protocol, pooling: Pooling
) -> Iterator[tuple[list[Estimate], Iterable[Row]]]:
    """Yield the estimates of every outcome, and the steps to its own rates, fitted only where they are read."""
    diseases = protocol.eligible_ids
    for outcome in protocol.outcomes:
        counts = outcome_counts(studies, outcome.id, linkage)
        raw = raw_rows(counts, diseases, pooling.level)
        if not counts.tally.exact:  # bounds are not counts: nothing to correct
            yield list(raw), ()
            continue
        own, pooled = OwnResult.of(counts, diseases, pooling), list(pooled_rows(counts, diseases, pooling))
        tipping = tipping_rows(counts, diseases, pooling.thresholds, pooling.level)
        yield [*raw, *own.rows(), *pooled, *tipping], own.steps(pooled)
