"""What git calls to merge a curated table: ``python -m casepool.entry.merge_driver %O %A %B %P``.

Beside the command ``casepool merge-driver``, so that a merge of many tables does not wait for the whole program.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from casepool.contract import TABLES
from casepool.entry.merging import NotMergeableError, clash_lines, merge
from casepool.files import atomic
from casepool.model.labels import LANGUAGES
from casepool.model.message import Message, text


def merge_driver(base: Path, ours: Path, theirs: Path, path: str, language: str = "en") -> int:
    """Merge a table for git, into the file of our side; return 0, or 1 where a person must decide.

    Parameters
    ----------
    base, ours, theirs : the three versions, in files of git.
    path : of the table in the repository; its name says which table it is.
    """
    try:
        merged = merge(base.read_bytes(), ours.read_bytes(), theirs.read_bytes(), TABLES[Path(path).stem])
    except (KeyError, NotMergeableError):
        _say([Message("merged_by_lines", file=path)], language)
        command = ["git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs", str(ours), str(base), str(theirs)]
        return min(subprocess.run(command, check=False).returncode, 1)  # noqa: S603 (fixed words)
    atomic.write_bytes(ours, merged.text.encode())
    if merged.clashes:
        _say(clash_lines(merged.clashes), language)
    return 1 if merged.clashes else 0


def _say(said: Sequence[Message], language: str) -> None:
    for one in said:
        print(text(one, language), file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Merge for git in the language of the environment: base, ours, theirs, path."""
    base, ours, theirs, path = arguments
    spoken = os.environ.get("CASEPOOL_LANG", "")
    return merge_driver(Path(base), Path(ours), Path(theirs), path, spoken if spoken in LANGUAGES else "en")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
