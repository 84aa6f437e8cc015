"""Groups of several diseases: they inform the model, and have no rate of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casepool.stats.joint.fit import JointData, fit_joint
from casepool.stats.joint.mixture import Hyperpriors, fit_joint_mixture

DATA = JointData([4, 0, 0, 6], [8, 0, 0, 14], [5, 7, 6, 0], [6, 8, 6, 0])
GROUPED = replace(DATA, n_groups=1)


def test_a_group_has_no_rate_of_its_own():
    assert len(fit_joint(GROUPED).diseases) == 3


def test_a_group_informs_level_and_ratio_as_one_more_disease_does():
    with_group, as_disease = fit_joint(GROUPED, grid="dense"), fit_joint(DATA, grid="dense")
    assert with_group.reporting_ratio == as_disease.reporting_ratio
    assert with_group.diseases == as_disease.diseases[:3]


def test_the_overall_rate_leaves_the_group_out():
    fit = fit_joint(GROUPED)
    assert fit.overall is not None
    assert fit.overall.mean == pytest.approx(sum(rate.mean for rate in fit.diseases) / 3, abs=1e-9)


def test_a_mixture_leaves_the_group_out_of_the_overall_rate_too():
    fit = fit_joint_mixture(GROUPED, Hyperpriors(kappa_sd=0.4)).fit
    assert fit.overall is not None
    assert fit.overall.mean == pytest.approx(sum(rate.mean for rate in fit.diseases) / 3, abs=1e-9)


def test_two_diseases_and_a_group_have_no_overall_rate():
    assert fit_joint(JointData([4, 0, 6], [8, 0, 14], [5, 7, 0], [6, 8, 0], n_groups=1)).overall is None


def test_more_groups_than_positions_are_refused():
    with pytest.raises(ValueError, match="2 groups of diseases among 1 positions"):
        JointData([1], [2], [0], [0], n_groups=2)
