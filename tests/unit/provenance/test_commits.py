"""Which commit stands on the page, and which in the manifest."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from casepool.provenance.commits import MADE_OF, commit_of


@pytest.fixture
def commit(tmp_path):
    """Return a function that writes a file into a checkout, commits it, and returns the commit."""
    who = {
        f"GIT_{one}_{part}": "SYNTHETIC@example.org" for one in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }

    def git(*words: str) -> str:
        command = ["git", "-c", "core.hooksPath=", *words]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | who, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def make(path: str) -> str:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(path, encoding="utf-8")
        git("add", path)
        git("commit", "--quiet", "--message", path)
        return git("rev-parse", "HEAD")

    git("init", "--quiet")
    return make


def test_a_commit_that_changes_no_result_leaves_the_commit_of_the_page_as_it_was(commit, tmp_path):
    """The page would be written anew for each word of the documentation; the manifest names what is checked out."""
    made = commit("data/cases.csv")
    latest = commit("docs/page.md")
    assert commit_of(tmp_path, MADE_OF) == made
    assert commit_of(tmp_path) == latest


@pytest.mark.parametrize("path", ["Snakefile", "workflow/a.smk", "src/a.py", "config/config.yaml", "data/a.csv"])
def test_a_commit_of_what_a_build_reads_is_the_one_on_the_page(commit, tmp_path, path):
    commit("docs/page.md")
    assert commit(path) == commit_of(tmp_path, MADE_OF)


def test_outside_git_there_is_no_commit(tmp_path):
    assert commit_of(tmp_path / "nowhere", MADE_OF) == ""


def test_what_a_build_reads_is_there():
    root = Path(__file__).resolve().parents[3]
    assert all((root / one).exists() for one in MADE_OF)
