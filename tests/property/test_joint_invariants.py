"""Invariants of the joint model, to 1e-8: what must not matter does not matter.

1e-8 is far above rounding (1e-12) and far below the accuracy of the quadrature (1e-6), so a
violation is a fault of the program and not of the grid.
"""

import itertools
import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, strategies as st
from property.strategies import FEW, joint_columns

from casepool.stats.joint.fit import JointData, JointFit, JointPriors, Linkage, Source, fit_joint, sweep

TOLERANCE = 1e-8
LINKAGE = Linkage(2, 1, 2, 0)
BASE = ((5, 0, 2, 7), (8, 0, 4, 12), (12, 2, 4, 6), (13, 3, 4, 9))


def numbers(fit: JointFit) -> np.ndarray:
    """Return mean, deviation, median and limits of every disease, shape (D, 5)."""
    return np.array([[d.mean, d.sd, d.median, *d.ci] for d in fit.diseases])


def summaries(fit: JointFit) -> list[float]:
    """Return every number that is not about one disease."""
    ratio = fit.reporting_ratio
    found = [ratio.log_mean, ratio.log_sd, *ratio.log_ci, ratio.probability_above_1]
    for part in (fit.overall, fit.new_disease):
        found += [part.mean, part.sd, *part.ci] if part else []
    return [*found, *(astuple(fit.tau) if fit.tau else ()), fit.mu_mean or 0.0]


@FEW
@given(joint_columns(min_size=2), st.randoms(use_true_random=False))
def test_the_order_of_diseases_does_not_matter(columns, random):
    """Permuting rows permutes rates and leaves the rest alone."""
    order = list(range(len(columns[0])))
    random.shuffle(order)
    first = fit_joint(JointData(*columns))
    second = fit_joint(JointData(*([column[i] for i in order] for column in columns)))
    assert numbers(second) == pytest.approx(numbers(first)[order], abs=TOLERANCE)
    assert summaries(second) == pytest.approx(summaries(first), abs=TOLERANCE)


@FEW
@given(joint_columns(min_size=3), st.integers(0, 3))
def test_a_disease_without_data_changes_nothing_and_gets_the_prediction(columns, position):
    """Its rate is that of a new disease."""
    position = min(position, len(columns[0]))
    wider = [[*column[:position], 0, *column[position:]] for column in columns]
    first, second = fit_joint(JointData(*columns)), fit_joint(JointData(*wider))
    assert np.delete(numbers(second), position, axis=0) == pytest.approx(numbers(first), abs=TOLERANCE)
    assert summaries(second) == pytest.approx(summaries(first), abs=TOLERANCE)
    assert (second.diseases[position].n_complete, second.diseases[position].n_selective) == (0, 0)
    if second.new_disease is not None:
        assert second.diseases[position].mean == pytest.approx(second.new_disease.mean, abs=TOLERANCE)


@pytest.mark.parametrize("silent", [Linkage(5, 0, 3, 0), Linkage(5, 5, 3, 3), Linkage(5, 2, 0, 0), Linkage(0, 0, 4, 1)])
def test_a_silent_linkage_equals_none(silent):
    """Nobody or everybody published, or one response status only."""
    first, second = fit_joint(JointData(*BASE)), fit_joint(JointData(*BASE, silent))
    assert numbers(second) == pytest.approx(numbers(first), abs=TOLERANCE)
    assert "linkage_silent" in {note.id for note in second.notes}


@FEW
@given(joint_columns(min_size=2))
def test_a_ratio_fixed_at_one_uses_the_sum_of_both_kinds(columns):
    """At ratio 1 complete and selective patients are exchangeable."""
    rx, rn, lx, ln = (np.array(column) for column in columns)
    none = np.zeros_like(rx)
    apart = fit_joint(JointData(rx, rn, lx, ln, None), ratio=1.0)
    together = fit_joint(JointData(rx + lx, rn + ln, none, none), ratio=1.0)
    assert numbers(apart) == pytest.approx(numbers(together), abs=TOLERANCE)


@FEW
@given(joint_columns(min_size=2))
def test_exchanging_responders_and_others_mirrors_the_result(columns):
    """With the prior mean of beta at -log 2 every rate p becomes 1 - p."""
    rx, rn, lx, ln = (np.array(column) for column in columns)
    first = fit_joint(JointData(rx, rn, lx, ln))
    mirrored = JointPriors(beta_mean=-math.log(2.0))
    second = fit_joint(JointData(rn - rx, rn, ln - lx, ln), priors=mirrored)
    assert [d.mean for d in second.diseases] == pytest.approx([1 - d.mean for d in first.diseases], abs=TOLERANCE)
    assert [d.sd for d in second.diseases] == pytest.approx([d.sd for d in first.diseases], abs=TOLERANCE)
    assert [d.ci[0] for d in second.diseases] == pytest.approx([1 - d.ci[1] for d in first.diseases], abs=TOLERANCE)
    assert second.reporting_ratio.log_mean == pytest.approx(-first.reporting_ratio.log_mean, abs=TOLERANCE)


