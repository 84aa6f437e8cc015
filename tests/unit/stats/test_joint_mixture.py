"""Assumptions integrated over their prior: weights, limits, and an independent integral."""

import math

import numpy as np
import pytest
from scipy import special, stats

from casepool.stats.joint import mixture
from casepool.stats.joint.fit import JointData, Source, fit_joint
from casepool.stats.joint.mixture import Hyperpriors, fit_joint_mixture
from casepool.stats.joint.posterior import joint_posterior
from casepool.stats.joint.settings import Settings
from casepool.stats.joint.spread import spread_logliks
from casepool.stats.mixture import Mixture, mixture_moments
from casepool.stats.quadrature import GridDistribution

SOURCES = (Source(0, True, 4, 5), Source(0, True, 10, 21), Source(2, False, 5, 6), Source(3, False, 6, 12))
DATA = JointData((14, 0, 0, 0, 0), (26, 0, 0, 0, 0), (2, 3, 7, 6, 0), (3, 3, 8, 12, 0), None, SOURCES)
EVERY = (Hyperpriors(kappa_sd=0.4), Hyperpriors(clustering=(1.0, 9.0)), Hyperpriors(ratio_sd=0.5))


def numbers(fit):
    """Return every rate with deviation and limits, the overall rate and the ratio."""
    rates = [value for one in fit.diseases for value in (one.mean, one.sd, one.median, *one.ci)]
    ratio = fit.reporting_ratio
    return [*rates, fit.overall.mean, *fit.overall.ci, ratio.log_mean, *ratio.log_ci, fit.mu_mean]


def test_the_marginal_likelihood_of_one_patient_is_one_half():
    """By symmetry of the prior; and of nobody it is one (the prior of tau is cut at 5 deviations)."""
    one = joint_posterior(JointData([1], [1], [0], [0]), Settings())
    nobody = joint_posterior(JointData([0], [0], [0], [0]), Settings(), (0,))
    assert one.log_marginal == pytest.approx(math.log(0.5), abs=2e-6)
    assert nobody.log_marginal == pytest.approx(0.0, abs=2e-6)


@pytest.mark.parametrize(
    ("vanishing", "options"),
    [
        (Hyperpriors(kappa_sd=1e-7), {}),
        (Hyperpriors(ratio_sd=1e-7), {}),
        (Hyperpriors(), {"clustering": 0.1}),
    ],
)
def test_a_prior_without_width_is_the_plain_fit(vanishing, options):
    """And so is a mixture over nothing."""
    mixed = fit_joint_mixture(DATA, vanishing, **options).fit
    assert numbers(mixed) == pytest.approx(numbers(fit_joint(DATA, **options)), abs=2e-6)


def test_a_prior_near_no_correlation_is_near_the_binomial_model():
    """Beta(1, 900) has mean 0.001."""
    mixed = fit_joint_mixture(DATA, Hyperpriors(clustering=(1.0, 900.0))).fit
    assert numbers(mixed) == pytest.approx(numbers(fit_joint(DATA)), abs=5e-3)


@pytest.mark.parametrize("hyperpriors", EVERY)
def test_twice_the_nodes_change_nothing(hyperpriors, monkeypatch):
    """To 2e-3 in rates and limits: the rules of the specification are fine enough."""
    few = fit_joint_mixture(DATA, hyperpriors, clustering=0.1)
    for name in ("KAPPA_NODES", "CLUSTERING_NODES", "SPREAD_NODES"):
        monkeypatch.setattr(mixture, name, 2 * getattr(mixture, name) - 1)
    many = fit_joint_mixture(DATA, hyperpriors, clustering=0.1)
    assert len(many.nodes) > len(few.nodes)
    assert numbers(many.fit) == pytest.approx(numbers(few.fit), abs=2e-3)


def test_weights_are_posterior_probabilities_of_the_nodes():
    """They sum to one, and a sparse disease pulls kappa where the data are likelier."""
    mixed = fit_joint_mixture(DATA, Hyperpriors(kappa_sd=0.4))
    assert sum(node.weight for node in mixed.nodes) == pytest.approx(1.0)
    z, w = np.polynomial.hermite_e.hermegauss(9)
    by_hand = []
    for node, weight in zip(z, w, strict=True):
        by_hand.append(math.log(weight) + joint_posterior(DATA, Settings(kappa=0.4 * node)).log_marginal)
    kept = [node.weight for node in mixed.nodes]
    assert kept == pytest.approx(special.softmax(by_hand)[-len(kept) :], abs=1e-9) or len(kept) == 9


def test_the_mean_is_the_weighted_mean_and_the_variance_grows():
    """Law of total variance over the nodes."""
    mixed = fit_joint_mixture(DATA, Hyperpriors(kappa_sd=0.4))
    parts = [fit_joint(DATA, kappa=node.kappa) for node in mixed.nodes]
    weights = [node.weight for node in mixed.nodes]
    for d in range(DATA.size):
        mean, variance = mixture_moments(
            weights, [one.diseases[d].mean for one in parts], [one.diseases[d].sd ** 2 for one in parts]
        )
        assert mixed.fit.diseases[d].mean == pytest.approx(mean, abs=1e-8)
        assert mixed.fit.diseases[d].sd == pytest.approx(math.sqrt(variance), abs=1e-8)
    assert mixed.fit.diseases[0].sd > fit_joint(DATA).diseases[0].sd


