"""What more evidence would bring: closed forms, simulation with refits, laws of looking ahead."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from casepool.stats.joint.data import Linkage
from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import fit_own
from casepool.stats.own.preposterior import Aim, Prospects

NONE = Allowances(source_sd=0, label_error=0, registry_sd=0, ratio_sd=0)
C, R, S = Kind.COMPLETE, Kind.REGISTRY, Kind.SELECTIVE
AIM = Aim(level=0.95, threshold=0.5)
# A disease with a registry and reports, one of which there are reports only, one without anybody.
TOLD = [[(R, 5, 8), (S, 3, 4)], [(S, 4, 5), (S, 1, 1)], []]


def data_of(diseases, linkage=()):
    """Return the data of diseases given as lists of (kind, events, n)."""
    return OwnData(len(diseases), [OwnSource(d, *one) for d, told in enumerate(diseases) for one in told], linkage)


def prospects(data, allowances=None, *, aim=AIM, largest=6):
    """Return the prospects of the data."""
    return Prospects(data, allowances or Allowances(), aim, largest)


def refitted(data, disease, more=(), linkage=()):
    """Return width of the interval and whether it excludes one half once more is known."""
    after = replace(data, sources=(*data.sources, *more), linkage=(*data.linkage, *linkage))
    lower, upper = fit_own(after).rates[disease].interval(AIM.level)
    return upper - lower, float(lower > AIM.threshold or upper < AIM.threshold)


def further(disease, kind, events, n):
    """Return further patients as the sources of a fit: reports are of one patient each."""
    if kind != S:
        return [OwnSource(disease, kind, events, n)]
    return [OwnSource(disease, S, int(number < events), 1) for number in range(n)]


def drawn(data, rng, draws=300_000):
    """Return logits (D, N), log ratios (D, N), kappa (N,) from the priors, and their weights by the likelihood."""
    beta, kappa = rng.normal(math.log(2), 1.25, draws), rng.normal(0, 0.5, draws)
    omega = np.abs(rng.normal(0, 0.5, draws))
    logit = special.logit(rng.uniform(size=(data.n_diseases, draws)))
    ratio = beta + omega * rng.normal(size=logit.shape)
    weight = np.zeros(draws)
    for one in data.sources:
        effect = 0.5 * rng.normal(size=draws) * rng.normal(size=draws) if one.n > 1 else 0.0
        shift = {R: kappa, S: ratio[one.disease]}[one.kind]
        weight += stats.binom.logpmf(one.events, one.n, special.expit(logit[one.disease] + shift + effect))
    return logit, ratio, kappa, special.softmax(weight)


@pytest.mark.parametrize("kind", [C, R])
@pytest.mark.parametrize(("events", "n", "more"), [(0, 0, 5), (6, 9, 10), (2, 30, 20)])
def test_without_allowances_it_is_the_beta_binomial_law(kind, events, n, more):
    """As near as the ends of the grid allow: one in 4,000 of a uniform rate lies outside."""
    found = prospects(data_of([[(C, events, n)]]), NONE, largest=20).of(0).source(kind, more)
    a, b, x = events + 1, n - events + 1, np.arange(more + 1)
    chance = stats.betabinom(more, a, b).pmf(x)
    lower, upper = stats.beta(a + x, b + more - x).ppf(np.array([[0.025], [0.975]]))
    assert found.width == pytest.approx(chance @ (upper - lower), abs=3e-4)
    assert found.excludes == pytest.approx(chance @ ((lower > 0.5) | (upper < 0.5)), abs=3e-4)


def test_what_is_sure_to_stay_excluded_is_so_with_a_chance_of_one_and_not_more():
    """Of a disease with many patients whatever comes excludes the rate; the chances add up to one but for rounding."""
    of_it = prospects(data_of([[(C, 30, 300)]]), NONE, largest=20).of(0)
    found = [of_it.now, *(of_it.source(kind, n) for kind in (C, S) for n in (5, 10, 20))]
    assert all(1 - 1e-12 < one.excludes <= 1 for one in found)


@pytest.mark.parametrize("kind", [C, R, S])
@pytest.mark.parametrize("disease", [0, 1])
def test_simulated_patients_and_refits_agree(kind, disease):
    """Parameters from the priors weighted by the likelihood, patients from them, each outcome refitted as it is."""
    rng, n = np.random.default_rng(28), 6
    data = data_of(TOLD)
    logit, ratio, kappa, weight = drawn(data, rng)
    effect = 0.0 if kind == S else 0.5 * rng.normal(size=len(weight)) * rng.normal(size=len(weight))
    wrong = rng.uniform(size=len(weight)) < 0.1
    shift = {R: kappa, S: ratio[disease], C: ratio[disease] * wrong}[kind]
    events = rng.binomial(n, special.expit(logit[disease] + shift + effect))
    chance = np.bincount(events, weights=weight, minlength=n + 1)
    outcomes = np.array([refitted(data, disease, further(disease, kind, x, n)) for x in range(n + 1)])
    found = prospects(data).of(disease).source(kind, n)
    assert (found.width, found.excludes) == pytest.approx(tuple(chance @ outcomes), abs=6e-3)


def test_simulated_lookups_and_refits_agree():
    """Three of eight registry patients are looked up; a linked one before them was published."""
    data = data_of(TOLD, [(0, Linkage(1, 1, 0, 0))])
    rng = np.random.default_rng(29)
    _, ratio, _, weight = drawn(data, rng)
    share = rng.beta(2, 1, len(weight))
    both, responders = rng.binomial(3, share), rng.hypergeometric(4, 3, 3, len(weight))
    beta = np.linspace(-9, 9, 181)
    expected = np.zeros(2)
    for k in range(4):
        for m in range(4):
            here = (both == m) & (responders == k)
            for q in range(max(0, m - 3 + k), min(k, m) + 1):
                one = Linkage(k, q, 3 - k, m - q)
                likelihood = np.exp(_published_loglik(one, beta))
                chance = np.sum(weight[here] * np.interp(ratio[0][here], beta, likelihood))
                expected += chance * np.array(refitted(data, 0, linkage=[(0, one)]))
    found = prospects(data).of(0).lookup(3)
    assert (found.width, found.excludes) == pytest.approx(tuple(expected), abs=6e-3)


def _published_loglik(table, beta):
    """Return the law of the published responders by scipy's non-central hypergeometric distribution."""
    known, both = table.responders + table.nonresponders, table.responders_published + table.nonresponders_published
    if table.is_silent:
        return np.zeros_like(beta)
    pi0 = (both + 0.5) / (known + 1) * known / (table.responders * np.exp(beta) + table.nonresponders)
    odds = np.clip(pi0 * np.exp(beta), 1e-12, 1 - 1e-9), np.clip(pi0, 1e-12, 1 - 1e-9)
    psi = np.exp(special.logit(odds[0]) - special.logit(odds[1]))
    law = [stats.nchypergeom_fisher(known, table.responders, both, one) for one in np.clip(psi, 1e-6, 1e6)]
    return np.array([one.logpmf(table.responders_published) for one in law])


