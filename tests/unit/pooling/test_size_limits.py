"""The range of responses expected by chance, by size of the report."""

import pandas as pd
import pytest
from scipy.stats import binom

from casepool.pooling.size_limits import size_limits


def studies(*counts):
    return pd.DataFrame(counts, columns=["n_response", "n_evaluable"])


def test_a_report_of_one_patient_may_show_anything():
    first = size_limits(studies((3, 4), (1, 1)), 0.95).iloc[0]
    assert (first["n"], first["lower"], first["upper"]) == (1, 0.0, 1.0)


def test_the_limits_hold_at_least_the_level():
    limits = size_limits(studies((7, 10), (9, 20)), 0.9)
    for row in limits.to_dict("records"):
        n, rate = int(row["n"]), row["rate"]
        inside = binom.cdf(round(row["upper"] * n), n, rate) - binom.cdf(round(row["lower"] * n) - 1, n, rate)
        assert inside >= 0.9


@pytest.mark.parametrize(("x", "limit"), [(0, 0.0), (5, 1.0)])
def test_a_rate_of_none_or_all_leaves_no_room(x, limit):
    limits = size_limits(studies((x, 5)), 0.95)
    assert set(limits["lower"]) == set(limits["upper"]) == {limit}


def test_nobody_told_gives_no_limits():
    assert size_limits(studies((0, 0)), 0.95).empty
