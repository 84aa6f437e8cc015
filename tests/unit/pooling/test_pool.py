"""The table of results: every estimate of every outcome, named, with its status."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.counting.counts import study_counts
from casepool.counting.outcomes import outcome_counts
from casepool.files import store
from casepool.model.configuration import load_configuration
from casepool.pooling.pool import pool_outcomes
from casepool.pooling.pooled import joint_data

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
    return tables(unique).results.set_index("name", drop=False)


def tables(unique):
    """Return both tables of pooled patients."""
    return pool_outcomes(study_counts(unique, 0.95), unique, LINKAGE, PROTOCOL, POOLING)


def test_the_results_fit_their_table_and_every_name_is_unique(results, tmp_path):
    """Names are what the author quotes."""
    store.write_table("results", results.reset_index(drop=True), tmp_path / "results.csv")
    assert results.index.is_unique


def test_every_eligible_disease_has_a_raw_an_own_and_a_pooled_row(results):
    """Nothing known is a result too."""
    for disease in PROTOCOL.eligible_ids:
        for name in ("raw.exact", "own.own", "pooled.joint"):
            assert f"any_response.{disease}.{name}" in results.index


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


def test_one_chosen_responder_has_an_interval_and_no_point(results):
    """1/1 raw; of the own rate limits only, and its rate at each reporting ratio."""
    own = results.loc["any_response.aps.own.own"]
    assert results.loc["any_response.aps.raw.exact", "value"] == 1.0
    assert pd.isna(own["value"])
    assert (own["status"], own["reason"]) == ("literature-only", "no_complete_source")
    assert own["ci_lower"] < 0.2 < 0.9 < own["ci_upper"]
    lower = [results.loc[f"any_response.aps.at_ratio_{ratio:g}.exact", "ci_lower"] for ratio in POOLING.ratios]
    assert lower == sorted(lower, reverse=True)
    assert lower[0] == pytest.approx(results.loc["any_response.aps.raw.exact", "ci_lower"])
    assert results.loc["any_response.aps.pooled.joint", "reason"] == "no_complete_source"


def test_a_disease_without_outcome_is_no_data(results):
    """One patient treated, response not told."""
    row = results.loc["any_response.sle.own.own"]
    assert (row["status"], row["reason"]) == ("no-data", "no_data")


def test_the_correction_lowers_what_selective_sources_tell(results):
    """16 of 27 raw; the complete source says 10 of 20."""
    raw, corrected = (results.loc[f"any_response.itp.{name}"]["value"] for name in ("raw.exact", "own.own"))
    assert raw == pytest.approx(16 / 27)
    assert corrected < raw


def with_second_anchor():
    """Return the cases with a complete source of another disease."""
    third = invented.cohort_case("delta2023/all", 5, 5, 4, disease="waiha", ascertainment="complete")
    rows = ({"counted": "yes", "kept_as": row["case_id"]} | row for row in (*CASES, third))
    return invented.frame("unique_patients", *rows)


def test_the_mean_of_the_anchored_diseases_needs_two(results):
    """With one anchored disease there is none; with two it is the mean of their own rates."""
    assert "any_response.overall.own.own" not in results.index
    two = tables(with_second_anchor()).results.set_index("name")["value"]
    parts = [two[f"any_response.{disease}.own.own"] for disease in ("itp", "waiha")]
    assert two["any_response.overall.own.own"] == pytest.approx(sum(parts) / 2)


def test_the_steps_add_up_to_the_own_rate_and_on_to_the_pooled_one(results, unique):
    """From the raw rate on; without complete evidence no number follows the unknown ratio."""
    steps = tables(unique).steps
    of_itp = steps[(steps["outcome"] == "any_response") & (steps["disease"] == "itp")].set_index("step")
    assert list(of_itp.index) == [
        *("raw", "complete", "prior", "source_effect", "label_error", "deflation", "pooled"),
    ]
    values = results["value"]
    assert of_itp["value"]["raw"] == values["any_response.itp.raw.exact"]
    assert of_itp["value"]["complete"] == values["any_response.itp.complete_only.exact"]
    before_pooling = of_itp.loc[:"deflation", "change"].sum()
    assert of_itp["value"]["raw"] + before_pooling == pytest.approx(values["any_response.itp.own.own"])
    assert of_itp["value"]["raw"] + of_itp["change"].sum() == pytest.approx(values["any_response.itp.pooled.joint"])
    of_aps = steps[(steps["outcome"] == "any_response") & (steps["disease"] == "aps")].set_index("step")
    assert list(of_aps.index) == ["raw", "prior", "deflation", "pooled"]
    assert of_aps["value"].notna().tolist() == [True, True, False, False]


def test_an_allowance_that_is_switched_off_has_no_step(unique):
    """And moves nothing."""
    none = POOLING.model_copy(update={"own": POOLING.own.model_copy(update={"source_sd": 0.0, "label_error": 0.0})})
    found = pool_outcomes(study_counts(unique, 0.95), unique, LINKAGE, PROTOCOL, none).steps
    assert not {"source_effect", "label_error"} & set(found["step"])


def test_pooling_again_gives_the_same_table(results, unique):
    """No randomness, no order of rows."""
    pd.testing.assert_frame_equal(tables(unique.iloc[::-1]).results, results.reset_index(drop=True))


def test_the_joint_model_gets_every_patient_once(unique):
    """Complete and selective totals; sources of one patient need no clustering."""
    counts = outcome_counts(study_counts(unique, 0.95), "any_response")
    data = joint_data(counts, PROTOCOL.eligible_ids)
    assert (sum(data.complete_n), sum(data.selective_n)) == (20, 8)
    assert sorted(source.n for source in data.sources) == [6, 20]


def test_a_project_without_patients_has_results(tmp_path):
    """All are no data; nothing crashes."""
    empty = invented.frame("unique_patients")
    found, steps = tables(empty).results, tables(empty).steps
    store.write_table("results", found, tmp_path / "results.csv")
    assert steps.empty
    assert found.loc[found["measure"] == "proportion", "n_evaluable"].fillna(0).sum() == 0
