"""Edge cases of the mixed models: not estimable is a result."""

import math
from dataclasses import fields

import numpy as np
import pytest
from scipy import special

from casepool.stats.bias.freeman_tukey import fit_freeman_tukey
from casepool.stats.binomial import clopper_pearson
from casepool.stats.glmm.fit import GlmmFit, fit_glmm
from casepool.stats.glmm.likelihood import evaluate, maximise, prepare_data
from casepool.stats.joint.max_likelihood import fit_joint_ml

EDGES = {
    "no_data": ([], []),
    "all_events": ([3, 4], [3, 4]),
    "no_events": ([0, 0], [3, 4]),
    "single_study": ([3], [7]),
    "boundary_tau2": ([3, 4, 3], [7, 8, 7]),
    "unbounded_tau2": ([0, 5], [5, 5]),
    "ok": ([1, 9, 5, 2], [12, 11, 6, 10]),
}


@pytest.mark.parametrize("status", EDGES)
def test_each_status_is_reached(status):
    """The status names why a number is missing, and a reason stands beside it."""
    fit = fit_glmm(*EDGES[status])
    assert fit.status == status
    assert bool(fit.reason) == (status != "ok")


@pytest.mark.parametrize("status", EDGES)
def test_no_number_is_missing_or_infinite(status):
    """None, never NaN."""
    fit = fit_glmm(*EDGES[status])
    for field in fields(GlmmFit):
        value = getattr(fit, field.name)
        for number in value if isinstance(value, tuple) else (value,):
            assert not isinstance(number, float) or math.isfinite(number), field.name


def test_nothing_is_estimated_when_every_patient_responded():
    """The exact interval is the caller's statement."""
    fit = fit_glmm([3, 4], [3, 4])
    assert (fit.estimate, fit.se, fit.ci, fit.tau2, fit.loglik) == (None, None, None, None, None)


def test_one_study_gives_its_own_logit_and_no_heterogeneity():
    """3/7: logit -0.2877, variance 1/3 + 1/4."""
    fit = fit_glmm([3], [7])
    assert fit.estimate == pytest.approx(math.log(3 / 4))
    assert fit.se == pytest.approx(math.sqrt(1 / 3 + 1 / 4))
    assert (fit.tau2, fit.pi, fit.ci_t, fit.lrt_p) == (None, None, None, None)
    assert fit.proportion_ci == pytest.approx((0.09899, 0.81595), abs=1e-5)


def test_studies_of_one_patient_cannot_show_heterogeneity():
    """The likelihood is flat in tau2, so it is reported as a boundary with its reason."""
    fit = fit_glmm([1, 0, 1], [1, 1, 1])
    assert fit.status == "boundary_tau2"
    assert "one patient" in fit.reason
    assert fit.estimate == pytest.approx(math.log(2))


def test_boundary_fit_is_the_pooled_logistic_regression():
    """At tau2 = 0 estimate and standard error are those of the summed counts."""
    fit = fit_glmm([3, 4, 3], [7, 8, 7])
    assert fit.tau2 == 0.0
    assert fit.estimate == pytest.approx(math.log(10 / 12))
    assert fit.se == pytest.approx(math.sqrt(1 / 10 + 1 / 12))
    assert fit.lrt_p == 1.0


@pytest.mark.parametrize("counts", [([3, 4, 3], [7, 8, 7]), ([1, 0, 1], [1, 1, 1]), ([2, 11], [12, 12])])
def test_there_is_no_prediction_without_heterogeneity_or_below_three_studies(counts):
    """At tau2 = 0 it would repeat the confidence interval; two studies leave no degree of freedom."""
    fit = fit_glmm(*counts)
    assert (fit.pi, fit.proportion_pi) == (None, None)
    assert fit.proportion_ci is not None


@pytest.mark.parametrize("counts", [([1, 1, 0, 2, 1], [1, 1, 1, 2, 1]), ([3, 4], [3, 4]), ([0, 0], [3, 4]), ([3], [7])])
def test_where_no_fit_is_finite_the_exact_interval_of_all_patients_stands(counts):
    """One series of two among single cases must not take the answer away."""
    fit = fit_glmm(*counts)
    lower, upper = clopper_pearson(sum(counts[0]), sum(counts[1]))
    assert fit.interval == "exact"
    assert fit.proportion == pytest.approx(sum(counts[0]) / sum(counts[1]))
    assert fit.proportion_ci == pytest.approx((float(lower), float(upper)))


