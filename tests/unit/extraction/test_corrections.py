"""Corrections change what they name; one that no longer matches, or is wrong itself, stops."""

from __future__ import annotations

import invented
import pytest

from casepool.extraction.curated import apply_corrections, read_tables
from casepool.model.errors import CuratedDataError

KEY = "report_id=alpha2020, patient_label=p1"


def corrected(*corrections: invented.Row):
    """Return the tables after these corrections, and the problems."""
    return apply_corrections(invented.curated(corrections=list(corrections)))


@pytest.mark.parametrize(
    ("column", "old", "new", "expected"),
    [
        ("age_years", "40", "41.5", 41.5),
        ("response", "complete", "partial", "partial"),
        ("country", None, "France", "France"),
        ("n_doses", None, "8", 8),
    ],
)
def test_a_good_correction_is_applied(column, old, new, expected):
    """The cell changes, typed as its column."""
    frames, problems = corrected(invented.correction("patients", KEY, column, old, new))
    assert problems == []
    assert frames["patients"][column].iloc[0] == expected


def test_a_correction_can_empty_a_cell():
    """A value that the paper does not tell is taken out."""
    frames, problems = corrected(invented.correction("patients", KEY, "age_years", "40", None))
    assert problems == []
    assert frames["patients"]["age_years"].isna().all()


def test_a_correction_leaves_the_table_that_was_read_alone():
    """The typed file is never edited, not even in memory."""
    frames = invented.curated(corrections=[invented.correction("patients", KEY, "age_years", "40", "41")])
    apply_corrections(frames)
    assert frames["patients"]["age_years"].iloc[0] == 40


def test_two_corrections_of_one_row_are_both_applied():
    """Each sees what the one before it made."""
    rows = [
        invented.correction("patients", KEY, "response", "complete", "none"),
        invented.correction("patients", KEY, "age_years", "40", "41"),
    ]
    frames, problems = corrected(*rows)
    assert problems == []
    assert tuple(frames["patients"].loc[0, ["response", "age_years"]]) == ("none", 41)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"old": "39"}, "old"),
        ({"key": "report_id=alpha2020, patient_label=p9"}, "key"),
        ({"column": "age"}, "column"),
        ({"table": "patient"}, "table"),
        ({"table": "counts"}, "table"),
    ],
)
def test_a_stale_correction_is_a_problem_and_changes_nothing(changes, column):
    """The row was edited since: a person must look again."""
    row = invented.correction("patients", KEY, "age_years", "40", "41") | changes
    frames, problems = corrected(row)
    assert [(problem.file, problem.row, problem.column) for problem in problems] == [("corrections.csv", 2, column)]
    assert frames["patients"]["age_years"].iloc[0] == 40


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("age_years", "40", "312"),
        ("age_years", "40", "old"),
        ("response", "complete", "cured"),
        ("reader", "reader_one", None),
    ],
)
def test_a_correction_to_a_wrong_value_is_a_problem(column, old, new):
    """What a correction puts in is checked as if it had been typed."""
    frames, problems = corrected(invented.correction("patients", KEY, column, old, new))
    assert [(problem.column, problem.found) for problem in problems] == [("new", new or "")]
    assert frames["patients"].equals(invented.curated()["patients"])


def test_a_correction_that_breaks_a_rule_of_its_row_is_a_problem():
    """More responders than patients are refused, however they come in."""
    row = invented.correction("cohorts", "report_id=beta2021, stratum=all", "n_response", "6", "10")
    _, problems = apply_corrections(invented.curated(cohorts=[invented.cohort()], corrections=[row]))
    assert "at most n_evaluable of the same row" in {str(problem.expected) for problem in problems}


def test_a_stage_stops_at_a_stale_correction(tmp_path):
    """No table is built on a correction that does not fit."""
    row = invented.correction("patients", KEY, "age_years", "39", "41")
    paths = {
        "patients": invented.write_csv(tmp_path / "patients.csv", "patients", invented.patient()),
        "corrections": invented.write_csv(tmp_path / "corrections.csv", "corrections", row),
    }
    with pytest.raises(CuratedDataError, match=r"old = 39; expected the value that stands there now \(40\)"):
        read_tables(paths)


@pytest.mark.parametrize("turn", [1, -1])
def test_the_corrections_of_a_row_are_made_together_whatever_their_order(turn):
    """Fewer evaluable and fewer failures: one without the other would break the rule that both must fit."""
    key = "report_id=beta2021, stratum=all"
    rows = [
        invented.correction("cohorts", key, "n_evaluable", "9", "7"),
        invented.correction("cohorts", key, "n_none", "3", "1"),
    ][::turn]
    reports, appraised = [invented.report("beta2021")], [invented.appraisal("beta2021")]
    frames = invented.curated(reports, [], [invented.cohort()], appraisal=appraised, corrections=rows)
    corrected, problems = apply_corrections(frames)
    assert problems == []
    assert corrected["cohorts"].loc[0, ["n_evaluable", "n_none"]].tolist() == [7, 1]


def test_one_of_two_corrections_alone_is_still_refused():
    """Seven evaluable, but six responders and three failures."""
    row = invented.correction("cohorts", "report_id=beta2021, stratum=all", "n_evaluable", "9", "7")
    frames = invented.curated([invented.report("beta2021")], [], [invented.cohort()], corrections=[row])
    _, problems = apply_corrections(frames)
    assert [(one.column, one.found) for one in problems] == [("new", "7")]
