"""Measure casepool and write docs/benchmarks.md; `make benchmark` runs it (R with lme4 needed).

Figures are medians over repetitions on the machine at hand; they are no test.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import mixed
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
REPETITIONS = 7
REPLICATES = 1000


def seconds(work: Callable[[], object], repetitions: int = REPETITIONS) -> float:
    """Return the median time of a call."""
    work()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def printed(name: str) -> list[str]:
    """Return the lines that another of these programs prints, in a process of its own for the sake of the memory."""
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603  (our own)


def main() -> None:
    """Write docs/benchmarks.md."""
    mixed.require_r()
    lines = [
        "# Benchmarks",
        "",
        "Written by `make benchmark`; medians, one core "
        f"({platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}).",
        "",
        *mixed.sections(),
        "## Joint model",
        "",
        *printed("joint_speed"),
        "",
        *printed("pool_start"),
        "",
        "## Build",
        "",
        *printed("build"),
        "",
        *printed("sensitivity"),
        "",
        "## Registry",
        "",
        "From a CSV file with free texts to the public rates:",
        f"{' '.join(printed('registry'))}.",
    ]
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
