"""Builds in a copy of the project: what an edit reruns, and what stops a build."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
from copied import Project, copy_of_the_project

import case_page

CHECK = "results/check/check.json"
TARGETS = ("results/tables/records.csv", "results/tables/screening_state.csv", "results/tables/results.csv")
COUNTS = ("results/tables/records.csv", "results/tables/counts.csv")
PATIENTS = "data/curated/patients.csv"
RESPONSE = re.compile(r"^(vernava2023,p1,.*?),complete,", re.MULTILINE)


@dataclass(frozen=True)
class History:
    """What three builds printed and made: as shipped, one response edited, edit taken back."""

    project: Project
    printed: tuple[str, str, str]
    made: tuple[dict[str, bytes], dict[str, bytes], dict[str, bytes]]


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Build, edit one response, build, restore it, build; the edits have old dates, as files from an archive have."""
    project = copy_of_the_project(tmp_path_factory.mktemp("project"))
    patients = project.root / PATIENTS
    shipped = patients.read_text(encoding="utf-8")
    edited, n_edits = RESPONSE.subn(r"\1,partial,", shipped)
    assert n_edits == 1
    printed, made = [], []
    for content, targets in ((shipped, TARGETS), (edited, COUNTS), (shipped, TARGETS)):
        if content != patients.read_text(encoding="utf-8"):
            patients.write_text(content, encoding="utf-8")
            os.utime(patients, (1e9, 1e9))
        printed.append(project.build(*targets))
        made.append(project.results())
    return History(project, tuple(printed), tuple(made))


def ran(printed: str) -> set[str]:
    """Return the rules in snakemake's table of jobs."""
    table = printed.partition("Job stats:")[2].partition("total")[0]
    return set(re.findall(r"^(\w+) +\d+$", table, re.MULTILINE))


def test_the_shipped_project_builds(history):
    """Every target is there, and not empty."""
    shipped = history.made[0]
    assert {target.removeprefix("results/") for target in TARGETS} <= set(shipped)
    assert all(shipped.values())


def test_an_edited_response_reruns_the_cases_and_what_follows(history):
    """Cases, identity and counts; what was built from them waits for its turn."""
    assert {"build_cases", "link_cases", "count_responses"} <= ran(history.printed[1])


def test_an_edited_response_does_not_rerun_the_search(history):
    """Records do not depend on patients."""
    assert ran(history.printed[0]) >= {"build_records"}
    assert "build_records" not in ran(history.printed[1])


def test_an_edited_response_changes_the_counts(history):
    """A complete response that becomes partial is one complete response less."""
    assert history.made[0]["tables/counts.csv"] != history.made[1]["tables/counts.csv"]
    assert history.made[0]["tables/records.csv"] == history.made[1]["tables/records.csv"]


def test_taking_the_edit_back_gives_the_same_bytes(history):
    """Same input, same bytes, whatever was built in between."""
    assert history.made[0] == history.made[2]


def test_the_page_that_follows_a_case_shows_the_rows_of_the_build(history):
    """docs/case_to_rate.md, every stage with a table; .ci/run compares the rest, which needs the whole build."""
    page = case_page.PAGE.read_text(encoding="utf-8")
    stations = case_page.table_stations(history.project.root, history.project.root / "results")
    assert len(stations) > 10
    assert [one.title for one in stations if "\n".join(one.lines()) not in page] == []


def test_the_page_that_follows_a_case_names_rules_and_folders_that_exist(history):
    """Who wants to read on finds the rule and the code."""
    page = case_page.PAGE.read_text(encoding="utf-8")
    rules = "".join(path.read_text(encoding="utf-8") for path in (history.project.root / "workflow/rules").iterdir())
    named, folders = re.findall(r"rule `(\w+)`", page), re.findall(r"`(src/casepool/[\w/]+)/`", page)
    assert named
    assert folders
    assert [name for name in named if f"rule {name}:" not in rules] == []
    assert [one for one in folders if not (history.project.root / one).is_dir()] == []


def test_plain_snakemake_finds_the_profile_that_makes_incomplete_files_again(history):
    """It lies where Snakemake looks beside a Snakefile at the root."""
    assert "Using workflow specific profile profiles/default" in history.printed[0]


def test_a_build_without_change_has_nothing_to_do(history):
    """No rule depends on the hour or on the order of files."""
    assert "Nothing to be done" in history.project.build(*TARGETS, "--dry-run")


def test_dates_make_nothing_again_and_a_result_changed_by_hand_is_named_and_made_again(history):
    """Contents decide: every file is touched, one published number is raised; the number goes back in the end."""
    root, result = history.project.root, history.project.root / "results/tables/counts.csv"
    for path in (path for part in ("data", "config", "src", "workflow") for path in (root / part).rglob("*.*")):
        os.utime(path)
    assert "Nothing to be done" in history.project.build(*TARGETS, "--dry-run")
    content = result.read_bytes()
    result.write_bytes(content.replace(b",1", b",2"))
    printed = history.project.build(*TARGETS, str(result.relative_to(root)), "--dry-run")
    result.write_bytes(content)
    assert "results/tables/counts.csv: not as the build wrote it" in printed
    assert {"count_responses", "pool_outcomes"} <= ran(printed)
    assert "link_cases" not in ran(printed)


def test_an_edit_of_the_package_reruns_the_rules_that_use_it(history):
    """Code is an input: the identity of patients, not the search."""
    module = history.project.root / "src/casepool/identity/ledger.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    reruns = ran(history.project.build(*TARGETS, "--dry-run"))
    assert "link_cases" in reruns
    assert "build_records" not in reruns


