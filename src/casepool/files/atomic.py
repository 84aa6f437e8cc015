"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import IO

from casepool.model.errors import FileError
from casepool.model.message import Message

_NOTES = 2**20  # bytes
_MODE = 0o644
# How the file is called that takes the place of another once it is whole.
TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}")


def write_text(path: str | Path, content: str) -> None:
    """Write text atomically (temporary file in the same folder, fsync, rename)."""
    write_bytes(path, content.encode("utf-8"))


def write_bytes(path: str | Path, content: bytes, mode: int = _MODE) -> None:
    """Write bytes atomically (temporary file in the same folder, fsync, rename)."""
    with atomic_file(path, mode) as handle:
        handle.write(content)


@contextmanager
def atomic_file(path: str | Path, mode: int = _MODE) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the place of `path`, with these rights, only when the block ends well."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep(path: str | Path) -> None:
    """Remove what a killed writer of a file left beside it; the caller is its only writer."""
    target = Path(path)
    for left in target.parent.glob(f".{escape(target.name)}.*"):
        if TEMPORARY.fullmatch(left.name):
            left.unlink(missing_ok=True)


def require_room(folder: str | Path) -> None:
    """Raise FileError where a disk has no room left for the notes that a build makes besides its results."""
    if shutil.disk_usage(folder).free < _NOTES:
        raise FileError(Message("disk_full"))


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file; one that cannot be read is a FileError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FileError(Message("file_cannot_be_read", file=str(path), error=str(error.strerror))) from error
