"""Every file that a user hands over: those of folders and archives too, each under the name that the user knows."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from casepool.files.unpacking import refuse_too_large
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.search.formats import recognition

_PACKED_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError)
_DEEPEST = 3  # archives in one another that are unpacked; one that holds itself would never end


def each_file(files: Iterable[str | Path], stack: ExitStack) -> Iterator[tuple[Path, str]]:
    """Yield every file with the name to show: those of folders, and those of archives unpacked.

    Parameters
    ----------
    stack : keeps what was unpacked, until it is closed.
    """
    for one in map(Path, files):
        for path in files_in(one) if one.is_dir() else [one]:
            yield from _unpacked(path, str(path), stack, _DEEPEST)


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder and those in it, without hidden files and readmes."""
    inner = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in inner if not _is_aside(path.relative_to(folder).parts)]


def renamed(said: Message | str, path: Path, name: str) -> Message | str:
    """Return what is wrong with a file under the name that the user knows: that in its archive."""
    if isinstance(said, Message) and dict(said.arguments).get("file") == str(path):
        return Message(said.id, **{**dict(said.arguments), "file": name})
    return said


def _is_aside(parts: Sequence[str]) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
    return hidden or parts[-1].lower().startswith("readme")


def _unpacked(path: Path, name: str, stack: ExitStack, deep: int) -> Iterator[tuple[Path, str]]:
    """Yield a file as it is, or those of an archive; its reader says what is wrong with one that cannot be unpacked."""
    try:
        packed = deep and path.is_file() and recognition.is_archive(path)
        members = list(_members(path, Path(stack.enter_context(TemporaryDirectory())))) if packed else []
    except (*_PACKED_FAULTS, FileError):
        members = []
    if not members:
        yield path, name
    for member, inner in members:
        yield from _unpacked(member, f"{name}/{inner}", stack, deep - 1)


def _members(archive: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    with zipfile.ZipFile(archive) as packed:
        refuse_too_large(packed)
        for number, member in enumerate(packed.infolist()):
            if not member.is_dir() and not _is_aside(Path(member.filename).parts):
                path = folder / str(number) / Path(member.filename).name
                path.parent.mkdir()
                path.write_bytes(packed.read(member))
                yield path, member.filename
