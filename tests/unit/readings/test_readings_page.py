"""docs/readings.md is run from top to bottom; what it shows is what is printed."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
from pathlib import Path

import invented
import pytest
from double_readings import project_in
from typer.testing import CliRunner

from casepool.cli.main import app

PAGE = (invented.ROOT / "docs" / "readings.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^```console\n\$ ([^\n]*)\n(.*?)```$", re.MULTILINE | re.DOTALL)


def prepared(folder: Path) -> Path:
    """Return a project with one report, and the filled tables of both readers beside it."""
    project_in(folder)
    shutil.copytree(invented.ROOT / "config", folder / "config")
    shutil.copytree(invented.ROOT / "docs" / "examples" / "two_readers", folder / "examples" / "two_readers")
    return folder


def printed(command: str) -> str:
    """Return what a command of the page prints."""
    words = shlex.split(command)
    if words[0] == "cp":
        for one in words[1:-1]:
            shutil.copy(one, words[-1])
        return ""
    done = CliRunner().invoke(app, words[1:])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_page_shows_two_readers_as_the_terminal_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first command to the agreement; everybody in it is SYNTHETIC."""
    monkeypatch.delenv("CASEPOOL_LANG", raising=False)
    runs = COMMAND.findall(PAGE)
    assert len(runs) >= 12
    with contextlib.chdir(prepared(tmp_path)):
        for command, shown in runs:
            assert printed(command).strip() == shown.strip(), command
