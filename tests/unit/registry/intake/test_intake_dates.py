"""Dates and times of returns: what cannot have been so waits, and a column decides the order of day and month."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from bad_returns import KEY, entry, french
from invented import protocol

from casepool.registry.intake.arrivals import ARRIVALS_FILE, note_arrivals, read_arrivals
from casepool.registry.intake.date_order import judge_order
from casepool.registry.intake.reading import Intake, read_registry, returned_files

TODAY = dt.date(2026, 11, 28)


def take(folder, *rows: dict, today: dt.date = TODAY) -> Intake:
    """Return the intake of one file of rows."""
    (folder / "return.csv").write_bytes(french(*rows))
    return read_registry(folder, KEY, protocol(), last_day=today)


def questioned(intake: Intake) -> list[tuple[int, str]]:
    """Return line and column of every question."""
    return list(intake.quarantine[["row", "column"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"filled_on": "29/11/2026"}, "filled_on"),
        ({"filled_on": "03/12/2026"}, "filled_on"),
        ({"filled_on": "12/03/2031"}, "filled_on"),
        ({"filled_on": "12/03/1921", "treatment_year": ""}, "filled_on"),
        ({"filled_on": "12/03/2022", "treatment_year": 2023}, "treatment_year"),
        ({"treatment_year": 2100}, "treatment_year"),
        ({"time_to_response_weeks": 300, "follow_up_months": 2}, "time_to_response_weeks"),
        ({"relapse": "oui", "time_to_relapse_months": 12, "follow_up_months": 10}, "time_to_relapse_months"),
        (
            {"relapse": "oui", "time_to_relapse_months": 9, "time_to_response_weeks": 20, "follow_up_months": 10},
            "time_to_relapse_months",
        ),
    ],
)
def test_what_cannot_have_been_so_on_the_day_of_filling_in_waits(tmp_path, changes, column):
    """The row waits with one question, on the column that can be mended."""
    intake = take(tmp_path, entry(**changes))
    assert questioned(intake) == [(2, column)]
    assert intake.registry.empty


@pytest.mark.parametrize(
    "changes",
    [
        {"filled_on": "28/11/2026"},
        {"filled_on": "01/01/2023", "treatment_year": 2023},
        {"time_to_response_weeks": 12, "follow_up_months": 2},
        {"time_to_response_weeks": 300},
        {"follow_up_months": 2},
    ],
)
def test_what_may_have_been_so_is_accepted(tmp_path, changes):
    """Today, the same year, a month of rounding, and times of which one is not known."""
    assert questioned(take(tmp_path, entry(**changes))) == []


def test_a_date_in_the_future_takes_no_place_of_a_later_correction(tmp_path):
    """The mistyped year waits; the correction of today stands."""
    rows = [entry(filled_on="12/04/2031"), entry(filled_on="12/05/2026", response="aucune")]
    intake = take(tmp_path, *rows)
    assert list(intake.registry["response"]) == ["none"]
    assert questioned(intake) == [(2, "filled_on")]


def test_the_day_on_which_a_file_was_noted_decides_and_not_the_day_of_the_build(tmp_path):
    """The same build, years later, gives the same rows."""
    (tmp_path / "return.csv").write_bytes(french(entry(filled_on="12/12/2026")))
    assert note_arrivals(tmp_path, returned_files(tmp_path), TODAY)["first_seen"].tolist() == ["2026-11-28"]
    assert questioned(read_registry(tmp_path, KEY, protocol(), last_day=dt.date(2040, 1, 1))) == [(2, "filled_on")]


def test_a_file_that_nobody_noted_came_at_the_latest_with_the_search_or_with_the_newest_that_is(tmp_path):
    """The day is never that of the clock."""
    (tmp_path / "return.csv").write_bytes(french(entry(filled_on="01/11/2026")))
    assert questioned(read_registry(tmp_path, KEY, protocol(), last_day=dt.date(2026, 10, 1))) == [(2, "filled_on")]
    (tmp_path / "newer.csv").write_bytes(french(entry("P2")))
    note_arrivals(tmp_path, {"newer.csv": tmp_path / "newer.csv"}, TODAY)
    assert questioned(read_registry(tmp_path, KEY, protocol(), last_day=dt.date(2026, 10, 1))) == []


def test_arrivals_are_noted_once_and_stay_when_a_file_is_corrected_or_erased(tmp_path):
    """The trail of what came when, beside the returns and no return itself."""
    path = tmp_path / "return.csv"
    for content, day in ((b"one", 1), (b"one", 2), (b"two", 3)):
        path.write_bytes(content)
        note_arrivals(tmp_path, returned_files(tmp_path), dt.date(2026, 11, day))
    path.unlink()
    assert sorted(read_arrivals(tmp_path)["first_seen"]) == ["2026-11-01", "2026-11-03"]
    assert (tmp_path / ARRIVALS_FILE).is_file()
    assert returned_files(tmp_path) == {}


AMBIGUOUS = "03/12/2025"


@pytest.mark.parametrize(
    ("cells", "dates", "doubtful"),
    [
        ([AMBIGUOUS], ["2025-12-03"], []),
        ([AMBIGUOUS, "13/02/2026"], ["2025-12-03", "2026-02-13"], []),
        ([AMBIGUOUS, "03/25/2026", "03/26/2026"], ["2025-03-12", "2026-03-25", "2026-03-26"], []),
        (["03/25/2026", "03/25/2026"], ["2026-03-25", "2026-03-25"], []),
        ([AMBIGUOUS, "03/25/2026"], [AMBIGUOUS, "03/25/2026"], [0, 1]),
        ([AMBIGUOUS, "13/02/2026", "02/13/2026"], [AMBIGUOUS, "2026-02-13", "02/13/2026"], [0, 2]),
        (["03/12/2026", "04/12/2026", "01/02/2026"], ["2026-03-12", "2026-04-12", "2026-01-02"], []),
        (["03/12/2026"], ["03/12/2026"], [0]),
        (["03/12/2026", "13/02/2026"], ["03/12/2026", "2026-02-13"], [0]),
        (["05/05/2026", "2026-03-12", "soon", ""], ["05/05/2026", "2026-03-12", "soon", ""], []),
        (["31/02/2026"], ["31/02/2026"], []),
    ],
)
def test_days_above_twelve_and_dates_to_come_decide_the_order_of_a_column(cells, dates, doubtful):
    """One sign alone questions it, a contradiction too; without any sign the day comes first."""
    judged = judge_order(pd.Series(cells, dtype=object), TODAY)
    assert judged.cells.tolist() == dates
    assert judged.doubtful.nonzero()[0].tolist() == doubtful


def test_dates_with_the_month_first_are_read_and_reported(tmp_path):
    """A spreadsheet of another country wrote the file; the receipt says how it was read."""
    rows = [entry(f"P{n}", filled_on=day) for n, day in enumerate((AMBIGUOUS, "03/25/2026", "03/26/2026"), start=1)]
    intake = take(tmp_path, *rows)
    assert intake.registry["filled_on"].tolist().count("2025-03-12") == 1
    assert "dates read as month/day/year" in intake.receipts["message"].iloc[0]


def test_a_single_date_of_another_order_questions_the_column(tmp_path):
    """The rows that could be read in two ways wait with it."""
    rows = [entry(f"P{n}", filled_on=day) for n, day in enumerate((AMBIGUOUS, "03/25/2026", "2026-01-31"), start=1)]
    intake = take(tmp_path, *rows)
    assert questioned(intake) == [(2, "filled_on"), (3, "filled_on")]
    assert "day first" in intake.quarantine["expected"].iloc[0]
