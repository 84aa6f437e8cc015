"""One writer of a project at a time, whichever process or thread it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from casepool.files.private import private_folder
from casepool.model.errors import FileError
from casepool.model.message import Message

_PATIENCE = 20.0  # seconds: a step takes well under one


@contextmanager
def held(root: str | Path) -> Iterator[None]:
    """Hold a project for reading a table and writing it again; others wait. Not reentrant.

    Raises
    ------
    FileError
        If another writer keeps it for longer than it should; nothing was written.
    OSError
        If the private folder cannot be written.
    """
    lock = FileLock(private_folder(root) / "lock")
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout as error:
        raise FileError(Message("another_writer")) from error
    try:
        yield
    finally:
        lock.release()
