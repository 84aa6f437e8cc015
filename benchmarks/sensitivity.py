"""CPU time of the sensitivity stage beside an earlier commit, and how far its table lies from the one of then.

`python benchmarks/sensitivity.py` prints the lines for docs/benchmarks.md. Each commit builds what the stage reads
from its own shipped data; then the stage runs in turns, as a build runs it, less a build that has nothing to do.
"""

from __future__ import annotations

import csv
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path

from earlier import BASE, PROJECT, cpu_seconds, unpacked

TABLE = "results/tables/sensitivity.csv"
BUILD = (sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "all", "--")
REPETITIONS = 3
KEY, FIGURES = ("analysis", "variant", "disease"), ("value", "ci_lower", "ci_upper")
MEAN = "overall"

Table = dict[tuple[str, ...], dict[str, str]]


def stage_seconds(folder: Path) -> float:
    """Return the CPU seconds of the stage alone."""
    (folder / TABLE).unlink()
    stage = cpu_seconds([*BUILD, TABLE], folder / "src", folder)
    return stage - cpu_seconds([*BUILD, TABLE], folder / "src", folder)


def table(folder: Path) -> Table:
    """Return the rows that the stage wrote."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as handle:
        return {tuple(row[name] for name in KEY): row for row in csv.DictReader(handle)}


def apart(one: Table, other: Table, *, mean: bool) -> float:
    """Return the largest difference of a figure that stands in both tables with the same counts."""
    keys = [key for key in one if key in other and (key[-1] == MEAN) is mean and key[-1] != "all"]
    pairs = [
        (one[key][name], other[key][name])
        for key in keys
        for name in FIGURES
        if all(one[key][n] == other[key][n] for n in ("n_response", "n_evaluable"))
    ]
    return max(abs(float(a) - float(b)) for a, b in pairs if a and b)


def lines() -> list[str]:
    """Return the lines of the page."""
    with ExitStack() as stack:
        before, now = (stack.enter_context(unpacked(commit, *PROJECT)) for commit in (BASE, "HEAD"))
        for folder in (before, now):
            cpu_seconds([*BUILD, TABLE], folder / "src", folder)
        turns = [(stage_seconds(before), stage_seconds(now)) for _ in range(REPETITIONS)]
        seconds = [statistics.median(times) for times in zip(*turns, strict=True)]
        tables = table(before), table(now)
    return [
        f"The sensitivity stage as a job of its own: {seconds[0]:.1f} s of CPU time at {BASE}, {seconds[1]:.1f} s now, "
        f"{seconds[0] / seconds[1]:.1f} times faster. Largest difference of a rate of a disease or of its limits "
        f"{apart(*tables, mean=False):.1e}, of the mean of the diseases {apart(*tables, mean=True):.1e}; "
        f"{len(tables[0])} rows before, {len(tables[1])} now.",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
