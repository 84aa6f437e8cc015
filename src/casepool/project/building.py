"""Running the workflow on a project: Snakemake in a process of its own, with the Snakefile of the package."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from casepool.extras import MissingPackageError
from casepool.files.atomic import require_room
from casepool.project.loading import require_project
from casepool.project.packaged import packaged

_PROGRAM = "snakemake"


def build(folder: str | Path, *, cores: int, options: Sequence[str] = ()) -> int:
    """Build everything of a project that is not up to date; return the exit code of Snakemake.

    Parameters
    ----------
    folder : path
        The folder of the project.
    cores : int
        Jobs at a time.
    options : sequence of str
        Further options or targets of Snakemake, such as ``--dry-run``.

    Raises
    ------
    ConfigError
        If the folder is no project.
    FileError
        If the disk is full.
    MissingPackageError
        If Snakemake is not installed.
    """
    root = require_project(folder)
    require_room(root)
    if find_spec(_PROGRAM) is None:
        raise MissingPackageError(_PROGRAM)
    command = [sys.executable, "-m", _PROGRAM, "--snakefile", str(packaged("Snakefile")), "--directory", str(root)]
    environment = os.environ | _cache(root)
    if not any(one.startswith("-") for one in options):  # who asks Snakemake for something sees what it says
        command += ["--quiet", "host"]
        environment["CASEPOOL_SHORT"] = "1"
    done = subprocess.run([*command, "--cores", str(cores), *options], check=False, env=environment)  # noqa: S603 (own words)
    return done.returncode


def _cache(root: Path) -> dict[str, str]:
    """Return where Snakemake and matplotlib keep what belongs into the home folder, where that cannot be written."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return {}
    except OSError:
        kept = (root / ".snakemake" / "cache").resolve()
        return {"XDG_CACHE_HOME": str(kept), "MPLCONFIGDIR": str(kept / "matplotlib")}
