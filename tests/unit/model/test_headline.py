"""The one rule of what may be shown: the status of every row follows from gain and evidence alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from casepool import defaults
from casepool.model.configuration import load_configuration
from casepool.model.headline import HeadlineRule, Standing
from casepool.model.vocabulary import RateStatus, Withheld


@dataclass(frozen=True)
class Known:
    """What the rule asks of a disease and of a fit."""

    n_complete: int
    n_selective: int
    anchor_gain: float | None = None
    ratio_fixed: bool = False


ROOT = Path(__file__).resolve().parents[3]
PATIENTS = st.integers(0, 40)
GAINS = st.floats(0, 1)
RULES = st.builds(HeadlineRule, gain=GAINS, strong=GAINS)


@st.composite
def disease_of_a_fit(draw):
    """Return the patients of a disease and a fit that holds them and others."""
    rate = Known(draw(PATIENTS), draw(PATIENTS))
    totals = rate.n_complete + draw(PATIENTS), rate.n_selective + draw(PATIENTS)
    gain = draw(GAINS) if totals[0] and totals[1] else 0.0 if totals[1] else None
    return rate, Known(*totals, anchor_gain=gain)


@given(RULES, disease_of_a_fit())
def test_a_disease_is_shown_exactly_where_the_mean_of_all_is_or_nothing_was_selective(rule, case):
    """No row of a table may obey a threshold of its own."""
    rate, fit = case
    standing = rule.of_disease(rate, fit)
    if rate.n_complete + rate.n_selective == 0:
        assert standing == Standing(RateStatus.NO_DATA, Withheld.NO_DATA)
    elif fit.n_selective == 0:
        assert standing == Standing(RateStatus.REGISTRY_ANCHORED)
    else:
        assert (standing.reason is None) == (rule.of_all(fit).reason is None) == (fit.anchor_gain >= rule.gain)


@given(RULES, disease_of_a_fit())
def test_a_number_without_reason_has_a_status_that_says_what_it_rests_on(rule, case):
    """And a withheld one never has."""
    rate, fit = case
    rests = {RateStatus.REGISTRY_ANCHORED, RateStatus.TRANSPORTED, RateStatus.TRANSPORTED_WEAK}
    standing = rule.of_disease(rate, fit)
    assert (standing.status in rests) == (standing.reason is None)
    assert (standing.status == RateStatus.REGISTRY_ANCHORED) <= (rate.n_complete > 0)


@given(disease_of_a_fit(), GAINS, GAINS)
def test_a_stricter_threshold_never_shows_more(case, one, other):
    """Monotone in the configured gain."""
    rate, fit = case
    strict, lenient = (HeadlineRule(gain=gain).of_disease(rate, fit) for gain in (max(one, other), min(one, other)))
    assert strict.reason is not None or lenient.reason is None


@pytest.mark.parametrize(
    ("fit", "reason"),
    [
        (Known(0, 0), Withheld.NO_DATA),
        (Known(0, 9, 0.0), Withheld.NO_COMPLETE_SOURCE),
        (Known(9, 9, 0.29), Withheld.PRIOR_DRIVEN),
        (Known(9, 9, 0.30), None),
        (Known(9, 0), Withheld.PRIOR_DRIVEN),
        (Known(9, 9, None, ratio_fixed=True), Withheld.RATIO_FIXED),
    ],
)
def test_a_number_of_all_diseases_is_withheld_with_its_reason(fit, reason):
    """The default threshold is 0.30."""
    assert HeadlineRule().of_all(fit).reason == reason


@pytest.mark.parametrize(("gain", "status"), [(0.49, "transported-weak"), (0.50, "transported")])
def test_a_rate_carried_over_is_weak_below_the_second_threshold(gain, status):
    """None of its patients are of complete sources."""
    assert HeadlineRule().of_disease(Known(0, 5), Known(20, 9, gain)).status == status


def test_the_shipped_configuration_holds_the_defaults_of_the_program():
    """Who pools a table of counts, and who builds a project, start from the same choices."""
    pooling = load_configuration(ROOT / "config" / "config.yaml").pooling
    assert (pooling.level, pooling.thresholds, pooling.headline_rule) == (
        defaults.LEVEL,
        defaults.THRESHOLDS,
        HeadlineRule(),
    )
    priors = (*pooling.prior_mu, pooling.prior_tau, *pooling.prior_beta)
    assert priors == pytest.approx((*defaults.PRIOR_MU, defaults.PRIOR_TAU, *defaults.PRIOR_BETA), abs=1e-15)
