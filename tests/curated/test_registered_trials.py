"""The shipped registers: which trials are of the question, and what docs/search.md says of the others."""

from __future__ import annotations

import re

import invented
import pytest

from casepool.files import sheets
from casepool.flow.trials import registered_trials
from casepool.model.configuration import load_configuration
from casepool.screening.state import screening_state
from casepool.search.raw import read_raw
from casepool.search.records import merged_records

ROOT = invented.ROOT
# Read by hand against the file: of the drug, in adults, in a disease that is eligible.
ASKED = {"daraaiha", "nct04703621", "nct04810754", "nct04868838", "nct05562882", "nct05671757"}
# Two of other antibodies against the same target: a list of 17 trials leaves them out.
BEYOND_17 = {"eudract2019-004103-12", "nct04661033"}


@pytest.fixture(scope="module")
def trials(real):
    """Return the table registered_trials of the shipped data, with the reason of each decision."""
    snapshot = load_configuration(ROOT / "config" / "config.yaml").pubmed.snapshot
    sources = sheets.read_table("sources", ROOT / "data" / "raw" / "sources.csv")
    raw = read_raw(sources, ROOT, snapshot)
    screening, reports = real.curated["screening"], real.curated["reports"]
    records = merged_records(raw, sources, ROOT, snapshot, set(screening["record_id"])).records
    state = screening_state(records, screening, reports)
    found = registered_trials(raw.trials, records, state, reports, invented.protocol())
    return found.merge(state[["record_id", "exclusion_reason"]], on="record_id")


def test_the_trials_of_the_question_are_those_read_by_hand(trials):
    """Neither more nor fewer."""
    asked = trials.loc[trials["asked"] == "yes", "record_id"]
    assert {one.partition(":")[2] for one in asked} == ASKED
    assert {one.partition(":")[2] for one in trials["record_id"]} >= BEYOND_17


def test_the_numbers_of_trials_in_the_page_on_searching_are_those_of_the_table(trials):
    """All of them, why the others are not of the question, and how many ended in silence."""
    asked = trials[trials["asked"] == "yes"]
    ended = asked[asked["ended"].str.startswith("ended_")]
    others = trials[trials["asked"] == "no"]
    diseases, drugs = others["diseases"].isna(), others["exclusion_reason"] == "other_drug"
    expected = [len(trials), len(asked), len(ended), int((ended["published"] == "nothing_published").sum())]
    expected += [len(others), int(drugs.sum()), int(diseases.sum()), int((~drugs & ~diseases).sum())]
    text = " ".join((ROOT / "docs" / "search.md").read_text(encoding="utf-8").split())
    told = re.search(
        r"holds (\d+) trials\. (\d+) are of the question; (\d+) of these have ended, (\d+) of them without a"
        r" publication of results\. Of the other (\d+), (\d+) are of another antibody, (\d+) are in a"
        r" disease that is not eligible, (\d+) is of children",
        text,
    )
    assert told, "expected the sentences '… holds … trials. … are of the question; …'"
    assert [int(one) for one in told.groups()] == expected
    assert f"{len(trials) - len(BEYOND_17)} leaves out" in text
