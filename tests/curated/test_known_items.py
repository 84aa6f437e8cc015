"""Every included report against the search strategy: met by its title, by its record, or a written reason.

``known_items.csv`` holds the reason for each report that the strategy does not meet by its title.
"""

from __future__ import annotations

import csv
import re
from collections import Counter

import invented
import pytest

from casepool.files import sheets
from casepool.flow.recall import search_recall
from casepool.model.configuration import load_configuration
from casepool.search.pubmed.chain import snapshot_pmids
from casepool.search.records import build_records
from casepool.search.strategy import search_strategy

ROOT = invented.ROOT
with (ROOT / "tests" / "curated" / "known_items.csv").open(encoding="utf-8", newline="") as handle:
    REASONS = {row["report_id"]: row["reason"] for row in csv.DictReader(handle)}


@pytest.fixture(scope="module")
def recall(real):
    """Return the table search_recall of the shipped data."""
    snapshot = load_configuration(ROOT / "config" / "config.yaml").pubmed.snapshot
    sources = sheets.read_table("sources", ROOT / "data" / "raw" / "sources.csv")
    records = build_records(sources, ROOT, snapshot, set(real.curated["screening"]["record_id"]))
    strategy = search_strategy(invented.protocol())
    return search_recall(real.curated["reports"], records, snapshot_pmids(ROOT, snapshot), strategy)


def test_every_included_report_is_told(recall, real):
    """With or without PMID: none is skipped."""
    reports = real.curated["reports"]
    assert recall["report_id"].tolist() == reports.loc[reports["decision"] == "include", "report_id"].tolist()


def test_every_report_with_a_title_is_met_by_it_or_has_a_written_reason(recall):
    """A new report whose title the query does not meet needs a new word in the protocol, or a reason here."""
    lost = recall.loc[recall["met_by"] != "title", "report_id"]
    assert sorted(set(lost) - set(REASONS)) == []
    assert all(REASONS.values())


def test_no_reason_is_left_over(recall):
    """A title that is known and met by now needs no reason: delete its row of known_items.csv."""
    met = recall.loc[recall["met_by"] == "title", "report_id"]
    assert sorted(set(met) & set(REASONS)) == []
    assert sorted(set(REASONS) - set(recall["report_id"])) == []


def test_a_title_not_known_is_told_as_such(recall, real):
    """It is not called missed, and not called met."""
    reports = real.curated["reports"].set_index("report_id").loc[recall["report_id"]]
    untitled = reports.index[reports["title"].isna()]
    assert set(recall.set_index("report_id").loc[untitled, "met_by"]) <= {"title_not_known", "record"}


def test_the_numbers_in_the_page_on_searching_are_those_of_the_table(recall, real):
    """The last section of docs/search.md; write what this test computes into it."""
    reports = real.curated["reports"]
    congress = int((reports["report_type"] == "conference_abstract").sum())
    text = " ".join((ROOT / "docs" / "search.md").read_text(encoding="utf-8").split())
    met = Counter(recall["met_by"])
    told = re.search(r"Of (\d+) included reports, (\d+) are met by their title, (\d+) by their stored record", text)
    assert told, "expected the sentence 'Of … included reports, … are met by their title, … by their stored record'"
    assert [int(one) for one in told.groups()] == [len(recall), met["title"], met["record"]]
    told = re.search(r"(\d+) by nothing that is stored; of (\d+) the title is not known", text)
    assert told, "expected '… by nothing that is stored; of … the title is not known'"
    assert [int(one) for one in told.groups()] == [met["none"], met["title_not_known"]]
    assert f"{congress} of the {len(reports)} reports in `reports.csv` are such abstracts" in text