def test_an_edit_that_moves_nothing_stops_at_the_first_result_that_is_as_it_was(history):
    """Patients are linked again, to the same ones: what was counted of them is put back."""
    counts = history.project.root / "results/tables/counts.csv"
    before = counts.read_bytes()
    assert {"link_cases", "count_responses"} <= ran(history.project.build("results/tables/counts.csv"))
    logs = history.project.root / "results/logs"
    assert "put back" in (logs / "count_responses.log").read_text(encoding="utf-8")
    assert "put back" not in (logs / "link_cases.log").read_text(encoding="utf-8")
    assert counts.read_bytes() == before


QUERY = "results/screening/query.txt"
FAULTS = (
    # file, old, new, what the message says
    (PATIENTS, "schuetz2018,p1,19,female", "schuetz2018,p1,312,female",
     "patients.csv, row {row}, report_id=schuetz2018, patient_label=p1: age_years = 312; "
     "expected a number from 0 to 120"),
    (PATIENTS, "nocturne2023,p2,68,female", "nocturne2023,p2,68,femal",
     "patients.csv, row {row}, report_id=nocturne2023, patient_label=p2: sex = femal; expected one of female, male, "
     "not_reported. Did you mean 'female'?"),
    (PATIENTS, "\nvernava2023,p2,", "\nvernava2023,p1,",
     "patients.csv, row {row}, report_id=vernava2023, patient_label=p1: report_id/patient_label = "
     "report_id=vernava2023, patient_label=p1 (again); expected each key once"),
    (PATIENTS, "\nmartino2021,p2,", "\nmartino2012,p2,",
     "patients.csv, row {row}, report_id=martino2012, patient_label=p2: report_id = martino2012; "
     "expected a report_id of reports.csv. Did you mean 'martino2021'?"),
    ("data/curated/cohorts.csv", ",21,21,,,10,11,", ",21,21,,,22,,",
     "cohorts.csv, row {row}, report_id=tsykunova2025, stratum=itp: n_response = 22; expected at most n_evaluable of "
     "the same row"),
)  # fmt: skip


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str, int]:
    """Plant five faults at once and build."""
    project = copy_of_the_project(tmp_path_factory.mktemp("faulty"))
    for path, old, new, _ in FAULTS:
        project.edit(path, (old, new))
    project.edit("src/casepool/model/messages/en.yaml", ("problems in the data:", "problems in this copy:"))
    done = project.snakemake(CHECK, *TARGETS)
    return project, done.stdout, done.returncode


def test_faulty_data_stop_the_build(faulty):
    """Nothing is pooled from what is known to be wrong."""
    _, printed, code = faulty
    assert code == 1
    assert printed.count("8 problems in ") == 1  # five faults; three rows refer to the patient of the unknown report


def test_scripts_use_the_package_beside_the_snakefile(faulty):
    """The package that happens to be installed may be of another version."""
    _, printed, _ = faulty
    assert "8 problems in this copy:" in printed


@pytest.mark.parametrize("fault", FAULTS, ids=["age", "typo", "duplicate key", "unknown report", "too many responders"])
def test_each_fault_is_told_once_with_file_key_column_value_and_expectation(faulty, fault):
    """All five in one run, in the terminal."""
    project, printed, _ = faulty
    path, _, new, message = fault
    before = (project.root / path).read_text(encoding="utf-8").rpartition(new)[0]
    row = before.count("\n") + 1 + new.startswith("\n")
    assert printed.count(message.format(row=row)) == 1


def test_faulty_data_leave_nothing_half_written(faulty):
    """No table of patients, no temporary file."""
    project, _, _ = faulty
    made = project.results()
    assert "check/check.json" not in made
    assert not any(name.startswith(("tables/cases", "tables/counts", "tables/results")) for name in made)
    assert not [path for path in (project.root / "results").rglob(".*") if path.is_file()]


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("config/config.yaml", "\nseed:", "\ncolour: red\nseed:", "  colour: found 'red'; unknown key"),
        ("config/config.yaml", "\n  level:", "\n  levle: 0.9\n  level:", "unknown key. Did you mean 'level'?"),
        ("config/config.yaml", "\nseed: 2", "\nseed: -2", "  seed: found -2"),
        ("config/protocol.yaml", "\noutcomes:", "\ncolour: red\noutcomes:", "  colour: found 'red'; unknown key"),
    ],
)
def test_a_wrong_choice_stops_the_build_with_the_words_of_the_check(tmp_path, path, old, new, told):
    """A misspelt choice would otherwise have no effect; one judge, one message."""
    project = copy_of_the_project(tmp_path)
    project.edit(path, (old, new))
    done = project.snakemake("--dry-run")
    assert done.returncode == 1
    command = [sys.executable, "-c", "from casepool.cli.main import main; main()", "check"]
    checked = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert told in checked.stderr
    assert checked.stderr.strip() in done.stdout


def test_a_build_by_casepool_shows_a_line_a_job_and_keeps_the_rest_in_a_log(tmp_path, monkeypatch):
    """Who waits wants to know how far it is; who looks for a fault has why each job ran."""
    project = copy_of_the_project(tmp_path)
    monkeypatch.setenv("CASEPOOL_SHORT", "1")
    shown = [line for line in project.build("--quiet", "host", "--", QUERY).splitlines() if line]
    assert "  0%  Write the PubMed query that the protocol yields" in shown
    assert [line for line in shown if "%" in line or "eason" in line or "jobid" in line] == [shown[1]]
    (log,) = (project.root / ".snakemake" / "log").glob("*.log")
    assert "Reason: Missing output files" in log.read_text(encoding="utf-8")
    assert "Nothing to be done" in project.build("--quiet", "host", "--", QUERY)
