"""Edge cases of moderators: what cannot be estimated has a status, a reason and no number."""

import math
from dataclasses import asdict

import numpy as np
import pytest

from casepool.stats.glmm.moderators import fit_glmm_moderators, is_separated

EDGES = {
    "no_data": ([0, 0], [0, 0], [0, 1], None),
    "one_level_only": ([3, 4], [7, 8], [1, 1], None),
    "separated": ([4, 2, 3], [4, 5, 6], [1, 0, 0], None),
    "single_study": ([3, 4], [7, 8], [0, 1], ["a", "a"]),
    "boundary_tau2": ([3, 4, 3], [7, 8, 7], [0, 1, 1], None),
    "not_converged": ([0, 5, 5, 0], [5, 5, 5, 5], [0, 0, 1, 1], None),
    "ok": ([1, 9, 5, 2, 6, 1], [12, 11, 6, 10, 8, 9], [0, 1, 0, 1, 1, 0], None),
}


@pytest.mark.parametrize("status", EDGES)
def test_each_status_is_reached_with_its_reason(status):
    """And nothing is estimated unless the status allows it."""
    fit = fit_glmm_moderators(*EDGES[status])
    assert fit.status == status
    assert bool(fit.reason) == (status != "ok")
    assert bool(fit.coefficients) == (status in {"ok", "boundary_tau2", "single_study"})
    assert (fit.tau2 is not None) == (status in {"ok", "boundary_tau2"})


@pytest.mark.parametrize("status", EDGES)
def test_no_number_is_missing_or_infinite(status):
    """None, never NaN."""

    def numbers(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list | tuple):
            return [number for one in value for number in numbers(one)]
        return [value] if isinstance(value, float) else []

    assert all(math.isfinite(number) for number in numbers(asdict(fit_glmm_moderators(*EDGES[status]))))


@pytest.mark.parametrize(("events", "status"), [([3, 4], "separated"), ([0, 0], "separated")])
def test_everybody_or_nobody_responding_is_separation(events, status):
    """The intercept itself has no finite estimate."""
    assert fit_glmm_moderators(events, [3, 4], [0, 1]).status == status


def test_quasi_complete_separation_is_found_by_a_combination_of_columns():
    """Responders have z1 >= z2, the others z1 <= z2; no column alone tells them apart."""
    design = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [1, 0, 1], [1, 1, 1], [1, 0, 0]], float)
    y = np.array([1, 1, 1, 0, 0, 0], float)
    assert is_separated(y, np.ones(6), design)
    assert not is_separated(y, np.ones(6), design[:, :2])
    assert not is_separated(y, np.ones(6), design[:, [0, 2]])


def test_overlapping_patients_are_not_separated():
    """Both responses at both levels."""
    design = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    assert not is_separated(np.array([0.0, 1, 0, 1]), np.ones(4), design)


def test_a_single_study_gives_the_plain_odds_ratio():
    """12/13 against 5/8: log odds ratio and its Woolf error."""
    fit = fit_glmm_moderators([12, 5], [13, 8], [1, 0], ["a", "a"])
    assert fit.coefficients[0].odds_ratio == pytest.approx(12 * 3 / (1 * 5), rel=1e-6)
    assert fit.coefficients[0].se == pytest.approx(math.sqrt(1 / 12 + 1 + 1 / 5 + 1 / 3), rel=1e-6)
    lower, upper = fit.coefficients[0].ci_profile
    assert lower < fit.coefficients[0].estimate < upper


def test_two_columns_that_say_the_same_are_one_level_too_few():
    """The second follows from the first."""
    fit = fit_glmm_moderators([3, 4, 2], [7, 8, 5], np.array([[0, 1], [1, 0], [1, 0]]))
    assert (fit.status, fit.coefficients) == ("one_level_only", ())


@pytest.mark.parametrize(
    ("design", "told"), [([0.0, math.nan], "missing or infinite"), ([0.0, 1.0, 1.0], "expected 2 rows")]
)
def test_wrong_designs_are_refused(design, told):
    """A patient of whom the moderator is not told must be left out by the caller."""
    with pytest.raises(ValueError, match=told):
        fit_glmm_moderators([3, 4], [7, 8], design)
