"""Tables of counts become arrays, and estimates become named rows."""

from __future__ import annotations

from dataclasses import replace

import invented
import numpy as np
import pytest

from casepool.contract.results import estimates_of, results_frame
from casepool.counting.outcomes import outcome_counts
from casepool.files import store
from casepool.model.errors import ConfigError
from casepool.model.estimate import Estimate
from casepool.pooling.raw import raw_rows
from casepool.pooling.tipping import tipping_rows


def source(report_id, x, n, kind="selective", disease="itp", **changes):
    """Return the counts of one source."""
    row = {"disease": disease, "report_id": report_id, "study_id": report_id, "report_type": "case_report"}
    row |= {"year": 2020, "ascertainment": kind, "n_treated": n, "n_evaluable": n, "n_response": x}
    return row | {"n_complete": 0, "n_complete_at_most": x, "cases": f"{report_id}/p1"} | changes


STUDIES = invented.frame(
    "study_counts",
    source("beta2021", 6, 9, "complete", n_complete=2, n_complete_at_most=2),
    source("alpha2020", 1, 1),
    source("gamma2022", 0, 0),
    source("delta2023", 6, 12, "unclear", "waiha"),
)


def test_sources_without_evaluable_patient_are_left_out():
    """Gamma has nobody to count."""
    counts = outcome_counts(STUDIES, "any_response")
    assert counts.cases == ("alpha2020/p1", "beta2021/p1", "delta2023/p1")
    assert counts.total == (13, 22)


def test_complete_responses_count_among_all_evaluable_patients_and_have_bounds():
    """Two are surely complete; the seven responders of unknown degree may be; the nine others responded not."""
    found = outcome_counts(STUDIES, "complete_response").tally
    assert (found.least, found.most, found.known) == (2, 9, 22)
    assert found.proportion is None
    assert found.bounds == (2 / 22, 9 / 22)


@pytest.mark.parametrize(("switch", "complete"), [(False, (6, 9)), (True, (12, 21))])
def test_unclear_ascertainment_is_selective_unless_switched(switch, complete):
    """The switch is a sensitivity analysis."""
    counts = outcome_counts(STUDIES, "any_response", unclear_as_complete=switch)
    assert counts.only(complete=True).total == complete


def test_counts_of_one_disease_and_kind():
    """Masks leave the other sources out."""
    counts = outcome_counts(STUDIES, "any_response")
    assert counts.of("itp").total == (7, 10)
    assert counts.of("itp", complete=False).cases == ("alpha2020/p1",)
    assert counts.of("sle").listed_cases is None


def test_a_report_of_two_diseases_is_one_report():
    two = invented.frame("study_counts", source("alpha2020", 1, 1), source("alpha2020", 6, 9, disease="waiha"))
    counts = outcome_counts(two, "any_response")
    assert len(counts.events) == 2
    assert counts.n_reports == 1


def test_an_outcome_without_counts_is_refused():
    """A typo in the protocol is not an empty result."""
    with pytest.raises(ConfigError, match="outcome cure: no counts are known"):
        outcome_counts(STUDIES, "cure")


def rows_of_raw():
    """Return the raw rates of the invented sources by name."""
    rows = list(raw_rows(outcome_counts(STUDIES, "any_response"), ("itp", "sle", "waiha"), 0.95))
    return {row.name: row for row in rows}


def test_a_raw_rate_is_events_over_patients_with_the_cases_behind_it():
    """Seven of ten, from two sources."""
    row = rows_of_raw()["any_response.itp.raw.exact"]
    assert (row.value, row.n_response, row.n_evaluable, row.k) == (0.7, 7, 10, 2)
    assert row.cases == "alpha2020/p1; beta2021/p1"
    assert row.ci_lower < 0.7 < row.ci_upper


@pytest.mark.parametrize("model", ["exact", "wilson", "glmm", "glmm_marginal"])
def test_a_disease_without_patient_is_a_row_with_its_reason(model):
    """Not estimable is a result."""
    row = rows_of_raw()[f"any_response.sle.raw.{model}"]
    assert (row.value, row.ci_lower, row.status, row.reason) == (None, None, "no_data", "no_data")


def test_every_estimate_has_its_own_name(tmp_path):
    """Names are what the author quotes."""
    rows = list(raw_rows(outcome_counts(STUDIES, "any_response"), ("itp", "waiha"), 0.95))
    assert len({row.name for row in rows}) == len(rows)
    store.write_table("results", results_frame(rows), tmp_path / "results.csv")


def test_the_tipping_ratio_brings_the_raw_odds_down_to_the_threshold():
    """Six of twelve to 0.3: odds 1 to 3/7, a ratio of 7/3."""
    counts = outcome_counts(STUDIES, "any_response")
    (row,) = tipping_rows(counts, ("waiha", "sle"), (0.3,), 0.95)
    assert (row.name, row.status) == ("any_response.waiha.tipping_0.3.bounds", "ok")
    assert (row.analysis, row.threshold) == ("tipping", 0.3)
    assert row.value == pytest.approx(7 / 3)
    assert row.ci_lower < row.value


def test_when_all_respond_the_point_has_no_tipping_ratio_but_its_limit_has():
    """1/1: the odds are infinite, the lower limit is not."""
    (row,) = tipping_rows(outcome_counts(STUDIES, "any_response"), ("itp",), (0.5,), 0.95)
    assert (row.value, row.status, row.reason) == (None, "all_events", "all_events")
    assert np.isfinite(row.ci_lower)


def test_rows_become_the_typed_table_of_results():
    """Empty cells stay empty; whole numbers stay whole."""
    half = Estimate(outcome="any_response", disease="itp", analysis="raw", model="exact", status="ok", value=0.5)
    frame = results_frame([replace(half, n_response=1)])
    assert frame["name"].tolist() == ["any_response.itp.raw.exact"]
    assert str(frame["n_response"].dtype) == "Int64"
    assert frame["ci_lower"].isna().all()


def test_estimates_come_back_from_the_table_as_they_went_in():
    """One class on both sides, one place that converts: nothing is lost, renamed or rounded."""
    rows = list(raw_rows(outcome_counts(STUDIES, "complete_response"), ("itp", "sle", "waiha"), 0.95))
    rows += list(raw_rows(outcome_counts(STUDIES, "any_response"), ("itp", "sle", "waiha"), 0.95))
    assert estimates_of(results_frame(rows)) == rows
