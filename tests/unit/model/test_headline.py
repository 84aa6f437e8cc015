"""The one rule of what may be shown: the status of every rate follows from its evidence alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from casepool import defaults
from casepool.model.configuration import load_configuration
from casepool.model.headline import Standing, standing_of_all, standing_of_disease
from casepool.model.vocabulary import RateStatus, Withheld


@dataclass(frozen=True)
class Known:
    """What the rule asks of a disease and of a fit."""

    n_complete: int
    n_selective: int
    ratio_fixed: bool = False


ROOT = Path(__file__).resolve().parents[3]
PATIENTS = st.integers(0, 40)


@st.composite
def disease_of_a_fit(draw):
    """Return the patients of a disease and a fit that holds them and others."""
    rate = Known(draw(PATIENTS), draw(PATIENTS))
    return rate, Known(rate.n_complete + draw(PATIENTS), rate.n_selective + draw(PATIENTS), draw(st.booleans()))


@given(disease_of_a_fit())
def test_an_own_rate_has_a_point_exactly_where_a_source_reports_all_its_patients(case):
    """Whatever the other diseases hold."""
    rate, _ = case
    standing = standing_of_disease(rate)
    assert (standing.reason is None) == (rate.n_complete > 0)
    if standing.reason is None:
        assert standing == Standing(RateStatus.REGISTRY_ANCHORED)


@given(disease_of_a_fit())
def test_a_pooled_rate_never_has_a_point_where_the_own_one_has_none(case):
    """An assumed ratio withholds more, nothing withholds less."""
    rate, fit = case
    own, pooled = standing_of_disease(rate), standing_of_disease(rate, fit)
    assert own.reason is None or pooled.reason is not None
    assert (pooled.reason == Withheld.RATIO_FIXED) == bool(
        fit.ratio_fixed and fit.n_selective and rate.n_complete + rate.n_selective
    )


@pytest.mark.parametrize(
    ("fit", "reason"),
    [
        (Known(0, 0), Withheld.NO_DATA),
        (Known(0, 9), Withheld.NO_COMPLETE_SOURCE),
        (Known(9, 9), None),
        (Known(9, 0), None),
        (Known(9, 9, ratio_fixed=True), Withheld.RATIO_FIXED),
    ],
)
def test_a_number_of_all_diseases_is_withheld_with_its_reason(fit, reason):
    """Without complete evidence level and ratio cannot be separated."""
    assert standing_of_all(fit).reason == reason


def test_the_shipped_configuration_holds_the_defaults_of_the_program():
    """Who pools a table of counts, and who builds a project, start from the same choices."""
    pooling = load_configuration(ROOT / "config" / "config.yaml").pooling
    assert (pooling.level, pooling.thresholds, pooling.ratios) == (
        defaults.LEVEL,
        defaults.THRESHOLDS,
        defaults.RATIOS,
    )
    priors = (*pooling.prior_mu, pooling.prior_tau, *pooling.prior_beta)
    assert priors == pytest.approx((*defaults.PRIOR_MU, defaults.PRIOR_TAU, *defaults.PRIOR_BETA), abs=1e-15)
    own = (pooling.own.source_sd, pooling.own.label_error, pooling.own.registry_sd, pooling.own.ratio_sd)
    assert own == (defaults.SOURCE_SD, defaults.LABEL_ERROR, defaults.REGISTRY_SD, defaults.RATIO_SD)
