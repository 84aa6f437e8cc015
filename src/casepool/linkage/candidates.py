"""Pairs of cases that a person decided, that are one patient for sure, or that a person should look at."""

from __future__ import annotations

import pandas as pd

from casepool.linkage.identity import link


def candidate_pairs(cases: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``candidate_pairs`` of the eligible cases; decisions win over scores. See ``link``."""
    return link(cases, decisions).pairs
