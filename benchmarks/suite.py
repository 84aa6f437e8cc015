"""CPU time of the tests that an earlier commit has too, in both, and of the whole suite.

`python benchmarks/suite.py` prints the section of docs/benchmarks.md; `python benchmarks/suite.py tests/unit/stats …`
takes a part of it. Both commits are checked out and run the same tests, one after the other, in one process each.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from earlier import BASE, ROOT, children_cpu, environment, python_of

PYTEST = ("-m", "pytest", "-o", "addopts=", "--import-mode=importlib", "-m", "not simulation", "-q")


@dataclass(frozen=True)
class Ran:
    """A run of pytest: its CPU seconds, and how many tests passed and did not."""

    cpu: float
    passed: int
    others: int


@dataclass(frozen=True)
class Checkout:
    """A commit in a folder, and the Python with the packages that it locked."""

    folder: Path
    python: str

    def pytest(self, *options: str) -> str:
        """Return what pytest prints, whether tests fail or not."""
        command, own = (self.python, *PYTEST, *options), environment(self.folder / "src")
        done = subprocess.run(command, cwd=self.folder, env=own, check=False, capture_output=True, text=True)  # noqa: S603
        return done.stdout


@contextmanager
def checked_out(commit: str) -> Iterator[Checkout]:
    """Check a commit out into a temporary folder, with its history: some tests ask git."""
    with TemporaryDirectory() as folder:
        clone = ("git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), folder)
        for command in (clone, ("git", "-C", folder, "checkout", "--quiet", commit)):
            subprocess.run(command, check=True)  # noqa: S603  (our own)
        yield Checkout(Path(folder), python_of(commit))


def collected(checkout: Checkout, parts: Sequence[str]) -> list[str]:
    """Return the tests of a checkout by their ids, in the order in which they run."""
    there = [part for part in parts if (checkout.folder / part).exists()]
    if parts and not there:
        return []
    printed = checkout.pytest("--collect-only", *there)
    return [line for line in printed.splitlines() if "::" in line]


def shared(before: Sequence[str], now: Sequence[str]) -> list[tuple[str, str]]:
    """Return the tests that both have: by id, or, where its file has moved, by a name that each has once."""
    names = [Counter(map(_name, some)) for some in (before, now)]
    moved = {_name(one): one for one in now if all(count[_name(one)] == 1 for count in names)}
    there = set(now)
    pairs = ((one, one if one in there else moved.get(_name(one), "")) for one in before)
    return [(one, other) for one, other in pairs if other]


def _name(test: str) -> str:
    return test.partition("::")[2]


def ran(checkout: Checkout, tests: Sequence[str]) -> Ran:
    """Run tests of a checkout; pytest takes none for all."""
    if not tests:
        return Ran(0.0, 0, 0)
    listed = checkout.folder / "asked.txt"
    listed.write_text("\n".join(tests) + "\n", encoding="utf-8")
    before = children_cpu()
    printed = checkout.pytest("-p", "no:cacheprovider", f"@{listed}")
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", printed)}
    passed = counts.pop("passed", 0)
    return Ran(children_cpu() - before, passed, sum(counts.values()))


def section(parts: Sequence[str]) -> list[str]:
    """Return the lines of the page."""
    with checked_out(BASE) as earlier, checked_out("HEAD") as here:
        all_before, all_now = collected(earlier, parts), collected(here, parts)
        pairs = shared(all_before, all_now)
        before, now = ran(earlier, [one for one, _ in pairs]), ran(here, [other for _, other in pairs])
        whole = ran(here, all_now)
    where = f" of {', '.join(parts)}" if parts else ""
    return [
        f"CPU seconds of the tests{where}, in one process, beside commit {BASE}: {len(pairs):,} of its "
        f"{len(all_before):,} tests are there today.",
        "",
        "| tests | CPU seconds | passed | not passed |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {one.cpu:.0f} | {one.passed:,} | {one.others:,} |"
            for name, one in (("shared, before", before), ("shared, now", now), ("all of today", whole))
        ),
        "",
        f"The shared tests take {before.cpu / now.cpu:.1f} times less." if pairs else "No test is shared.",
    ]


if __name__ == "__main__":
    print("\n".join(section(sys.argv[1:])))
