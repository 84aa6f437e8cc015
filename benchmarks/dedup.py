"""Measure deduplication on labelled sets, beside bib-dedupe on the same rows, and write docs/deduplication.md.

    python benchmarks/dedup.py FOLDER [--environment FOLDER] [--large 100000]

Each folder of FOLDER holds ``records.csv`` (with a column ID) and ``merged_record_ids.csv`` (a column ``merged_ids``:
the ids of one publication, separated by semicolons), as the BibDedupe project publishes them. bib-dedupe is installed
into an environment of its own: at `--environment`, where it is kept, or in a temporary folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "deduplication.md"
HEAD = Path(__file__).with_name("dedup_head.md")
OTHER = "bib-dedupe==0.11.0"
# What bib-dedupe is asked, in its own environment: rows of a file → sets of ids, and the seconds of one core.
ASKED = """
import json, resource, sys
import pandas as pd
import bib_dedupe.bib_dedupe as bib
def seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
rows = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
start = seconds()
prepared = bib.prep(rows, cpu=1, verbosity_level=0)
matched = bib.match(bib.block(prepared, cpu=1, verbosity_level=0), cpu=1, verbosity_level=0)
sets = bib.cluster(matched, verbosity_level=0)
told = {"sets": [list(map(str, one)) for one in sets], "seconds": seconds() - start}
print(json.dumps(told), file=sys.stderr)
"""


@dataclass(frozen=True)
class Found:
    """What a program made of a set: publications of more than one record, pairs for a human, seconds."""

    sets: list[list[str]]
    pairs: set[frozenset[str]]
    seconds: float


@dataclass(frozen=True)
class Score:
    """Records, those to be merged, those merged rightly, those merged wrongly, and the missed that a human is shown."""

    records: int
    duplicates: int
    found: int
    wrong: int
    listed: int
    shown: int
    seconds: float

    @property
    def missed(self) -> int:
        """How many were not merged."""
        return self.duplicates - self.found


def score(folder: Path, found: Found) -> Score:
    """Return how well a program did on a labelled set."""
    with (folder / "records.csv").open(encoding="utf-8", newline="") as handle:
        ids = [row["ID"] for row in csv.DictReader(handle)]
    with (folder / "merged_record_ids.csv").open(encoding="utf-8", newline="") as handle:
        labelled = [row["merged_ids"].split(";") for row in csv.DictReader(handle)]
    truth = {one: some[0] for some in labelled for one in some}
    kept = {one: one for one in ids} | {one: some[0] for some in found.sets for one in some}
    members = defaultdict(list)
    for one in ids:
        members[kept[one]].append(truth.get(one, one))
    wrong = sum(len(some) - max(Counter(some).values()) for some in members.values())
    right = sum(len(some) - len({kept[one] for one in some}) for some in labelled)
    pairs = {frozenset(kept[one] for one in pair) for pair in found.pairs}
    listed = sum(_joined({kept[one] for one in some}, pairs) for some in labelled)
    duplicates = sum(len(some) - 1 for some in labelled)
    return Score(len(ids), duplicates, right, wrong, listed, len(pairs), found.seconds)


def _joined(parts: set[str], pairs: set[frozenset[str]]) -> int:
    """Return how many of the joins that are missing between the parts of a publication the pairs would make."""
    group = {one: one for one in parts}
    made = 0
    for pair in pairs:
        if pair <= parts and len(pair) == 2:
            a, b = (group[one] for one in pair)
            made += a != b
            group = {one: a if name == b else name for one, name in group.items()}
    return made


def ask_casepool(folder: Path) -> Found:
    """Return what casepool finds, and the seconds of one core from the rows to publications and pairs."""
    from casepool.search.dedupe import dedupe, read_rows
    from casepool.search.publications.groups import group
    from casepool.search.publications.pairs import doubtful_pairs

    rows = read_rows([folder / "records.csv"])
    start = time.process_time()
    groups, compared = group(rows)
    doubtful_pairs(groups.facts, compared)
    seconds = time.process_time() - start
    done = dedupe([folder / "records.csv"])
    sets = defaultdict(list)
    for one, kept in done.merges[["record_id", "kept_as"]].itertuples(index=False):
        sets[kept].append(one)
    pairs = {frozenset(pair) for pair in done.pairs[["record_a", "record_b"]].itertuples(index=False)}
    return Found([[kept, *some] for kept, some in sets.items()], pairs, seconds)


def ask_bib_dedupe(folder: Path, python: Path) -> Found:
    """Return what bib-dedupe finds on one core, and how long it takes."""
    command = [str(python), "-c", ASKED, str(folder / "records.csv")]
    alone = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=alone)  # noqa: S603  (our own)
    told = json.loads(done.stderr.splitlines()[-1])
    return Found(told["sets"], set(), told["seconds"])


def environment(folder: Path) -> Path:
    """Return the Python of an environment with bib-dedupe, made where it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", OTHER], check=True)  # noqa: S603
    return python


