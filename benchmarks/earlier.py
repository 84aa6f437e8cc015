"""An earlier commit unpacked beside this one, the packages it locked, and the CPU time that processes take."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The last commit before any work on speed.
BASE = "94ee1ff"
LOCK = "requirements.lock"
# What a build needs of a commit.
PROJECT = ("Snakefile", "environment.yml", "profiles", "workflow", "config", "src", "data")


@contextmanager
def unpacked(commit: str, *parts: str) -> Iterator[Path]:
    """Unpack files and folders of a commit, those that it has, into a temporary folder."""
    packed = _git("archive", commit, *_git("ls-tree", "--name-only", commit, *parts).decode().split())
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        yield Path(folder)


def python_of(commit: str) -> str:
    """Return a Python with the packages that a commit locked: this one, or one of an environment made once."""
    lock = _git("show", f"{commit}:{LOCK}")
    if lock == (ROOT / LOCK).read_bytes():
        return sys.executable
    home = Path(tempfile.gettempdir()) / f"casepool-packages-{hashlib.sha256(lock).hexdigest()[:12]}"
    python, complete = home / "bin" / "python", home / "complete"
    if not complete.exists():
        venv.create(home, clear=True, with_pip=True)
        (home / LOCK).write_bytes(lock)
        install = (str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement")
        subprocess.run([*install, str(home / LOCK)], check=True)  # noqa: S603  (our own)
        complete.touch()
    return str(python)


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
