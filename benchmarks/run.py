"""Measure casepool and write docs/benchmarks.md; `make benchmark` runs it (R with lme4 and metafor needed).

Figures are medians over repetitions on the machine at hand; they are no test. R is timed in the same run,
and the comparison is told as a ratio.
"""

from __future__ import annotations

import json
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from casepool.stats.glmm.fit import fit_glmm
from casepool.stats.joint.fit import JointData, fit_joint
from casepool.stats.simulation.literature import Mechanism
from casepool.stats.simulation.operating import operating_characteristics

ROOT = Path(__file__).resolve().parent.parent
COUNTS = ROOT / "tests" / "reference" / "glmm"
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


def glmm_rows() -> tuple[list[str], str]:
    """Return one table row for each k, and the versions of R's packages."""
    lines, versions = [], ""
    for k in (10, 100, 1000):
        path = COUNTS / f"simulated_k{k}.csv"
        counts = pd.read_csv(path)
        events, n = counts["xi"].to_numpy(), counts["ni"].to_numpy()
        plain = seconds(lambda events=events, n=n: fit_glmm(events, n, profile=False), 15)
        full = seconds(lambda events=events, n=n: fit_glmm(events, n))
        command = ["Rscript", str(ROOT / "benchmarks" / "glmm.R"), str(path), str(REPETITIONS)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (our own command)
        r = json.loads(done.stdout)
        glmer, rma = statistics.median(r["glmer_7"]), statistics.median(r["rma_glmm"])
        versions = ", ".join(f"{name} {version}" for name, version in r["versions"].items())
        lines.append(
            f"| {k} | {plain * 1000:.1f} | {full * 1000:.0f} | {glmer * 1000:.0f} | {rma * 1000:.0f} "
            f"| {glmer / plain:.1f} | {rma / plain:.0f} |"
        )
    return lines, versions


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
    if shutil.which("Rscript") is None:
        sys.exit("Rscript is not on the path; install R with the packages lme4, metafor and jsonlite")
    glmm, versions = glmm_rows()
    lines = [
        "# Benchmarks",
        "",
        "Written by `make benchmark`; medians, one core "
        f"({platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}; {versions}).",
        "",
        "## One-level GLMM",
        "",
        "Milliseconds for one fit. casepool uses 40 adaptive nodes and three starts; glmer and rma.glmm their 7 nodes.",
        "",
        "| k | casepool | casepool with profile intervals | glmer | rma.glmm "
        "| glmer / casepool | rma.glmm / casepool |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *glmm,
        "",
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
