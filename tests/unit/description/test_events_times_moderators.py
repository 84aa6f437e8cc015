"""Events, times and moderators rest on the patients for whom they are told."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.description.moderators import moderators
from casepool.description.times import times
from casepool.files import store
from casepool.identity.ledger import unique_patients
from casepool.pooling.events import event_counts, event_rows


def unique(*cases: invented.Row) -> pd.DataFrame:
    """Return the unique patients of invented cases."""
    return unique_patients(invented.frame("cases", *cases), invented.frame("identity_decisions"))


DEATH_TOLD = {"n_death": 0, "n_death_known": 1}
FAILURE = {"response": "none", "n_response": 0, "n_complete": 0, "n_none": 1}


def test_an_event_counts_only_the_patients_for_whom_it_is_told() -> None:
    """Two tell of death, one does not."""
    cases = [invented.case("alpha2020/p1", **DEATH_TOLD), invented.case("beta2021/p1")]
    cases.append(invented.case("gamma2022/p1", n_death=1, n_death_known=1))
    assert event_counts(unique(*cases), "death").total == (1, 2)


def test_without_any_event_the_rule_of_three_gives_an_upper_limit() -> None:
    """Nobody of ten died: 1 - 0.05^(1/10), about 3/10."""
    cohort = invented.cohort_case("alpha2020/all", n_death=0, n_death_known=10)
    rows = {row.name: row for row in event_rows(unique(cohort), ("itp",), 0.95)}
    limit = rows["death.itp.raw.rule_of_three"]
    assert limit.ci_upper == pytest.approx(1 - 0.05**0.1)
    assert limit.status == "no_events"
    assert "relapse.itp.raw.rule_of_three" not in rows


def test_the_time_to_response_follows_kaplan_and_meier() -> None:
    """Responses at 2 and 4 weeks, eight non-responders followed for 6 months."""
    cases = [
        invented.case("alpha2020/p1", time_to_response_weeks=2),
        invented.case("beta2021/p1", time_to_response_weeks=4),
        *(invented.case(f"gamma2022/p{n}", follow_up_months=6, **FAILURE) for n in range(8)),
    ]
    found = times(unique(*cases), 0.95)
    curve = found[found["outcome"] == "time_to_response_weeks"].set_index("time")
    assert curve.loc[2.0, "cumulative"] == pytest.approx(1 / 10)
    assert curve.loc[4.0, "cumulative"] == pytest.approx(2 / 10)
    assert curve["n_total"].eq(10).all()


STAYED_WELL = {"n_relapse": 0, "n_relapse_known": 1, "follow_up_months": 12, "time_to_response_weeks": 3}


def curve_of(outcome: str, *cases: invented.Row) -> pd.DataFrame:
    """Return the rows of one outcome."""
    found = times(unique(*cases), 0.95)
    return found[found["outcome"] == outcome]


def test_a_curve_without_any_event_has_no_interval() -> None:
    """Greenwood's variance is zero there, which is no certainty."""
    found = curve_of("time_to_relapse_months", *(invented.case(f"alpha2020/p{n}", **STAYED_WELL) for n in range(10)))
    assert set(found["status"]) == {"ok"}
    assert found["ci_upper"].isna().all()


def test_fewer_than_ten_patients_make_no_curve_but_a_reason() -> None:
    """Nine patients: chance."""
    (row,) = curve_of(
        "time_to_relapse_months", *(invented.case(f"alpha2020/p{n}", **STAYED_WELL) for n in range(9))
    ).to_dict("records")
    assert (row["status"], row["n_total"], bool(pd.isna(row["time"]))) == ("too_few", 9, True)


def test_an_event_without_its_date_makes_no_curve_but_a_reason() -> None:
    """Leaving the undated relapse out and the well ones in could only show that nobody relapses."""
    undated = invented.case("beta2021/p1", n_relapse=1, n_relapse_known=1, time_to_response_weeks=3)
    (row,) = curve_of(
        "time_to_relapse_months", undated, *(invented.case(f"alpha2020/p{n}", **STAYED_WELL) for n in range(12))
    ).to_dict("records")
    assert (row["status"], row["n_undated"]) == ("undated", 1)


def test_times_that_differ_in_their_last_digits_only_are_one_time(tmp_path) -> None:
    """Three months in weeks, and the same number as a source told it."""
    months = {"response": "none", "n_response": 0, "n_none": 1, "follow_up_months": 3.0}
    weeks = {"time_to_response_weeks": 13.0446428571}
    others = [invented.case(f"gamma2022/p{n}", time_to_response_weeks=n + 1) for n in range(8)]
    both = (invented.case("alpha2020/p1", **months), invented.case("beta2021/p1", **weeks))
    found = times(unique(*both, *others), 0.95)
    store.write_table("times", found, tmp_path / "times.csv")
    assert len(store.read_table("times", tmp_path / "times.csv")) == len(found)


def test_a_moderator_told_at_one_level_only_is_not_compared() -> None:
    """One patient had rituximab, another tells nothing of it."""
    cases = [invented.case("alpha2020/p1", prior_rituximab="yes"), invented.case("beta2021/p1")]
    found = moderators(unique(*cases), 0.95)
    block = found[found["moderator"] == "prior_rituximab"].set_index("level")
    assert block.loc["yes", "n_evaluable"] == 1
    assert block.loc["yes", "n_not_told"] == 1
    assert set(block["status"]) == {"one_level_only"}
    assert block["p_exact"].isna().all()
    assert block["odds_ratio"].isna().all()
    assert block["or_status"].to_dict() == {"yes": "one_level_only", "no": "reference"}


def test_the_odds_ratio_stands_at_the_first_level_with_profile_limits() -> None:
    """Three of four by vein against one of four under the skin, each patient a study: 9."""
    cases = [invented.case(f"alpha202{i}/p1", route="iv", **({} if i else FAILURE)) for i in range(4)]
    cases += [invented.case(f"beta202{i}/p1", route="sc", **(FAILURE if i else {})) for i in range(4)]
    block = moderators(unique(*cases), 0.95).query("moderator == 'route'").set_index("level")
    assert block.loc["iv", "odds_ratio"] == pytest.approx(9.0, rel=1e-6)
    assert block.loc["iv", "or_lower"] < 9.0 < block.loc["iv", "or_upper"]
    assert block["or_status"].to_dict() == {"iv": "boundary_tau2", "sc": "reference"}
    assert block["odds_ratio"].isna().to_dict() == {"iv": False, "sc": True}


def test_two_levels_with_different_outcomes_are_compared_exactly() -> None:
    """Two responders by vein, two failures under the skin: p = 1/3."""
    cases = [invented.case(f"alpha202{i}/p1", route="iv") for i in range(2)]
    cases += [invented.case(f"beta202{i}/p1", route="sc", **FAILURE) for i in range(2)]
    found = moderators(unique(*cases), 0.95)
    block = found[found["moderator"] == "route"]
    assert block["p_exact"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert set(block["status"]) == {"ok"}
    assert block["odds_ratio"].isna().all()
    assert block["or_status"].iloc[0] == "separated"


def test_the_number_of_earlier_treatments_is_split_at_four() -> None:
    """Three are few, four are many."""
    cases = [invented.case("alpha2020/p1", n_prior_lines=3), invented.case("beta2021/p1", n_prior_lines=4)]
    found = moderators(unique(*cases), 0.95)
    block = found[found["moderator"] == "n_prior_lines"].set_index("level")
    assert block["n_evaluable"].to_dict() == {"few": 1, "many": 1}