def test_one_disease_with_uncertain_selectivity_equals_an_independent_integral():
    """Plain sums over theta, beta and kappa; the prior of theta from its scale mixture over tau."""
    data = JointData([5], [8], [12], [13])
    theta, beta, kappa = np.linspace(-9, 9, 361), np.linspace(-5, 6, 221), np.linspace(-2, 2, 81)
    tau = np.linspace(0.005, 5, 500)
    sd = np.hypot(1.5, tau)
    prior = stats.norm.pdf(theta[:, None], 0, sd) @ stats.norm.pdf(tau)
    told = stats.binom.pmf(12, 13, special.expit(theta[:, None] + beta)) @ stats.norm.pdf(beta, math.log(2), 1.25)
    seen = stats.binom.pmf(5, 8, special.expit(theta[:, None] + kappa)) @ stats.norm.pdf(kappa, 0, 0.4)
    weight = prior * told * seen
    mean = float(np.sum(weight * special.expit(theta)) / weight.sum())
    found = fit_joint_mixture(data, Hyperpriors(kappa_sd=0.4)).fit
    assert found.diseases[0].mean == pytest.approx(mean, abs=2e-5)
    assert (found.overall, found.tau, found.new_disease) == (None, None, None)


def test_different_ratios_of_diseases_equal_an_independent_integral():
    """The spread of one disease adds to that of beta: N(log 2, 1.25^2 + s^2), s half-normal."""
    data = JointData([5], [8], [12], [13])
    theta, beta = np.linspace(-9, 9, 361), np.linspace(-8, 9, 341)
    tau, s = np.linspace(0.005, 5, 500), np.linspace(0.0025, 2.5, 500)
    prior = stats.norm.pdf(theta[:, None], 0, np.hypot(1.5, tau)) @ stats.norm.pdf(tau)
    shift = stats.norm.pdf(beta[:, None], math.log(2), np.hypot(1.25, s)) @ stats.norm.pdf(s, 0, 0.5)
    told = stats.binom.pmf(12, 13, special.expit(theta[:, None] + beta)) @ shift
    weight = prior * told * stats.binom.pmf(5, 8, special.expit(theta))
    mean = float(np.sum(weight * special.expit(theta)) / weight.sum())
    found = fit_joint_mixture(data, Hyperpriors(ratio_sd=0.5)).fit
    assert found.diseases[0].mean == pytest.approx(mean, abs=2e-5)


@pytest.mark.parametrize("spread", [1e-3, 0.04, 0.06, 0.5, 2.5])
def test_the_convolution_is_the_expectation(spread):
    """Against a fine trapezoid rule, either side of the step."""

    def logliks(eta):
        return np.stack([3 * eta - 4 * np.log1p(np.exp(eta)), eta - 2 * np.log1p(np.exp(eta))])

    eta = np.arange(-3, 4, 0.05)
    z = np.linspace(-9, 9, 4001)
    w = stats.norm.pdf(z)
    direct = np.log(np.exp(logliks(eta[:, None] + spread * z)) @ w / w.sum())
    assert spread_logliks(logliks, eta, spread) == pytest.approx(direct, abs=1e-6)


def test_quantiles_of_a_mixture_invert_its_distribution_function():
    """Two bumps: the median is between them, not the average of their medians."""
    x = np.arange(-5, 5.05, 0.05)
    left, right = (stats.norm.pdf(x, centre, 0.5) * 0.05 for centre in (-2.0, 1.0))
    parts = tuple(GridDistribution(-5.0, 0.05, one / one.sum()) for one in (left, right))
    mixed = Mixture((0.25, 0.75), parts)
    for q in (0.025, 0.2, 0.5, 0.9):
        exact = 0.25 * stats.norm.cdf(mixed.quantile(q), -2, 0.5) + 0.75 * stats.norm.cdf(mixed.quantile(q), 1, 0.5)
        assert exact == pytest.approx(q, abs=1e-6)
    assert mixed.mean() == pytest.approx(0.25)
    assert mixed.variance() == pytest.approx(0.25 + 0.75 * 0.25 * 9, rel=1e-6)


@pytest.mark.parametrize(
    "data", [JointData([0], [0], [0], [0]), JointData([3], [3], [0], [0]), JointData([0], [0], [4], [4])]
)
def test_edges_never_give_a_missing_number(data):
    """Nothing, complete evidence only, print only; all assumptions at once."""
    found = fit_joint_mixture(data, Hyperpriors(0.4, (1.0, 9.0), 0.5))
    values = [value for one in found.fit.diseases for value in (one.mean, one.sd, one.median, *one.ci)]
    assert np.isfinite(values).all()


def test_a_fixed_ratio_stays_fixed():
    """And has no gain."""
    found = fit_joint_mixture(DATA, Hyperpriors(kappa_sd=0.4), ratio=4.0).fit
    assert found.reporting_ratio.median == pytest.approx(4.0)


@pytest.mark.parametrize("wrong", [{"kappa_sd": 0.0}, {"ratio_sd": -1.0}, {"clustering": (1.0, 0.0)}])
def test_what_is_no_prior_is_refused(wrong):
    """Zero width is what the plain fit is for."""
    with pytest.raises(ValueError, match="expected a finite number above 0"):
        Hyperpriors(**wrong)
