"""The pooled fit: its box goes as far as it must, a large source weighs as a small one; chunks hold all worlds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, gammaln
from scipy.stats import betabinom

from casepool.stats.joint.lattice import Box
from casepool.stats.joint.likelihood import LARGEST_PRODUCT, beta_binomial_loglik
from casepool.stats.simulation.worlds import n_chunks

WIDE = np.array([3.0, 4.0])


def box(reach: float) -> Box:
    """Return a box whose mean goes from minus to plus `reach`, with 21 nodes of beta."""
    edge = np.full(2, reach)
    return Box(0.1, 2, 1, WIDE, np.full(2, 0.5), -edge, edge, 0.0, beta_first=-10, beta_last=10)


def test_theta_goes_five_beyond_the_mean_and_never_less_than_its_limit():
    assert box(20.0).theta_range == (-250, 250)
    assert box(3.0).theta_range == (-140, 140)


@pytest.mark.parametrize(("below", "above"), [(True, False), (False, True), (True, True), (False, False)])
def test_a_box_goes_further_only_where_mass_lay_at_an_edge(below, above):
    """A sixth of the nodes of beta, a seventh of the width of the mean at the tau where it is needed."""
    low, high = np.array([True, False]), np.array([False, True])
    wider = box(10.0).widened(low, high, below, above)
    assert (wider.beta_first, wider.beta_last) == (-13 if below else -10, 13 if above else 10)
    assert wider.mu_low.tolist() == [-13.0, -10.0]
    assert wider.mu_high.tolist() == [10.0, 13.0]


@pytest.mark.parametrize(("worlds", "chunks"), [(1, 1), (99, 1), (100, 1), (101, 2), (1000, 10), (0, 0)])
def test_worlds_are_drawn_in_as_few_chunks_as_hold_them(worlds, chunks):
    assert n_chunks(worlds, 100) == chunks


@pytest.mark.parametrize(("events", "n"), [(3, 10), (0, LARGEST_PRODUCT), (9, LARGEST_PRODUCT + 1), (700, 1000)])
def test_a_source_has_the_likelihood_of_the_beta_binomial_however_large_it_is(events, n):
    """That of scipy, less the coefficient that does not depend on the rate."""
    eta, scale = np.linspace(-6.0, 6.0, 13), 9.0
    coefficient = gammaln(n + 1) - gammaln(events + 1) - gammaln(n - events + 1)
    expected = betabinom.logpmf(events, n, scale * expit(eta), scale * expit(-eta)) - coefficient
    assert beta_binomial_loglik(eta, events, n, 0.1) == pytest.approx(expected, rel=1e-9)
