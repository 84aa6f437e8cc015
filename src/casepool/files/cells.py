"""The cells of a table that people typed, as text: encodings, separators, spreadsheets.

Nothing is imported that only large tables need: a small file of counts is read and pooled in less time than that.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from pathlib import Path

from casepool.extras import MissingPackageError
from casepool.model.errors import FileError
from casepool.model.message import Message

# What git leaves where two people changed the same lines.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) .*$|^={7}$", re.MULTILINE)
_SHEET_SUFFIXES = frozenset({".xlsx", ".xlsm"})


def read_cells(path: Path) -> tuple[list[list[str]], tuple[Message, ...]]:
    """Return the rows of a CSV or XLSX file as text, and notes on the form that was met."""
    if path.suffix.lower() in _SHEET_SUFFIXES:
        return _read_sheet(path), (Message("read_from_spreadsheet"),)
    content, encoding_notes = _decode(_plain_bytes(path))
    if conflict := _CONFLICT.search(content):
        raise FileError(Message("merge_conflict", line=content.count("\n", 0, conflict.start()) + 1))
    separator = _separator(content)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise FileError(Message("quotation_mark", line=reader.line_num, error=str(error))) from error
    separator_notes = (Message("semicolon_as_separator"),) if separator == ";" else ()
    return rows, encoding_notes + separator_notes


def _plain_bytes(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe or a device may never end
        raise FileError(Message("no_plain_file"))
    return path.read_bytes()


def _decode(raw: bytes) -> tuple[str, tuple[Message, ...]]:
    if b"\x00" in raw:
        raise FileError(Message("not_a_text_table"))
    try:
        text = raw.decode("utf-8-sig")
        notes = (Message("byte_order_mark"),) if raw.startswith(b"\xef\xbb\xbf") else ()
    except UnicodeDecodeError:
        text, notes = raw.decode("cp1252", errors="replace"), (Message("read_as_windows_1252"),)
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _separator(content: str) -> str:
    header = content.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _read_sheet(path: Path) -> list[list[str]]:
    import zipfile

    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "openpyxl") from error
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise FileError(Message("not_a_spreadsheet", error=str(error))) from error
    with closing(book):
        sheet = book.worksheets[0]
        return [[_cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if hasattr(value, "date") else str(value)
