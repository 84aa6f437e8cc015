"""``casepool init``: a project that is sound from the first day, with nothing in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import casepool as cp
from casepool.cli.main import app
from casepool.contract import CURATED
from casepool.project.layout import lay_out

DAY = date(2026, 11, 28)


def content(folder: Path) -> dict[str, bytes]:
    """Return path → content of every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("languages", [["en"], ["fr"], ["fr", "en"]])
def test_a_new_project_has_no_problem(tmp_path, languages):
    """Configuration, protocol and empty tables pass the check."""
    lay_out(tmp_path / "new", languages, on=DAY)
    project = cp.load_project(tmp_path / "new")
    assert list(project.configuration.language) == languages
    assert cp.check(project).problems == ()
    assert sum(cp.check(project).n_rows.values()) == 0


def test_a_project_of_one_language_has_its_texts_alone(tmp_path):
    """Nobody must invent French."""
    lay_out(tmp_path, ["en"], on=DAY)
    assert not re.search(r"\bfr:", (tmp_path / "config" / "protocol.yaml").read_text(encoding="utf-8"))


def test_every_curated_table_has_its_header_and_no_row(tmp_path):
    """Made from the contract."""
    lay_out(tmp_path, on=DAY)
    for table in CURATED:
        text = (tmp_path / "data" / "curated" / f"{table.name}.csv").read_text(encoding="utf-8")
        assert text == ",".join(table.names) + "\n"


def test_the_same_day_gives_the_same_bytes(tmp_path):
    """Nothing depends on the clock or the machine."""
    for name in ("a", "b"):
        lay_out(tmp_path / name, on=DAY)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    """Nobody loses a file to a typing error."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(cp.ConfigError, match="holds something already"):
        lay_out(tmp_path, on=DAY)
    with pytest.raises(cp.ConfigError, match="holds something already"):
        lay_out(tmp_path / "mine.txt", on=DAY)
    assert content(tmp_path) == {"mine.txt": b"mine"}


@pytest.mark.parametrize("languages", [[], ["de"], ["en", "de"]])
def test_an_unknown_language_is_refused_before_anything_is_written(tmp_path, languages):
    """With those that there are."""
    with pytest.raises(cp.ConfigError, match="expected en or fr or both"):
        lay_out(tmp_path / "new", languages)
    assert not (tmp_path / "new").exists()


def test_returns_of_a_registry_are_ignored_by_git_from_the_first_day(tmp_path):
    """All but the file that says so."""
    lay_out(tmp_path, on=DAY)
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"data/raw/registry/*", "!data/raw/registry/README.md", "results/", ".casepool/"} <= set(ignored)
    assert "data/curated/**/*.csv merge=casepool" in (tmp_path / ".gitattributes").read_text(encoding="utf-8")


def test_the_command_says_what_comes_next(tmp_path):
    """And refuses a folder twice."""
    done = CliRunner().invoke(app, ["init", str(tmp_path / "new"), "--language", "fr", "--language", "en"])
    assert done.exit_code == 0, done.output
    assert f"casepool build --folder {tmp_path / 'new'}" in done.output
    assert "Un projet casepool" in (tmp_path / "new" / "README.md").read_text(encoding="utf-8")
    with pytest.raises(cp.ConfigError, match="Nothing was written"):
        CliRunner().invoke(app, ["init", str(tmp_path / "new")], catch_exceptions=False)
