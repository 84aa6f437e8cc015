"""docs/tutorial.md is run from top to bottom; what it shows is what is printed and drawn."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(python|console)\n(.*?)```(?:\n+```text\n(.*?)```)?", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """One block: what it holds, what the page shows below it, what it printed."""

    code: str
    shown: str
    printed: str


def run_command(text: str) -> tuple[str, str]:
    """Return what the page shows and what the command prints."""
    command, _, shown = text.partition("\n")
    return shown, CliRunner().invoke(app, shlex.split(command.removeprefix("$ "))[1:]).stdout


def run_page(page: str) -> list[Run]:
    """Run every block of a page in order, the Python blocks in one namespace."""
    names: dict[str, object] = {}
    runs = []
    for language, content, output in BLOCK.findall(page):
        if language == "console":
            runs.append(Run(content, *run_command(content)))
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(content, names)
        runs.append(Run(content, output, printed.getvalue()))
    return runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the tutorial writes into."""
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Run]:
    """Run the page once."""
    with contextlib.chdir(folder):
        return run_page(PAGE)


def test_the_tutorial_prints_what_it_shows(runs: list[Run]) -> None:
    """Each block with the output below it; a block that prints has one."""
    assert len(runs) >= 8
    assert sum(bool(run.printed) for run in runs) >= 5
    for run in runs:
        assert run.printed.rstrip("\n") == run.shown.rstrip("\n"), run.code


def test_the_forest_plot_of_the_tutorial_is_the_one_that_its_code_draws(runs: list[Run], folder: Path) -> None:
    """Pixel by pixel, but for the edges of letters that another build of the font renderer draws."""
    drawn = matplotlib.image.imread(folder / "forest.png")
    shown = matplotlib.image.imread(ROOT / "docs" / "images" / "tutorial_forest.png")
    assert drawn.shape == shown.shape
    assert float(np.abs(drawn - shown).mean()) < 0.005
