"""Which files of a package a script runs or reads: an edit in any of them makes its results anew."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PACKAGE = "casepool"
# A build asks this of every file of the package before anything else: a parser would take longer than all the rest.
_FROM = re.compile(rf"^[ \t]*from[ \t]+({PACKAGE}(?:\.\w+)*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n]*)", re.MULTILINE)
_MODULE = re.compile(rf"\b{PACKAGE}(?:\.\w+)*")
_NAMED = re.compile(rf"""(["'])({PACKAGE}\.[\w.]+)\1""")
_REMARK = re.compile(r"#[^\n]*")


def files_behind(script: Path, source: Path) -> list[Path]:
    """Return the files under `source` that a script reaches, sorted: modules, and the data files they read.

    A module is reached by an import, at its top or inside a function. A module that names a package in a text
    of its own (``files("casepool.…")``) reads the data files of that package.
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
    text = path.read_text(encoding="utf-8")
    names = [name for line in _IMPORT.findall(text) for name in _MODULE.findall(line)]
    for module, imported in _FROM.findall(text):
        words = _REMARK.sub("", imported).strip("() \t\n").split(",")
        names += [module, *(f"{module}.{word.split()[0]}" for word in words if word.strip())]
    modules = {file for name in names for file in _modules_of(name, source)}
    return frozenset(modules | {file for _, named in _NAMED.findall(text) for file in _data_of(named, source)})


@cache
def _modules_of(name: str, source: Path) -> frozenset[Path]:
    """Return the files that importing a dotted name runs: its packages too.

    Other packages are left alone, for an installed package stands beside them.
    """
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return frozenset()
    stem = source.joinpath(*parts)
    there = {path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()}
    return frozenset(there) | (_modules_of(".".join(parts[:-1]), source) if parts[1:] else frozenset())


def _data_of(name: str, source: Path) -> set[Path]:
    """Return the files of a package that are no code, with those of its folders that are no packages."""
    folder = source.joinpath(*name.split("."))
    if not (folder / "__init__.py").is_file():
        return set()
    inside = [one for one in folder.iterdir() if one.is_dir() and not list(one.glob("*.py"))]
    return {path for one in (folder, *inside) for path in one.iterdir() if path.is_file() and _is_data(path)}


def _is_data(path: Path) -> bool:
    return path.suffix not in {".py", ".pyc", ".typed"}
