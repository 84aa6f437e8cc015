"""Running the workflow on a project: Snakemake in a process of its own, with the Snakefile of the package."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import casepool
from casepool.extras import MissingPackageError
from casepool.project.loading import require_project

_PROGRAM = "snakemake"


def snakefile() -> Path:
    """Return the Snakefile: inside an installed package, or at the root of a checkout.

    Raises
    ------
    FileNotFoundError
        If the package was taken out of its checkout by hand.
    """
    package = Path(casepool.__file__).resolve().parent
    places = (package / "packaged" / "Snakefile", package.parents[1] / "Snakefile")
    for place in places:
        if place.is_file():
            return place
    message = f"no Snakefile at {' or '.join(map(str, places))}; install casepool again"
    raise FileNotFoundError(message)


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
    MissingPackageError
        If Snakemake is not installed.
    """
    root = require_project(folder)
    if find_spec(_PROGRAM) is None:
        raise MissingPackageError(_PROGRAM)
    command = [sys.executable, "-m", _PROGRAM, "--snakefile", str(snakefile()), "--directory", str(root)]
    return subprocess.run([*command, "--cores", str(cores), *options], check=False).returncode  # noqa: S603 (own words)
