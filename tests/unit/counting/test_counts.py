"""Counts by source and by disease, each with the cases behind it."""

from __future__ import annotations

import invented
import pytest

from casepool.counting.counts import counted_cases, disease_counts, study_counts
from casepool.files import store


def unique(*rows):
    """Return unique patients, all counted unless they say otherwise."""
    return invented.frame("unique_patients", *({"counted": "yes", "kept_as": row["case_id"]} | row for row in rows))


FAILURE = {"n_response": 0, "n_complete": 0, "n_none": 1}


def test_the_patients_of_a_report_are_summed_by_disease():
    """Two patients with one disease, one with another: two rows."""
    rows = (
        invented.case("alpha2020/p1"),
        invented.case("alpha2020/p2", **FAILURE),
        invented.case("alpha2020/p3", disease="waiha"),
    )
    found = study_counts(unique(*rows), 0.95).set_index("disease")
    assert found.loc["itp", ["n_treated", "n_evaluable", "n_response"]].tolist() == [2, 2, 1]
    assert found.loc["itp", "cases"] == "alpha2020/p1; alpha2020/p2"
    assert found.loc["waiha", "n_response"] == 1


def test_a_case_that_is_told_elsewhere_is_not_counted():
    """Each patient once."""
    rows = (invented.case("alpha2020/p1"), invented.case("beta2021/p1", counted="no", kept_as="alpha2020/p1"))
    assert counted_cases(unique(*rows))["case_id"].tolist() == ["alpha2020/p1"]
    assert study_counts(unique(*rows), 0.95)["report_id"].tolist() == ["alpha2020"]


def test_the_interval_of_one_in_one_is_that_of_clopper_and_pearson():
    """1/1 is not certainty: the lower limit at 95 % is 0.025."""
    (row,) = study_counts(unique(invented.case("alpha2020/p1")), 0.95).itertuples()
    assert (row.ci_lower, row.ci_upper) == (pytest.approx(0.025), pytest.approx(1.0))


def test_a_source_without_evaluable_patient_has_no_interval():
    """Nothing is known of its rate."""
    row = invented.cohort_case("beta2021/all", 7, 0, 0)
    (found,) = study_counts(unique(row), 0.95)[["ci_lower", "ci_upper"]].to_numpy().tolist()
    assert all(value != value or value is None for value in found)


def test_a_stratum_of_unknown_size_counts_as_nobody_treated():
    """An empty number is not spread."""
    row = invented.cohort_case("beta2021/all", 1, 0, 0) | {"n_treated": None}
    assert study_counts(unique(row), 0.95)["n_treated"].tolist() == [0]


def test_every_eligible_disease_has_a_row_for_each_ascertainment(tmp_path):
    """Zeros are shown: nothing known is a result."""
    studies = study_counts(unique(invented.case("alpha2020/p1")), 0.95)
    counts = disease_counts(studies, invented.protocol())
    assert len(counts) == 13 * 3
    assert counts["n_evaluable"].sum() == 1
    store.write_table("counts", counts, tmp_path / "counts.csv")


def test_sources_without_outcome_are_treated_patients_but_no_report():
    """``n_reports`` counts the sources behind the rate."""
    rows = (invented.case("alpha2020/p1"), invented.cohort_case("beta2021/all", 7, 0, 0))
    counts = disease_counts(study_counts(unique(*rows), 0.95), invented.protocol())
    row = counts[(counts["disease"] == "itp") & (counts["ascertainment"] == "selective")].iloc[0]
    assert (row["n_reports"], row["n_treated"], row["n_evaluable"]) == (1, 8, 1)


def test_no_patient_gives_zeros_everywhere(tmp_path):
    """A project that starts can be built."""
    studies = study_counts(unique(), 0.95)
    counts = disease_counts(studies, invented.protocol())
    store.write_table("study_counts", studies, tmp_path / "studies.csv")
    store.write_table("counts", counts, tmp_path / "counts.csv")
    assert counts["n_treated"].sum() == 0
