"""`casepool registry status`: what became of each return, in the terminal."""

from __future__ import annotations

import shutil

import invented
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with one return of two rows; the age of the second cannot be."""
    shutil.copytree(invented.ROOT / "config", tmp_path / "config")
    folder = tmp_path / "data" / "raw" / "registry"
    folder.mkdir(parents=True)
    rows = [invented.form_row("P1"), invented.form_row("P2", age_years=412)]
    invented.write_csv(folder / "centre-one.csv", "registry_form", *rows)
    monkeypatch.setenv("CASEPOOL_REGISTRY_KEY", "an invented key that is of no use elsewhere 0123456789")
    return tmp_path


def test_rows_that_wait_end_with_1_and_are_named_without_their_values(project):
    result = CliRunner().invoke(app, ["registry", "status", "--folder", str(project)])
    assert result.exit_code == 1
    assert "centre-one.csv" in result.output
    assert "row 3" in result.output
    assert "412" not in result.output


def test_returns_without_a_bad_row_end_with_0(project):
    invented.write_csv(project / "data" / "raw" / "registry" / "centre-one.csv", "registry_form", invented.form_row())
    result = CliRunner().invoke(app, ["registry", "status", "--folder", str(project), "--lang", "fr"])
    assert result.exit_code == 0
    assert "accepté 1" in result.output
