"""The files and folders that the documentation names in backticks, and those among them that do not exist.

``python .ci/named_paths.py`` looks for what is said to lie in ``results/`` and needs a finished build; a test looks for
the rest, which lies in the repository.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "casepool"
PLACES = (".ci", "benchmarks", "config", "data", "demo", "docs", "findings", "src", "tests", "workflow")
# Made on request, received from others, or private: not in a clone, and not in every build.
MADE = ("results", "demo/build", "data/raw/registry", "data/raw/pubmed/20", "forms", "site", "data/curated/readings",
        "data/curated/patients.xlsx")  # fmt: skip
PRIVATE = ("results/private", "results/logs", "results/SYNTHETIC.txt", "results/tables/small_study.csv")
_TOKEN = re.compile(r"`([\w.{},-]+(?:/[\w.{},-]*)+)`")


def pages() -> list[Path]:
    """Return the pages that speak of the present: not the changelog, not the records of decisions."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
    return sorted(path for path in found if path.name != "CHANGELOG.md" and "decisions" not in path.parts)


def named(page: Path) -> Iterator[str]:
    """Yield the paths that a page names, braces expanded: ``{en,fr}/x`` is two; ``{language}/x`` names no one file."""
    for token in _TOKEN.findall(page.read_text(encoding="utf-8")):
        yield from _expanded(token)


def _expanded(token: str) -> Iterator[str]:
    braces = re.search(r"\{([^{}]*)\}", token)
    if braces is None:
        yield token
        return
    for one in braces[1].split(",") if "," in braces[1] else ():
        yield from _expanded(token[: braces.start()] + one + token[braces.end() :])


def missing_in_the_repository(page: Path) -> list[str]:
    """Return what a page names as a part of the repository or of the package and what is not there."""
    return [path for path in named(page) if not path.startswith(MADE) and not _exists(path, page)]


def _exists(path: str, page: Path) -> bool:
    """Return whether a path is there: in the repository, in the package, in a folder of it, or beside the page.

    What begins with no folder of either is no path but, say, a case (``report_id/patient_label``).
    """
    folders = {one.name: one for one in PACKAGE.iterdir() if one.is_dir()}
    first = path.partition("/")[0]
    if first in PLACES:
        return (ROOT / path).exists()
    if page.parent.name in MADE:  # what lies beside such a page is made by a build
        return True
    if first in folders or path.endswith(".py"):
        return any((base / path).exists() for base in (PACKAGE, page.parent, *folders.values()))
    return True


def missing_in_the_results(page: Path) -> list[str]:
    """Return what a page names as a result and what the build did not make."""
    results = (path for path in named(page) if path.startswith("results/") and not path.startswith(PRIVATE))
    return [path for path in results if not (ROOT / path).exists()]


if __name__ == "__main__":
    lost = [f"{page.relative_to(ROOT)}: {path}" for page in pages() for path in missing_in_the_results(page)]
    sys.exit("\n".join(["named, and not made by this build:", *lost]) if lost else 0)
