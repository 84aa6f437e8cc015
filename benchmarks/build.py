"""CPU time of a whole build, of one without change and of one after a report was added, beside an earlier commit.

`python benchmarks/build.py` prints the section of docs/benchmarks.md. Both commits build their own shipped data, the
second time with a report that was left out the first time; one job at a time, one thread.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

from earlier import BASE, PROJECT, cpu_seconds, unpacked

ADDED, RECORD = "migdady2020", "ris:migdady2020"
BUILD = (sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "all")


def without_the_report(folder: Path) -> Callable[[], None]:
    """Leave a report out of the curated tables; return what puts it back."""
    before = {path: path.read_bytes() for path in (folder / "data" / "curated").glob("*.csv")}
    for path in before:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        kept = [row for row in rows if ADDED not in row.values() and RECORD not in row.values()]
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
    with unpacked(commit, *PROJECT) as folder:
        source = folder / "src"
        cpu_seconds([*BUILD, "--dry-run"], source, folder)  # fills the caches of bytecode
        put_back = without_the_report(folder)
        whole = cpu_seconds(BUILD, source, folder)
        nothing = cpu_seconds(BUILD, source, folder)
        put_back()
        return {"whole build": whole, "nothing to do": nothing, "one report added": cpu_seconds(BUILD, source, folder)}


def section() -> list[str]:
    """Return the lines of the page."""
    before, now = measured(BASE), measured("HEAD")
    lines = [
        f"CPU seconds of a build of the shipped data, one job at a time, beside commit {BASE}.",
        "",
        "| build | before | now | times faster |",
        "| --- | --- | --- | --- |",
    ]
    return lines + [
        f"| {name} | {before[name]:.1f} | {now[name]:.1f} | {before[name] / now[name]:.1f} |" for name in now
    ]


if __name__ == "__main__":
    print("\n".join(section()))
