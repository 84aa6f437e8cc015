"""The commit that a build is of: the one that is checked out, or the last one that changed what results are made of."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

# What a build reads of a checkout; tests, documentation and the rest move no result.
MADE_OF = ("Snakefile", "workflow", "profiles", "src", "config", "data")


def commit_of(folder: str | Path, paths: tuple[str, ...] = ()) -> str:
    """Return the commit that is checked out, or the last one up to it that changed one of some paths.

    Parameters
    ----------
    folder : of the checkout; outside git (an installed package is no checkout) there is no commit: an empty text.
    paths : files and folders in it; every commit counts where none is named.
    """
    if not (Path(folder) / ".git").exists() or shutil.which("git") is None:
        return ""
    command = ["git", "log", "-1", "--format=%H", "--", *paths]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 (fixed words)
    return done.stdout.strip()
