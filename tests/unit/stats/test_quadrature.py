"""Rules and grid distributions against closed forms."""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from casepool.stats.quadrature import GridDistribution, gauss_hermite, gauss_legendre, log1pexp, logistic_normal_mean


def test_gauss_hermite_gives_normal_moments():
    """E Z^2 = 1, E Z^4 = 3, E Z^6 = 15."""
    nodes, weights = gauss_hermite(20)
    assert [np.sum(weights * nodes**k) for k in (0, 2, 4, 6)] == pytest.approx([1, 1, 3, 15])


def test_rules_are_read_only_because_they_are_cached():
    """A caller that changed them would change every later fit."""
    with pytest.raises(ValueError, match="read-only"):
        gauss_hermite(5)[0][0] = 0.0


def test_gauss_legendre_integrates_polynomials():
    """The integral of x^5 from 0 to 2 is 64/6."""
    nodes, weights = gauss_legendre(4, 0.0, 2.0)
    assert np.sum(weights * nodes**5) == pytest.approx(64 / 6)


def test_log1pexp_does_not_overflow():
    """Linear on the right, exponential on the left."""
    assert log1pexp(np.array([-800.0, 0.0, 800.0])) == pytest.approx([0.0, math.log(2), 800.0])


@pytest.mark.parametrize(("mu", "tau"), [(0.5, 0.0), (1.2, 0.7), (-2.0, 3.0)])
def test_logistic_normal_mean_equals_adaptive_integration(mu, tau):
    """Against scipy.integrate.quad."""
    expected = integrate.quad(lambda z: special.expit(mu + tau * z) * stats.norm.pdf(z), -12, 12, epsabs=1e-13)[0]
    assert logistic_normal_mean(mu, tau) == pytest.approx(expected, abs=1e-10)


@pytest.fixture
def normal() -> GridDistribution:
    """Return a normal distribution on a grid of half a standard deviation."""
    nodes = np.arange(-8, 8.01, 0.5)
    weights = stats.norm.pdf(nodes)
    return GridDistribution(-8.0, 0.5, weights / weights.sum())


def test_grid_distribution_gives_normal_probabilities(normal):
    """Fourth-order accuracy: 3e-4 at half a standard deviation, where linear would give 1e-2."""
    x = np.linspace(-3, 3, 25)
    assert [normal.cdf(value) for value in x] == pytest.approx(stats.norm.cdf(x), abs=3e-4)
    assert [normal.quantile(q) for q in (0.025, 0.5, 0.975)] == pytest.approx([-1.96, 0, 1.96], abs=2e-3)


def test_quantile_inverts_the_distribution_function(normal):
    """To rounding."""
    for q in (0.001, 0.2, 0.5, 0.9, 0.999):
        assert normal.cdf(normal.quantile(q)) == pytest.approx(q, abs=1e-10)


def test_grid_distribution_beyond_its_ends(normal):
    """Probability 0 and 1; the quantiles of 0 and 1 stay finite."""
    assert (normal.cdf(-9.0), normal.cdf(9.0)) == (0.0, 1.0)
    assert normal.quantile(0.0) < -5.0
    assert normal.quantile(1.0) > 5.0
