"""Cohen's kappa: the large-sample interval of a library, and none where the table gives none."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa as of_statsmodels

from casepool.stats.kappa import cohens_kappa, counts_of, pooled_kappa


def test_kappa_and_its_error_are_those_of_statsmodels():
    """400 tables of two to four categories; the error within rounding."""
    rng = np.random.default_rng(20261129)
    estimated = 0
    for _ in range(400):
        k = rng.integers(2, 5)
        table = rng.integers(0, 12, (k, k))
        found = cohens_kappa(table.tolist())
        if found.status == "estimated":
            other = of_statsmodels(table)
            assert (found.kappa, found.standard_error) == pytest.approx((other.kappa, other.std_kappa), abs=1e-12)
            estimated += 1
    assert estimated > 300


@pytest.mark.parametrize(
    ("table", "kappa", "status"),
    [
        ([[0, 0], [0, 0]], None, "no_cells"),
        ([[7]], None, "one_category"),
        ([[7, 0], [0, 0]], None, "one_category"),
        ([[4, 0, 0], [0, 1, 0], [0, 0, 1]], 1.0, "agree_throughout"),
        ([[0, 9], [0, 0]], 0.0, "one_constant"),
        ([[20, 4], [0, 0]], 0.0, "one_constant"),
        ([[0, 3], [3, 0]], -1.0, "no_interval"),
    ],
)
def test_a_table_without_interval_says_why(table, kappa, status):
    """No width of zero, no nan."""
    found = cohens_kappa(table)
    assert (found.kappa, found.standard_error, found.status) == (kappa, None, status)
    assert found.interval(0.95) is None


def test_the_table_and_not_its_size_decides_whether_there_is_an_interval():
    """The root of a difference is 0, 1e-8 or no number by rounding; here it is one status for each kind of table."""
    for a, b, c in product(range(1, 12), repeat=3):
        assert cohens_kappa([[a, b], [0, 0]]).status == "one_constant"
        assert cohens_kappa([[a, 0], [b, 0]]).status == "one_constant"
        assert cohens_kappa([[a, 0, 0], [0, b, 0], [0, 0, c]]).status == "agree_throughout"
        assert cohens_kappa([[a, b], [0, c]]).status == "estimated"


def test_the_interval_stays_within_what_kappa_can_be():
    """Kappa near 1 with few cells."""
    lower, upper = cohens_kappa([[5, 1], [0, 5]]).interval(0.95)
    assert -1 <= lower < 1
    assert upper == 1.0


def test_pairs_are_counted_in_a_table_of_all_their_categories():
    """Rows of the first reader, columns of the second; a category that one of them never used has its line."""
    assert counts_of([("b", "a"), ("a", "a"), ("b", "a"), ("c", "c")]) == [[1, 0, 0], [2, 0, 0], [0, 0, 1]]
    assert counts_of([]) == []


def test_pooled_kappa_of_one_field_is_its_kappa():
    cells = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    pooled = pooled_kappa([{"field": cell} for cell in cells])
    single = cohens_kappa([[15, 10], [5, 20]])
    assert pooled.kappa == pytest.approx(single.kappa)
    assert pooled.standard_error == pytest.approx(single.standard_error, rel=0.06)  # jackknife against large sample


@pytest.mark.parametrize(
    ("units", "kappa", "status"),
    [
        ([], None, "no_cells"),
        ([{}], None, "no_cells"),
        ([{"a": ("x", "x")}, {"a": ("x", "x")}], None, "one_category"),
        ([{"a": ("x", "x"), "b": ("y", "y")}, {"a": ("z", "z")}], 1.0, "agree_throughout"),
        ([{"a": ("x", "y")}], 0.0, "no_interval"),
        ([{"a": ("x", "y")}] * 4, 0.0, "no_interval"),
    ],
)
def test_pooled_kappa_without_an_interval_says_why(units, kappa, status):
    found = pooled_kappa(units)
    assert (found.kappa, found.standard_error, found.status) == (kappa, None, status)
