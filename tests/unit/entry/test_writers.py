"""A command that writes a table waits for other writers, and writes nothing while git works. SYNTHETIC rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from casepool.cli import screening as screening_commands
from casepool.cli.main import app
from casepool.entry.writing import writing

RIS = "TY  - JOUR\nID  - one\nTI  - SYNTHETIC: another report\nPY  - 2024\nER  - \n"
RAYYAN = """key,title,notes
ris:beta2021,SYNTHETIC,"RAYYAN-INCLUSION: {""reader_two""=>""Included""}"
"""


@pytest.fixture
def commands(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Return the commands that take a file in, as somebody types them."""
    monkeypatch.setattr(screening_commands, "protocol_of", lambda _: None)
    monkeypatch.setattr("casepool.project.loading.require_project", Path)
    monkeypatch.setattr("casepool.files.holding._PATIENCE", 0.05)
    (tmp_path / "one.ris").write_text(RIS)
    (tmp_path / "rayyan.csv").write_text(RAYYAN)
    folder = ["--folder", str(project), "--lang", "fr"]
    return {
        "import": ["import", str(tmp_path / "one.ris"), *folder],
        "screening": ["screening", "import", str(tmp_path / "rayyan.csv"), "--reviewer", "reader_two", *folder],
    }


@pytest.mark.parametrize("name", ["import", "screening"])
def test_a_command_that_writes_a_table_waits_for_another_writer_and_for_git(project, commands, name):
    """Two writers at once: without the lock the rows of the first are lost without a word."""
    before = {path: path.read_bytes() for path in project.rglob("data/**/*.csv")}
    with writing(project):
        refused = CliRunner().invoke(app, commands[name])
    assert "another program writes into this project" in str(refused.exception)
    (project / ".git").mkdir()
    (project / ".git" / "index.lock").touch()
    busy = CliRunner().invoke(app, commands[name])
    assert "index.lock" in str(busy.exception)
    assert before == {path: path.read_bytes() for path in project.rglob("data/**/*.csv")}
