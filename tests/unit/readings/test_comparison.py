"""Twelve disagreements are planted in a series of six: all are listed, none is invented, adjudication is applied."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from double_readings import DAY, PLANTED, REPORT, Scene, second_reading, series

from casepool.files.cells import read_cells
from casepool.files.formulas import rows_as_csv, unguarded
from casepool.model.errors import CuratedDataError
from casepool.readings.filled import COLUMNS, as_file, read_filled, sheet_rows
from casepool.rows import rows_of


def found_in(scene: Scene) -> set[tuple[str, str]]:
    """Return label and column of each difference that nobody has adjudicated."""
    return {(one.label, one.column) for each in scene.work.compared() for one in each.unsettled}


def test_twelve_planted_disagreements_are_listed_and_no_other(read_twice):
    assert found_in(read_twice) == {(label, column) for label, column, _ in PLANTED}


def test_two_readers_who_say_the_same_differ_in_nothing(scene):
    """Labels, order, case and spaces of free words, places and notes are no disagreement."""
    scene.read("anne", *series(3))
    scene.read("boris", *second_reading(n=3))
    scene.confirm()
    assert found_in(scene) == set()


def fill(scene: Scene, path: Path, language: str, **changes: str) -> Path:
    """Write the sheet of differences, and take what reader B found, with a reason."""
    differences = [one for each in scene.work.compared() for one in each.unsettled]
    header, *rows = sheet_rows(differences, language)
    for row in rows:
        given = {"value": row[COLUMNS.index("value_b")], "reason": "table 2", "adjudicator": "carla"} | changes
        for name, value in given.items():
            row[COLUMNS.index(name)] = value
    path.write_bytes(as_file([header, *rows], path, "comparison"))
    return path


@pytest.mark.parametrize(("name", "language"), [("sheet.xlsx", "fr"), ("sheet.csv", "en"), ("sheet.csv", "fr")])
def test_a_filled_sheet_is_applied_in_the_tables(read_twice, tmp_path, name, language):
    step = read_twice.do(read_twice.work.adjudicate(fill(read_twice, tmp_path / name, language)))
    rows = {row["patient_label"]: row for row in rows_of(read_twice.table("patients"))}
    assert [rows[label][column] for label, column, _ in PLANTED] == [value for _, _, value in PLANTED]
    assert len(step.rows) == 7
    assert {row["reader"] for row in rows.values()} == {"consensus"}
    assert read_twice.problems() == read_twice.hints() == []
    assert len(read_twice.work.kept.beside["adjudications"]) == len(PLANTED)


def test_the_tables_are_those_of_the_same_rows_typed_by_hand(read_twice, tmp_path):
    """What the build reads is the consensus, and nothing else."""
    read_twice.do(read_twice.work.adjudicate(fill(read_twice, tmp_path / "sheet.csv", "en")))
    typed = series()
    for label, column, value in PLANTED:
        next(one for one in typed if one["patient_label"] == label)[column] = value
    by_hand = Scene(tmp_path / "typed")
    by_hand.put("patients", *({**one, "reader": "consensus", "date": DAY, "source_locator": "Table 1; page 3",
                               "note": "seen twice"} for one in typed))  # fmt: skip
    held = (read_twice.folder.parent / "patients.csv").read_text(encoding="utf-8")
    assert held == (by_hand.folder.parent / "patients.csv").read_text(encoding="utf-8")


FAULTS = (
    ({"value": ""}, "value", "the value that holds"),
    ({"value": "perhaps"}, "value", "expected"),
    ({"reason": ""}, "reason", "the reason of the decision"),
    ({"adjudicator": ""}, "adjudicator", "the person who decided"),
    ({"value_a": "34 or 43"}, "value_a", "what this reader wrote"),
    ({"key": "report_id=other, patient_label=p1"}, "key", "make the sheet again"),
    ({"date": "yesterday"}, "date", "a date"),
)


def test_every_fault_of_a_filled_sheet_is_named_at_once_with_its_line(read_twice, tmp_path):
    path = fill(read_twice, tmp_path / "sheet.csv", "en")
    header, *rows = ([unguarded(cell) for cell in row] for row in read_cells(path)[0])
    for row, (changes, _, _) in zip(rows, FAULTS, strict=False):
        for name, value in changes.items():
            row[COLUMNS.index(name)] = value
    path.write_text(rows_as_csv([header, *rows]), encoding="utf-8")
    with pytest.raises(CuratedDataError) as caught:
        read_twice.work.adjudicate(path)
    found = {one.row: one for one in caught.value.problems}
    assert [found[line].column for line in sorted(found)] == [column for _, column, _ in FAULTS]
    for line, (_, _, expected) in enumerate(FAULTS, start=2):
        assert expected in str(found[line])


def test_lines_that_are_not_filled_in_wait(read_twice, tmp_path):
    """An adjudicator may come back to the rest tomorrow; the tables wait until the report is settled."""
    path = fill(read_twice, tmp_path / "sheet.csv", "en")
    header, first, *rest = read_cells(path)[0]
    blank = [[*row[: COLUMNS.index("value")], "", "", "", ""] for row in rest]
    path.write_text(rows_as_csv([header, first, *blank]), encoding="utf-8")
    assert read_filled(path, read_twice.work.compared(), DAY).n_open == len(PLANTED) - 1
    step = read_twice.do(read_twice.work.adjudicate(path))
    assert step.rows == ()
    assert len(found_in(read_twice)) == len(PLANTED) - 1
    (hint,) = read_twice.hints()
    assert "11 fields wait for an adjudicator" in hint


def test_the_sheet_offers_both_values_to_choose_from(read_twice, tmp_path):
    differences = [one for each in read_twice.work.compared() for one in each.unsettled]
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(as_file(sheet_rows(differences, "fr"), path, "comparison"))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered["K2"] == "$I$2:$J$2"
    assert sheet["A1"].value == "tableau"


def test_a_patient_whom_one_reader_lacks_is_a_disagreement_of_its_own(lacking, tmp_path):
    scene = lacking
    (found,) = [one for each in scene.work.compared() for one in each.unsettled]
    assert (found.label, found.column, found.value_a, found.value_b) == ("p3", "patient_label", "p3", "")
    scene.do(scene.work.adjudicate(fill(scene, tmp_path / "sheet.csv", "fr")))
    assert scene.table("patients")["patient_label"].tolist() == ["p1", "p2"]
    assert scene.problems() == scene.hints() == []


def test_a_row_taken_out_by_the_adjudicator_may_not_come_back(lacking, tmp_path):
    scene = lacking
    scene.do(scene.work.adjudicate(fill(scene, tmp_path / "sheet.csv", "en")))
    rows = scene.table("patients").to_dict("records")
    scene.put("patients", *rows, {**series(3)[2], "report_id": REPORT})
    (problem,) = scene.problems()
    assert "patient_label=p3" in problem
    assert "no such row, as adjudicated" in problem


def test_a_row_of_the_tables_that_follows_no_decision_is_a_problem(read_twice, tmp_path):
    read_twice.do(read_twice.work.adjudicate(fill(read_twice, tmp_path / "sheet.csv", "en")))
    rows = read_twice.table("patients").to_dict("records")
    rows[0]["age_years"], rows[1]["country"] = 90, "Spain"
    read_twice.put("patients", *rows)
    problems = read_twice.problems()
    assert [("age_years = 90" in one, "adjudicated" in one) for one in problems] == [(True, True), (False, False)]
    assert "on which both readings agree" in problems[1]
