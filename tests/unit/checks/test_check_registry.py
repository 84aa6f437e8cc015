"""What `casepool check` says of registry returns: file, row, column, expectation; never a value."""

from __future__ import annotations

import shutil

import invented
import pytest

from casepool.checks.data import CheckReport
from casepool.checks.registry import take_in, with_registry
from casepool.model.configuration import load_configuration
from casepool.model.errors import PrivacyError
from casepool.report.registry_status import status_text

KEY = {"CASEPOOL_REGISTRY_KEY": "an invented key that is of no use elsewhere 0123456789"}
EMPTY = CheckReport((), (), {})


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with a good and a bad row of one centre."""
    shutil.copytree(invented.ROOT / "config", tmp_path / "config")
    rows = [invented.form_row("P1"), invented.form_row("P2", age_years=412)]
    (tmp_path / "data" / "raw" / "registry").mkdir(parents=True)
    invented.write_csv(tmp_path / "data" / "raw" / "registry" / "centre-one.csv", "registry_form", *rows)
    monkeypatch.setenv(*next(iter(KEY.items())))
    return tmp_path


def registry(project):
    return load_configuration(project / "config" / "config.yaml").registry


def test_a_check_names_file_row_and_column_but_no_value(project):
    found = with_registry(EMPTY, project, registry(project), invented.protocol(), named=True)
    (problem,) = found.problems
    assert (problem.file, problem.row, problem.column) == ("centre-one.csv", 3, "age_years")
    assert "412" not in str(problem)
    assert found.n_rows == {"registry": 1}


def test_what_may_be_kept_has_labels_for_names(project):
    (problem,) = with_registry(EMPTY, project, registry(project), invented.protocol(), named=False).problems
    assert problem.file.startswith("return-")


def test_returns_without_a_key_are_a_problem_and_no_traceback(project, monkeypatch):
    monkeypatch.delenv("CASEPOOL_REGISTRY_KEY")
    (problem,) = with_registry(EMPTY, project, registry(project), invented.protocol(), named=True).problems
    assert "casepool registry key" in str(problem.found)
    with pytest.raises(PrivacyError, match="casepool registry key"):
        take_in(project, registry(project), invented.protocol())


def test_a_wrong_identity_decision_beside_the_returns_is_a_problem(project):
    row = invented.decision("alpha2020/p1", "beta2021/p1")
    invented.write_csv(project / "data" / "raw" / "registry" / "identity_decisions.csv", "identity_decisions", row)
    problems = with_registry(EMPTY, project, registry(project), invented.protocol(), named=True).problems
    assert [problem.file for problem in problems] == ["centre-one.csv", "identity_decisions.csv"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "2 rows: accepted 1, set aside 1"), ("fr", "2 lignes\u00a0: accepté 1")]
)
def test_the_status_counts_the_rows_of_each_file(project, language, words):
    text = status_text(take_in(project, registry(project), invented.protocol()), language)
    assert text.startswith("centre-one.csv (return-")
    assert words in text
    assert "412" not in text


def test_the_status_of_an_empty_folder_says_so(tmp_path):
    shutil.copytree(invented.ROOT / "config", tmp_path / "config")
    assert (
        status_text(take_in(tmp_path, registry(tmp_path), invented.protocol()), "en") == "No return lies in the folder."
    )
