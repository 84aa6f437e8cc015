"""What git holds of a project. A machine without git is fine, and so is a folder that git does not keep."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


def run(
    root: str | Path, *words: str, also: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git in a folder; return what came of it, or None where there is no git.

    Parameters
    ----------
    also : variables of the environment, beside those that are there.
    """
    command = ["git", "-C", str(root), *words]
    try:
        return subprocess.run(command, env={**os.environ, **(also or {})}, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return None


def answer(root: str | Path, *words: str) -> bytes | None:
    """Return what git prints, or None where it refuses, or is not there."""
    done = run(root, *words)
    return done.stdout if done is not None and done.returncode == 0 else None


def committed(root: str | Path, path: str) -> bytes | None:
    """Return a file as the last commit holds it, or None where it holds none (or there is no git).

    Parameters
    ----------
    path : relative to `root`, with slashes.
    """
    return answer(root, "show", f"HEAD:./{path}")
