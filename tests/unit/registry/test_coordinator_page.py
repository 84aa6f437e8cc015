"""docs/coordinator.md is run from top to bottom on the demonstration; what it shows is what is printed."""

from __future__ import annotations

import contextlib
import re
import shlex
import sys
from pathlib import Path

import invented
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app

sys.path.insert(0, str(invented.ROOT))

from demo.generate import main

PAGE = (invented.ROOT / "docs" / "coordinator.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^```console\n\$ ([^\n]*)\n(.*?)```$", re.MULTILINE | re.DOTALL)


def printed(command: str) -> str:
    """Return what a command of the page prints."""
    words = shlex.split(command)
    if words[0] == "cat":
        return Path(words[1]).read_text(encoding="utf-8")
    if words[0] == "python":
        assert main(["--out", "demo/build"]) == 0
        return ""
    return CliRunner().invoke(app, words[1:]).stdout


def test_the_page_shows_a_day_as_the_terminal_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands one after the other, in a folder of their own; all centres and patients are SYNTHETIC."""
    for name in ("CASEPOOL_LANG", "CASEPOOL_REGISTRY_KEY"):
        monkeypatch.delenv(name, raising=False)
    runs = COMMAND.findall(PAGE)
    assert len(runs) >= 6
    with contextlib.chdir(tmp_path):
        for command, shown in runs:
            assert printed(command).strip() == shown.strip(), command
