"""The formatter of numbers and dates."""

import pandas as pd
import pytest

from casepool.report.words.numbers import Numbers

EN, FR = Numbers("en"), Numbers("fr")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (EN.percent(0.59), "59%"),
        (FR.percent(0.59), "59\u00a0%"),
        (FR.percent(0.0349, 1), "3,5\u00a0%"),
        (EN.percent_interval(0.588, 0.407, 0.7797), "59%\u00a0(41–78)"),
        (FR.percent_interval(0.588, 0.407, 0.7797), "59\u00a0%\u00a0(41–78)"),
        (EN.integer(1234567), "1,234,567"),
        (FR.integer(1234567), "1\u202f234\u202f567"),
        (FR.decimal(-2.35), "\u22122,4"),
        (EN.count(12, 13), "12/13"),
        (FR.ratio(3.46, 1.58, 8.04), "3,5\u00a0(1,6–8,0)"),
        (EN.decimal(float("inf")), "∞"),
        (EN.short(45.0), "45"),
        (FR.short(45.5), "45,5"),
        (FR.median_range(45, 23.5, 67), "45\u00a0(23,5–67)"),
        (EN.median_range(45, 45, 45), "45"),
        (EN.date("2021-03-12"), "12\u00a0March 2021"),
        (FR.date("2021-03-12"), "12\u00a0mars 2021"),
        (FR.date("2021-08-01"), "1er\u00a0août 2021"),
    ],
)
def test_numbers_follow_the_typography_of_the_language(shown: str, expected: str):
    assert shown == expected


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""])
def test_a_missing_value_is_a_dash_and_never_nan(missing: object):
    for numbers, dash in ((EN, "—"), (FR, "–")):
        shown = [numbers.percent(missing), numbers.percent_interval(missing, 0.1, 0.2), numbers.integer(missing)]
        shown += [numbers.count(missing, 3), numbers.ratio(missing), numbers.date("")]
        assert set(shown) == {dash}


def test_halves_are_rounded_up_as_readers_do():
    assert [EN.percent(0.025), EN.percent(0.975), EN.decimal(0.25), EN.percent(0.285)] == ["3%", "98%", "0.3", "29%"]


def test_a_rate_without_interval_stands_alone():
    assert EN.percent_interval(0.5, None, 0.9) == "50%"


def test_nothing_out_of_nothing_is_a_dash():
    assert EN.count(0, 0) == "—"
