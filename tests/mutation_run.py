"""Whatever `casepool check` passes, the build finishes: thousands of mutated projects, checked and built.

``python tests/mutation_run.py 2000`` prints what became of them; ``--seed 17`` repeats one and shows its traceback.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("CASEPOOL_PROTOCOL", str(Path(__file__).resolve().parent.parent / "config" / "protocol.yaml"))

from mutation_bases import configuration, invented_base, shipped_base
from mutation_draft import Draft
from mutation_tidy import tidy
from mutations import KINDS, Base, mutate
from stage_runner import FOR_READERS, STAGES, Build, Cheap, run, run_figures

from casepool.checks.data import check_data
from casepool.model.errors import ConfigError
from casepool.model.protocol import Protocol, validate_model

REFUSED, BUILT, STOPPED, RAISED = "refused", "built", "stopped", "check raised"
# Of 1,000 mutants so many take more care, by a number drawn with the mutant.
WRITTEN, ONE_OUT, READERS, COARSE_FITS, FULL_FITS, FIGURES = 400, 250, 150, 20, 4, 6
ROUNDS = 3
SHARE = 10


@dataclass(frozen=True)
class Trial:
    """What became of a mutant: its verdict, what was changed, and the error that stopped it."""

    seed: int
    base: str
    kinds: tuple[str, ...]
    words: str
    verdict: str
    error: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"seed {self.seed} ({self.base}; {self.words}): {self.verdict}\n{self.error}"


def bases(folder: Path) -> tuple[Base, ...]:
    """Return what mutants start from: of ten, one is shipped data."""
    return shipped_base(), *[invented_base(folder)] * 9


def trial(base: Base, seed: int, folder: Path, cheap: Cheap) -> Trial:
    """Mutate, check, and build what the check passes."""
    draft, start = mutate(base, seed), time.monotonic()
    verdict, error = _judge(base, draft, folder, cheap)
    kinds = tuple(kind for kind, _ in draft.told)
    return Trial(seed, base.name, kinds, draft.words(), verdict, error, time.monotonic() - start)


def _judge(base: Base, draft: Draft, folder: Path, cheap: Cheap) -> tuple[str, str]:
    try:
        protocol = validate_model(Protocol, draft.protocol, "protocol.yaml")
    except ConfigError as error:
        return REFUSED, str(error)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "raw").symlink_to(base.root / "data" / "raw")
    try:
        with cheap.reading():
            findings = _findings(draft, protocol, folder, base.snapshot)
    except Exception:
        return RAISED, traceback.format_exc()
    if findings:
        return REFUSED, "\n".join(findings)
    try:
        _build(Build(folder, protocol, configuration(), draft.thorough < WRITTEN), draft.thorough, cheap)
    except Exception:
        return STOPPED, traceback.format_exc()
    return BUILT, ""


def _findings(draft: Draft, protocol: Protocol, folder: Path, snapshot: str) -> list[str]:
    """Return what the check finds, after what a person would have mended at once."""
    for _ in range(ROUNDS if draft.tidy else 1):
        draft.write(folder)
        problems = check_data(folder, protocol, snapshot).problems
        if not problems or not draft.tidy or not tidy(draft, problems):
            break
    return [str(problem) for problem in problems]


def _build(build: Build, care: int, cheap: Cheap) -> None:
    with ExitStack() as stack:
        stack.enter_context(cheap.reading())
        if care >= FULL_FITS:
            stack.enter_context(cheap.coarse())
        if care >= COARSE_FITS:
            stack.enter_context(cheap.primary_only())
        if care >= ONE_OUT:
            stack.enter_context(cheap.whole_reports())
        run(build, (*STAGES, *(FOR_READERS if care < READERS else ()), *((run_figures,) if care < FIGURES else ())))


def trials(numbers: Iterable[int], folder: Path) -> Iterator[Trial]:
    """Yield what became of each mutant."""
    cheap, starts = Cheap(), bases(folder / "invented")
    for seed in numbers:
        yield trial(starts[seed % len(starts)], seed, folder / "mutant", cheap)


def _share(numbers: Sequence[int]) -> list[Trial]:
    """Return what became of some mutants; a process reads the bases once."""
    folder = Path(_FOLDER.name) / str(os.getpid())
    if not _OWN:
        _OWN.append((Cheap(), bases(folder / "invented")))
    cheap, starts = _OWN[0]
    return [trial(starts[seed % len(starts)], seed, folder / "mutant", cheap) for seed in numbers]


_FOLDER = tempfile.TemporaryDirectory()
_OWN: list[tuple[Cheap, tuple[Base, ...]]] = []


def side_by_side(numbers: Sequence[int], cores: int) -> Iterator[Trial]:
    """Yield what became of each mutant, tried on several processes."""
    shares = [numbers[start : start + SHARE] for start in range(0, len(numbers), SHARE)]
    if cores == 1:
        yield from (one for share in shares for one in _share(share))
        return
    with ProcessPoolExecutor(cores) as pool:
        for found in pool.map(_share, shares):
            yield from found


def closing(found: list[Trial], seconds: float) -> str:
    """Return the summary of a run: what became of the mutants, in all and by kind of mutation."""
    verdicts = Counter(one.verdict for one in found)
    share = verdicts[BUILT] / len(found) if found else 0.0
    lines = [
        f"{len(found)} tables tried in {seconds / 60:.1f} minutes",
        f"  refused by check or protocol  {verdicts[REFUSED]:5d}",
        f"  built                         {verdicts[BUILT]:5d}  ({share:.0%})",
        f"  stopped without a finding     {verdicts[STOPPED]:5d}",
        f"  check itself stopped          {verdicts[RAISED]:5d}",
        "",
        f"  {'kind of mutation':24s}{'tried':>7s}{'refused':>9s}{'built':>7s}{'stopped':>9s}",
    ]
    for kind in KINDS:
        having = Counter(one.verdict for one in found if kind in one.kinds)
        bad = having[STOPPED] + having[RAISED]
        lines.append(f"  {kind:24s}{having.total():7d}{having[REFUSED]:9d}{having[BUILT]:7d}{bad:9d}")
    return "\n".join(lines)


def main() -> int:
    """Run as many mutants as asked for; 1 where one stopped without a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=2000, help="how many mutants (2000)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first one (0)")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="processes side by side")
    parser.add_argument("--tell", action="store_true", help="tell what became of each one")
    parser.add_argument("--seed", type=int, help="repeat one mutant")
    chosen = parser.parse_args()
    numbers = range(chosen.first, chosen.first + chosen.number) if chosen.seed is None else [chosen.seed]
    found, start = [], time.monotonic()
    for one in side_by_side(numbers, chosen.cores):
        found.append(one)
        if one.verdict in {STOPPED, RAISED} or chosen.seed is not None or chosen.tell:
            print(f"{one.seconds:.1f} s", str(one).strip(), flush=True)
    print(closing(found, time.monotonic() - start))
    return int(any(one.verdict in {STOPPED, RAISED} for one in found))


if __name__ == "__main__":
    sys.exit(main())
