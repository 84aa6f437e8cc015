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

from casepool.stats.joint.fit import JointData, fit_joint
from casepool.stats.simulation.literature import Mechanism
from casepool.stats.simulation.operating import operating_characteristics

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


def joint_data(diseases: int, patients: int) -> JointData:
    """Return invented counts: `patients` a disease, complete sources in every second one."""
    generator = np.random.default_rng(1)
    rate = generator.uniform(0.3, 0.9, diseases)
    complete = np.where(np.arange(diseases) % 2 == 0, patients // 2, 0)
    selective = patients - complete
    return JointData(
        complete_events=generator.binomial(complete, rate).tolist(),
        complete_n=complete.tolist(),
        selective_events=generator.binomial(selective, np.minimum(rate * 1.2, 0.97)).tolist(),
        selective_n=selective.tolist(),
        linkage=None,
    )


def joint_rows() -> list[str]:
    """Return the time of a joint fit with all its intervals by diseases and patients."""
    grid = [(3, 10), (13, 10), (26, 10), (13, 100), (13, 500)]
    return [f"| {d} | {n} | {seconds(lambda d=d, n=n: fit_joint(joint_data(d, n))):.2f} |" for d, n in grid]


def simulation_seconds() -> float:
    """Return the time of 1,000 replicates of the joint model on the simulation grid."""
    start = time.perf_counter()
    operating_characteristics(Mechanism(odds_ratio=4.0), REPLICATES, 1, ("joint",))
    return time.perf_counter() - start


def registry_line() -> str:
    """Return what 100,000 registry rows cost, in a process of their own for the sake of the memory."""
    command = [sys.executable, str(ROOT / "benchmarks" / "registry.py")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  (our own)


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
        "Seconds for one fit with all intervals.",
        "",
        "| diseases | patients in each | seconds |",
        "| --- | --- | --- |",
        *joint_rows(),
        "",
        "## Simulation",
        "",
        f"{REPLICATES} replicates of the joint model (13 diseases, simulation grid): {simulation_seconds():.0f} s.",
        "",
        "## Registry",
        "",
        "From a CSV file with free texts to the public rates:",
        f"{registry_line()}.",
    ]
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
