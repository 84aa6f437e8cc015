"""The text and the tables of any file, with the standard library alone: the guard runs before installation."""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

Grid = list[list[str]]

_LARGEST = 64 * 1024 * 1024  # bytes after decompression; more is no file of this repository
_DEEPEST = 3  # archives in archives
_PACKED: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"%PDF-")
_ROW = re.compile(r"<(?:\w+:)?(?:tr|row|table-row)\b", re.IGNORECASE)
_CELL = re.compile(r"<(?:\w+:)?(?:td|th|tc|c|cell|table-cell)\b[^>]*?(?:/>|>)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SHARED = re.compile(r"<si\b.*?</si>|<si/>", re.DOTALL)
_SHARED_CELL = re.compile(r"(<c\b[^>]*\bt=\"s\"[^>]*>)\s*<v>(\d+)</v>")
_FEWEST_CELLS = 6


class Unreadable(Exception):  # noqa: N818 (not an error of the program: the file must stay out)
    """A file that cannot be looked into."""


def texts_of(path: str, content: bytes, depth: int = 0) -> Iterator[str]:
    """Yield the texts of a file: its own, or those of what is packed in it.

    Raises
    ------
    Unreadable
        If the file is binary, encrypted, too large or packed too deep.
    """
    if depth > _DEEPEST:
        message = "an archive in an archive in an archive"
        raise Unreadable(message)
    packed = next((opener for magic, opener in _PACKED.items() if content.startswith(magic)), None)
    if packed is not None:
        yield from texts_of(path.rpartition(".")[0], _read_all(packed(io.BytesIO(content))), depth + 1)
    elif content.startswith(b"PK\x03\x04"):
        yield from _texts_of_zip(content, depth)
    elif content.startswith(_PICTURES):
        yield from _nothing_of_picture(path)
    else:
        yield _decoded(content)


def grids_of(text: str) -> Iterator[Grid]:
    """Yield the tables that a text can be read as: markup, JSON, and lines cut at each usual separator."""
    if _ROW.search(text):
        yield [_cells_of_markup(row) for row in _ROW.split(text)[1:]]
    lines = text.splitlines()
    for separator in ",;\t|":
        if any(line.count(separator) >= _FEWEST_CELLS - 1 for line in lines):
            yield [_cells_of_line(line, separator) for line in lines]
    if any(line.count("  ") >= _FEWEST_CELLS - 1 for line in lines):
        yield [re.split(r"\s{2,}", line.strip()) for line in lines]
    for value in _json_values(text):
        yield from _grids_of_json(value)


def _texts_of_zip(content: bytes, depth: int) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                message = "an archive that unpacks to more than 64 MB"
                raise Unreadable(message)
            parts = {member.filename: archive.read(member) for member in archive.infolist() if not member.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error) as error:
        message = "an archive that is damaged or encrypted"
        raise Unreadable(message) from error
    shared = _shared_texts(parts.get("xl/sharedStrings.xml", b""))
    for name, part in parts.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            yield _SHARED_CELL.sub(lambda cell: cell[1] + shared.get(int(cell[2]), ""), _decoded(part))
        elif name != "xl/sharedStrings.xml" and not part.startswith(_PICTURES) and not name.endswith(".bin"):
            yield from texts_of(name, part, depth + 1)


def _shared_texts(part: bytes) -> dict[int, str]:
    return {place: _TAG.sub("", item) for place, item in enumerate(_SHARED.findall(_decoded(part)))}


def _nothing_of_picture(path: str) -> Iterator[str]:
    """Yield nothing for a picture of the documentation; a picture elsewhere may show a filled form."""
    if not path.startswith("docs/"):
        message = "a picture or PDF outside docs/, which may show a filled form"
        raise Unreadable(message)
    yield from ()


def _read_all(packed: Any) -> bytes:
    try:
        content: bytes = packed.read(_LARGEST + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        message = "a damaged compressed file"
        raise Unreadable(message) from error
    if len(content) > _LARGEST:
        message = "a file that unpacks to more than 64 MB"
        raise Unreadable(message)
    return content


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        for encoding, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
            if zeros.count(0) > len(zeros) * 0.7:
                return content.decode(encoding, errors="replace")
        message = "a binary file"
        raise Unreadable(message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _cells_of_line(line: str, separator: str) -> list[str]:
    if separator not in line:
        return [line]
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def _cells_of_markup(row: str) -> list[str]:
    return [html.unescape(_TAG.sub("", cell)).strip() for cell in _CELL.split(row)[1:]]


def _json_values(text: str) -> Iterator[Any]:
    stripped = text.lstrip()
    if not stripped.startswith(("{", "[")):
        return
    try:
        yield json.loads(stripped)
    except (ValueError, RecursionError):
        for line in text.splitlines():  # one value a line
            if line.lstrip().startswith(("{", "[")):
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    continue


def _grids_of_json(value: Any) -> Iterator[Grid]:
    if isinstance(value, dict):
        yield from _grids_of_record(value)
    if isinstance(value, list) and all(isinstance(row, list) for row in value):
        yield [[_cell(cell) for cell in row] for row in value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        if isinstance(part, (dict, list)):
            yield from _grids_of_json(part)
        elif isinstance(part, str) and "\n" in part:
            yield from grids_of(part)  # a table inside a notebook


def _grids_of_record(record: dict[str, Any]) -> Iterator[Grid]:
    """Yield a record as a table: keys and values, keys and lists of values, or columns and data."""
    scalars = {key: value for key, value in record.items() if not isinstance(value, (dict, list))}
    yield [list(scalars), [_cell(value) for value in scalars.values()]]
    lists = {key: _as_list(value) for key, value in record.items() if isinstance(value, (dict, list))}
    yield [list(lists), [_cell(value[0]) if value else "" for value in lists.values()]]
    if isinstance(record.get("columns"), list) and isinstance(record.get("data"), list):
        rows = [row for row in record["data"] if isinstance(row, list)]
        yield [[_cell(cell) for cell in row] for row in [record["columns"], *rows]]


def _as_list(value: Any) -> list[Any]:
    """Return a column of values; a mapping counts as one where its keys are row numbers."""
    if isinstance(value, list):
        return [cell for cell in value if not isinstance(cell, (dict, list))]
    return list(value.values()) if all(str(key).isdigit() for key in value) else []


def _cell(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)