def large(number: int) -> str:
    """Return what a file of invented records costs, in a process of its own for the sake of the memory."""
    command = [sys.executable, __file__, "--only-large", str(number)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def measure_large(number: int) -> None:
    """Print what deduplicating a file of invented records costs: titles of 12 words, two in five of them twice."""
    import random

    from casepool.search.dedupe import dedupe, write

    draw = random.Random(1)  # noqa: S311
    words = ["".join(draw.choices("abcdefghijklmnoprstuvw", k=draw.randint(4, 10))) for _ in range(5000)]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "records.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            table = csv.writer(handle, lineterminator="\n")
            table.writerow(["ID", "title", "authors", "year", "journal", "volume", "number", "pages"])
            row: list[object] = []
            for n in range(number):
                if n % 5 not in {1, 3}:
                    page, people = draw.randint(1, 2000), (f"{draw.choice(words).title()}, A." for _ in range(4))
                    row = [" ".join(draw.choices(words, k=12)), "; ".join(people), draw.randint(1990, 2025)]
                    row += [
                        f"Journal of {draw.choice(words[:300])}",
                        draw.randint(1, 90),
                        draw.randint(1, 12),
                        f"{page}-{page + 7}",
                    ]
                table.writerow([f"id_{n}", *row])
        start = time.process_time()
        done = dedupe([path])
        write(done, Path(name))
        seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    merged = f"{number:,} invented records, {len(done.merges):,} of them merged"
    print(f"{merged}: {seconds:.0f} s of one core from file to files, {peak:.0f} MiB at the peak.")


def _row(name: str, score_: Score, other: Score) -> str:
    cells = [name, f"{score_.records:,}", f"{score_.duplicates:,}"]
    cells += [f"{score_.found:,}", _percent(score_), score_.wrong, score_.missed, score_.listed, score_.shown]
    cells += [f"{score_.seconds:.1f}", f"{other.found:,}", _percent(other), other.wrong, f"{other.seconds:.0f}"]
    cells.append(f"{other.seconds / score_.seconds:.0f}")
    return "| " + " | ".join(map(str, cells)) + " |"


def _percent(one: Score) -> str:
    return f"{100 * one.found / one.duplicates:.1f}"


def _sum(scores: list[Score]) -> Score:
    return Score(*(sum(getattr(one, name) for one in scores) for name in Score.__dataclass_fields__))


def main() -> None:
    """Write docs/deduplication.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--environment", type=Path)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--only-large", type=int)
    asked = parser.parse_args()
    if asked.only_large:
        measure_large(asked.only_large)
        return
    with tempfile.TemporaryDirectory() as name:
        python = environment(asked.environment or Path(name) / "bib-dedupe")
        folders = sorted(path.parent for path in asked.folder.glob("*/records.csv"))
        ours = [score(one, ask_casepool(one)) for one in folders]
        theirs = [score(one, ask_bib_dedupe(one, python)) for one in folders]
    names = [one.name.replace("_", " ") for one in folders]
    rows = [_row(*row) for row in zip([*names, "all"], [*ours, _sum(ours)], [*theirs, _sum(theirs)], strict=True)]
    text = HEAD.read_text(encoding="utf-8")
    PAGE.write_text(text.replace("{rows}", "\n".join(rows)).replace("{large}", large(asked.large)), encoding="utf-8")


if __name__ == "__main__":
    main()
