"""The curated tables are read together; problems are collected."""

from __future__ import annotations

import invented
import openpyxl

from casepool.contract import CURATED, TABLES
from casepool.extraction.curated import case_ids, read_curated


def folder_of(path, **rows):
    """Write all curated tables, those not given without rows."""
    for table in CURATED:
        invented.write_csv(path / f"{table.name}.csv", table.name, *rows.get(table.name, []))
    return path


def test_problems_of_all_tables_are_collected(tmp_path):
    """One reading tells everything."""
    rows = {"patients": [invented.patient(sex="x")], "cohorts": [invented.cohort(n_death=11)]}
    found = read_curated(folder_of(tmp_path, **rows))
    assert [(problem.file, problem.column) for problem in found.problems] == [
        ("patients.csv", "sex"),
        ("cohorts.csv", "n_death"),
    ]
    assert found.readable


def test_a_missing_table_is_a_problem(tmp_path):
    """The others are read all the same."""
    folder = folder_of(tmp_path, reports=[invented.report()])
    (folder / "patients.csv").unlink()
    found = read_curated(folder)
    assert [problem.file for problem in found.problems] == ["patients.csv"]
    assert len(found["reports"]) == 1
    assert not found.readable


def test_a_workbook_stands_in_for_a_missing_csv_file(tmp_path):
    """An extractor may hand in a spreadsheet."""
    folder = folder_of(tmp_path)
    (folder / "patients.csv").unlink()
    book = openpyxl.Workbook()
    names = TABLES["patients"].names
    book.active.append(names)
    book.active.append([invented.patient().get(name) for name in names])
    book.save(folder / "patients.xlsx")
    found = read_curated(folder)
    assert (found.problems, len(found["patients"])) == ((), 1)
    assert tuple(map(str, found.notes)) == ("patients: read from a spreadsheet",)


def test_a_case_is_named_by_its_report_and_label():
    """Patients first, then strata."""
    frames = invented.curated(cohorts=[invented.cohort()])
    assert list(case_ids(frames)) == ["alpha2020/p1", "beta2021/all"]
