"""The cells of a table that people typed, as text: encodings, separators, spreadsheets.

Nothing is imported that only large tables need: a small file of counts is read and pooled in less time than that.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from casepool.extras import MissingPackageError
from casepool.files.encoding import decode
from casepool.files.unpacking import refuse_too_large
from casepool.model.errors import FileError
from casepool.model.message import Message

if TYPE_CHECKING:
    from openpyxl import Workbook

# What git leaves where two people changed the same lines.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) .*$|^={7}$", re.MULTILINE)
_SHEET_SUFFIXES = frozenset({".xlsx", ".xlsm"})
# What openpyxl raises where a part of the workbook is missing or broken.
_DAMAGED = (zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, EOFError)
_LONGEST = 2**31 - 1  # characters of a cell: an abstract with its references exceeds Python's 131,072


def read_cells(path: Path) -> tuple[list[list[str]], tuple[Message, ...]]:
    """Return the rows of a CSV or XLSX file as text, and notes on the form that was met."""
    if is_workbook(path):
        return read_sheet(path), (Message("read_from_spreadsheet"),)
    text, notes = decode(_plain_bytes(path))
    if "\x00" in text:
        raise FileError(Message("not_a_text_table"))
    if line := conflict_line(text):
        raise FileError(Message("merge_conflict", line=line))
    separator = separator_of(text.split("\n", 1)[0])
    separator_notes = (Message("semicolon_as_separator"),) if separator == ";" else ()
    return split_cells(text, separator), notes + separator_notes


def conflict_line(text: str) -> int:
    """Return the line of the first sign that git leaves where two people changed the same lines, or 0."""
    found = _CONFLICT.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook, by its name."""
    return path.suffix.lower() in _SHEET_SUFFIXES


def separator_of(header: str) -> str:
    """Return what parts the cells of a header: a comma, a semicolon or a tab, whichever stands there most often."""
    return max(",;\t", key=header.count)


def split_cells(text: str, separator: str) -> list[list[str]]:
    """Return the rows of a text; a quotation mark that stands alone is a FileError, for it would swallow rows."""
    limit = csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise FileError(Message("quotation_mark", line=reader.line_num, error=str(error))) from error
    finally:
        csv.field_size_limit(limit)  # what others read keeps the limit that it had


def _plain_bytes(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe or a device may never end
        raise FileError(Message("no_plain_file"))
    return path.read_bytes()


def read_sheet(path: Path) -> list[list[str]]:
    """Return the rows of the first sheet of a workbook as text."""
    return next(iter(read_sheets(path, 1).values()))


def read_sheets(path: Path, most: int | None = None) -> dict[str, list[list[str]]]:
    """Return the rows of each sheet of a workbook as text, by its name; no more than `most` sheets."""
    with closing(open_workbook(path, values=True, read_only=True)) as book:
        try:
            return {
                sheet.title: [[cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
                for sheet in book.worksheets[:most]
            }
        except _DAMAGED as error:
            raise _no_workbook(error) from error


def open_workbook(path: Path, *, values: bool, read_only: bool = False) -> Workbook:
    """Return an open workbook, which the caller closes.

    Parameters
    ----------
    values : with the values that formulas had when it was saved, else with the formulas.
    read_only : its rows one after the other, without their format.

    Raises
    ------
    FileError
        If it is none, is damaged, or holds far more than its size.
    MissingPackageError
        If what reads workbooks is not installed.
    """
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "openpyxl") from error
    content = io.BytesIO(path.read_bytes())  # of a path, openpyxl judges the suffix
    try:
        with zipfile.ZipFile(content) as archive:
            refuse_too_large(archive)
        return openpyxl.load_workbook(content, read_only=read_only, data_only=values)
    except _DAMAGED as error:
        raise _no_workbook(error) from error


def _no_workbook(error: Exception) -> FileError:
    return FileError(Message("not_a_spreadsheet", error=str(error) or type(error).__name__))


def cell_text(value: object) -> str:
    """Return the value of a cell of a workbook as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if hasattr(value, "date") else str(value)
