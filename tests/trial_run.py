"""Do to a finished project what happens to projects, and see what it says and what its results then hold.

``python tests/trial_run.py`` makes every trial of ``trials.py`` (about a quarter of an hour) and prints a row for each:
whether it was said, whether anything was out of date or lost, and whether the next build gave the same bytes.
``--only TEXT`` makes those whose name holds a text, ``--skip N`` all but the first. It ends with 0 where every trial
went as it must. Mounts need the
rights to make them (root, or a user namespace).
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from copied import Project
from kill_run import small_project
from trials import HERE, PATIENTS, RUNNING, TRIALS, Trial, answer_changed, content

LONGEST = 900
_RESULTS = {"same": "the same bytes", "edited": "those of the edited tables", "harmless": "no cell is a formula"}
_FORMULA = re.compile(r"[=+@-](?![\d., ]+(?:e[+-]?\d+)?%?$)")  # a number with its sign is none


@dataclass
class Bench:
    """A finished project, a copy of what it was made from, and what undisturbed builds made."""

    project: Project
    kept: Path
    same: dict[str, bytes]
    edited: dict[str, bytes]
    faults: list[str] = field(default_factory=list)

    def run(self, trial: Trial) -> tuple[int, str]:
        """Run the command of a trial in its surroundings; return its exit code and what it prints."""
        words = [sys.executable, *trial.command]
        if trial.needs == "faketime":
            words = ["faketime", "-f", "-40d", *words]
        if trial.inside:
            words = ["unshare", "--mount", "sh", "-c", f'{trial.inside} && exec "$@"', "sh", *words]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "CASEPOOL_LANG": "en"} | trial.environment
        started = subprocess.Popen(
            words, cwd=self.project.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        try:
            printed, _ = started.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            return -9, f"did not end within {LONGEST} s"
        return started.returncode, printed

    def heal(self) -> None:
        """Put back everything a build is made from, and nothing that a build made."""
        for part in self.kept.iterdir():
            place = self.project.root / part.name
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            elif place.exists() or place.is_symlink():
                place.unlink()
            if part.is_dir():
                shutil.copytree(part, place, symlinks=True)
            else:
                shutil.copy2(part, place)

    def wrong(self, trial: Trial) -> list[str]:
        """Make a trial; return what did not go as it must."""
        trial.harm(self.project)
        code, printed = self.run(trial)
        wrong = []
        while RUNNING:
            if RUNNING.pop().wait():
                wrong.append("the build that ran before was disturbed")
        if (code == 0) != trial.ends_well:
            wrong.append(f"ended with {code}")
        if trial.said not in printed:
            wrong.append(f"did not say {trial.said}")
        if "Traceback" in printed:
            wrong.append("showed a traceback")
        if trial.results in {"same", "edited"}:
            wrong += differences(self.project.results(), self.same if trial.results == "same" else self.edited)
        if trial.results == "harmless":
            wrong += formulas(self.project.root / "results")
        if wrong:
            wrong.append(printed[-1500:])
        self.heal()
        again = self.project.snakemake()
        if again.returncode:
            wrong.append(f"the next build ended with {again.returncode}: {again.stdout[-1500:]}")
        return wrong + [f"afterwards {one}" for one in differences(self.project.results(), self.same)]


def differences(made: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return what differs between two sets of results, in one sentence."""
    names = sorted(name for name in made.keys() | expected.keys() if made.get(name) != expected.get(name))
    return [f"other bytes in {len(names)}: {', '.join(names[:5])}"] if names else []


def formulas(results: Path) -> list[str]:
    """Return the tables in which a cell begins as a formula does."""
    found = set()
    for path in results.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found |= {path.name for row in csv.reader(stream) for cell in row if _FORMULA.match(cell)}
    return [f"formulas in {', '.join(sorted(found))}"] if found else []


def bench(folder: Path) -> Bench:
    """Return a finished project, with what an undisturbed build of the edited one makes."""
    other = small_project(folder / "edited")
    content(PATIENTS, answer_changed)(other)
    other.build()
    project = small_project(folder / "project")
    kept = folder / "kept"
    shutil.copytree(project.root, kept)
    project.build()
    return Bench(project, kept, project.results(), other.results())


def listed(trials: Sequence[Trial] = TRIALS) -> str:
    """Return the table of docs/proof.md: what is done, what must be said, and what the results must be."""
    rows = ["| trial | said | results |", "| --- | --- | --- |"]
    for trial in trials:
        said = f"“{trial.said}”" if trial.said else "–"
        rows.append(f"| {trial.name} | {said} | {_RESULTS.get(trial.results, '–' if trial.ends_well else 'refused')} |")
    return "\n".join(rows) + "\n"


def main() -> int:
    """Make the trials and print a row for each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="")
    asked.add_argument("--skip", type=int, default=0, help="leave out the first so many")
    wanted = asked.parse_args()
    faulty = made = 0
    Path(HERE).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ready = bench(Path(folder))
        print("| trial | as it must |\n| --- | --- |", flush=True)
        for trial in TRIALS[wanted.skip :]:
            if wanted.only not in trial.name:
                continue
            if trial.needs and shutil.which(trial.needs) is None:
                print(f"| {trial.name} | not made: {trial.needs} is not installed |", flush=True)
                continue
            wrong = ready.wrong(trial)
            made += 1
            faulty += bool(wrong)
            print(f"| {trial.name} | {'NO: ' + ' / '.join(wrong) if wrong else 'yes'} |", flush=True)
    print(f"{made - faulty} of {made} trials as they must be")
    return bool(faulty)


if __name__ == "__main__":
    sys.exit(main())
