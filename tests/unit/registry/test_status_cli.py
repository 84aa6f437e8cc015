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


CHU = {"centre": "CHU Saint-Uqbar", "centre_n_treated": 1, "centre_n_reported": 1}
SECOND = {"filled_on": "2026-05-12", "objection_checked": "no"}
LATER_YES = {"filled_on": "2026-09-01"}
# What a first file says, what the objection says, what comes after it; how the status ends, and what it says.
OBJECTIONS = [
    ({}, SECOND, None, 0, "mai.csv, row 2: took out 1 row of brest.csv"),
    ({"filled_on": "2031-04-12"}, SECOND, None, 0, "mai.csv, row 2: took out 1 row of brest.csv"),
    ({}, SECOND | {"centre": "CHU St Uqbar"}, None, 0, "mai.csv, row 2: took out 1 row of brest.csv"),
    ({"filled_on": "2026-06-12"}, SECOND, None, 0, "mai.csv, row 2: took out 1 row of brest.csv"),
    (
        {},
        SECOND | {"note": "Mme Zorglub ne souhaite plus"},
        None,
        1,
        "took out 1 row of brest.csv; expected an objection in",
    ),
    ({}, SECOND, LATER_YES, 0, "mai.csv, row 2: took out 1 row of brest.csv, 1 row of sheet.csv"),
    (
        {},
        SECOND | {"patient_code": "P7"},
        None,
        1,
        "mai.csv, row 2: took out nobody; expected a patient of the returns",
    ),
]


@pytest.mark.parametrize(("first", "second", "third", "code", "told"), OBJECTIONS)
def test_the_status_says_what_an_objection_did_and_ends_with_0_once_it_is_honoured(
    project, first, second, third, code, told
):
    folder = project / "data" / "raw" / "registry"
    (folder / "centre-one.csv").unlink()
    files = {"brest.csv": first, "mai.csv": second} | ({"sheet.csv": third} if third else {})
    for name, changes in files.items():
        invented.write_csv(folder / name, "registry_form", invented.form_row(**(CHU | changes)))
    result = CliRunner().invoke(app, ["registry", "status", "--folder", str(project)])
    assert told in result.output
    assert "Rows to correct" not in result.output or second.get("note")
    assert result.exit_code == code


def test_forgetting_shows_first_and_then_does_it(project):
    folder = project / "data" / "raw" / "registry"
    (folder / "centre-one.csv").unlink()
    rows = [invented.form_row(one, **CHU, note="mot rare") for one in ("P1", "P2")]
    invented.write_csv(folder / "brest.csv", "registry_form", *rows)
    before = (folder / "brest.csv").read_bytes()
    command = ["registry", "forget", "chu st uqbar", "1", "--folder", str(project)]
    shown = CliRunner().invoke(app, command)
    assert (shown.exit_code, (folder / "brest.csv").read_bytes()) == (0, before)
    assert "1 row of brest.csv (row 2)" in shown.output
    assert "Add --yes" in shown.output
    done = CliRunner().invoke(app, [*command, "--yes", "--lang", "fr"])
    assert done.exit_code == 0
    assert done.output.startswith("Oublié : P1 de « CHU Saint-Uqbar ».")
    assert (folder / "brest.csv").read_bytes().count(b"mot rare") == 1
    assert CliRunner().invoke(app, ["registry", "status", "--folder", str(project)]).exit_code == 0
