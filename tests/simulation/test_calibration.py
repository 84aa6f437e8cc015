"""Simulation-based calibration: truth drawn from the priors is covered as often as claimed.

Talts S et al. (2018), arXiv 1804.06788. 1,000 draws give a Monte Carlo error of 0.7 points.
"""

import math

import numpy as np
import pytest

from casepool.stats.joint.fit import JointData, JointPriors, fit_joint
from casepool.stats.simulation.literature import draw_from_prior

pytestmark = pytest.mark.simulation

DRAWS, SEED = 1000, 7
COMPLETE, SELECTIVE = (8, 0, 0, 12, 0, 5), (13, 3, 6, 9, 2, 4)


def test_intervals_cover_93_to_97_percent_of_prior_draws():
    """Every disease rate and the log reporting ratio."""
    rng, priors = np.random.default_rng(SEED), JointPriors()
    layout = JointData((0,) * 6, COMPLETE, (0,) * 6, SELECTIVE)
    rate_hits, ratio_hits = [], []
    for _ in range(DRAWS):
        mu, beta = rng.normal(priors.mu_mean, priors.mu_sd), rng.normal(priors.beta_mean, priors.beta_sd)
        theta = rng.normal(mu, abs(rng.normal(0.0, priors.tau_sd)), 6)
        rates = 1.0 / (1.0 + np.exp(-theta))
        fit = fit_joint(draw_from_prior(layout, rates, beta, rng), grid="simulation")
        rate_hits += [d.ci[0] <= p <= d.ci[1] for d, p in zip(fit.diseases, rates, strict=True)]
        low, high = fit.reporting_ratio.ci
        ratio_hits.append(low <= math.exp(beta) <= high)
    assert 0.93 <= np.mean(rate_hits) <= 0.97
    assert 0.93 <= np.mean(ratio_hits) <= 0.97
