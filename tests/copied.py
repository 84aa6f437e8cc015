"""A copy of the project in a temporary folder, and snakemake run there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import invented

PARTS = ("Snakefile", "environment.yml", "profiles", "workflow", "config", "src", "data")


@dataclass(frozen=True)
class Project:
    """A copy of the project."""

    root: Path

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run snakemake in the copy; what it prints stands in ``stdout``."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "--nocolor", *arguments]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "CASEPOOL_LANG": "en"}
        return subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def build(self, *targets: str) -> str:
        """Build targets and return what snakemake prints; a failed build fails the test."""
        done = self.snakemake(*targets)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Replace texts that stand in a file."""
        file = self.root / path
        content = file.read_text(encoding="utf-8")
        for old, new in changes:
            assert content.count(old) == 1, f"{old} stands {content.count(old)} times in {path}"
            content = content.replace(old, new)
        file.write_text(content, encoding="utf-8")

    def results(self) -> dict[str, bytes]:
        """Return the content of every result that is no log."""
        folder = self.root / "results"
        files = sorted(path for path in folder.rglob("*") if path.is_file() and "logs" not in path.parts)
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def copy_of_the_project(folder: Path) -> Project:
    """Copy what a build needs, without results and installed packages."""
    returns = invented.ROOT / "data" / "raw" / "registry"

    def ignore(place: str, names: list[str]) -> set[str]:
        if Path(place) == returns:
            return set(names)
        return {name for name in names if name.endswith(".egg-info")}  # compiled modules come along

    for part in PARTS:
        source = invented.ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=ignore)
        else:
            shutil.copy2(source, folder / part)
    return Project(folder)
