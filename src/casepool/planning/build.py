"""The plan of a build: its own evidence, and the choices of its configuration."""

from __future__ import annotations

import pandas as pd

from casepool.counting.outcomes import outcome_counts
from casepool.model.protocol import Protocol
from casepool.planning.plan import Question, plan
from casepool.pooling.own import own_data


def plan_of_build(studies: pd.DataFrame, linkage: pd.DataFrame, protocol: Protocol, question: Question) -> pd.DataFrame:
    """Return the table ``plan`` for the first outcome of the protocol.

    Parameters
    ----------
    studies, linkage : the tables ``study_counts`` and ``registry_linkage``.
    """
    counts = outcome_counts(studies, protocol.outcomes[0].id, linkage)
    return plan(own_data(counts, protocol.eligible_ids), protocol.eligible_ids, question)
