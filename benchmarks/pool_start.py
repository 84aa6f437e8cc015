"""CPU time of the process `casepool pool`, now (HEAD) and at an earlier commit: the argument, or the base of all.

Both run the joint model on the counts of the examples, by turns, after one run each that fills the bytecode caches.
"""

from __future__ import annotations

import sys

from earlier import BASE, ROOT, cpu_seconds, unpacked

COUNTS = ROOT / "docs" / "examples" / "daratumumab_2026.csv"
REPETITIONS = 9
# The command was a module once, and is a package now.
PROGRAM = """
import casepool.cli as cli
if not hasattr(cli, 'main'):
    import casepool.cli.main as cli
cli.main()
"""


def main(commit: str) -> None:
    """Print the least of both and their ratio."""
    command = [sys.executable, "-c", PROGRAM, "pool", str(COUNTS), "--model", "joint"]
    with unpacked(commit, "src") as folder, unpacked("HEAD", "src") as here:
        sources = (here / "src", folder / "src")
        runs = [[cpu_seconds(command, source) for source in sources] for _ in range(REPETITIONS + 1)][1:]
    now, before = (min(times) for times in zip(*runs, strict=True))
    print(
        f"`casepool pool` on the counts of the examples, as a process: {now:.2f} s of CPU time, {before:.2f} s at "
        f"{commit}; {now / before:.2f} of it."
    )


if __name__ == "__main__":
    main(*sys.argv[1:2] or [BASE])
