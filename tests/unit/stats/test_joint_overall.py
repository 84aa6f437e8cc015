"""The mean of the rates of the diseases against draws from the same posterior."""

import numpy as np
import pytest
from scipy import special

from casepool.stats.joint.fit import JointData, fit_joint
from casepool.stats.joint.posterior import HyperPosterior, joint_posterior
from casepool.stats.joint.settings import Settings

ROWS = {
    "zeros": [(0, 20, 0, 0), (0, 15, 0, 0), (1, 30, 0, 0)],
    "nearly nobody responded": [(0, 12, 0, 3), (0, 0, 0, 2), (0, 9, 0, 0)],
    "two humps": [(40, 40, 1, 1), (0, 40, 2, 2), (0, 0, 3, 3), (0, 0, 4, 4)],
    "two humps, five diseases": [(40, 40, 1, 1), (0, 40, 2, 2), (0, 0, 3, 3), (0, 0, 4, 4), (0, 0, 2, 2)],
    "everybody responded": [(10, 10, 5, 5), (10, 10, 5, 5), (0, 0, 4, 4), (0, 0, 3, 3), (0, 0, 6, 6)],
    "three single patients": [(1, 1, 0, 0), (1, 1, 0, 0), (1, 1, 0, 0)],
    "six diseases": [(14, 26, 2, 3), (10, 10, 7, 8), (0, 0, 11, 11), (0, 0, 3, 3), (0, 0, 2, 2), (0, 0, 6, 12)],
}
# Nothing is known of the level beyond the prior, so that no point is shown; the interval is checked all the same.
SELECTIVE = {
    "nobody responded": [(0, 0, 0, 3), (0, 0, 0, 2), (0, 0, 0, 2)],
    "everybody responded": [(0, 0, 3, 3), (0, 0, 2, 2), (0, 0, 2, 2)],
}
DRAWS = 1_000_000


def draws(posterior: HyperPosterior, seed: int) -> np.ndarray:
    """Return draws of the mean: nodes evenly along their masses, then each logit from its table at the node."""
    rng = np.random.default_rng(seed)
    masses = posterior.weights.ravel()
    numbers = np.bincount(np.searchsorted(np.cumsum(masses), (np.arange(DRAWS) + rng.random()) / DRAWS * masses.sum()))
    lattice, kinds, found = posterior.lattice, posterior.kinds, []
    for node in np.flatnonzero(numbers):
        row, column = divmod(int(node), posterior.weights.shape[1])
        total = np.zeros(numbers[node])
        for kind in kinds.of:
            live, likelihood, _ = posterior.at(kind, np.array([row]), column)
            cumulative = np.cumsum(lattice.kernel[row, live] * likelihood)
            place = np.searchsorted(cumulative, rng.random(len(total)) * cumulative[-1])
            total += special.expit(lattice.theta[live][place] + lattice.box.theta_step * (rng.random(len(total)) - 0.5))
        found.append(total / len(kinds.of))
    return np.concatenate(found)


def distance_to_draws(rows: list[tuple[int, ...]]) -> float:
    """Return the largest distance of limits and median of the mean to those of draws from the dense lattice."""
    data = JointData(*zip(*rows, strict=True))
    drawn = np.quantile(draws(joint_posterior(data, Settings(grid="dense")), 1), [0.025, 0.975, 0.5])
    overall = fit_joint(data).overall
    assert overall is not None
    return float(np.abs(np.array([*overall.ci, overall.median]) - drawn).max())


@pytest.mark.parametrize("name", ROWS)
def test_the_limits_of_the_mean_are_those_of_a_million_draws(name):
    """To 0.001; the draws' own error is about 0.0003."""
    assert distance_to_draws(ROWS[name]) <= 1e-3


@pytest.mark.parametrize("name", SELECTIVE)
def test_without_complete_evidence_the_limits_are_within_two_thousandths(name):
    """The posterior is the widest there is for its lattice."""
    assert distance_to_draws(SELECTIVE[name]) <= 2e-3


def test_the_lower_limit_of_a_mean_is_above_zero_where_every_rate_is():
    """A mixture of normal distributions leaks below it."""
    fit = fit_joint(JointData(*zip(*ROWS["nearly nobody responded"], strict=True)))
    assert fit.overall is not None
    assert fit.overall.ci[0] > min(rate.ci[0] for rate in fit.diseases) > 0
