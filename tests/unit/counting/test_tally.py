"""The laws of the counts: a part never exceeds its whole, and one function counts every outcome and event."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.counting.counts import disease_counts, study_counts
from casepool.counting.tally import Tally, require_nested, require_nested_rates, tally
from casepool.model.configuration import load_configuration
from casepool.model.errors import InconsistentError
from casepool.model.study import study
from casepool.pooling.pool import pool_outcomes
from casepool.stats.binomial import clopper_pearson

POOLING = load_configuration(invented.ROOT / "config" / "config.yaml").pooling


def unique(*rows: invented.Row) -> pd.DataFrame:
    """Return counted cases."""
    made = ({"counted": "yes", "kept_as": row["case_id"]} | row for row in rows)
    return invented.frame("unique_patients", *made)


# Fifteen evaluable: 10 responded (3 complete, 1 partial, 6 of unknown degree), 5 did not; four more are not known.
CASES = unique(
    invented.cohort_case("trial2023/all", 12, 9, 6, ascertainment="complete"),
    invented.case("alpha2020/p1"),
    invented.case("beta2021/p1", response="partial", n_complete=0),
    *(invented.case(f"gamma2022/p{n}") for n in range(2)),
    *(invented.case(f"delta2022/p{n}", response="none", n_response=0, n_complete=0, n_none=1) for n in range(2)),
    invented.case("eta2024/p1", response="not_reported", n_evaluable=0, n_response=0, n_complete=0),
)


def test_a_complete_response_is_counted_among_all_evaluable_patients():
    """Three surely, nine at most, of fifteen; four of nineteen not known."""
    found = tally(CASES, "complete_response")
    assert (found.least, found.most, found.known, found.at_risk - found.known) == (3, 9, 15, 4)
    assert found.bounds == (3 / 15, 9 / 15)
    assert found.proportion is None


def test_the_interval_of_bounds_is_that_of_both_ends():
    """Whatever the truth between the bounds, the interval holds what an exact one would."""
    lower, upper = tally(CASES, "complete_response").interval(0.95)
    assert (lower, upper) == (clopper_pearson(3, 15, 0.95)[0], clopper_pearson(9, 15, 0.95)[1])


def test_an_outcome_without_doubt_has_a_rate():
    """Any response: ten of fifteen."""
    found = tally(CASES, "any_response")
    assert (found.proportion, found.exact, found.at_risk - found.known) == (10 / 15, True, 4)


def test_nobody_known_is_no_rate():
    """Nothing divided by nothing."""
    found = Tally(0, 0, 0, 7)
    assert (found.proportion, found.bounds, found.interval(0.95), found.at_risk - found.known) == (None, None, None, 7)


@pytest.mark.parametrize("item", study().counted)
def test_every_outcome_and_event_adds_up_over_sources(item):
    """The tally of all is the sum of the tallies of each."""
    parts = [tally(CASES.iloc[[place]], item) for place in range(len(CASES))]
    whole = tally(CASES, item)
    for name in ("least", "most", "known", "at_risk"):
        assert getattr(whole, name) == sum(getattr(one, name) for one in parts)


@pytest.mark.parametrize(
    "planted",
    [{"n_complete": 7, "n_complete_at_most": 7}, {"n_complete_at_most": 7}, {"n_evaluable": 13}, {"n_response": 10}],
)
def test_a_planted_violation_stops_the_counts_and_is_named(planted):
    """Seven complete of six responders, ten responders of nine evaluable, thirteen evaluable of twelve."""
    broken = unique(invented.cohort_case("trial2023/all", 12, 9, 6) | planted)
    with pytest.raises(InconsistentError, match="study_counts, itp, trial2023: n_"):
        study_counts(broken, 0.95)


def test_every_violation_is_named_at_once():
    """Two sources, two names."""
    broken = unique(*(invented.case(f"alpha202{n}/p1", n_response=0) for n in range(2)))
    with pytest.raises(InconsistentError, match=r"\(2\).*alpha2020.*alpha2021"):
        study_counts(broken, 0.95)


def test_an_event_is_not_seen_more_often_than_it_is_known():
    """Three deaths among two patients of whom it is known."""
    case = invented.cohort_case("trial2023/all") | {"n_death": 3, "n_death_at_most": 3, "n_death_known": 2}
    with pytest.raises(InconsistentError, match="n_death_at_most = 3, but n_death_known = 2"):
        require_nested(invented.frame("cases", case), "cases", ("case_id",))


def results() -> pd.DataFrame:
    """Return the pooled results of the cases above."""
    linkage = invented.frame("registry_linkage")
    return pool_outcomes(study_counts(CASES, 0.95), CASES, linkage, invented.protocol(), POOLING).results


def test_results_keep_the_law_and_a_planted_violation_is_named():
    """Complete response of ITP set above any response."""
    found = results()
    require_nested_rates(found, invented.protocol())
    planted = found["name"] == "complete_response.itp.raw.exact"
    found.loc[planted, ["n_response", "n_at_most", "lowest", "highest"]] = [3, 11, 0.2, 11 / 15]
    with pytest.raises(
        InconsistentError, match=r"itp, raw: complete_response exceeds any_response \(11/15 against 10/15\)"
    ):
        require_nested_rates(found, invented.protocol())


def test_an_outcome_with_bounds_has_no_rate_no_mixed_model_and_no_correction():
    """Bounds are not counts."""
    found = results()
    rows = found[found["outcome"] == "complete_response"]
    bounded = rows[(rows["disease"] == "itp") & (rows["analysis"] == "raw")]
    assert bounded["model"].tolist() == ["exact"]
    assert bounded["value"].isna().all()
    assert bounded["status"].tolist() == ["bounds"]
    assert not rows["analysis"].str.startswith(("own", "pooled", "tipping")).any()


def test_the_counts_of_the_diseases_keep_the_law():
    """Sums of nested counts are nested."""
    require_nested(disease_counts(study_counts(CASES, 0.95), invented.protocol()), "counts", ("disease",))
