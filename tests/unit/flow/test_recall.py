"""The table search_recall tells every included report, and by what the strategy meets it."""

from __future__ import annotations

import invented
import pytest

from casepool.files import store
from casepool.flow.questions import open_questions
from casepool.flow.recall import search_recall
from casepool.search.strategy import search_strategy

STRATEGY = search_strategy(invented.protocol())
DRUG, SUBJECT = '"daratumumab"[tiab]', '"lupus"[tiab]'


def recall(report, record=None, found=()):
    """Return the row of one included report, whose record is named after it."""
    reports = invented.frame("reports", invented.report("a", **report))
    facts = {"origin": "website"} | (record or {})
    records = invented.frame("records", invented.record("ris:a", **facts))
    (row,) = search_recall(reports, records, set(found), STRATEGY).fillna("").to_dict("records")
    return row


@pytest.mark.parametrize(
    ("title", "record", "met_by", "lines"),
    [
        ("Daratumumab in lupus", {}, "title", (DRUG, SUBJECT)),
        (None, {"title": "Daratumumab in lupus"}, "title", (DRUG, SUBJECT)),
        ("Plasma cells", {"abstract": "Lupus, daratumumab"}, "record", (DRUG, SUBJECT)),
        (None, {"title": "[title not seen] x", "keywords": "lupus; daratumumab"}, "record", (DRUG, SUBJECT)),
        ("Daratumumab for a rare condition", {}, "none", (DRUG, "")),
        (None, {"title": "[title not seen] daratumumab in lupus"}, "title_not_known", ("", "")),
        (None, {}, "title_not_known", ("", "")),
    ],
)
def test_a_report_is_met_by_its_title_or_record_or_not_at_all(title, record, met_by, lines):
    """A title that nobody has seen is not judged by what was written in its place."""
    row = recall({"title": title}, record)
    assert (row["met_by"], row["drug_line"], row["subject_line"]) == (met_by, *lines)
    assert bool(row["reason"]) == (met_by in {"none", "title_not_known"})


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Daratumumab for a rare condition", "the title does not name a disease of the query, and"),
        ("A new treatment of lupus", "the title does not name the drug, and"),
        ("A letter", "the title does not name the drug or a disease of the query, and"),
    ],
)
def test_the_reason_says_what_the_title_lacks(title, reason):
    """Drug, disease, or both."""
    assert recall({"title": title})["reason"].startswith(reason)


def test_a_report_that_pubmed_turned_out_to_hold_is_in_the_snapshot():
    """Its record was joined with PubMed's, though the extraction names no PMID."""
    assert recall({}, {"pmid": "7"}, {"7"})["in_snapshot"] == "yes"
    assert recall({"pmid": "8"}, {"pmid": "7"}, {"9"})["in_snapshot"] == "no"


def test_a_report_without_a_record_is_told_too():
    """The check of the data names it; the table does not lose it."""
    reports = invented.frame("reports", invented.report("a", title="Daratumumab in lupus"))
    assert search_recall(reports, invented.frame("records"), set(), STRATEGY)["met_by"].tolist() == ["title"]


def test_what_the_search_misses_is_an_open_question(tmp_path):
    """Reports with a PMID that did not come, and those that the query cannot meet; excluded ones are not asked for."""
    reports = invented.frame(
        "reports",
        invented.report("a", pmid="1", title="Daratumumab in lupus"),
        invented.report("b", pmid="2", title="Daratumumab in lupus"),
        invented.report("c", title="A letter"),
        invented.report("d", title="Daratumumab in lupus"),
        invented.report("e", pmid="4", decision="exclude", exclusion_reason="review"),
    )
    found = search_recall(reports, invented.frame("records"), {"1"}, STRATEGY)
    told = found[["report_id", "in_snapshot", "met_by"]].to_numpy().tolist()
    assert told == [["a", "yes", "title"], ["b", "no", "title"], ["c", "no", "none"], ["d", "no", "title"]]
    store.write_table("search_recall", found, tmp_path / "recall.csv")
    frames = [invented.frame(name) for name in ("unique_patients", "reports", "reading_list")]
    assert open_questions(*frames, found).fillna("").to_numpy().tolist() == [
        ["not_found_by_search", "b", "PMID 2 is not among the records of the search", ""],
        ["not_found_by_search", "c", "the query meets neither the title nor what is stored of the record", ""],
    ]
