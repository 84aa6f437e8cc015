"""The manifest: what a build read, what it ran and what it wrote, by checksum; it travels with the results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import casepool
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.project.packaged import packaged
from casepool.provenance.digests import digest, environment, files_in
from casepool.provenance.receipts import Receipt, read_receipts

MANIFEST = Path("results") / "provenance" / "manifest.json"
_PRIVATE = "results/private/"


def manifest(
    results: Iterable[str], workflow: Iterable[str], configuration: Mapping[str, object], commit: str
) -> dict[str, Any]:
    """Return what the jobs behind results read, ran and wrote, by the receipts in the current folder.

    Parameters
    ----------
    results : the results to vouch for, none of them private.
    workflow : the files of the rules themselves.

    Raises
    ------
    FileError
        If two jobs read one file in two states, or a result is not what its job wrote: somebody changed it during
        the build.
    """
    made = set(results)
    jobs = [one for one in read_receipts() if made & set(one.outputs)]
    read = _agreeing(jobs)
    named = {path: as_code(path) for path in read}
    code = {named[path]: sha for path, sha in read.items()} | {as_code(path): digest(path) for path in workflow}
    given = {path: sha for path, sha in read.items() if not named[path] and not path.startswith("results/")}
    return {
        "casepool": casepool.__version__,
        "commit": commit,
        "environment": environment(),
        "configuration": configuration,
        "inputs": dict(sorted(given.items())),
        "code": {name: sha for name, sha in sorted(code.items()) if name},
        "outputs": {file.as_posix(): digest(file) for path in sorted(made) for file in files_in(path)},
    }


def as_text(content: Mapping[str, Any]) -> str:
    """Return a manifest as JSON."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def as_code(path: str | Path) -> str:
    """Return how the manifest names a file of the program, wherever that is installed; "" for another file."""
    full = Path(path).resolve()
    for home, parts in _homes():
        if full.is_relative_to(home) and full.relative_to(home).parts[0] in parts:
            return full.relative_to(home).as_posix()
    return ""


@cache
def _homes() -> tuple[tuple[Path, frozenset[str]], ...]:
    """Return the folders in which the program stands, each with what of it stands there."""
    package = Path(casepool.__file__).resolve().parent
    return (packaged("Snakefile").parent, frozenset({"workflow", "Snakefile"})), (
        package.parent,
        frozenset({package.name}),
    )


def code_file(name: str) -> Path:
    """Return the file of the program that a manifest names, where this installation has it or would have it."""
    package = Path(casepool.__file__).resolve().parent
    home = package.parent if name.startswith(f"{package.name}/") else packaged("Snakefile").parent
    return home / name


def _agreeing(jobs: Iterable[Receipt]) -> dict[str, str]:
    """Return path → what every job read there; results as they were written, and as they are."""
    seen: dict[str, str] = {}
    for one in jobs:
        for path, sha in (*one.outputs.items(), *one.inputs.items()):
            if seen.setdefault(path, sha) != sha:
                raise FileError(Message("changed_during_build", files=(path,)))
    changed = [path for path, sha in sorted(seen.items()) if digest(path) != sha and not path.startswith(_PRIVATE)]
    if changed:
        raise FileError(Message("changed_during_build", files=tuple(changed)))
    return seen
