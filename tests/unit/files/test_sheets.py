"""What people type is read with every problem at once, in words that help to mend it."""

from __future__ import annotations

from pathlib import Path

import invented
import pandas as pd
import pytest

from casepool.contract import TABLES
from casepool.files import sheets, store
from casepool.model.errors import CuratedDataError


def check(folder: Path, name: str, *rows: invented.Row) -> sheets.CheckedTable:
    """Return the checked table of these rows."""
    return sheets.check_table(name, invented.write_csv(folder / f"{name}.csv", name, *rows))


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    """Three mistakes in two rows are three problems in the order of the rows."""
    rows = (invented.patient(age_years=312, sex="x"), invented.patient(patient_label="p2", n_doses="many"))
    problems = check(tmp_path, "patients", *rows).problems
    assert [(problem.row, problem.column) for problem in problems] == [(2, "age_years"), (2, "sex"), (3, "n_doses")]


def test_a_message_names_file_row_key_column_value_and_expectation(tmp_path):
    """All that a person needs to mend the cell stands in one line."""
    (problem,) = check(tmp_path, "patients", invented.patient(age_years=312)).problems
    assert str(problem) == (
        "patients.csv, row 2, report_id=alpha2020, patient_label=p1: age_years = 312; expected a number from 0 to 120. "
        "For example: 54"
    )


def test_the_nearest_valid_value_is_offered(tmp_path):
    """A typo in an id is one keystroke from what was meant."""
    (problem,) = check(tmp_path, "patients", invented.patient(response="complet3")).problems
    assert str(problem).endswith("Did you mean 'complete'?")


def test_no_value_is_offered_where_none_is_near(tmp_path):
    """A wild guess would mislead."""
    (problem,) = check(tmp_path, "patients", invented.patient(route="through the nose")).problems
    assert problem.nearest == ""


def test_an_unknown_column_is_told_with_the_nearest_known_one(tmp_path):
    """A renamed column leaves one missing and one unknown."""
    path = invented.write_csv(tmp_path / "patients.csv", "patients", invented.patient())
    path.write_text(path.read_text().replace("age_years", "age_year", 1))
    missing, unknown = sheets.check_table("patients", path).problems
    assert (missing.column, str(missing.found)) == ("age_years", "column is missing")
    assert (unknown.column, str(unknown.found), unknown.nearest) == ("age_year", "unknown column", "age_years")


def test_a_key_that_stands_twice_is_told_at_its_second_row(tmp_path):
    """The first row with a key is not at fault."""
    (problem,) = check(tmp_path, "patients", invented.patient(), invented.patient(age_years=41)).problems
    assert (problem.row, problem.column) == (3, "report_id/patient_label")
    assert str(problem.expected) == "each key once"


def test_an_empty_required_cell_is_told_as_empty(tmp_path):
    """Nothing and the text "nan" are different findings."""
    (problem,) = check(tmp_path, "patients", invented.patient(reader="")).problems
    assert (problem.column, str(problem.found)) == ("reader", "(empty)")


@pytest.mark.parametrize("typed", ["many", "nan", "inf", "1e400", "99999999999999999999", "1.5", "0x10", "1_0", "-1"])
def test_what_is_no_count_is_a_problem_and_no_crash(tmp_path, typed):
    """Whatever stands in a count that is not a whole number is told."""
    row = invented.cohort(n_death=typed, n_treated="", n_evaluable="", n_response="", n_none="")
    (problem,) = check(tmp_path, "cohorts", row).problems
    assert (problem.column, problem.found) == ("n_death", typed)


def test_read_table_raises_with_every_problem(tmp_path):
    """A stage never works on a broken table."""
    path = invented.write_csv(tmp_path / "patients.csv", "patients", invented.patient(age_years=312, sex="x"))
    with pytest.raises(CuratedDataError, match=r"2 problems in the data:\n.*age_years.*\n.*sex") as caught:
        sheets.read_table("patients", path)
    assert len(caught.value.problems) == 2


def test_reading_writing_and_reading_again_gives_the_same_bytes(tmp_path):
    """A table in our dialect is a fixed point, whatever order and form it was typed in."""
    rows = (invented.patient(patient_label="p2", age_years="61,5", note='a "quoted", text'), invented.patient())
    source = invented.write_csv(tmp_path / "typed.csv", "patients", *rows, separator=";")
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    store.write_table("patients", sheets.read_table("patients", source), first)
    store.write_table("patients", sheets.read_table("patients", first), second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("table", ["reports", "patients", "cohorts", "appraisal", "identity_decisions"])
def test_a_curated_table_survives_reading_and_writing(tmp_path, table):
    """No cell of the real tables is lost: written and read again they are the same table."""
    frame = store.read_table(table, invented.ROOT / "data" / "curated" / f"{table}.csv")
    store.write_table(table, frame, tmp_path / "again.csv")
    again = store.read_table(table, tmp_path / "again.csv")
    key = list(TABLES[table].key)
    pd.testing.assert_frame_equal(again, frame.sort_values(key, ignore_index=True))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_file_of_hundreds_of_megabytes_is_one_problem_before_it_is_read(tmp_path, language):
    """Nobody types so much; to judge each row of a table that a program filled takes the memory of the machine."""
    path = invented.write_csv(tmp_path / "patients.csv", "patients", invented.patient())
    with path.open("r+b") as file:
        file.truncate((sheets.MOST_MIB + 1) * 2**20)
    (problem,) = sheets.check_table("patients", path).problems
    assert problem.text(language).startswith("patients.csv")
    assert "51" in problem.text(language)
    assert "50" in problem.text(language)
