"""Two people on two branches, again and again, in a real repository: what git alone cannot merge, and what it can here.

``python tests/merge_run.py 40`` prints the counts that docs/together.md shows. Every report is invented.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import invented

from casepool.entry import adding, rows
from casepool.entry.publications import Library, Publication
from casepool.files import sheets
from casepool.model.study import use

TABLES = ("screening", "reports", "patients", "cohorts", "appraisal", "sources")
DRIVER = f"{sys.executable} -m casepool.entry.merge_driver %O %A %B %P"
DAY = "2026-11-29"


@dataclass(frozen=True)
class Repository:
    """A clone of the curated tables, in a folder of its own."""

    root: Path

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git; what it says is kept."""
        return subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, text=True, check=False)

    def branch(self, name: str, edit: Callable[[Path], None]) -> None:
        """Make a branch of the base on which somebody changed something."""
        self.git("checkout", "--quiet", "-B", name, "base")
        edit(self.root)
        self.git("add", "--all")
        assert self.git("commit", "--quiet", "--message", name).returncode == 0

    def merge(self, *, by_keys: bool) -> list[str]:
        """Merge the branches a and b; return the files in conflict."""
        driver = DRIVER if by_keys else ""
        if driver:
            self.git("config", "merge.casepool.driver", driver)
        else:
            self.git("config", "--remove-section", "merge.casepool")
        self.git("checkout", "--quiet", "--force", "-B", "merged", "a")
        self.git("merge", "--quiet", "--no-edit", "b")
        return self.git("diff", "--name-only", "--diff-filter=U").stdout.split()

    def drop_merge(self) -> None:
        """Leave nothing of a merge that stopped."""
        self.git("merge", "--abort")
        self.git("checkout", "--quiet", "--force", "base")


def repository(root: Path) -> Repository:
    """Return a repository of the project's own tables."""
    for part in ("data", ".gitattributes"):
        source = invented.ROOT / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / part)
    made = Repository(root)
    made.git("init", "--quiet", "--initial-branch", "base")
    for key, value in (("user.name", "x"), ("user.email", "x@example.org"), ("gc.auto", "0")):
        made.git("config", key, value)
    (root / ".gitignore").write_text(".casepool/\n")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "base")
    return made


def library(root: Path) -> Library:
    """Return what the project describes, as far as adding invented publications asks for it."""
    import pandas as pd

    from casepool.contract.literature import RECORDS

    return Library(pd.DataFrame(columns=RECORDS.names), sheets.read_table("reports", root / "data/curated/reports.csv"))


def adds(chance: random.Random, known: Library, n: int, who: str) -> Callable[[Path], None]:
    """Return the work of somebody who adds and extracts some reports."""

    def edit(root: Path) -> None:
        facts = [
            {
                "title": f"SYNTHETIC {chance.random()}",
                "authors": f"{_word(chance)}, A",
                "year": str(chance.randint(2018, 2026)),
            }
            for _ in range(n)
        ]
        wish = adding.Wish(who, DAY, patients=chance.randint(1, 3), report_type="case_report")
        added = adding.add(root, known, [Publication(one) for one in facts], wish)
        place = rows.place_of(root, "patients")
        for key in added.rows["patients"]:
            typed = invented.patient(*key, age_years=chance.randint(18, 90), reader=who, date=DAY)
            saved = rows.save(place, rows.open_row(place, key), {name: str(cell) for name, cell in typed.items()})
            assert isinstance(saved, rows.Saved), saved

    return edit


def notes(chance: random.Random, changes: Sequence[tuple[str, tuple[str, ...], str]]) -> Callable[[Path], None]:
    """Return the work of somebody who writes something of their own into cells: table, key and column of each."""

    def edit(root: Path) -> None:
        for table, key, column in changes:
            place = rows.place_of(root, table)
            opened = rows.open_row(place, key)
            saved = rows.save(place, opened, {**(opened.cells or {}), column: f"SYNTHETIC {chance.random()}"})
            assert isinstance(saved, rows.Saved), saved

    return edit


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(6)).title()


def keys_of(root: Path) -> set[tuple[str, ...]]:
    """Return table and key of every row; a table that is not in order stops the run."""
    found = set()
    for name in TABLES:
        place = rows.place_of(root, name)
        table = rows.read(place)
        keys = [table.key_of(one.cells) for one in table.records]
        found |= {(name, *key) for key in keys}
        assert len(keys) == len(set(keys))
    return found


def added_reports(made: Repository, n: int, trials: int, seed: int) -> tuple[int, int]:
    """Return in how many trials of two people who add `n` reports each git alone, and the driver, stopped."""
    chance = random.Random(seed)
    known = library(made.root)
    alone = stopped = 0
    for _ in range(trials):
        both = []
        for name in "ab":
            made.branch(name, adds(chance, known, n, f"reader_{name}"))
            both.append(keys_of(made.root))
        alone += bool(made.merge(by_keys=False))
        made.drop_merge()
        conflicts = made.merge(by_keys=True)
        stopped += bool(conflicts)
        for name in TABLES if not conflicts else ():
            assert sheets.check_table(name, rows.place_of(made.root, name).file).problems == ()
        assert conflicts or keys_of(made.root) == both[0] | both[1], "a row was lost"
        made.drop_merge()
    return alone, stopped


def changed_cells(made: Repository, trials: int, seed: int, *, same: bool) -> tuple[int, int]:
    """Return how many trials stopped, and in how many the only thing to decide was the cell that differs.

    Both people change a cell of one patient (the same cell or two cells), and each a cell of another row.
    """
    chance = random.Random(seed)
    stopped = exact = 0
    keys = [key[1:] for key in sorted(keys_of(made.root)) if key[0] == "patients"]
    for _ in range(trials):
        common, one, two = chance.sample(keys, 3)
        columns = ("note", "note" if same else "dose")
        for name, key, column in zip("ab", (one, two), columns, strict=True):
            made.branch(name, notes(chance, [("patients", common, column), ("patients", key, "note")]))
        conflicts = made.merge(by_keys=True)
        stopped += bool(conflicts)
        text = (made.root / "data/curated/patients.csv").read_text()
        head = f"<<<<<<< patients, report_id={common[0]}, patient_label={common[1]}: note = SYNTHETIC"
        exact += conflicts == ["data/curated/patients.csv"] and text.count("<<<<<<<") == 1 and head in text
        made.drop_merge()
    return stopped, exact


def main(trials: int) -> None:
    """Print the counts."""
    use(invented.protocol())
    with tempfile.TemporaryDirectory() as folder:
        made = repository(Path(folder))
        print("| two people | trials | git alone stops | here |", "| --- | --- | --- | --- |", sep="\n")
        for seed, n in enumerate((1, 2, 5)):
            alone, stopped = added_reports(made, n, trials, seed)
            who = "add one report each" if n == 1 else f"add {n} reports each"
            print(f"| {who} | {trials} | {alone} | {stopped} |", flush=True)
        stopped, _ = changed_cells(made, trials, 10, same=False)
        print(f"| change two cells of one row | {trials} | | {stopped} |", flush=True)
        stopped, exact = changed_cells(made, trials, 11, same=True)
        print(f"| change one cell differently | {trials} | | {stopped}, in {exact} exactly that cell |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
