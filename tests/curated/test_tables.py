"""The real tables are sound, and each row says where it was read."""

from __future__ import annotations

import re
import unicodedata

import invented
import pandas as pd
import pytest

from casepool.checks.data import check_data
from casepool.model.configuration import load_configuration

ROOT = invented.ROOT


def test_the_check_finds_nothing():
    """No problem, nothing normalised; to be looked at is the one report that waits with its outcome known."""
    configuration = load_configuration(ROOT / "config" / "config.yaml")
    report = check_data(ROOT, invented.protocol(), configuration.pubmed.snapshot)
    assert [str(problem) for problem in report.problems] == []
    assert report.notes == ()
    # Its seven patients may be among those of another report (its note); until that is known it counts nowhere.
    assert [(hint.id, dict(hint.arguments)["report"]) for hint in report.hints] == [
        ("known_and_awaiting", "struessmann2024a")
    ]


@pytest.mark.parametrize("table", ["patients", "cohorts", "appraisal"])
def test_every_extracted_row_has_basis_and_place(real, table):
    """What was read, where, and on which date."""
    frame = real.curated[table]
    assert frame[["basis", "source_locator", "reader", "date"]].notna().all(axis=None)


def test_every_included_report_can_be_found_again(real):
    """A DOI, a PMID, or at least its authors."""
    reports = real.curated["reports"]
    included = reports[reports["decision"] == "include"]
    lost = included[included[["doi", "pmid", "authors"]].isna().all(axis=1)]
    assert lost["report_id"].tolist() == []


def test_every_report_can_be_found_again(real):
    """One that is not counted has at least a note that says where it was told."""
    reports = real.curated["reports"]
    lost = reports[reports[["doi", "pmid", "authors", "title", "note"]].isna().all(axis=1)]
    assert lost["report_id"].tolist() == []


@pytest.mark.parametrize("column", ["pmid", "doi"])
def test_no_two_reports_share_an_identifier(real, column):
    """One publication is one report."""
    values = real.curated["reports"][column].dropna().str.casefold()
    assert values[values.duplicated()].tolist() == []


def test_reports_with_one_title_are_one_study(real):
    """An abstract and its reprint may share a title; two studies may not, nor two that count."""
    reports = real.curated["reports"].dropna(subset=["title"])
    titles = reports.groupby(reports["title"].map(plain))
    assert titles["study_id"].nunique().max() == 1
    included = reports[reports["decision"] == "include"]
    assert not included["title"].map(plain).duplicated().any()


def plain(title: str) -> str:
    """Return a title without case, accents and punctuation."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return re.sub(r"[^a-z0-9]+", "", folded)


def test_what_was_not_seen_is_no_report(real):
    """A publication whose existence or identity is not verified stands on the reading list only."""
    listed, reports = real.curated["reading_list"], real.curated["reports"]
    unseen = listed.loc[listed["status"].isin(["unverified", "unidentified"]), "citation_key"]
    assert set(unseen) & set(reports["report_id"]) == set()


def test_every_stratum_with_cumulative_incidences_is_a_cohort(real):
    """Incidences belong to a stratum that is told."""
    cohorts = set(zip(real.curated["cohorts"]["report_id"], real.curated["cohorts"]["stratum"], strict=True))
    told = real.curated["cumulative_incidences"]
    assert set(zip(told["report_id"], told["stratum"], strict=True)) <= cohorts


def test_corrections_stand_in_their_own_table(real):
    """A value that was wrong is corrected, not overwritten; each correction says why and where."""
    corrections = real.curated["corrections"]
    assert set(corrections["table"]) == {"appraisal", "cohorts", "patients", "reports"}
    assert corrections[["reason", "source"]].notna().all(axis=None)


def test_results_of_other_drugs_are_context_only(real):
    """One trial with a placebo arm whose counts were not seen; it is no report."""
    (row,) = real.curated["context"].to_dict("records")
    assert (row["n_response"], row["n_total"], row["comparator_proportion"]) == (25, 30, 0.2)
    assert pd.isna(row["comparator_n_response"])
    assert pd.isna(row["comparator_n_total"])
    assert row["context_id"] not in set(real.curated["reports"]["report_id"])


def test_raw_registry_returns_are_not_in_the_repository():
    """Only the file that explains the folder is."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"data/raw/registry/*", "!data/raw/registry/README.md"} <= set(ignored)
