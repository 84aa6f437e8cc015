"""Rates at reporting ratios taken as known: the same as of ``casepool pool`` on the same sources."""

import math
from itertools import pairwise

import pandas as pd
import pytest
import reported

import casepool
from casepool.counting.counts import source_counts
from casepool.model.configuration import load_configuration
from casepool.model.protocol import load_protocol
from casepool.pooling.assumed import RATIOS, ratio_rates

LAYOUT = {
    "itp": [("complete", 4, 5), ("complete", 10, 21), ("selective", 1, 1), ("selective", 1, 2)],
    "sle": [("complete", 10, 10), ("unclear", 5, 6), ("selective", 2, 2)],
    "waiha": [("unclear", 6, 12)],
    "sjogren": [("selective", 2, 2)],
}
PROTOCOL = load_protocol("config/protocol.yaml")
POOLING = load_configuration("config/config.yaml").pooling


@pytest.fixture(scope="module")
def studies():
    return reported.study_rows(LAYOUT)


def test_at_four_the_rates_are_those_of_the_command_to_the_last_digit(studies):
    found = ratio_rates(studies, PROTOCOL, POOLING, (4.0,)).set_index(["analysis", "disease"])
    result = casepool.JointModel(ratio=4).fit(source_counts(studies, PROTOCOL))
    for analysis, rates in (("own", result.rates), ("pooled", result.pooled)):
        for disease, rate in rates.items():
            row = found.loc[(analysis, disease)]
            assert (row["value"], row["ci_lower"], row["ci_upper"]) == pytest.approx(
                (rate.estimate, *rate.ci), abs=1e-12
            )
        mean = result.overall[analysis]
        row = found.loc[(analysis, "overall")]
        assert (row["value"], row["ci_lower"], row["ci_upper"]) == pytest.approx((mean.estimate, *mean.ci), abs=1e-12)
    assert set(found.loc["own"].index) == {*LAYOUT, "overall"}


def test_the_ratios_go_from_a_quarter_to_sixteen_in_equal_steps():
    steps = {round(math.log2(after / before), 9) for before, after in pairwise(RATIOS)}
    assert (RATIOS[0], RATIOS[-1], len(RATIOS), steps) == (0.25, 16.0, 49, {0.125})
    assert {1.0, 2.0, 4.0, 8.0} <= set(RATIOS)


def test_the_more_selective_the_reporting_the_lower_every_rate(studies):
    found = ratio_rates(studies, PROTOCOL, POOLING, (0.5, 1.0, 4.0, 16.0))
    for _, rates in found.groupby(["analysis", "disease"]):
        assert rates.sort_values("ratio")["value"].is_monotonic_decreasing


def test_without_patients_there_is_no_row(studies):
    assert ratio_rates(studies.iloc[:0], PROTOCOL, POOLING, (4.0,)).empty


def test_one_disease_has_no_mean(studies):
    only = studies[studies["disease"] == "itp"]
    found = ratio_rates(only, PROTOCOL, POOLING, (4.0,))
    assert set(found["disease"]) == {"itp"}
    assert pd.Series(found["n_evaluable"]).eq(29).all()
