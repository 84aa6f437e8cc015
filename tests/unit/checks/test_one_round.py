"""One round: a typing error in one table hides nothing of what is wrong in the others. Every row is SYNTHETIC."""

from __future__ import annotations

from pathlib import Path

import invented
import openpyxl
import pytest
from spoiled import empty_tables

from casepool.checks.data import CheckReport, check_data, check_text


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose only report is in no raw file, was never screened, and is not appraised."""
    tables = tmp_path / "data" / "curated"
    empty_tables(tables)
    invented.write_csv(tmp_path / "data" / "raw" / "sources.csv", "sources")
    invented.write_csv(tables / "reports.csv", "reports", invented.report())
    return tmp_path


def check(project: Path, *patients: invented.Row) -> CheckReport:
    """Return what a check finds with these patients."""
    invented.write_csv(project / "data" / "curated" / "patients.csv", "patients", *patients)
    return check_data(project, invented.protocol(), "2026-11-22")


def test_what_is_missing_elsewhere_is_said_beside_a_typing_error(project):
    """Four rounds became one: the cell, the appraisal and the record."""
    found = check(project, invented.patient(), invented.patient(patient_label="p2", age_years="63 ans"))
    assert [(one.file, one.column, str(one.expected)[:15]) for one in found.problems] == [
        ("patients.csv", "age_years", "a number from 0"),
        ("reports.csv", "decision", "a row in apprai"),
        ("reports.csv", "report_id", "a record of the"),
    ]


def test_no_verdict_is_given_on_a_report_of_which_a_row_is_left_out(project):
    """The other patient may be the one who counts."""
    child = invented.patient(age_years=7, population="child")
    wrong = invented.patient(patient_label="p2", sex="x")
    verdicts = [one for one in check(project, child, wrong).problems if one.expected.id == "exclude_by_rules"]
    assert verdicts == []
    verdicts = [one for one in check(project, child).problems if one.expected.id == "exclude_by_rules"]
    assert len(verdicts) == 1


def test_warnings_are_a_level_of_their_own_in_text_and_data(project):
    """They have a heading, and stop nothing."""
    found = check(project, invented.patient(treatment_year=2031))
    assert [one.column for one in found.warnings] == ["treatment_year"]
    assert "1 avertissement : possible" in check_text(found, "fr")
    assert len(found.as_dict()["warnings"]) == 1


def test_a_problem_names_the_file_that_was_read(project):
    """A table may be a workbook: its problems are not those of a CSV that is not there."""
    row = invented.patient(report_id="nobody2020")
    table = invented.write_csv(project / "data" / "curated" / "patients.csv", "patients", row)
    lines = [line.split(",") for line in table.read_text().splitlines()]
    table.unlink()
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([cell or None for cell in line])
    book.save(project / "data" / "curated" / "patients.xlsx")
    found = check_data(project, invented.protocol(), "2026-11-22")
    assert "patients.xlsx" in {one.file for one in found.problems if one.column == "report_id"}
