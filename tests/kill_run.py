"""Kill a build at random moments, go on with the same command, and compare what it makes with an undisturbed build.

``python tests/kill_run.py 50`` kills fifty times, in turn: the whole group of processes, Snakemake alone, so that its
jobs are left without it, the group as a shutdown does (SIGTERM), and as Ctrl-C does. Whenever a build gets to its end
its results are compared and taken away, so that
there is something to kill. ``--seed`` repeats a run. It ends with 0 where no command was refused and every byte is the
same.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from copied import Project, copy_of_the_project

# One language and a small simulation: as many rules, fewer minutes.
SMALL = (("language: [fr, en]", "language: [en]"), ("replicates: 40", "replicates: 2"), ("chunk: 40", "chunk: 1"))
WAYS = (
    (os.killpg, signal.SIGKILL),
    (os.kill, signal.SIGKILL),
    (os.killpg, signal.SIGTERM),
    (os.killpg, signal.SIGINT),
)


@dataclass
class Trials:
    """What the kills have shown so far."""

    project: Project
    undisturbed: dict[str, bytes]
    moments: random.Random
    longest: float
    killed: int = 0
    ended: int = 0
    faults: list[str] = field(default_factory=list)

    def run(self, *, kill: bool) -> None:
        """Start a build and kill it at a random moment, unless it comes to its end before."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "--nocolor"]
        log = self.project.root / "build.log"
        with log.open("w") as output:
            started = subprocess.Popen(
                command, cwd=self.project.root, stdout=output, stderr=output, start_new_session=True
            )
            try:
                code = started.wait(self.moments.uniform(0, self.longest) if kill else None)
            except subprocess.TimeoutExpired:
                self._kill(started)
            else:
                self._compare(code, log.read_text(encoding="utf-8"))

    def _kill(self, started: subprocess.Popen[bytes]) -> None:
        kill, which = WAYS[self.killed % len(WAYS)]
        self.killed += 1
        kill(started.pid, which)
        started.wait()

    def _compare(self, code: int, printed: str) -> None:
        self.ended += 1
        made = self.project.results()
        if code:
            self.faults.append(printed[-2000:])
        others = {
            name for name in made.keys() | self.undisturbed.keys() if made.get(name) != self.undisturbed.get(name)
        }
        if others:
            self.faults.append(f"other bytes: {', '.join(sorted(others))}")
        shutil.rmtree(self.project.root / "results")


def small_project(folder: Path) -> Project:
    """Return a copy of the project that builds quickly."""
    folder.mkdir()
    project = copy_of_the_project(folder)
    project.edit("config/config.yaml", *SMALL)
    return project


def main() -> int:
    """Run the trials and print their count."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("kills", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--longest", type=float, default=40.0, help="latest moment of a kill, in seconds")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quiet, killed = small_project(Path(folder, "quiet")), small_project(Path(folder, "killed"))
        begun = time.monotonic()
        quiet.build()
        print(f"undisturbed: {time.monotonic() - begun:.0f} s", flush=True)
        trials = Trials(killed, quiet.results(), random.Random(wanted.seed), wanted.longest)
        while trials.killed < wanted.kills and not trials.faults:
            trials.run(kill=True)
            print(f"killed {trials.killed}, came to an end {trials.ended}", flush=True)
        trials.run(kill=False)
    print(f"{trials.killed} of {wanted.kills} kills survived, {trials.ended} builds came to an end")
    print(*trials.faults or ["every byte as in the undisturbed build"], sep="\n")
    return bool(trials.faults)


if __name__ == "__main__":
    sys.exit(main())
