"""``casepool build``: Snakemake is called with the Snakefile of the package and the folder of the project."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import invented
import pytest
from typer.testing import CliRunner

import casepool as cp
from casepool.cli.main import app
from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.project import building, packaged
from casepool.project.layout import lay_out


@pytest.fixture
def calls(monkeypatch):
    """Return the commands that would have been run."""
    made = []

    def run(command, **options):
        made.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(building.subprocess, "run", run)
    return made


def test_the_workflow_is_called_on_the_folder_and_its_exit_code_handed_on(tmp_path, calls):
    """Options after -- are those of Snakemake."""
    lay_out(tmp_path, on=date(2026, 11, 28))
    done = CliRunner().invoke(app, ["build", "--folder", str(tmp_path), "--cores", "2", "--", "--dry-run", "x.csv"])
    assert done.exit_code == 3
    (command,) = calls
    assert command[:3] == [sys.executable, "-m", "snakemake"]
    snakefile = Path(command[command.index("--snakefile") + 1])
    assert snakefile.read_bytes() == (invented.ROOT / "Snakefile").read_bytes()
    assert (snakefile.parent / "workflow" / "rules" / "common.smk").is_file()
    assert (snakefile.parent / "profiles" / "default" / "config.yaml").is_file()  # Snakemake looks there
    assert command[command.index("--directory") + 1] == str(tmp_path)
    assert command[-4:] == ["--cores", "2", "--dry-run", "x.csv"]
    assert "--quiet" not in command  # who asks Snakemake for something sees all it says
    building.build(tmp_path, cores=1)
    assert "--quiet" in calls[1]


def test_a_folder_that_is_no_project_is_refused(tmp_path, calls):
    """Before Snakemake says something about YAML."""
    with pytest.raises(cp.ConfigError, match=r"expected the folder of a project \(casepool init makes one\)"):
        building.build(tmp_path, cores=1)
    assert calls == []


def test_without_snakemake_the_extra_is_named(tmp_path, calls, monkeypatch):
    """The core does not bring it."""
    lay_out(tmp_path, on=date(2026, 11, 28))
    monkeypatch.setattr(building, "find_spec", lambda _: None)
    with pytest.raises(cp.MissingPackageError, match=r"pip install 'casepool\[workflow\]'"):
        building.build(tmp_path, cores=1)


def test_a_package_torn_from_its_files_says_where_it_looked():
    """Both places."""
    with pytest.raises(FileNotFoundError, match=r"no nothing\.txt at .*packaged.* or .*install casepool again"):
        packaged.packaged("nothing.txt")


def test_the_version_is_printed():
    """Alone, for a program to read."""
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.output) == (0, f"casepool {cp.__version__}\n")


def test_a_home_that_cannot_be_written_is_not_needed(tmp_path, monkeypatch):
    """Snakemake would stop before anything starts; matplotlib would make a folder that each job takes away again."""
    lay_out(tmp_path / "project", on=date(2026, 11, 28))
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    given = []

    def run(command, **options):
        given.extend(options["env"][name] for name in ("XDG_CACHE_HOME", "MPLCONFIGDIR"))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(building.subprocess, "run", run)
    building.build(tmp_path / "project", cores=1)
    kept = tmp_path / "project" / ".snakemake" / "cache"
    assert given == [str(kept), str(kept / "matplotlib")]


def test_a_full_disk_is_said_before_anything_starts(tmp_path, calls, monkeypatch):
    """Snakemake stops with a traceback where it cannot write its own notes."""
    lay_out(tmp_path, on=date(2026, 11, 28))
    monkeypatch.setattr(atomic.shutil, "disk_usage", lambda _: SimpleNamespace(free=90_000))
    with pytest.raises(FileError, match=r"^The disk is full"):
        building.build(tmp_path, cores=1)
    assert calls == []
