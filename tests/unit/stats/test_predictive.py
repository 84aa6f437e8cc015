"""Each disease left out in turn: exact sums, against closed forms and against simulation."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from casepool.stats.joint import predictive
from casepool.stats.joint.fit import JointData, Source, fit_joint
from casepool.stats.joint.predictive import count_distribution, left_out_checks
from casepool.stats.joint.settings import Settings

DATA = JointData(
    (14, 0, 10), (26, 0, 10), (2, 11, 7), (3, 11, 8), None, (Source(0, True, 10, 21), Source(2, False, 5, 6))
)


def test_every_cell_with_patients_is_checked_once():
    """Diseases times kinds, empty cells left out."""
    found = left_out_checks(DATA, Settings(clustering=0.1))
    assert [(one.disease, one.complete, one.events, one.n) for one in found] == [
        (0, True, 14, 26), (0, False, 2, 3), (1, False, 11, 11), (2, True, 10, 10), (2, False, 7, 8),
    ]  # fmt: skip


def test_the_expected_count_is_that_of_a_further_disease():
    """The predictive mean is n times the prediction of a fit that never saw the disease."""
    for one in left_out_checks(DATA, Settings(clustering=0.1)):
        if one.complete:
            fit = fit_joint(without(one.disease), clustering=0.1, min_diseases=2)
            assert one.expected == pytest.approx(one.n * fit.new_disease.mean, abs=1e-6)


def without(disease):
    """Return the data without the patients of a disease."""
    columns = ("complete_events", "complete_n", "selective_events", "selective_n")
    cut = {name: [0 if d == disease else x for d, x in enumerate(getattr(DATA, name))] for name in columns}
    return replace(DATA, sources=[one for one in DATA.sources if one.disease != disease], **cut)


def test_both_tails_share_the_observed_count():
    """They exceed one by its probability, and no probability leaves its range."""
    for one in left_out_checks(DATA, Settings(clustering=0.1)):
        assert 1.0 < one.lower + one.upper < 2.0
        assert 0.0 < one.p_value <= 1.0


def test_the_distribution_of_a_count_is_binomial_beta_binomial_or_their_sum():
    """Against scipy, at three logits."""
    eta = np.array([-1.0, 0.3, 2.0])
    p, s = special.expit(eta), 0.9 / 0.1
    plain = count_distribution(DATA, 2, False, eta, 0.0)
    assert plain == pytest.approx(np.array([stats.binom.pmf(np.arange(9), 8, q) for q in p]), abs=1e-12)
    mixed = count_distribution(DATA, 2, False, eta, 0.1)
    for row, q in zip(mixed, p, strict=True):
        pair, six = stats.binom.pmf(np.arange(3), 2, q), stats.betabinom.pmf(np.arange(7), 6, s * q, s * (1 - q))
        assert row == pytest.approx(np.convolve(pair, six), abs=1e-12)


def test_sums_agree_with_simulated_counts():
    """Draws from the posterior of one disease, by rejection from its prior, predict another."""
    rng = np.random.default_rng(3)
    data = JointData([5, 3], [8, 4], [12, 2], [13, 3])
    size = 4_000_000
    mu, tau = rng.normal(0, 1.5, size), np.abs(rng.normal(size=size))
    theta, beta = rng.normal(mu, tau), rng.normal(math.log(2), 1.25, size)
    likelihood = stats.binom.pmf(5, 8, special.expit(theta)) * stats.binom.pmf(12, 13, special.expit(theta + beta))
    kept = rng.random(size) < likelihood / likelihood.max()
    other = rng.normal(mu[kept], tau[kept])
    *_, complete, selective = left_out_checks(data, Settings())
    assert complete.upper == pytest.approx(np.mean(rng.binomial(4, special.expit(other)) >= 3), abs=0.006)
    drawn = rng.binomial(3, special.expit(other + beta[kept]))
    assert selective.lower == pytest.approx(np.mean(drawn <= 2), abs=0.006)


def test_counts_that_contradict_the_model_are_found():
    """In three diseases print shows far more responders than complete sources, in a fourth fewer."""
    fair = JointData([10, 10, 10, 32], [20, 20, 20, 40], [18, 18, 18, 12], [20, 20, 20, 40])
    odd = min(left_out_checks(fair, Settings()), key=lambda one: one.p_value)
    assert odd.disease == 3
    assert odd.p_value < 0.05


def test_a_disease_left_out_does_not_predict_itself():
    """Fewer of its responders expect as many, and are less likely."""
    other = replace(DATA, complete_events=(4, 0, 10), sources=(Source(0, True, 2, 21), DATA.sources[1]))
    (here, *rest), (there, *changed) = (left_out_checks(one, Settings(clustering=0.1)) for one in (DATA, other))
    assert there.expected == pytest.approx(here.expected, abs=1e-12)
    assert there.p_value < here.p_value
    assert changed[1].expected != pytest.approx(rest[1].expected, abs=1e-3)


def test_no_other_disease_no_check():
    """And a spread of the ratio is not covered."""
    assert left_out_checks(JointData([3], [5], [2], [2]), Settings()) == ()
    assert left_out_checks(JointData([0], [0], [0], [0]), Settings()) == ()
    with pytest.raises(ValueError, match="one reporting ratio"):
        left_out_checks(DATA, Settings(ratio_spread=0.5))


@pytest.mark.parametrize("singles", [40, 41])
@pytest.mark.parametrize("clustering", [0.0, 0.1])
def test_the_transform_of_large_counts_sums_what_the_convolution_does(clustering, singles, monkeypatch):
    """Singles and sources of several sizes, some of them many times; also at rates next to 0 and 1."""
    sizes = [2] * 9 + [3] * 4 + [7]
    sources = tuple(Source(0, False, 1, n) for n in sizes)
    n = sum(sizes) + singles
    data = JointData((0,), (0,), (30,), (n,), None, sources)
    eta = np.array([-12.0, -1.0, 0.3, 2.0, 9.0])
    summed = count_distribution(data, 0, False, eta, clustering)
    monkeypatch.setattr(predictive, "LARGEST_SUM", 0)
    transformed = count_distribution(data, 0, False, eta, clustering)
    assert transformed.shape == summed.shape == (5, n + 1)
    assert transformed == pytest.approx(summed, abs=1e-13)
    assert transformed.min() >= 0.0
