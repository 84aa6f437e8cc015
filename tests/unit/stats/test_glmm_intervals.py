"""Coverage of the intervals of the mixed model, and its profile limits against a search."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from casepool.stats.glmm import profile
from casepool.stats.glmm.fit import fit_glmm

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))
import mixed


@pytest.mark.parametrize("cell", mixed.CELLS[:4], ids=str)
def test_what_is_shown_covers_the_truth_where_z_does_not(cell):
    """80 sets a cell, k = 3, 5, 8: 93 % for the mean and for new studies; docs/benchmarks.md has more."""
    found = mixed.covered(cell, 80, 1)
    assert found["ci"] >= 0.93
    assert found["marginal"] >= 0.93
    assert found["pi"] >= 0.93
    assert found["pi_z"] < 0.935


SETS = [
    ([4, 9, 3, 6, 7], [9, 10, 8, 9, 8]),
    ([1, 2, 5, 9, 10], [12, 11, 13, 10, 11]),
    ([3, 3, 4, 4], [6, 6, 8, 8]),
    ([4, 4, 6, 3, 3, 6, 11, 6, 5, 3, 8, 4], [4, 4, 7, 3, 6, 6, 11, 7, 5, 3, 11, 6]),
    ([2, 11], [12, 12]),
]


def _nothing(*_):
    """Find no limit."""


@pytest.mark.parametrize("counts", SETS)
def test_newton_finds_the_limits_that_the_search_finds(counts, monkeypatch):
    """Zero, small and large tau2; two modes in sigma below; an open end."""
    monkeypatch.setattr(profile, "_search", _nothing)
    quick = fit_glmm(*counts)
    monkeypatch.undo()
    monkeypatch.setattr(profile._Newton, "limit", _nothing)
    slow = fit_glmm(*counts)
    for name in ("ci_profile", "ci_profile_t", "tau2_ci_profile"):
        for found, expected in zip(getattr(quick, name), getattr(slow, name), strict=True):
            assert found == (None if expected is None else pytest.approx(expected, rel=1e-5, abs=1e-6))


def test_where_newton_fails_the_search_answers(monkeypatch):
    """The same limits, slower."""
    quick = fit_glmm(*SETS[0])
    monkeypatch.setattr(profile._Newton, "_solve", _nothing)
    monkeypatch.setattr(profile._Newton, "_walk", _nothing)
    assert fit_glmm(*SETS[0]).ci_profile == pytest.approx(quick.ci_profile, abs=1e-6)


def test_a_small_tau2_is_found_where_zero_is_no_maximum():
    """A thousand studies of 25 with tau 0.1: no start lies near."""
    generator = np.random.default_rng(4)
    n = np.full(1000, 25)
    fit = fit_glmm(generator.binomial(n, special.expit(generator.normal(0.5, 0.1, 1000))), n, profile=False)
    assert fit.status == "ok"
    assert fit.tau2 == pytest.approx(0.01, abs=0.01)
    assert fit.lrt_statistic > 0


@pytest.mark.parametrize("counts", SETS)
def test_the_interval_shown_needs_no_other_profile(counts):
    whole, quick = fit_glmm(*counts), fit_glmm(*counts, only_shown=True)
    assert quick == replace(whole, ci_profile=None, tau2_ci_profile=None)
