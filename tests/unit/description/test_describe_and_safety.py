"""Characteristics and adverse events, each over the patients for whom they are told."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.description.characteristics import characteristics
from casepool.description.safety import safety
from casepool.files import store

PROTOCOL = invented.protocol()


def unique(*rows):
    """Return counted cases."""
    made = ({"counted": "yes", "kept_as": row["case_id"]} | row for row in rows)
    return invented.frame("unique_patients", *made)


def described(item, *rows, disease="overall", level=None):
    """Return one row of the characteristics of these cases."""
    found = characteristics(unique(*rows), PROTOCOL)
    found = found[(found["disease"] == disease) & (found["item"] == item)]
    return found[found["level"].fillna("") == (level or "")].iloc[0]


P1 = invented.case("alpha2020/p1", age_years=40, prior_rituximab="yes")
P2 = invented.case("beta2021/p1", age_years=60, prior_rituximab="no", sex="male", n_female=0)
P3 = invented.case("gamma2022/p1", sex="not_reported", n_sex_known=0, n_female=0)
STRATUM = invented.cohort_case("trial2023/all", age_median=50, n_female=7, n_sex_known=10, route="sc")


def test_patients_of_strata_count_with_their_number():
    """One single and ten of a stratum are eleven patients."""
    row = described("patients", P1, STRATUM)
    assert (row["n"], row["n_known"]) == (11, 11)


def test_sex_is_counted_over_those_for_whom_it_is_told():
    """Eight women of twelve known, not of thirteen."""
    row = described("female", P1, P2, P3, STRATUM)
    assert (row["n"], row["n_known"]) == (8, 12)


P4 = invented.case("delta2024/p1", age_years=44)


def test_a_median_rests_on_three_patients_reported_one_by_one():
    """The median of a stratum is not a patient."""
    row = described("age_years", P1, P2, P3, P4, STRATUM)
    assert (row["median"], row["lowest"], row["highest"], row["n_known"]) == (44, 40, 60, 3)


@pytest.mark.parametrize(("rows", "limits"), [((P1,), (40, 40)), ((P1, P2), (40, 60))])
def test_one_or_two_patients_have_no_median(rows, limits):
    """They are listed: one patient is not a typical one."""
    row = described("age_years", *rows, STRATUM)
    assert row["median"] is pd.NA
    assert (row["lowest"], row["highest"], row["n_known"]) == (*limits, len(rows))


def test_the_median_of_a_stratum_stands_beside_with_its_patients():
    """Ten of median 50, not one of them."""
    row = described("age_years_cohort", P1, STRATUM, level="trial2023/all")
    assert (row["median"], row["n_known"]) == (50, 10)


def test_the_median_of_a_stratum_whose_patients_count_singly_is_not_shown():
    """Its patients are described by themselves."""
    found = characteristics(unique(P1, STRATUM | {"explanation": "1 patient(s) counted singly"}), PROTOCOL)
    assert "age_years_cohort" not in set(found["item"])


def test_a_measure_that_nobody_tells_has_no_median(tmp_path):
    """The row stays, empty, with nobody known."""
    row = described("n_prior_lines", P1)
    assert row["n_known"] == 0
    assert row[["median", "lowest", "highest"]].isna().all()
    store.write_table("characteristics", characteristics(unique(P1), PROTOCOL), tmp_path / "c.csv")


def test_an_answer_is_counted_over_those_who_tell_it():
    """One of two, the third says nothing."""
    row = described("prior_rituximab", P1, P2, P3, level="yes")
    assert (row["n"], row["n_known"]) == (1, 2)


def test_a_route_is_weighed_by_patients():
    """Ten patients of the stratum had the subcutaneous form."""
    row = described("route", P1, STRATUM, level="sc")
    assert (row["n"], row["n_known"]) == (10, 11)


def test_a_disease_without_patient_has_no_row():
    """Thirteen empty blocks would hide the others."""
    found = characteristics(unique(P1), PROTOCOL)
    assert set(found["disease"]) == {"itp", "overall"}


def event_of(event, *rows, setting="all"):
    """Return the overall row of an event."""
    found = safety(unique(*rows), PROTOCOL, 0.95).set_index(["disease", "setting", "event"])
    return found.loc[("overall", setting, event)]


def test_no_event_still_has_an_upper_limit():
    """None of ten: at 95 % at most 31 % (Clopper and Pearson)."""
    row = event_of("death", STRATUM | {"n_death": 0, "n_death_known": 10})
    assert (row["proportion"], row["ci_lower"]) == (0, 0)
    assert row["ci_upper"] == pytest.approx(1 - 0.025 ** (1 / 10))


def test_an_event_that_nobody_tells_is_unknown_and_not_zero(tmp_path):
    """Silence gives no rate and no limit."""
    row = event_of("death", P1)
    assert row["n_known"] == 0
    assert row[["proportion", "ci_lower", "ci_upper"]].isna().all()
    store.write_table("safety", safety(unique(P1), PROTOCOL, 0.95), tmp_path / "s.csv")


def test_relapse_counts_among_responders():
    """One relapse of six responders, of ten treated."""
    row = event_of("relapse", STRATUM | {"n_relapse": 1, "n_relapse_known": 6})
    assert (row["n_event"], row["n_known"], row["n_at_risk"]) == (1, 6, 6)


def test_at_least_three_of_six_is_a_rate_between_two_bounds():
    """Three surely relapsed, a fourth perhaps: no single rate."""
    row = event_of("relapse", STRATUM | {"n_relapse": 3, "n_relapse_at_most": 4, "n_relapse_known": 6})
    assert (row["n_event"], row["n_at_most"], row["status"]) == (3, 4, "bounds")
    assert row["proportion"] is pd.NA
    assert (row["lowest"], row["highest"]) == (0.5, pytest.approx(4 / 6))


GRAFTED = STRATUM | {"setting": "post_hsct", "n_death": 8, "n_death_at_most": 8, "n_death_known": 10}
DEAD = P1 | {"n_death": 1, "n_death_at_most": 1, "n_death_known": 1}


def test_deaths_have_no_rate_over_settings():
    """After a transplantation people die of other things."""
    row = event_of("death", GRAFTED, DEAD)
    assert (row["n_event"], row["n_known"], row["status"]) == (9, 11, "several_settings")
    assert row[["proportion", "lowest", "highest", "ci_lower", "ci_upper"]].isna().all()
    assert event_of("death", GRAFTED, DEAD, setting="post_hsct")["proportion"] == 0.8


def test_causes_of_death_are_added_up_by_setting():
    """Seven of infection, one of bleeding, and one of bleeding elsewhere."""
    rows = (GRAFTED | {"death_causes": "infection 7; bleeding 1"}, DEAD | {"death_causes": "bleeding 1"})
    assert event_of("death", *rows)["causes"] == "infection 7; bleeding 2"
    assert event_of("death", *rows, setting="primary")["causes"] == "bleeding 1"


def test_a_patient_told_elsewhere_has_no_event_here():
    """Events are counted once, as patients are."""
    twin = P2 | {"counted": "no", "n_death": 1, "n_death_known": 1}
    assert event_of("death", P1, twin)["n_event"] == 0


def test_an_empty_project_is_described(tmp_path):
    """Nobody treated: rows overall, without numbers."""
    found = characteristics(unique(), PROTOCOL)
    assert set(found["disease"]) == {"overall"}
    assert set(safety(unique(), PROTOCOL, 0.95)["n_event"]) == {0}