def test_what_is_known_now_is_what_the_fit_says():
    data = data_of(TOLD)
    for disease in (0, 1):
        assert prospects(data).of(disease).now.width == pytest.approx(refitted(data, disease)[0], abs=2e-4)
    assert prospects(data).of(2).now.width == pytest.approx(0.95, abs=3e-4)  # nobody: a uniform rate


@pytest.mark.parametrize("kind", [C, R, S])
@pytest.mark.parametrize("disease", [0, 1, 2])
def test_the_chances_of_all_outcomes_are_one(kind, disease):
    """Every interval excludes 0."""
    one = prospects(data_of(TOLD), aim=replace(AIM, threshold=0.0)).of(disease)
    assert one.source(kind, 6).excludes == pytest.approx(1.0, abs=1e-9)


def test_the_chances_of_all_lookups_are_one():
    one = prospects(data_of(TOLD, [(0, Linkage(1, 1, 1, 0))]), aim=replace(AIM, threshold=0.0)).of(0)
    assert one.lookup(6).excludes == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("kind", [C, R, S])
@pytest.mark.parametrize("disease", [0, 1, 2])
def test_more_patients_shorten_more(kind, disease):
    one = prospects(data_of(TOLD), largest=40).of(disease)
    widths = [one.now.width, *(one.source(kind, n).width for n in (5, 10, 20, 40))]
    assert widths == sorted(widths, reverse=True)


def test_patients_asked_for_one_by_one_are_worth_more_than_chosen_ones():
    one = prospects(data_of(TOLD), largest=10).of(1)
    assert one.source(R, 10).width < one.source(S, 10).width - 0.05


def test_more_lookups_than_patients_are_refused():
    one = prospects(data_of(TOLD, [(0, Linkage(4, 2, 3, 1))])).of(0)
    assert one.unlinked == (1, 0)
    with pytest.raises(ValueError, match="m = 2; expected 1 to 1"):
        one.lookup(2)


def test_lookups_of_all_diseases_together_leave_no_more_than_they_leave():
    """Two registries of 8 and 4 patients, ten of whom were looked up, nobody says of which disease."""
    told = [[(R, 5, 8)], [(R, 2, 4)]]
    data = data_of(told, [(None, Linkage(6, 3, 4, 1))])
    assert [prospects(data).of(d).unlinked for d in (0, 1)] == [(1, 1), (1, 1)]
