"""A project as the desk sees it: its tables as they stand, its diseases, who reads, in which language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

from casepool.contract import TABLES
from casepool.desk.private import Private
from casepool.desk.words import Words, words_of
from casepool.diseases import DiseaseNames
from casepool.extraction.curated import Curated, read_curated
from casepool.model.protocol import Language, Protocol
from casepool.model.study import use
from casepool.project.loading import Project, load_project
from casepool.rows import missing, rows_of
from casepool.typing import Row

T = TypeVar("T")
CURATED_FOLDER = Path("data") / "curated"
READER = r"[a-z][a-z0-9_]{0,39}"


def today() -> str:
    """Return the day on which something is typed, as tables hold it."""
    return dt.datetime.now().astimezone().date().isoformat()


@dataclass
class Workspace:
    """A project folder behind the pages.

    Attributes
    ----------
    root : the project folder.
    private : what is kept beside the tables.
    """

    root: Path
    private: Private
    _kept: dict[str, tuple[object, Any]] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    @property
    def project(self) -> Project:
        """The project, read again where its configuration or protocol has changed."""
        config = self.root / "config"
        found = self.kept("project", stamp(*config.glob("*.yaml")), lambda: load_project(self.root))
        use(found.protocol)
        return found

    @property
    def protocol(self) -> Protocol:
        """The protocol of the project."""
        return self.project.protocol

    @property
    def language(self) -> Language:
        """The language of the pages."""
        chosen = self.private.settings().get("language")
        return cast("Language", chosen if chosen in {"en", "fr"} else "en")

    @property
    def words(self) -> Words:
        """The words of the pages."""
        return words_of(self.language)

    @property
    def reader(self) -> str:
        """Who reads, as an id; empty where nobody has said."""
        return str(self.private.settings().get("reader", ""))

    @property
    def folder(self) -> Path:
        """The folder of the curated tables."""
        return self.root / CURATED_FOLDER

    def curated(self) -> Curated:
        """Return the curated tables, corrected, with their problems."""
        project = self.project
        return self.kept("curated", (stamp(self.folder), project.protocol.id), lambda: read_curated(self.folder))

    def names(self) -> DiseaseNames:
        """Return the names of diseases that are known."""
        terms = stamp(self.folder / "disease_terms.csv", self.folder / "corrections.csv")
        return self.kept("names", terms, lambda: DiseaseNames(rows_of(self.curated()["disease_terms"]), self.protocol))

    def row(self, table: str, key: Mapping[str, str]) -> Row | None:
        """Return the row of a curated table under a key, or None."""
        frame = self.curated()[table]
        return next((row for row in rows_of(frame) if fits(row, key)), None)

    def rows(self, table: str, **where: str) -> list[Row]:
        """Return the rows of a curated table whose columns hold some texts, in the order of the file."""
        return [row for row in rows_of(self.curated()[table]) if fits(row, where)]

    def readers(self) -> list[str]:
        """Return the ids of those who have read anything."""
        columns = [(name, one) for name in ("patients", "cohorts", "appraisal") for one in ("reader",)]
        columns.append(("screening", "reviewer"))
        found = {str(row[one]) for name, one in columns for row in rows_of(self.curated()[name][[one]].dropna())}
        return sorted(found - {"consensus"})

    def kept(self, name: str, mark: object, make: Callable[[], T]) -> T:
        """Return what `make` makes, made again only where `mark` is another than the last time."""
        with self._lock:
            known = self._kept.get(name)
            if known is None or known[0] != mark:
                known = (mark, make())
                self._kept[name] = known
            return cast("T", known[1])


def stamp(*paths: Path) -> tuple[tuple[str, int, int], ...]:
    """Return a mark of files, and of the files in folders, that changes when one of them is written."""
    found = [one for path in paths for one in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    states = ((str(one), one.stat()) for one in found if one.is_file())
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)


def fits(row: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    """Return whether the columns of a row hold some texts."""
    return all(not missing(row[name]) and as_text(row[name]) == value for name, value in where.items())


def as_text(value: object) -> str:
    """Return a cell as the files hold it; an empty one as an empty text."""
    if missing(value):
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def key_text(table: str, key: Mapping[str, str]) -> str:
    """Return a key in the order of its table, as one text."""
    return "/".join(key[name] for name in TABLES[table].key)
