"""A patient counts once: versions, repetitions, objections, and the totals of the centre."""

from __future__ import annotations

import pytest
from bad_returns import KEY, entry, french
from invented import protocol

from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.reading import Intake, read_registry

PROTOCOL = protocol()
FATES = ["n_accepted", "n_quarantined", "n_already_known", "n_replaced", "n_objected"]
EARLY, LATE = "31/01/2026", "28/02/2026"


def take(folder, *files: list[dict]) -> Intake:
    """Return the intake of files of rows."""
    for number, rows in enumerate(files):
        (folder / f"{number}.csv").write_bytes(french(*rows))
    return read_registry(folder, KEY, PROTOCOL)


def fates(intake: Intake) -> dict[str, int]:
    return {name: int(intake.receipts[name].sum()) for name in FATES if intake.receipts[name].sum()}


def test_a_row_sent_twice_counts_once(tmp_path):
    intake = take(tmp_path, [entry()], [entry()])
    assert fates(intake) == {"n_accepted": 1, "n_already_known": 1}


@pytest.mark.parametrize(
    "again",
    [
        {"code": "p01"},
        {"code": "1"},
        {"centre": "chu zorglub,  medecine INTERNE"},
        {"age_years": "47.30", "sex": "F", "disease": "Thrombopénie immunologique", "filled_on": "2026-01-31"},
        {"disease_as_reported": "FORME DU QUETZAL"},
    ],
)
def test_the_same_row_in_other_words_is_already_known(tmp_path, again):
    assert fates(take(tmp_path, [entry()], [entry(**again)])) == {"n_accepted": 1, "n_already_known": 1}


def test_a_later_row_replaces_the_earlier_one(tmp_path):
    later = entry(filled_on=LATE, response="partielle")
    intake = take(tmp_path, [later], [entry()])
    assert fates(intake) == {"n_accepted": 1, "n_replaced": 1}
    assert list(intake.registry["response"]) == ["partial"]


def test_two_answers_of_one_date_leave_the_second_waiting(tmp_path):
    intake = take(tmp_path, [entry(), entry(response="aucune")])
    assert fates(intake) == {"n_accepted": 1, "n_quarantined": 1}
    assert list(intake.registry["response"]) == ["complete"]
    assert list(intake.quarantine[["row", "column"]].iloc[0]) == [3, "filled_on"]
    assert intake.quarantine["expected"].iloc[0].startswith("a later date than that of the accepted row")
    assert list(intake.waiting["response"]) == ["aucune"]


def test_a_contradiction_is_settled_by_a_later_row(tmp_path):
    rows = [entry(), entry(response="aucune"), entry(filled_on=LATE, response="partielle")]
    assert fates(take(tmp_path, rows)) == {"n_accepted": 1, "n_replaced": 2}


def test_a_bad_correction_waits_while_the_accepted_row_stays(tmp_path):
    intake = take(tmp_path, [entry()], [entry(filled_on=LATE, age_years=312)])
    assert fates(intake) == {"n_accepted": 1, "n_quarantined": 1}


@pytest.mark.parametrize(("date", "fate"), [(EARLY, "n_replaced"), ("", "n_replaced"), ("30/01/2026", "n_accepted")])
def test_a_row_without_an_answer_sets_the_earlier_ones_aside(tmp_path, date, fate):
    blank = entry(filled_on=date, objection_checked="")
    assert fates(take(tmp_path, [entry()], [blank])) == {fate: 1, "n_quarantined": 1}


def test_words_that_nobody_understands_set_every_row_of_the_patient_aside(tmp_path):
    unclear = entry(filled_on="30/01/2026", objection_checked="ne s’oppose pas encore")
    assert fates(take(tmp_path, [entry()], [unclear])) == {"n_replaced": 1, "n_quarantined": 1}


def test_a_later_answer_takes_the_place_of_none(tmp_path):
    rows = [entry(objection_checked=""), entry(filled_on=LATE)]
    assert fates(take(tmp_path, rows)) == {"n_accepted": 1, "n_quarantined": 1}


def test_a_row_whose_cells_are_out_of_place_takes_nobody_out(tmp_path):
    shifted = french(entry(filled_on=LATE, country="U;topie")).decode("utf-8-sig").replace('"U;topie"', "U;topie")
    (tmp_path / "shifted.csv").write_bytes(shifted.encode())
    assert fates(take(tmp_path, [entry()])) == {"n_accepted": 1, "n_quarantined": 1}


def centre(n_treated: int, n_reported: int, n_rows: int, date: str = EARLY) -> list[dict]:
    totals = {"centre_n_treated": n_treated, "centre_n_reported": n_reported, "filled_on": date}
    return [entry(f"P{number}", **totals) for number in range(1, n_rows + 1)]


@pytest.mark.parametrize(
    ("totals", "ascertainment"),
    [
        ((2, 2, 2), "complete"),
        ((3, 2, 2), "selective"),
        ((3, 3, 2), "selective"),
        ((1, 1, 2), "selective"),
    ],
)
def test_a_centre_is_complete_where_every_treated_patient_is_accepted(tmp_path, totals, ascertainment):
    cases = registry_cases(take(tmp_path, centre(*totals)).registry, PROTOCOL)
    assert set(cases["ascertainment"]) == {ascertainment}


def test_the_latest_totals_of_a_centre_hold(tmp_path):
    later = entry("P3", centre_n_treated=3, centre_n_reported=3, filled_on=LATE)
    cases = registry_cases(take(tmp_path, centre(2, 2, 2), [later]).registry, PROTOCOL)
    assert set(cases["ascertainment"]) == {"complete"}


def test_totals_that_contradict_each_other_are_told_and_the_centre_is_selective(tmp_path):
    intake = take(tmp_path, [*centre(2, 2, 1), entry("P2", centre_n_treated=5, centre_n_reported=2)])
    assert "its latest rows report different totals; expected one of each" in intake.centres["reason"].iloc[0]
    assert set(registry_cases(intake.registry, PROTOCOL)["ascertainment"]) == {"selective"}


def test_more_patients_than_the_centre_treated_are_told(tmp_path):
    reason = take(tmp_path, centre(1, 1, 2)).centres["reason"].iloc[0]
    assert "more patients are accepted or object than were treated: 2 of 1" in reason


def test_patients_of_two_centres_with_one_number_are_two(tmp_path):
    assert fates(take(tmp_path, [entry(), entry(centre="CHU Tlön")])) == {"n_accepted": 2}
