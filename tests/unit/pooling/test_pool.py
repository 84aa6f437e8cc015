"""The table of results: every estimate of every outcome, named, with its status."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.contract.results import results_frame
from casepool.counting.counts import study_counts
from casepool.counting.outcomes import outcome_counts
from casepool.files import store
from casepool.model.configuration import load_configuration
from casepool.pooling.pool import pool_outcomes
from casepool.pooling.pooled import corrected_rows, fit, joint_data, settings_of

LINKAGE = invented.frame("registry_linkage")
PROTOCOL = invented.protocol()
POOLING = load_configuration(invented.ROOT / "config" / "config.yaml").pooling
CASES = (
    invented.cohort_case("trial2023/all", 20, 20, 10, ascertainment="complete"),
    invented.cohort_case("series2021/all", 6, 6, 5, ascertainment="selective"),
    invented.case("alpha2020/p1"),
    invented.case("beta2021/p1", disease="aps"),
    invented.case("gamma2022/p1", disease="sle", n_evaluable=0, n_response=0, n_complete=0, n_complete_at_most=0),
)


@pytest.fixture(scope="module")
def unique() -> pd.DataFrame:
    """Return invented patients of three diseases, all counted."""
    rows = ({"counted": "yes", "kept_as": row["case_id"]} | row for row in CASES)
    return invented.frame("unique_patients", *rows)


@pytest.fixture(scope="module")
def results(unique) -> pd.DataFrame:
    """Return their results."""
    return pool_outcomes(study_counts(unique, 0.95), unique, LINKAGE, PROTOCOL, POOLING).set_index("name", drop=False)


def test_the_results_fit_their_table_and_every_name_is_unique(results, tmp_path):
    """Names are what the author quotes."""
    store.write_table("results", results.reset_index(drop=True), tmp_path / "results.csv")
    assert results.index.is_unique


def test_every_eligible_disease_has_a_raw_and_a_corrected_row(results):
    """Nothing known is a result too."""
    for disease in PROTOCOL.eligible_ids:
        assert f"any_response.{disease}.raw.exact" in results.index
        assert f"any_response.{disease}.corrected.joint" in results.index


def test_no_value_stands_without_status_and_no_gap_without_reason(results):
    """Not estimable says why."""
    gaps = results[results["value"].isna()]
    assert results["status"].notna().all()
    assert (gaps["status"] != "ok").all()


def test_limits_enclose_the_estimate_and_rates_lie_between_0_and_1(results):
    """Whatever the model."""
    rates = results[(results["measure"] == "proportion") & results["value"].notna()]
    assert rates["value"].between(0, 1).all()
    told = rates.dropna(subset=["ci_lower", "ci_upper"])
    assert (told["ci_lower"] <= told["value"] + 1e-9).all()
    assert (told["value"] <= told["ci_upper"] + 1e-9).all()


def test_one_chosen_responder_is_not_a_rate_of_one(results):
    """1/1 raw; the corrected rate is well below, and says that the prior made it."""
    raw = results.loc["any_response.aps.raw.exact"]
    corrected = results.loc["any_response.aps.corrected.joint"]
    assert raw["value"] == 1.0
    assert corrected["value"] < 0.9
    assert corrected["status"] in {"prior-driven", "transported-weak"}


def test_a_disease_without_outcome_is_no_data(results):
    """One patient treated, response not told."""
    row = results.loc["any_response.sle.corrected.joint"]
    assert (row["status"], row["reason"]) == ("no-data", "no_data")


def test_the_correction_lowers_what_selective_sources_tell(results):
    """16 of 27 raw; the complete source says 10 of 20."""
    raw, corrected = (results.loc[f"any_response.itp.{name}"]["value"] for name in ("raw.exact", "corrected.joint"))
    assert raw == pytest.approx(16 / 27)
    assert corrected < raw


@pytest.mark.parametrize(("step", "reason"), [(0.05, "prior_driven"), (-0.05, None)])
def test_the_configured_gain_governs_every_corrected_row(step, reason):
    """Above the measured gain all are withheld: diseases, mean and prediction alike; below it none is."""
    third = invented.cohort_case("delta2023/all", 5, 5, 4, disease="waiha")
    rows = ({"counted": "yes", "kept_as": row["case_id"]} | row for row in (*CASES, third))
    studies = study_counts(invented.frame("unique_patients", *rows), 0.95)
    primary = outcome_counts(studies, "any_response")
    gain = fit(primary, PROTOCOL.eligible_ids, settings_of(POOLING)).anchor_gain
    pooling = POOLING.model_copy(update={"headline_gain": gain + step})
    found = results_frame(corrected_rows(primary, PROTOCOL.eligible_ids, pooling))
    corrected = found[(found["analysis"] == "corrected") & (found["status"] != "no-data")]
    assert set(corrected["disease"]) == {"itp", "aps", "waiha", "overall", "new_disease"}
    assert {None if pd.isna(one) else one for one in corrected["reason"]} == {reason}
    told = found.set_index("name").loc["any_response.all.anchor_gain.joint"]
    assert (told["status"], None if pd.isna(told["reason"]) else told["reason"]) == ("ok", reason)


def test_pooling_again_gives_the_same_table(results, unique):
    """No randomness, no order of rows."""
    again = pool_outcomes(study_counts(unique.iloc[::-1], 0.95), unique.iloc[::-1], LINKAGE, PROTOCOL, POOLING)
    pd.testing.assert_frame_equal(again, results.reset_index(drop=True))


def test_the_joint_model_gets_every_patient_once(unique):
    """Complete and selective totals; sources of one patient need no clustering."""
    counts = outcome_counts(study_counts(unique, 0.95), "any_response")
    data = joint_data(counts, PROTOCOL.eligible_ids)
    assert (sum(data.complete_n), sum(data.selective_n)) == (20, 8)
    assert sorted(source.n for source in data.sources) == [6, 20]


def test_a_project_without_patients_has_results(tmp_path):
    """All are no data; nothing crashes."""
    empty = invented.frame("unique_patients")
    found = pool_outcomes(study_counts(empty, 0.95), empty, LINKAGE, PROTOCOL, POOLING)
    store.write_table("results", found, tmp_path / "results.csv")
    assert found.loc[found["measure"] == "proportion", "n_evaluable"].fillna(0).sum() == 0
