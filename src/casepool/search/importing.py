"""``casepool import``: exports come into ``data/raw/imports`` as they are, and are described in ``sources.csv``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.files import atomic, sheets, store
from casepool.model.errors import FileError
from casepool.model.message import Message, text
from casepool.search.formats.citation import safe_id
from casepool.search.formats.reading import FORMATS, Reading, read_export
from casepool.search.received import each_file, files_in, renamed
from casepool.typing import Row

IMPORTS = "data/raw/imports/"
LICENCE = "citation facts; abstracts belong to their publishers"
_SOURCES = "data/raw/sources.csv"
_SHOWN = ("title", "authors", "year", "journal", "volume", "pages", "doi", "pmid", "abstract", "language")
_UNPLACED = 12  # names that are listed


@dataclass(frozen=True)
class Described:
    """What is said of every file of one import: origin (empty: as its program says), query, day, licence."""

    day: str
    origin: str = ""
    query: str = ""
    licence: str = LICENCE


@dataclass(frozen=True)
class Outcome:
    """What became of one file: read and described, known already, or refused."""

    name: str
    row: Row | None = None
    reading: Reading | None = None
    known_as: str = ""
    fault: Message | str = ""


def import_files(root: str | Path, files: Iterable[str | Path], told: Described) -> list[Outcome]:
    """Return what became of every file, folder and archive; what was understood is copied and described.

    No file is changed. One that stands in ``data/raw/imports`` stays where it is. A content that ``sources.csv``
    describes already is not taken in again.

    Raises
    ------
    CuratedDataError
        If ``sources.csv`` has problems; nothing is written then.
    """
    base = Path(root)
    sources = sheets.read_table("sources", base / _SOURCES)
    known = dict(zip(sources["sha256"], sources["path"], strict=True))
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        for path, name in each_file(files, stack):
            outcome = _take(base, path, name, known, told)
            outcomes.append(outcome)
            if outcome.row:
                known[outcome.row["sha256"]] = outcome.row["path"]
    rows = [outcome.row for outcome in outcomes if outcome.row]
    if rows:
        added = store.stack("sources", sources, pd.DataFrame(rows, columns=sources.columns))
        store.write_table("sources", added, base / _SOURCES)
    return outcomes


def undescribed(root: str | Path, sources: pd.DataFrame) -> list[str]:
    """Return the files in ``data/raw/imports`` that ``sources.csv`` does not describe, as paths in the project."""
    base = Path(root)
    described = set(sources["path"])
    found = (path.relative_to(base).as_posix() for path in files_in(base / IMPORTS))
    return [path for path in found if path not in described]


def _take(base: Path, path: Path, name: str, known: dict[str, str], told: Described) -> Outcome:
    if not path.is_file():  # a pipe or a device may never end
        return Outcome(name, fault=Message("file_cannot_be_read", file=name, error=Message("no_file")))
    try:
        content = atomic.read_bytes(path)
        digest = hashlib.sha256(content).hexdigest()
        if digest in known:
            return Outcome(name, known_as=known[digest])
        reading = read_export(path)
    except FileError as error:
        return Outcome(name, fault=renamed(error.message, path, name))
    target = _target(base, path, content)
    if not (base / target).exists():
        atomic.write_bytes(base / target, content)
    row = {
        "path": target,
        "origin": told.origin or reading.origin,
        "query_or_release": told.query or reading.query,
        "accessed_on": told.day,
        "licence": told.licence,
        "sha256": digest,
        "n_records": len(reading.records),
        "note": ", ".join([FORMATS[reading.format][0], *(f"{one} {n}" for one, n in reading.programs.items())]),
    }
    return Outcome(name, row, reading)


def _target(base: Path, path: Path, content: bytes) -> str:
    """Return where a file is to stand: where it is, or under a name of its own in ``data/raw/imports``."""
    folder = (base / IMPORTS).resolve()
    if path.resolve().is_relative_to(folder):
        return path.resolve().relative_to(base.resolve()).as_posix()
    stem, suffix = safe_id(path.stem) or "export", path.suffix
    names = [f"{stem}{suffix}", *(f"{stem}-{number}{suffix}" for number in range(2, 1000))]
    free = (one for one in names if not (folder / one).exists() or (folder / one).read_bytes() == content)
    return f"{IMPORTS}{next(free)}"


def import_text(outcomes: Sequence[Outcome], told: Described, language: str) -> str:
    """Return what was understood of every file, for a terminal."""
    added = [outcome for outcome in outcomes if outcome.row]
    said = [one for outcome in outcomes for one in _said(outcome)]
    if added:
        n = sum(len(outcome.reading.records) for outcome in added if outcome.reading)
        said += [Message("import_added", n=len(added), records=Message("n_records", n=n), day=told.day)]
        queries = [outcome.row["path"] for outcome in added if outcome.row and not outcome.row["query_or_release"]]
        said += [Message("import_without_query", files=tuple(queries))] if queries else []
    return "\n".join(text(one, language) for one in said or [Message("import_nothing")])


def _said(outcome: Outcome) -> Iterator[Message | str]:
    if outcome.fault:
        yield Message("import_refused", fault=outcome.fault)
    elif outcome.known_as:
        yield Message("import_known", file=outcome.name, path=outcome.known_as)
    if outcome.row is None or outcome.reading is None:
        return
    found = outcome.reading
    name = FORMATS[found.format][0]
    kind = (name, *(one for one in found.programs if one not in name))
    yield Message("import_read", file=outcome.name, path=outcome.row["path"], kind=kind, n=len(found.records))
    filled = {name: sum(bool(record[name]) for record in found.records) for name in _SHOWN}
    yield Message("import_filled", **{name: 100 * n // len(found.records) for name, n in filled.items()})
    if found.unplaced:
        names = [f"{name} ({n})" for name, n in found.unplaced.items()]
        more = ("…",) if len(names) > _UNPLACED else ()
        yield Message("import_unplaced", names=(*names[:_UNPLACED], *more))
    yield from (Message("import_remark", what=remark) for remark in found.remarks)
