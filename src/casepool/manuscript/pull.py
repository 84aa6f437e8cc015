"""``casepool pull``: a document of any kind brought up to date with the build of a project."""

from __future__ import annotations

from pathlib import Path

from casepool.files.atomic import read_bytes, write_bytes
from casepool.manuscript.build import Build, load_build
from casepool.manuscript.chapter import chapter_bytes
from casepool.manuscript.pulled import Pulled, refuse_if_open
from casepool.manuscript.sources import KINDS, language_of_source, pull_source
from casepool.manuscript.word.memory import remembered
from casepool.manuscript.word.package import Package
from casepool.manuscript.word.pull import pull_word
from casepool.model.configuration import load_configuration
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.project.loading import CONFIGURATION, require_project

_WORD = ".docx"


def pull_document(path: Path, folder: Path, language: str | None, *, force: bool = False) -> tuple[Pulled, str]:
    """Return what bringing a document up to date would do, and the language of its numbers; nothing is written.

    Parameters
    ----------
    language : None for the one of the last time, else the first of the project.
    force : replace what the author typed inside a control, too.

    Raises
    ------
    FileError
        If the document or the build is not there, or is of a kind that is not known, or is open elsewhere.
    """
    suffix = path.suffix.lower()
    if suffix not in {_WORD, *KINDS}:
        raise FileError(Message("document_kind", file=path.name, kinds=(_WORD, *KINDS)))
    if not path.is_file():
        raise FileError(Message("no_document", file=str(path)))
    refuse_if_open(path)
    known = remembered(Package(read_bytes(path), path.name)).language if suffix == _WORD else language_of_source(path)
    build = _build(folder, language or known)
    pulled = pull_word(path, build, force=force) if suffix == _WORD else pull_source(path, build, force=force)
    return pulled, build.language


def start_document(path: Path, folder: Path, language: str | None) -> None:
    """Write a first chapter of results, with places to fill and no number; never over a file that is there.

    Raises
    ------
    FileError
        If the file is there, or no chapter of its kind is known.
    """
    if path.exists():
        raise FileError(Message("document_there", file=str(path)))
    if path.suffix.lower() not in {_WORD, *KINDS}:
        raise FileError(Message("document_kind", file=path.name, kinds=(_WORD, *KINDS)))
    write_bytes(path, chapter_bytes(path.suffix.lower(), _build(folder, language)))


def _build(folder: Path, language: str | None) -> Build:
    root = require_project(folder)
    return load_build(root, language or load_configuration(root / CONFIGURATION).language[0])
