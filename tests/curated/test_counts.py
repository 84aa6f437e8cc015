"""Totals of the real data, counted by hand, and who stands behind them."""

from __future__ import annotations

import pytest

HAND_COUNTED = {
    ("itp", "complete"): (14, 26),
    ("itp", "selective"): (2, 3),
    ("sle", "complete"): (10, 10),
    ("sle", "selective"): (7, 8),
    ("waiha", "unclear"): (6, 12),
    ("prca", "selective"): (11, 11),
    ("myositis", "selective"): (3, 3),
    ("sjogren", "selective"): (2, 2),
}
TRIALS = {"tsykunova2025": ("itp", 10, 21), "ostendorf2026": ("sle", 10, 10)}


def test_totals_by_disease_and_ascertainment_are_those_counted_by_hand(real):
    """Every cell with an evaluable patient, and no other."""
    told = real.counts[real.counts["n_evaluable"] > 0]
    cells = zip(told["disease"], told["ascertainment"], told["n_response"], told["n_evaluable"], strict=True)
    assert {(disease, kind): (x, n) for disease, kind, x, n in cells} == HAND_COUNTED


@pytest.mark.parametrize("trial", TRIALS)
def test_a_trial_is_complete_ascertainment_with_its_published_counts(real, trial):
    """DART: 10 of 21; the phase 2 trial in lupus: 10 of 10."""
    row = real.studies.set_index("report_id").loc[trial]
    assert (row["disease"], row["n_response"], row["n_evaluable"]) == TRIALS[trial]
    assert row["ascertainment"] == "complete"


@pytest.mark.parametrize("study", ["dart", "daralup"])
def test_a_trial_is_counted_from_one_report_only(real, study):
    """Abstracts, run-in and article tell the same patients."""
    assert (real.counted["study_id"] == study).sum() == 1


def test_no_study_is_counted_from_two_reports(real):
    """Companion publications are one study."""
    reports = real.counted[real.counted["n_evaluable"] > 0].groupby("study_id")["report_id"].nunique()
    assert reports[reports > 1].to_dict() == {}


def test_no_child_is_counted(real):
    """Neither by age nor by what the source says of its patients."""
    assert (real.counted["age_years"].dropna() >= 18).all()
    patients, cohorts = real.curated["patients"], real.curated["cohorts"]
    children = [
        *(patients["report_id"] + "/" + patients["patient_label"])[patients["population"] == "child"],
        *(cohorts["report_id"] + "/" + cohorts["stratum"])[cohorts["population"] == "child"],
    ]
    assert children
    assert not set(children) & set(real.counted["case_id"])


def test_no_excluded_disease_is_counted(real):
    """Cold agglutinin disease, TTP, rejection stay out."""
    excluded = {"cold_agglutinin", "ttp", "amr_transplant", "autoimmune_encephalitis", "nmosd", "graves", "mecfs"}
    assert not excluded & set(real.counted["disease"])


def test_no_excluded_report_is_counted_but_for_its_eligible_patients(real):
    """A duplicate publication counts nobody."""
    reports = real.curated["reports"].set_index("report_id")
    assert set(reports.loc[real.counted["report_id"], "decision"]) == {"include"}


def test_no_patient_is_counted_twice(real):
    """Of each pair decided as one patient at most one counts."""
    counted = set(real.counted["case_id"])
    decisions = real.curated["identity_decisions"]
    same = decisions[decisions["decision"] == "same_patient"]
    assert not [pair for pair in zip(same["case_a"], same["case_b"], strict=True) if set(pair) <= counted]


def test_every_eligible_case_has_a_place(real):
    """Counted, or told in a case that is counted."""
    eligible = real.cases.loc[real.cases["eligible"] == "yes", "case_id"]
    assert sorted(real.unique["case_id"]) == sorted(eligible)
    assert set(real.unique["kept_as"]) <= set(real.counted["case_id"])


def test_a_series_of_several_countries_is_unclear(real):
    """Whether Jalink 2024 collected all treated patients is not stated."""
    row = real.studies.set_index("report_id").loc["jalink2024"]
    assert (row["ascertainment"], row["n_response"], row["n_evaluable"]) == ("unclear", 6, 12)


def test_a_cumulative_incidence_is_not_turned_into_responders(real):
    """Gagelmann 2025: 45 patients treated, 69 % at six months, no count."""
    row = real.studies.set_index("report_id").loc["gagelmann2025"]
    assert (row["n_treated"], row["n_evaluable"], row["n_response"]) == (45, 0, 0)


def test_a_series_that_mixes_treatments_counts_nobody_as_evaluable(real):
    """McGlothlin 2023 mixes bortezomib alone and cold agglutinin disease."""
    cases = real.cases[real.cases["report_id"] == "mcglothlin2023"]
    assert cases["n_evaluable"].sum() == cases["n_response"].sum() == 0


def test_nothing_on_the_reading_list_is_counted(real):
    """What was not seen counts for nothing; only a report already told may wait there for its full text."""
    listed = real.curated["reading_list"]
    unseen = set(listed.loc[listed["status"].isin(["unverified", "unidentified"]), "citation_key"])
    assert unseen
    assert not unseen & set(real.counted["report_id"])


def test_counting_doubtful_pairs_as_one_takes_at_most_the_doubtful_ones(real):
    """Four pairs are unsure."""
    decisions = real.curated["identity_decisions"]
    assert (decisions["decision"] == "unsure").sum() == 4