def test_mirroring_holds_with_linkage():
    """Exchanging responders and others exchanges pi1 and pi0, so the linkage term mirrors too."""
    rx, rn, lx, ln = (np.array(column) for column in BASE)
    first = fit_joint(JointData(rx, rn, lx, ln, Linkage(5, 3, 4, 1)))
    mirrored = JointPriors(beta_mean=-math.log(2.0))
    second = fit_joint(JointData(rn - rx, rn, ln - lx, ln, Linkage(4, 1, 5, 3)), priors=mirrored)
    assert [d.mean for d in second.diseases] == pytest.approx([1 - d.mean for d in first.diseases], abs=TOLERANCE)


def test_splitting_a_source_into_patients_equals_no_clustering():
    """Sources of one patient cannot be correlated with anybody."""
    singles = tuple(Source(0, False, event, 1) for event in [1] * 12 + [0])
    merged = fit_joint(JointData(*BASE, None, (Source(0, False, 12, 13),)), clustering=0.0)
    split = fit_joint(JointData(*BASE, None, singles), clustering=0.10)
    assert numbers(split) == pytest.approx(numbers(merged), abs=TOLERANCE)
    clustered = fit_joint(JointData(*BASE, None, (Source(0, False, 12, 13),)), clustering=0.10)
    assert abs(clustered.diseases[0].mean - merged.diseases[0].mean) > 1e-4


@FEW
@given(joint_columns(min_size=2, max_size=4), st.floats(0.01, 0.5))
def test_vanishing_clustering_is_the_binomial_model(columns, share):
    """The beta-binomial tends to the binomial as the correlation goes to zero."""
    rx, rn, lx, ln = columns
    sources = tuple(Source(d, False, lx[d], ln[d]) for d in range(len(lx)) if ln[d] > 1)
    data = JointData(rx, rn, lx, ln, None, sources)
    nearly, none = fit_joint(data, clustering=share * 1e-6), fit_joint(data, clustering=0.0)
    assert numbers(nearly) == pytest.approx(numbers(none), abs=1e-4)


@FEW
@given(joint_columns(min_size=1, max_size=4))
def test_a_literature_only_rate_falls_as_the_fixed_ratio_rises(columns):
    """The larger the ratio, the more of the printed rate is selection."""
    rx, rn, lx, ln = columns
    data = JointData([*rx, 0], [*rn, 0], [*lx, 3], [*ln, 4])
    rates = [fit.diseases[-1].mean for _, fit in sweep(data, (1.0, 2.0, 4.0, 8.0))]
    assert all(later < earlier for earlier, later in itertools.pairwise(rates))


@FEW
@given(joint_columns(min_size=1, max_size=4), st.integers(0, 8))
def test_one_more_complete_responder_raises_the_rate(columns, responders):
    """Monotone in the responders of a complete source, the size kept."""
    rx, rn, lx, ln = columns

    def rate(x: int) -> float:
        return fit_joint(JointData([*rx, x], [*rn, 9], [*lx, 0], [*ln, 0])).diseases[-1].mean

    assert rate(responders + 1) > rate(responders)


@FEW
@given(joint_columns(min_size=1, max_size=5, max_n=40))
def test_intervals_contain_the_median_and_stay_between_0_and_1(columns):
    """And no number is missing or infinite."""
    fit = fit_joint(JointData(*columns))
    found = numbers(fit)
    assert np.isfinite(found).all()
    assert np.isfinite(summaries(fit)).all()
    median, lower, upper = found[:, 2], found[:, 3], found[:, 4]
    assert ((lower >= 0) & (lower < median) & (median < upper) & (upper <= 1)).all()
    if fit.overall is not None:
        assert 0 <= fit.overall.ci[0] < fit.overall.mean < fit.overall.ci[1] <= 1


def test_repeating_a_fit_gives_the_same_bits():
    """No random numbers, no order of sets."""
    data = JointData(*BASE, LINKAGE)
    assert fit_joint(data) == fit_joint(data)


@FEW
@given(joint_columns(min_size=1, max_size=4, max_n=30))
def test_refined_grid_agrees_with_the_dense_one(columns):
    """Two quadratures of one integral: 1e-4 in every rate and limit."""
    data = JointData(*columns)
    refined, dense = fit_joint(data), fit_joint(data, grid="dense")
    assert numbers(refined) == pytest.approx(numbers(dense), abs=1e-4)
