"""The own rate: closed forms, brute force, laws, and what a disease may not do to another."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from casepool.stats.joint.data import Linkage
from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import fit_own
from casepool.stats.own.tables import source_loglik

NONE = Allowances(source_sd=0, label_error=0, registry_sd=0, ratio_sd=0)
C, R, S = Kind.COMPLETE, Kind.REGISTRY, Kind.SELECTIVE
# Evidence of six diseases as counted on 28 November 2026: (kind, responders, patients) of each source.
SHIPPED = {
    "itp": [(C, 4, 5), (C, 10, 21), (S, 1, 1), (S, 1, 2)],
    "sle": [(C, 10, 10), (S, 2, 2), (S, 5, 6)],
    "prca": [(S, 1, 1)] * 7 + [(S, 2, 2)] * 2,
    "myositis": [(S, 1, 1)] * 3,
    "sjogren": [(S, 2, 2)],
    "waiha": [(S, 6, 12)],
}


def data_of(*diseases, linkage=()):
    """Return the data of diseases given as lists of (kind, events, n)."""
    sources = [OwnSource(d, *one) for d, told in enumerate(diseases) for one in told]
    return OwnData(len(diseases), sources, linkage)


def summary(rate, level=0.95):
    """Return mean and limits of a rate."""
    return np.array([rate.mean, *rate.interval(level)])


def fixed(ratio, **changes):
    """Return allowances under a known reporting ratio."""
    off = {"source_sd": 0.0, "label_error": 0.0, "registry_sd": 0.0, "ratio_sd": 0.0}
    return Allowances(ratio_mean=math.log(ratio), ratio_prior_sd=0.0, **(off | changes))


@pytest.mark.parametrize(("events", "n"), [(0, 3), (3, 3), (10, 21), (1, 1), (2, 300), (640, 1000)])
@pytest.mark.parametrize("kind", [C, R])
def test_complete_evidence_without_allowances_is_a_beta_posterior(events, n, kind):
    (rate,) = fit_own(data_of([(kind, events, n)]), NONE).rates
    exact = stats.beta(events + 1, n - events + 1)
    assert summary(rate) == pytest.approx([exact.mean(), *exact.ppf([0.025, 0.975])], abs=2e-4)
    assert rate.above(0.5) == pytest.approx(exact.sf(0.5), abs=2e-4)


@pytest.mark.parametrize("ratio", [1, math.exp(1.0), math.exp(2.0)])
def test_selective_evidence_at_a_known_ratio_is_shifted_by_it(ratio):
    """Among patients reported the odds are ratio times the true odds."""
    (rate,) = fit_own(data_of([(S, 6, 12)]), fixed(ratio)).rates
    p = np.linspace(0, 1, 200_001)
    shifted = ratio * p / (1 - p + ratio * p)
    density = stats.binom.pmf(6, 12, shifted)
    mean = integrate.trapezoid(p * density, p) / integrate.trapezoid(density, p)
    assert rate.mean == pytest.approx(mean, abs=1e-5)


@pytest.mark.parametrize(("events", "n"), [(2, 2), (0, 5), (10, 21), (40, 200)])
@pytest.mark.parametrize("scale", [0.2, 0.5, 1.0])
def test_the_effect_of_a_source_is_integrated_out(events, n, scale):
    """Against quadrature over the effect, whose density is that of a product of two normals (Bessel K0)."""
    line = np.round(np.arange(-5, 5.05, 0.1), 10)
    got = source_loglik(line, events, n, scale)
    peak = got.max()
    for at in (20, 50, 65, 90):

        def weighted(u, at=at):
            eta = line[at] + u
            loglik = events * special.log_expit(eta) + (n - events) * special.log_expit(-eta)
            return math.exp(loglik - peak) * special.k0(abs(u) / scale) / (math.pi * scale)

        ends = ((-50 * scale, -1e-12), (1e-12, 50 * scale))  # the density is infinite at 0
        halves = (integrate.quad(weighted, *pair, limit=800, epsabs=0, epsrel=1e-8)[0] for pair in ends)
        assert math.exp(got[at] - peak) == pytest.approx(sum(halves), rel=1e-6)


def test_a_source_of_one_patient_has_no_effect_of_its_own():
    assert OwnSource(0, C, 1, 1).effect_sd(0.5) == 0.0


def test_the_effects_of_several_centres_average_out():
    one, four = (
        fit_own(OwnData(1, (OwnSource(0, C, 10, 20, centres),)), Allowances(label_error=0)).rates[0].interval(0.95)
        for centres in (1, 4)
    )
    assert four[1] - four[0] < one[1] - one[0] - 0.02
    with pytest.raises(ValueError, match="0 centres"):
        OwnData(1, (OwnSource(0, C, 1, 2, 0),))


def test_a_wrong_label_is_a_mixture():
    """With probability 0.1 the source called complete was selective, at a ratio known to be e²."""
    (rate,) = fit_own(data_of([(C, 9, 10)]), fixed(math.exp(2.0), label_error=0.1)).rates
    p = np.linspace(0, 1, 200_001)[1:-1]
    shifted = special.expit(special.logit(p) + 2.0)
    density = 0.9 * p**9 * (1 - p) + 0.1 * shifted**9 * (1 - shifted)
    assert rate.mean == pytest.approx(np.sum(p * density) / np.sum(density), abs=2e-5)


def test_a_registry_is_never_taken_for_selective():
    one, other = (fit_own(data_of([(R, 9, 10)]), fixed(8, label_error=error)).rates[0].mean for error in (0.0, 0.4))
    assert one == other


def test_a_registry_may_prefer_responders():
    """Its interval widens, and a trial that disagrees says that it does."""
    sure, unsure = (
        fit_own(data_of([(R, 18, 20)]), Allowances(source_sd=0, registry_sd=sd)).rates[0].interval(0.95)
        for sd in (0.0, 0.5)
    )
    assert unsure[1] - unsure[0] > sure[1] - sure[0] + 0.05
    allowed = Allowances(source_sd=0, label_error=0)
    contrast = fit_own(data_of([(R, 36, 40), (C, 12, 40)]), allowed)
    assert contrast.kappa is not None
    assert contrast.kappa.cdf(0.0) < 0.05
    assert fit_own(data_of([(C, 12, 40)])).kappa is None


def test_brute_force_agrees():
    """Two diseases, every allowance, against draws from the priors weighted by the likelihood."""
    rng = np.random.default_rng(20261128)
    draws, told = 400_000, ([(C, 3, 4), (S, 2, 3)], [(R, 1, 3), (S, 1, 1), (S, 3, 4)])
    beta = rng.normal(math.log(2), 1.25, draws)
    omega = np.abs(rng.normal(0, 0.5, draws))
    kappa = rng.normal(0, 0.5, draws)
    logit = special.logit(rng.uniform(size=(2, draws)))
    weight = np.zeros(draws)
    for d, sources in enumerate(told):
        own = beta + omega * rng.normal(size=draws)
        for kind, events, n in sources:
            effect = 0.5 * rng.normal(size=draws) * rng.normal(size=draws) if n > 1 else 0.0
            shift = own * (rng.uniform(size=draws) < 0.1) if kind == C else {R: kappa, S: own}[kind]
            weight += stats.binom.logpmf(events, n, special.expit(logit[d] + shift + effect))
    weight = np.exp(weight)
    fit = fit_own(data_of(*told))
    for d, rate in enumerate(fit.rates):
        p = special.expit(logit[d])
        order = np.argsort(p)
        cumulative = np.cumsum(weight[order]) / weight.sum()
        limits = p[order][np.searchsorted(cumulative, [0.025, 0.975])]
        drawn = np.array([np.average(p, weights=weight), *limits])
        assert summary(rate) == pytest.approx(drawn, abs=6e-3)
    assert fit.ratio.mean() == pytest.approx(np.average(beta, weights=weight), abs=0.02)


def test_what_literature_alone_tells_moves_nobody_else():
    """A disease of which only responders are told must not raise the ratio of all others."""
    alone = fit_own(data_of(SHIPPED["itp"], SHIPPED["sle"]))
    together = fit_own(data_of(SHIPPED["itp"], SHIPPED["sle"], [(S, 30, 30)], SHIPPED["waiha"]))
    for before, after in zip(alone.rates, together.rates, strict=False):
        assert summary(after) == pytest.approx(summary(before), abs=1e-12)
    assert together.ratio.weights == pytest.approx(alone.ratio.weights)


def test_its_own_counts_may_move_its_own_ratio():
    (rate,) = fit_own(data_of([(S, 10, 10)])).rates
    (few,) = fit_own(data_of([(S, 1, 1)])).rates
    assert rate.ratio.mean() > few.ratio.mean()


def test_a_contrast_within_a_disease_teaches_the_others():
    """One in four in the trial, nearly all in the reports: the ratio is high, and wAIHA comes down."""
    taught = fit_own(data_of([(C, 10, 40), (S, 36, 40)], SHIPPED["waiha"]))
    untaught = fit_own(data_of(SHIPPED["waiha"]))
    assert taught.ratio.cdf(math.log(2)) < 0.1
    assert taught.rates[1].mean < untaught.rates[0].mean - 0.05


def test_linkage_of_a_disease_teaches_the_ratio():
    """Eight of ten responders of the registry were published, one of ten others."""
    told = [(R, 10, 20), (S, 9, 10)]
    linked = fit_own(data_of(told, linkage=[(0, Linkage(10, 8, 10, 1))]))
    everywhere = fit_own(data_of(told, linkage=[(None, Linkage(10, 8, 10, 1))]))
    assert linked.ratio.cdf(0.0) < fit_own(data_of(told)).ratio.cdf(0.0)
    assert everywhere.ratio.mean() > linked.ratio.mean()  # nothing stands between the table and the common ratio


def test_exchanging_responders_and_others_turns_everything_round():
    """Rates p become 1 - p where the ratio is turned too."""
    told = (SHIPPED["itp"], [(R, 8, 11), (S, 3, 3)], SHIPPED["waiha"])
    turned = [[(kind, n - events, n) for kind, events, n in one] for one in told]
    here, there = fit_own(data_of(*told)), fit_own(data_of(*turned), Allowances(ratio_mean=-math.log(2)))
    for one, other in zip(here.rates, there.rates, strict=True):
        mean, lower, upper = summary(other)
        assert summary(one) == pytest.approx([1 - mean, 1 - upper, 1 - lower], abs=2e-4)


def test_a_disease_without_patients_has_no_rate():
    fit = fit_own(data_of([], [(C, 0, 0)], [(C, 3, 5)]))
    assert fit.rates[:2] == (None, None)
    assert fit.rates[2] is not None


@pytest.mark.parametrize(("disease", "mean", "lower", "upper"), [("itp", 55, 31, 79), ("sle", 85, 50, 99)])
def test_anchored_rates_are_those_of_the_prototype(disease, mean, lower, upper):
    """An independent prototype printed these on the same counts (uniform prior on the rate)."""
    rates = dict(zip(SHIPPED, fit_own(data_of(*SHIPPED.values())).rates, strict=True))
    assert 100 * summary(rates[disease]) == pytest.approx([mean, lower, upper], abs=0.6)
    assert rates[disease].anchored


@pytest.mark.parametrize("changes", [{"source_sd": -1}, {"label_error": 1.0}, {"ratio_mean": math.nan}])
def test_an_impossible_allowance_is_refused(changes):
    with pytest.raises(ValueError, match=next(iter(changes))):
        Allowances(**changes)


def test_a_source_of_no_disease_is_refused():
    with pytest.raises(ValueError, match="disease 3 of 1; expected 0 to 0"):
        OwnData(1, [OwnSource(3, C, 1, 2)])