def test_single_cases_are_one_sample_with_its_exact_interval():
    """4 of 5 studies of one patient: the median study is not known, the mean over studies is."""
    fit = fit_glmm([1, 1, 0, 1, 1], [1] * 5)
    assert fit.proportion_ci == fit.proportion_marginal_ci == pytest.approx((0.28358, 0.99495), abs=1e-5)


def test_an_open_profile_gives_way_to_the_interval_with_t():
    """Three studies of twenty do not exclude a tau2 so large that the mean is anything."""
    fit = fit_glmm([14, 12, 6], [20, 20, 20])
    assert None in fit.ci_profile_t
    assert fit.interval == "t"
    assert fit.proportion_ci == pytest.approx(tuple(special.expit(fit.ci_t)))
    closed = fit_glmm([14, 15, 9, 12, 17, 11, 13], [20] * 7)
    assert closed.interval == "profile_t"
    assert closed.proportion_ci == pytest.approx(tuple(special.expit(closed.ci_profile_t)))


def test_the_mean_over_studies_lies_nearer_to_one_half_than_the_median_study():
    """And its interval around it."""
    fit = fit_glmm([1, 9, 5, 2, 6, 6], [12, 11, 6, 10, 6, 6])
    assert abs(fit.proportion_marginal - 0.5) < abs(fit.proportion - 0.5)
    assert fit.proportion_marginal_ci[0] < fit.proportion_marginal < fit.proportion_marginal_ci[1]


def test_one_huge_study_among_small_ones():
    """100,000 patients beside five."""
    fit = fit_glmm([50_000, 5, 1], [100_000, 6, 4])
    assert fit.status in {"ok", "boundary_tau2"}
    assert fit.estimate is not None
    assert abs(fit.estimate) < 1


def test_counts_are_checked():
    """More events than patients is wrong use."""
    with pytest.raises(ValueError, match="0 <= events <= n"):
        fit_glmm([3], [2])


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        (([], [], [], []), "no_data"),
        (([3, 2], [4, 4], [1, 1], ["a", "b"]), "no_complete_source"),
        (([3, 2], [4, 4], [0, 0], ["a", "b"]), "no_selective_source"),
        (([4, 4], [4, 4], [0, 1], ["a", "b"]), "all_events"),
        (([0, 0], [4, 4], [0, 1], ["a", "b"]), "no_events"),
        (([4, 2], [4, 4], [1, 0], ["a", "b"]), "not_converged"),
        (([3, 2], [4, 4], [1, 0], ["a", "a"]), "single_study"),
    ],
)
def test_two_level_statuses(columns, status):
    """Each way in which the shift cannot be estimated has its name."""
    fit = fit_joint_ml(*columns)
    assert fit.status == status
    assert fit.reason


def test_two_level_with_one_disease_is_the_log_odds_ratio():
    """Without heterogeneity beta is the plain log odds ratio."""
    fit = fit_joint_ml([3, 2], [4, 6], [1, 0], ["a", "a"])
    assert fit.beta == pytest.approx(math.log((3 / 1) / (2 / 4)), abs=1e-6)
    assert fit.tau is None


def test_freeman_tukey_edges():
    """No study, one study, and limits that stay on the probability scale."""
    assert fit_freeman_tukey([], []).status == "no_data"
    assert fit_freeman_tukey([3], [4]).status == "single_study"
    fit = fit_freeman_tukey(np.ones(6), np.ones(6))
    assert fit.ci is not None
    assert 0 <= fit.ci[0] <= fit.ci[1] <= 1


def test_a_search_that_quadrature_blurs_ends_where_nothing_rises():
    """At a large sigma the gradient of the integral is not that of its quadrature: steps downhill are no progress."""
    events, n = [3, 0, 5, 1, 1, 1, 2, 0, 1, 7], [3, 1, 5, 1, 1, 2, 2, 1, 1, 12]
    data = prepare_data(events, n, np.ones((10, 1)), np.arange(10))
    found = maximise(data, np.array([4.36, 4.0]), [1], 40, 1e-10)
    assert found.converged
    assert found.iterations < 15
    highest = max(evaluate(data, np.array([4.36, sigma])).loglik for sigma in np.linspace(4.5, 5.2, 701))
    assert found.at.loglik == pytest.approx(highest, abs=1e-6)
