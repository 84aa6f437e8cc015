"""The files of the program behind each rule, named in one file a rule.

Snakemake looks at every input of every job many times, at its start and at its end: a hundred modules a rule would
take longer than most jobs. It sees the list; receipts and the manifest have each file that stands in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from casepool.files import atomic

CODE = Path(".snakemake") / "code"


def code_list(rule: str) -> str:
    """Return the path of the list of a rule, from the folder of the project."""
    return (CODE / f"{rule}.txt").as_posix()


def write_lists(code: Mapping[str, Iterable[str]]) -> None:
    """Write the files behind each rule into its list in the current folder, dated as the newest of them."""
    for rule, paths in code.items():
        path, named = Path(code_list(rule)), sorted(set(paths))
        text = "".join(f"{one}\n" for one in named)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            atomic.write_text(path, text)
        newest = max(Path(one).stat().st_mtime_ns for one in named)
        os.utime(path, ns=(newest, newest))


def unfolded(paths: Iterable[str]) -> list[str]:
    """Return paths, sorted and each once, with what stands in a list in place of the list."""
    found: set[str] = set()
    for path in paths:
        is_list = Path(path).parent == CODE
        found.update(Path(path).read_text(encoding="utf-8").splitlines() if is_list else [path])
    return sorted(found)
