"""An earlier commit unpacked beside this one, and the CPU time that processes take."""

from __future__ import annotations

import os
import resource
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The last commit before any work on speed.
BASE = "94ee1ff"
# What a build needs of a commit.
PROJECT = ("Snakefile", "environment.yml", "profiles", "workflow", "config", "src", "data")


@contextmanager
def unpacked(commit: str, *parts: str) -> Iterator[Path]:
    """Unpack files and folders of a commit, those that it has, into a temporary folder."""
    packed = _git("archive", commit, *_git("ls-tree", "--name-only", commit, *parts).decode().split())
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        yield Path(folder)


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603, S607


def environment(source: Path) -> dict[str, str]:
    """Return the environment of a process that imports the package from a folder, with one thread."""
    cache = str(Path(tempfile.gettempdir()) / "casepool-bytecode")  # by the whole path of each source
    own = {"PYTHONPATH": str(source), "PYTHONPYCACHEPREFIX": cache, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own


def cpu_seconds(command: Sequence[str], source: Path, folder: Path = ROOT) -> float:
    """Return the CPU seconds, user and system, of a process and all that it starts; raises if it fails."""
    before = children_cpu()
    done = subprocess.run(command, cwd=folder, env=environment(source), check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        message = f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        raise RuntimeError(message)
    return children_cpu() - before


def children_cpu() -> float:
    """Return the CPU seconds, user and system, of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
