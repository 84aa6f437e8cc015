"""How much a packed file may hold: a few kilobytes can stand for gigabytes."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from io import BytesIO

from casepool.model.errors import FileError
from casepool.model.message import Message

MOST = 2**30  # bytes: more than any export of a literature search, less than the memory of a laptop


def refuse_too_large(archive: zipfile.ZipFile) -> None:
    """Raise FileError where the parts of an archive hold more than ``MOST`` bytes together.

    Their sizes stand in the archive; Python reads no part beyond the size that stands there.
    """
    if sum(one.file_size for one in archive.infolist()) > MOST:
        raise FileError(_too_large())


def unzipped(content: bytes, length: int = 0) -> bytes:
    """Return the content, or what is packed in it by gzip; no more than `length` bytes where one is given.

    Raises
    ------
    FileError
        If it is damaged, or holds more than ``MOST`` bytes.
    """
    if not content.startswith(b"\x1f\x8b"):
        return content[: length or None]
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
            found = packed.read(length or MOST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(str(error)) from error
    if len(found) > MOST:
        raise FileError(_too_large())
    return found


def _too_large() -> Message:
    return Message("unpacks_to_more", n=MOST // 2**20)
