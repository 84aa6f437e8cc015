"""What a build offers a manuscript: its numbers, sentences, tables and figures, and as of which data."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casepool.files.atomic import read_bytes
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.project.loading import require_project
from casepool.provenance.manifest import MANIFEST
from casepool.report.files import BARE, figure_stem, name_of, table_stem

RESULTS = Path("results") / "results.json"
_SHORT = 12


@dataclass(frozen=True)
class Build:
    """A finished build as a manuscript sees it.

    Attributes
    ----------
    folder : of the project.
    language : of the numbers and sentences.
    numbers : name → number, as in ``numbers.json``.
    sentences : name → paragraphs.
    results : the content of ``results.json``.
    manifest : what the build was made of; empty where it has not ended.
    """

    folder: Path
    language: str
    numbers: Mapping[str, Mapping[str, Any]]
    sentences: Mapping[str, list[str]]
    results: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @property
    def place(self) -> Path:
        """The folder with what a manuscript takes in."""
        return manuscript_folder(self.folder, self.language)

    @property
    def commit(self) -> str:
        """The commit of the program; empty where it is not known."""
        return str(self.manifest.get("commit", ""))[:_SHORT]

    @property
    def data(self) -> str:
        """The checksum of all inputs together, shortened; empty where the build has not ended."""
        return data_checksum(self.manifest)

    def table_file(self, table: str, suffix: str) -> Path:
        """Return the file of a table."""
        return self.place / "tables" / f"{table_stem(table)}{suffix}"

    def figure_file(self, figure: str, suffix: str) -> Path:
        """Return the file of a figure: the one without a title where there is one, for captions say it."""
        bare = self.place / "figures" / f"{figure_stem(figure)}{BARE}{suffix}"
        return bare if bare.is_file() else bare.with_name(f"{figure_stem(figure)}{suffix}")

    def figure_words(self, figure: str, what: str) -> str:
        """Return the caption of a figure, or what is read aloud in its place (``alt``); empty where it has none."""
        path = self.place / "figures" / f"{figure_stem(figure)}_{what}.txt"
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

    def names(self, kind: str) -> list[str]:
        """Return what can be named of a kind: number, sentence, table, figure."""
        if kind in {"number", "sentence"}:
            return sorted(self.numbers if kind == "number" else self.sentences)
        folder, suffix = {"table": ("tables", ".docx"), "figure": ("figures", ".png")}[kind]
        files = (self.place / folder).glob(f"*{suffix}")
        return sorted(name_of(one.stem) for one in files if not one.stem.endswith(BARE))


def manuscript_folder(folder: str | Path, language: str) -> Path:
    """Return where the build puts what a manuscript in a language takes in."""
    return Path(folder) / "results" / "manuscript" / language


def load_build(folder: str | Path, language: str) -> Build:
    """Return the build in a project folder.

    Raises
    ------
    ConfigError
        If the folder is no project.
    FileError
        If there are no numbers in that language, or they cannot be read.
    """
    root = require_project(folder)
    path = manuscript_folder(root, language) / "numbers.json"
    if not path.is_file():
        raise FileError(Message("numbers_missing", file=path.relative_to(root).as_posix()))
    document = _json(path)
    manifest = _json(root / MANIFEST) if (root / MANIFEST).is_file() else {}
    return Build(root, language, document["numbers"], document["sentences"], _json(root / RESULTS), manifest)


def data_checksum(manifest: Mapping[str, Any]) -> str:
    """Return one checksum of all inputs of a manifest, shortened; empty where there is none."""
    inputs = manifest.get("inputs")
    if not inputs:
        return ""
    lines = "".join(f"{path} {sha}\n" for path, sha in sorted(inputs.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:_SHORT]


def nearest(name: str, known: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return the known names most like one that is not known, the nearest first."""
    return tuple(difflib.get_close_matches(name, list(known), n, cutoff=0.5))


def _json(path: Path) -> Any:
    try:
        return json.loads(read_bytes(path))
    except ValueError as error:
        raise FileError(Message("file_cannot_be_read", file=path.as_posix(), error=str(error))) from error
