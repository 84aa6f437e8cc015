"""Which files of a package a script runs or reads: an edit in any of them makes its results anew."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = "casepool"


def files_behind(script: Path, source: Path) -> list[Path]:
    """Return the files under `source` that a script reaches, sorted: modules, and the data files they read.

    A module is reached by an import, at its top or inside a function. A module that names a package in a text
    of its own (``files("casepool.…")``) reads the data files of that package.

    Raises
    ------
    SyntaxError
        If one of the files is no Python.
    """
    reached: set[Path] = set()
    waiting = set(_reached_from(script, source))
    while waiting:
        path = waiting.pop()
        reached.add(path)
        waiting |= _reached_from(path, source) - reached if path.suffix == ".py" else set()
    return sorted(reached)


@cache
def _reached_from(path: Path, source: Path) -> frozenset[Path]:
    names, texts = [], []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(f"{PACKAGE}."):
            texts.append(node.value)
    modules = {file for name in names for file in _modules_of(name, source)}
    return frozenset(modules | {file for text in texts for file in _data_of(text, source)})


def _modules_of(name: str, source: Path) -> set[Path]:
    """Return the files that importing a dotted name runs: its packages too.

    Other packages are left alone, for an installed package stands beside them.
    """
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return set()
    stems = [source.joinpath(*parts[:depth]) for depth in range(1, len(parts) + 1)]
    return {path for stem in stems for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()}


def _data_of(name: str, source: Path) -> set[Path]:
    """Return the files of a package that are no code, with those of its folders that are no packages."""
    folder = source.joinpath(*name.split("."))
    if not (folder / "__init__.py").is_file():
        return set()
    inside = [one for one in folder.iterdir() if one.is_dir() and not list(one.glob("*.py"))]
    return {path for one in (folder, *inside) for path in one.iterdir() if path.is_file() and _is_data(path)}


def _is_data(path: Path) -> bool:
    return path.suffix not in {".py", ".pyc", ".typed"}
