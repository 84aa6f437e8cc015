"""CPU time of a whole build, of one without change and of those after a report was added, beside an earlier commit.

`python benchmarks/build.py` prints the section of docs/benchmarks.md. Both commits build their own shipped data
without two reports, then add first the one that was read and excluded, which moves no rate, then the one whose patient
counts, which moves the rates of all diseases that are pooled; one job at a time, one thread. The commits take turns:
a machine shared with others is now faster, now slower.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from statistics import median

from earlier import BASE, PROJECT, cpu_seconds, python_of, unpacked

EXCLUDED, COUNTED = "gao2024", "migdady2020"
TURNS = 3
BUILD = ("-m", "snakemake", "--cores", "1", "--quiet", "all")


def without(folder: Path, report: str) -> Callable[[], None]:
    """Leave a report and its record out of the curated tables; return what puts them back."""
    before = {path: path.read_bytes() for path in (folder / "data" / "curated").glob("*.csv")}
    for path in before:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        kept = [row for row in rows if not {report, f"ris:{report}"} & set(row.values())]
        if len(kept) < len(rows):
            with path.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
                writer.writeheader()
                writer.writerows(kept)

    def put_back() -> None:
        for path, content in before.items():
            if path.read_bytes() != content:
                path.write_bytes(content)

    return put_back


def measured(commit: str) -> dict[str, float]:
    """Return the CPU seconds of each kind of build."""
    build = (python_of(commit), *BUILD)
    with unpacked(commit, *PROJECT) as folder:
        source = folder / "src"
        cpu_seconds([*build, "--dry-run"], source, folder)  # fills the caches of bytecode
        add_counted, add_excluded = without(folder, COUNTED), without(folder, EXCLUDED)
        seconds = {name: cpu_seconds(build, source, folder) for name in ("whole build", "nothing to do")}
        for name, add in (("an excluded report added", add_excluded), ("a counted report added", add_counted)):
            add()
            seconds[name] = cpu_seconds(build, source, folder)
        return seconds


def section() -> list[str]:
    """Return the lines of the page."""
    turns = [(measured(BASE), measured("HEAD")) for _ in range(TURNS)]
    before, now = ({name: median(one[name] for one in side) for name in side[0]} for side in zip(*turns, strict=True))
    lines = [
        f"CPU seconds of a build of the shipped data, one job at a time, beside commit {BASE} (medians of {TURNS}).",
        "",
        "| build | before | now | times faster |",
        "| --- | --- | --- | --- |",
    ]
    return lines + [
        f"| {name} | {before[name]:.1f} | {now[name]:.1f} | {before[name] / now[name]:.1f} |" for name in now
    ]


if __name__ == "__main__":
    print("\n".join(section()))
