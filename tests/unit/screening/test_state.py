"""The state of each record follows from the decisions on it."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.files import store
from casepool.screening.state import match_reports, screening_problems, screening_state
from casepool.screening.waiting import to_screen


def state_of(*decisions):
    """Return the row of one record after these decisions."""
    records = invented.frame("records", invented.record("pmid:1"))
    rows = [invented.screened("pmid:1", **one) for one in decisions]
    return screening_state(records, invented.frame("screening", *rows), invented.frame("reports")).iloc[0]


def seen(stage, verdict, reason=None, reviewer="reader_one"):
    """Return one decision."""
    return {"stage": stage, "verdict": verdict, "exclusion_reason": reason, "reviewer": reviewer}


TITLE_IN = seen("title_abstract", "include")


@pytest.mark.parametrize(
    ("decisions", "state"),
    [
        ([], "to_screen"),
        ([TITLE_IN], "awaiting_full_text"),
        ([seen("title_abstract", "exclude", "review")], "excluded_title_abstract"),
        ([TITLE_IN, seen("full_text", "awaiting")], "awaiting_full_text"),
        ([TITLE_IN, seen("full_text", "include")], "included"),
        ([TITLE_IN, seen("full_text", "exclude", "oncology")], "excluded_full_text"),
        ([TITLE_IN, seen("title_abstract", "include", None, "reader_two")], "awaiting_full_text"),
        ([TITLE_IN, seen("title_abstract", "exclude", "review", "reader_two")], "conflict"),
        ([TITLE_IN, seen("full_text", "include"), seen("full_text", "exclude", "review", "reader_two")], "conflict"),
        ([seen("full_text", "include")], "to_screen"),
    ],
)
def test_the_truth_table_of_screening(decisions, state):
    """Every combination of decisions has one state."""
    assert state_of(*decisions)["state"] == state


def test_the_reason_is_that_of_the_stage_that_excluded():
    """Oncology at full text; review at title."""
    assert state_of(TITLE_IN, seen("full_text", "exclude", "oncology"))["exclusion_reason"] == "oncology"
    assert state_of(seen("title_abstract", "exclude", "review"))["exclusion_reason"] == "review"


def test_every_record_has_one_row_that_fits_the_table(tmp_path):
    """Conservation: as many states as records, even without any decision."""
    records = invented.frame("records", *(invented.record(f"pmid:{n}") for n in range(5)))
    state = screening_state(records, invented.frame("screening"), invented.frame("reports"))
    store.write_table("screening_state", state, tmp_path / "state.csv")
    assert state["record_id"].tolist() == records["record_id"].tolist()


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"record_id": "pmid:1", "pmid": "1"}, "alpha2020"),
        ({"record_id": "ris:x", "doi": "10.1000/BETA"}, "beta2021"),
        ({"record_id": "ris:gamma2022"}, "gamma2022"),
        ({"record_id": "ris:x", "doi": "10.1000/other"}, None),
        ({"record_id": "pmid:1", "pmid": "1", "doi": "10.1000/beta"}, "alpha2020"),
    ],
)
def test_a_record_meets_its_report_by_pmid_then_doi_then_key(record, found):
    """DOIs are compared without case."""
    reports = invented.frame(
        "reports",
        invented.report(pmid="1"),
        invented.report("beta2021", doi="10.1000/beta"),
        invented.report("gamma2022"),
    )
    linked = match_reports(invented.frame("records", invented.record(**record)), reports)
    assert [row["report_id"] for row in linked.values()] == ([found] if found else [])


def problems(*decisions, **report):
    """Return the problems of one record and one report with PMID 1."""
    records = invented.frame("records", invented.record("pmid:1", pmid="1"))
    rows = [invented.screened(**({"record_id": "pmid:1"} | one)) for one in decisions]
    reports = invented.frame("reports", invented.report(**({"pmid": "1"} | report)))
    found = screening_problems(records, invented.frame("screening", *rows), reports)
    return [(problem.file, problem.row, problem.column, str(problem.expected)) for problem in found]


FULL_IN = seen("full_text", "include")


def test_decisions_that_agree_with_the_report_are_no_problem():
    """Included here and there."""
    assert problems(TITLE_IN, FULL_IN) == []


def test_a_decision_on_a_record_that_does_not_exist_is_a_problem():
    """A typo in a record id would leave the record waiting for ever."""
    (problem,) = problems(TITLE_IN, FULL_IN, FULL_IN | {"record_id": "pmid:2"})
    assert problem == ("screening.csv", 4, "record_id", "a record of the raw files (data/raw)")


def test_a_report_that_says_otherwise_than_its_record_is_a_problem():
    """What was excluded by the readers may not be counted."""
    (problem,) = problems(TITLE_IN, seen("full_text", "exclude", "review"))
    assert problem == ("reports.csv", 2, "decision", "exclude review, as screening.csv says of pmid:1")


def test_a_report_whose_readers_disagree_is_a_problem():
    """Nobody has agreed to include it."""
    (problem,) = problems(TITLE_IN, FULL_IN, seen("full_text", "exclude", "review", "reader_two"))
    assert "no agreed decision" in problem[3] or "review" in problem[3]


def test_a_report_without_record_is_a_problem():
    """The flow would not add up."""
    ((_, _, column, expected),) = problems(TITLE_IN, FULL_IN, pmid="9")
    assert (column, expected) == ("report_id", "a record of the raw files with its PMID, DOI or key")


def test_the_list_of_what_waits_holds_undecided_conflicting_and_awaited_records():
    """Records that are decided are not on it; undecided ones come first."""
    names = ("pmid:1", "pmid:2", "pmid:3", "pmid:4")
    records = invented.frame("records", *(invented.record(one, title=one) for one in names))
    rows = [
        invented.screened("pmid:1", **TITLE_IN),
        invented.screened("pmid:2", **TITLE_IN),
        invented.screened("pmid:2", **FULL_IN),
        invented.screened("pmid:3", **TITLE_IN),
        invented.screened("pmid:3", **seen("title_abstract", "exclude", "review", "reader_two")),
    ]
    state = screening_state(records, invented.frame("screening", *rows), invented.frame("reports"))
    waiting = to_screen(records, state, invented.protocol())
    assert waiting["record_id"].tolist() == ["pmid:4", "pmid:3", "pmid:1"]
    assert not waiting["title"].isna().any()


def test_nothing_waits_in_an_empty_project():
    """No record, no list."""
    records = invented.frame("records")
    state = screening_state(records, invented.frame("screening"), invented.frame("reports"))
    assert len(to_screen(records, state, invented.protocol())) == 0
    assert isinstance(state, pd.DataFrame)
