"""The commands that write the form and the templates."""

from __future__ import annotations

import shutil
from pathlib import Path

import invented
import openpyxl
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.extraction.template import TEMPLATES


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the configuration of the project alone."""
    shutil.copytree(invented.ROOT / "config", tmp_path / "config")
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_form_is_written_in_both_languages(project):
    result = run("form", "--out", project / "forms", "--folder", project)
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (project / "forms").iterdir())
    assert len(names) == 8
    assert all(str(project / "forms" / name) in result.output.splitlines() for name in names)


def test_the_form_is_written_in_one_language(project):
    result = run("form", "--out", project / "forms", "--folder", project, "--lang", "fr")
    assert result.exit_code == 0, result.output
    assert {path.stem[-2:] for path in (project / "forms").iterdir()} == {"fr"}


@pytest.mark.parametrize("table", ["patients", "registry"])
def test_a_template_is_written_and_its_place_is_told(project, table):
    out = project / "new" / "sheet.xlsx"
    result = run("template", table, "--out", out, "--folder", project, "--lang", "fr")
    assert result.exit_code == 0, result.output
    assert result.output.strip() == str(out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Patients" if table == "registry" else table, "Aide", "Listes"]


def test_a_table_that_does_not_exist_is_wrong_use_and_the_tables_are_told(project):
    result = run("template", "patient", "--out", project / "sheet.xlsx", "--folder", project)
    assert result.exit_code == 2
    assert "found 'patient'" in result.output
    assert all(name in result.output for name in ("registry", *list(TEMPLATES)[:3]))
    assert not (project / "sheet.xlsx").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("form",),
        ("form", "--out", "x", "--lang", "de"),
        ("template", "patients"),
        ("template", "patients", "--out", "x.csv"),
        ("template", "--out", "x.xlsx"),
    ],
)
def test_wrong_use_ends_with_2_and_writes_nothing(project, monkeypatch, arguments):
    monkeypatch.chdir(project)
    assert run(*arguments).exit_code == 2
    assert [path.name for path in project.iterdir()] == ["config"]
