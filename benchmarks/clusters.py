"""What a laptop, a node and a hundred nodes simulate in an hour, from times measured here: for docs/clusters.md.

Run after a build. A job of a part is run with few and with more data sets; the difference is the time of a data set,
the rest that of a start. A job of an array starts Snakemake three times: how long that takes a dry run says.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from earlier import ROOT, cpu_seconds

PAGE, COUNTS = ROOT / "docs" / "clusters.md", ROOT / "results" / "tables" / "study_counts.csv"
BEGIN, END = "<!-- begin: benchmarks/clusters.py -->", "<!-- end: benchmarks/clusters.py -->"
PARTS = {
    "reference": "general mechanism, every estimator",
    "calibration": "truth from the priors, own rates",
}
FEW, MORE, REPETITIONS = 10, 50, 3
MACHINES = {"a laptop, 4 cores": (4, False), "a node, 32 cores": (32, False), "100 nodes, 3,200 cores": (3200, True)}
HOUR, MINUTES = 3600.0, (1, 10)


@dataclass(frozen=True)
class Cost:
    """CPU seconds of the start of a job, and of one data set."""

    start: float
    each: float

    def in_an_hour(self, cores: int, minutes: float, dispatch: float) -> float:
        """Return the data sets of an hour in jobs that compute for so many minutes."""
        working = 60 * minutes
        return cores * HOUR / (working + self.start + dispatch) * working / self.each


def cost_of(part: str) -> Cost:
    """Return what a job of a part costs, in the first chunk of its first cell."""
    few, more = (statistics.median(_job(part, size) for _ in range(REPETITIONS)) for size in (FEW, MORE))
    each = (more - few) / (_sets(part, MORE) - _sets(part, FEW))
    return Cost(few - each * _sets(part, FEW), each)


def _sets(part: str, replicates: int) -> int:
    return replicates * (2 if part == "calibration" else 1)  # the calibration draws for both layouts


def _job(part: str, replicates: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "found.csv")
        program = [sys.executable, str(ROOT / "benchmarks" / "simulation.py"), "job", str(COUNTS)]
        jobs = "1" if part == "calibration" else "4"  # four ratios, a chunk each
        return cpu_seconds([*program, part, "0", jobs, str(replicates), out], ROOT / "src")


def dispatch_seconds() -> float:
    """Return what the three starts of Snakemake cost that stand around a job of an array."""
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        "benchmarks/simulation.smk",
        "--dry-run",
        "--quiet",
        "all",
    ]
    one = statistics.median(cpu_seconds([*command, "--", "benchmarks/study/own.csv"], ROOT / "src") for _ in range(3))
    return 3 * one


def lines() -> list[str]:
    """Return the table and the measured times."""
    dispatch = dispatch_seconds()
    costs = {part: cost_of(part) for part in PARTS}
    told = [
        f"{PARTS[part]}: {cost.each * 1000:.0f} ms a data set, {cost.start:.1f} s the start of a job"
        for part, cost in costs.items()
    ]
    head = " | ".join(f"{PARTS[part]}; jobs of {minutes} min" for part in PARTS for minutes in MINUTES)
    table = [f"| in an hour | {head} |", "| --- " + "| ---: " * len(PARTS) * len(MINUTES) + "|"]
    for name, (cores, queued) in MACHINES.items():
        cells = [
            f"{_rounded(cost.in_an_hour(cores, minutes, dispatch if queued else 0.0)):,}"
            for cost in costs.values()
            for minutes in MINUTES
        ]
        table.append(f"| {name} | {' | '.join(cells)} |")
    starts = f"The three starts of Snakemake around a job of an array: {dispatch:.1f} s."
    return ["Measured on one core. CPU time of each part: " + "; ".join(told) + f". {starts}", "", *table]


def _rounded(number: float) -> int:
    """Return a number to two digits: more would be more than is known."""
    return int(float(f"{number:.2g}"))


def main() -> None:
    """Measure and write between the two marks of the page."""
    if not COUNTS.is_file():
        sys.exit(f"{COUNTS.relative_to(ROOT)}: no such file; run make first")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(head + BEGIN + "\n\n" + "\n".join(lines()) + "\n\n" + END + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
