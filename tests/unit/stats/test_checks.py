"""The checks: closed forms, brute force, and what a check must not look at."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from casepool.stats.checks.heterogeneity import ratio_heterogeneity
from casepool.stats.checks.left_out import left_out
from casepool.stats.checks.nodes import (
    RatioNodes,
    conflict,
    divergence,
    prior_conflict,
    prior_nodes,
    ratio_nodes,
    without_contrasts,
)
from casepool.stats.checks.preference import registry_preference, sharp, tipping_preference
from casepool.stats.joint.data import JointData, JointPriors, Linkage, Source
from casepool.stats.joint.settings import Settings
from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import fit_own
from casepool.stats.quadrature import GridDistribution

NONE = Allowances(source_sd=0, label_error=0, registry_sd=0, ratio_sd=0)
PRIORS = Allowances()
C, R, S = Kind.COMPLETE, Kind.REGISTRY, Kind.SELECTIVE


def data_of(*diseases, linkage=()):
    """Return the data of diseases given as lists of (kind, events, n)."""
    return OwnData(len(diseases), [OwnSource(d, *one) for d, told in enumerate(diseases) for one in told], linkage)


def normal(mean, sd, step=0.05):
    """Return a normal distribution on a grid."""
    nodes = step * np.arange(-400, 401)
    weights = stats.norm.pdf(nodes, mean, sd)
    return GridDistribution(float(nodes[0]), step, weights / weights.sum())


# The registry's preference


def test_the_directed_test_of_the_preference_is_its_posterior_probability():
    """A trial with 12 of 40 and a registry with 30 of 40, against quadrature over rate and preference."""
    found = registry_preference(data_of([(C, 12, 40), (R, 30, 40)]), NONE, 0.95)
    assert found is not None
    p, kappa = np.linspace(0, 1, 2001)[1:-1, None], np.linspace(-7, 7, 1401)
    density = stats.binom.pmf(12, 40, p) * stats.binom.pmf(30, 40, special.expit(special.logit(p) + kappa))
    by_kappa = density.sum(axis=0) * stats.norm.pdf(kappa, 0, 1.5)
    cumulative = integrate.cumulative_trapezoid(by_kappa, kappa, initial=0) / integrate.trapezoid(by_kappa, kappa)
    assert found.probability == pytest.approx(np.interp(0, kappa, cumulative), abs=1e-4)
    assert np.log(found.odds) == pytest.approx(np.interp([0.5, 0.025, 0.975], cumulative, kappa), abs=0.01)


@pytest.mark.parametrize(
    "told",
    [
        data_of([(C, 3, 5), (S, 2, 2)]),  # no registry
        data_of([(R, 3, 5)], [(C, 2, 4)]),  # nothing beside it in its disease
        data_of([(R, 3, 5), (S, 4, 4)]),  # selected cases, of which nobody knows how selected
    ],
)
def test_a_registry_that_nothing_stands_beside_is_not_tested(told):
    assert registry_preference(told, PRIORS, 0.95) is None


@pytest.mark.parametrize(
    "told",
    [
        data_of([(R, 3, 5), (S, 4, 4)], [(C, 4, 9), (S, 2, 3)]),
        data_of([(R, 3, 5), (S, 4, 4)], linkage=[(0, Linkage(3, 2, 2, 1))]),
    ],
)
def test_selected_cases_test_a_registry_where_their_selection_is_known(told):
    assert registry_preference(told, PRIORS, 0.95) is not None


def shifted_mean(events, n, odds):
    """Return the mean of a rate of which only a source with these odds of inclusion is known, uniform beforehand."""
    p = np.linspace(0, 1, 20_001)[1:-1]
    weight = stats.binom.pmf(events, n, odds * p / (1 - p + odds * p))
    return np.sum(p * weight) / np.sum(weight)


@pytest.mark.parametrize("kind", [R, C])
def test_the_tipping_odds_bring_the_rate_of_a_single_source_to_one_half(kind):
    """For a registry, and for a trial where there is none."""
    found = tipping_preference(data_of([(kind, 9, 12)]), NONE, 0, 0.5)
    exact = optimize.brentq(lambda odds: shifted_mean(9, 12, odds) - 0.5, 1, 50)
    assert found.odds == pytest.approx(exact, rel=0.01)
    assert found.of_registry == (kind == R)


def test_a_rate_that_is_low_already_needs_no_preference():
    assert tipping_preference(data_of([(R, 3, 12)]), NONE, 0, 0.5).odds == 1


def test_a_registry_cannot_tip_a_rate_that_a_trial_holds_up():
    assert tipping_preference(data_of([(R, 2, 3), (C, 38, 40)]), NONE, 0, 0.5).odds is None


def test_the_registry_of_another_disease_does_not_tip_a_trial():
    """Where the trials of a disease are asked about, other registries are taken as they are."""
    alone = tipping_preference(data_of([(C, 9, 12)]), NONE, 0, 0.5)
    beside = tipping_preference(data_of([(C, 9, 12)], [(R, 1, 30)]), NONE, 0, 0.5)
    assert beside.odds == pytest.approx(alone.odds, rel=1e-3)


# Ratios that differ


def test_ratios_that_differ_are_seen_and_equal_ones_are_not():
    fair, selective = [(C, 10, 20), (S, 10, 20)], [(C, 10, 20), (S, 18, 20)]
    apart = ratio_heterogeneity(data_of(fair, selective, fair, selective), sharp(PRIORS))
    alike = ratio_heterogeneity(data_of(selective, selective, selective, selective), sharp(PRIORS))
    assert apart is not None
    assert alike is not None
    assert apart.bayes_factor > 2
    assert alike.bayes_factor < 0.5


def test_linkage_of_each_disease_tells_of_its_ratio():
    """Registry patients alone: published for their response in one disease, against it in the other."""
    told = [(R, 20, 40)], [(R, 20, 40)]
    linked = [(0, Linkage(20, 15, 20, 2)), (1, Linkage(20, 2, 20, 15))]
    found = ratio_heterogeneity(data_of(*told, linkage=linked), PRIORS)
    assert found is not None
    assert found.bayes_factor > 10
    assert ratio_heterogeneity(data_of(*told, linkage=[(None, linked[0][1])]), PRIORS) is None


def test_one_disease_cannot_differ_from_itself():
    assert ratio_heterogeneity(data_of([(C, 3, 5), (S, 2, 2)], [(S, 9, 9)]), PRIORS) is None


# One source left out


def test_without_allowances_the_others_predict_a_beta_binomial_count():
    found = {one.position: one for one in left_out(data_of([(C, 10, 21), (C, 9, 10)]), NONE)}
    predicted = stats.betabinom(10, 11, 12)
    lower = predicted.cdf(8) + 0.5 * predicted.pmf(9)
    assert found[1].probability == pytest.approx(2 * min(lower, 1 - lower), abs=1e-4)
    assert found[1].rate.mean == pytest.approx(11 / 23, abs=1e-4)


@pytest.mark.parametrize("source", [(C, 6, 7), (R, 6, 7), (S, 6, 7)])
@pytest.mark.parametrize("others", [[(C, 2, 6), (S, 3, 3)], [(R, 2, 6), (S, 3, 3)]])
def test_with_every_allowance_the_prediction_is_that_of_draws_from_the_priors(source, others):
    rng = np.random.default_rng(20261128)
    draws = 300_000
    beta = rng.normal(math.log(2), 1.25, draws) + np.abs(rng.normal(0, 0.5, draws)) * rng.normal(size=draws)
    kappa, theta = rng.normal(0, 0.5, draws), special.logit(rng.uniform(size=draws))

    def logit(kind, n):
        effect = 0.5 * rng.normal(size=draws) * rng.normal(size=draws) if n > 1 else 0.0
        return theta + effect + {C: beta * (rng.uniform(size=draws) < 0.1), R: kappa, S: beta}[kind]

    weight = np.prod([stats.binom.pmf(x, n, special.expit(logit(kind, n))) for kind, x, n in others], axis=0)
    drawn = rng.binomial(source[2], special.expit(logit(source[0], source[2])))
    lower = np.average((drawn < source[1]) + 0.5 * (drawn == source[1]), weights=weight)
    *_, found = left_out(data_of([*others, source]), PRIORS)
    assert found.probability == pytest.approx(2 * min(lower, 1 - lower), abs=0.01)


def test_the_only_source_of_a_disease_is_not_left_out():
    assert [one.position for one in left_out(data_of([(C, 3, 4)], [(C, 1, 2), (S, 2, 2)]), PRIORS)] == [1, 2]


JOINT = JointData.of_sources(
    3, [Source(0, True, 10, 21), Source(0, False, 3, 3), Source(1, True, 10, 10), Source(2, False, 6, 12)]
)
SETTINGS = Settings(clustering=0.1, grid="simulation")


# Nodes of the ratio


def test_two_normal_nodes_conflict_by_their_difference():
    found = conflict(normal(0.2, 0.6), normal(1.7, 0.8))
    assert found == pytest.approx(2 * stats.norm.cdf(-1.5), abs=1e-5)
    assert conflict(normal(0.2, 0.6), None) is None


def test_evidence_far_from_the_prior_conflicts_with_it():
    prior = Allowances(ratio_mean=0.5, ratio_prior_sd=0.8)
    assert prior_conflict(normal(2.0, 0.6), prior) == pytest.approx(2 * stats.norm.cdf(-1.5), abs=1e-5)
    assert prior_conflict(normal(2.0, 0.6), replace(prior, ratio_prior_sd=0)) is None


def test_information_is_the_divergence_of_two_normals_in_bits():
    prior = Allowances(ratio_mean=0.5, ratio_prior_sd=1.2)
    nats = math.log(1.2 / 0.4) + (0.4**2 + 0.9**2) / (2 * 1.2**2) - 0.5
    assert divergence(normal(1.4, 0.4), prior) == pytest.approx(nats / math.log(2), abs=1e-6)
    assert divergence(normal(0.5, 1.2), prior) == pytest.approx(0, abs=1e-9)
    assert divergence(normal(1.4, 0.4), replace(prior, ratio_prior_sd=0)) == 0


def nodes_of(settings=SETTINGS, linkage=()):
    own = data_of([(C, 10, 21), (S, 3, 3)], [(C, 10, 10)], [(S, 6, 12)], linkage=linkage)
    return prior_nodes(own, JOINT, PRIORS, settings)


def test_the_prior_of_the_level_does_not_move_what_was_learnt_of_the_ratio():
    """The gain that stood here before went from 0.25 to 0.58 with it."""
    narrow, wide = (nodes_of(replace(SETTINGS, priors=JointPriors(mu_sd=sd))).between for sd in (0.75, 10.0))
    assert divergence(narrow, PRIORS) == divergence(wide, PRIORS)


def test_a_ratio_that_the_complete_sources_show_is_learnt():
    """Here the gain said that nothing was, for the upper limit stays open; the other disease says nothing."""
    data = data_of([(C, 3, 7), (S, 5, 5)], [(S, 4, 4)])
    assert divergence(fit_own(data).ratio, PRIORS) > 5 * divergence(fit_own(data_of([(S, 4, 4)])).ratio, PRIORS)
    assert divergence(fit_own(data_of([(S, 4, 4)])).ratio, PRIORS) == pytest.approx(0, abs=1e-3)


def test_each_node_asks_its_own_evidence():
    table = Linkage(10, 8, 10, 1)
    unlinked, linked = nodes_of(), nodes_of(linkage=[(0, table)])
    assert unlinked.linkage is None
    assert linked.linkage.cdf(0.0) < 0.05
    assert linked.within.weights == pytest.approx(unlinked.within.weights)
    assert linked.between.weights == pytest.approx(unlinked.between.weights)


def test_between_leaves_the_contrasts_within_diseases_out():
    kept = without_contrasts(JOINT)
    assert (kept.complete_n, kept.selective_n) == ((21, 10, 0), (0, 0, 12))
    assert len(kept.sources) == 3


@pytest.mark.parametrize(
    ("own", "pooled", "missing"),
    [
        (data_of([(C, 3, 5)]), JointData([3], [5], [0], [0]), ("within", "between", "linkage")),
        (data_of([(C, 3, 5), (S, 2, 2)]), JointData([3], [5], [2], [2]), ("between", "linkage")),
        (data_of([(C, 3, 5)], [(S, 2, 2)]), JointData([3, 0], [5, 0], [0, 2], [0, 2]), ("within", "linkage")),
    ],
)
def test_a_node_without_evidence_is_none(own, pooled, missing):
    found = ratio_nodes(own, pooled, PRIORS, SETTINGS)
    assert isinstance(found, RatioNodes)
    assert tuple(name for name in ("within", "between", "linkage") if getattr(found, name) is None) == missing
