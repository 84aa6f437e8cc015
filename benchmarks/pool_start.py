"""CPU time of `casepool pool` as a whole process, here and at an earlier commit (the argument).

Both run the joint model on the counts of the examples, by turns, after one run each that fills the bytecode caches.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTS = ROOT / "docs" / "examples" / "daratumumab_2026.csv"
REPETITIONS = 9
# The command was a module once, and is a package now.
PROGRAM = """
import casepool.cli as cli
if not hasattr(cli, 'main'):
    import casepool.cli.main as cli
cli.main()
"""


def cpu_seconds(source: Path, cache: Path) -> float:
    """Return the CPU seconds of one process that imports the package from a folder."""
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONPYCACHEPREFIX": str(cache), "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", PROGRAM, "pool", str(COUNTS), "--model", "joint"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (our own command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(commit: str) -> None:
    """Print the least of both and their ratio."""
    command = ["git", "archive", commit, "src"]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        sources, cache = (ROOT / "src", Path(folder) / "src"), Path(folder) / "cache"
        runs = [[cpu_seconds(source, cache) for source in sources] for _ in range(REPETITIONS + 1)][1:]
    now, before = (min(times) for times in zip(*runs, strict=True))
    print(f"casepool pool: {now:.2f} s; at {commit}: {before:.2f} s; ratio {now / before:.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
