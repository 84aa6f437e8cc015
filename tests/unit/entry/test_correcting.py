"""A cell that git holds is corrected with its old value, reason and source, unless the check would refuse it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import invented
import pytest

from casepool.entry import rows
from casepool.entry.correcting import Correction, correct
from casepool.extraction.curated import read_curated
from casepool.model.errors import CuratedDataError, FileError
from casepool.model.message import text

AGE = Correction("patients", "alpha2020/p1", "age_years", "63,5", "misprint", "erratum", "dupont", "2026-11-29")


def corrected(project: Path, column: str) -> object:
    """Return what the stages read in a cell of the patient."""
    read = read_curated(project / "data" / "curated")
    assert read.problems == ()
    return read["patients"].loc[0, column]


def test_a_correction_holds_and_the_table_keeps_its_bytes(project):
    file = project / "data/curated/patients.csv"
    before = file.read_bytes()
    (said,) = correct(project, AGE)
    assert text(said, "fr").startswith("patients, report_id=alpha2020, patient_label=p1 : age_years 40 → 63.5 (")
    assert corrected(project, "age_years") == 63.5
    assert file.read_bytes() == before
    key = ("patients", "report_id=alpha2020, patient_label=p1", "age_years")
    assert rows.open_row(rows.place_of(project, "corrections"), key).cells["reason"] == "misprint"


def test_a_second_correction_of_a_cell_replaces_the_first_and_says_so(project):
    correct(project, AGE)
    said = correct(project, replace(AGE, key="report_id=alpha2020, patient_label=p1", new="64"))
    assert [one.id for one in said] == ["corrected_cell", "correction_replaced"]
    assert corrected(project, "age_years") == 64
    with pytest.raises(FileError, match="is 64 already"):
        correct(project, replace(AGE, new="64"))


def test_labels_are_understood_and_a_cell_may_become_empty(project):
    correct(project, replace(AGE, column="sex", new="homme"))
    correct(project, replace(AGE, column="source_locator", new="Table 2"))
    correct(project, replace(AGE, new=""))
    assert corrected(project, "sex") == "male"
    assert str(corrected(project, "age_years")) == "<NA>"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"table": "patient"}, "Did you mean 'patients'"),
        ({"column": "age_year"}, "Did you mean 'age_years'"),
        ({"key": "alpha2020/p11"}, "Did you mean 'alpha2020/p1'"),
    ],
)
def test_a_cell_that_does_not_exist_is_answered_with_the_nearest(project, change, said):
    with pytest.raises(FileError, match=said):
        correct(project, replace(AGE, **change))


@pytest.mark.parametrize(
    "change", [{"new": "312"}, {"column": "response", "new": "none", "key": "alpha2020/p2"}, {"reason": " "}]
)
def test_what_the_check_would_refuse_is_not_written(project, change):
    """A value beyond its limits, a rule over the row (a loss without a response), a correction without a reason."""
    second = invented.patient(patient_label="p2", relapse="yes")
    invented.write_csv(project / "data/curated/patients.csv", "patients", invented.patient(), second)
    before = (project / "data/curated/corrections.csv").read_bytes()
    with pytest.raises(CuratedDataError):
        correct(project, replace(AGE, **change))
    assert (project / "data/curated/corrections.csv").read_bytes() == before


def test_a_row_that_git_does_not_hold_yet_is_changed_where_it_stands(project):
    git = ["git", "-C", str(project), "-c", "user.name=x", "-c", "user.email=x@x"]
    for words in (["init", "--quiet"], ["add", "data"], ["commit", "--quiet", "--message=x"]):
        subprocess.run([*git, *words], check=True)
    place = rows.place_of(project, "patients")
    new = {name: str(cell) for name, cell in invented.patient(patient_label="p2").items()}
    rows.save(place, rows.Opened(("alpha2020", "p2")), new)
    with pytest.raises(FileError, match="not in git yet"):
        correct(project, replace(AGE, key="alpha2020/p2"))
    correct(project, AGE)
