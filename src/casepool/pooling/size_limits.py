"""How far the response of a report may lie from the common rate by chance alone, by its size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom


def size_limits(studies: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return n, lower and upper proportion between which a report of n patients is expected, for every n.

    The limits are the equal-tailed binomial quantiles at the raw rate of all reports together, which
    hold at least `level` of the reports of that size if all have this rate.

    Parameters
    ----------
    studies : the table ``study_counts``.
    """
    told = studies[studies["n_evaluable"] > 0]
    if told.empty:
        return pd.DataFrame({"n": [], "lower": [], "upper": [], "rate": []}, dtype=float)
    rate = float(told["n_response"].sum() / told["n_evaluable"].sum())
    n = np.arange(1, int(told["n_evaluable"].max()) + 1)
    tail = (1 - level) / 2
    lower, upper = (binom.ppf(tail_end, n, rate) / n for tail_end in (tail, 1 - tail))
    return pd.DataFrame({"n": n, "lower": lower, "upper": upper, "rate": rate})
