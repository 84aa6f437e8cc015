"""Emptying lines of a returned file: the file is as before but for them, and what they say of the centre stays.

The rows below may take the centre from an emptied line, and no line changes its number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from casepool.contract.registry import CENTRE
from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.registry.intake.grids import Grid, Recognise, is_header
from casepool.registry.intake.returns import read_return, separator_of

_CENTRE = frozenset(column.name for column in CENTRE)
_ZIP = b"PK\x03\x04"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def empty_lines(path: Path, lines: Collection[int], recognise: Recognise) -> None:
    """Empty lines of a returned file where they stand, atomically.

    Raises
    ------
    FileError
        If the file cannot be read, or something else in it would change; it is then as it was.
    """
    before = read_return(path, recognise)
    content = path.read_bytes()
    change = _without_in_workbook if content.startswith(_ZIP) else _without_in_text
    changed = change(content, lines, recognise)
    draft = path.with_name(f".{path.name}")
    try:
        atomic.write_bytes(draft, changed, path.stat().st_mode & 0o777)
        if _others(read_return(draft, recognise), lines) != _others(before, lines):
            raise FileError(Message("other_lines_would_change", file=path.name))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _others(grid: Grid, lines: Collection[int]) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Return the header and the other lines, without what is empty at their end or in all."""
    told = zip(grid.lines, grid.rows, strict=True)
    kept = [(line, list(_used(row))) for line, row in told if line not in lines and any(row)]
    return _used(grid.header), kept


def _used(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[: next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)])


def _without_in_text(content: bytes, lines: Collection[int], recognise: Recognise) -> bytes:
    encoding = _encoding(content)
    text = content.decode(encoding)
    separator, start = separator_of(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), recognise)
    names: list[str | None] | None = None
    written = []
    for number, (cells, as_written) in enumerate(_records(text, separator, start), start=1):
        if names is None and number >= start and any(cells):
            names = [recognise(cell.strip().removeprefix("\ufeff")) for cell in cells]
        if number in lines and names:
            kept = [cell if name in _CENTRE else "" for cell, name in zip(cells, names, strict=False)]
            end = as_written[len(as_written.rstrip("\r\n")) :]
            as_written = _line(kept, separator) + end
        written.append(as_written)
    return "".join(written).encode(encoding)


def _records(text: str, separator: str, start: int) -> Iterator[tuple[list[str], str]]:
    """Yield the cells of each record and how it is written; a line that names the separator is a record of its own."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    source = lines()
    if start > 1:
        first = next(source)
        taken.clear()
        yield [], first
    for cells in csv.reader(source, delimiter=separator, strict=True):
        as_written = "".join(taken)
        taken.clear()
        yield cells, as_written


def _encoding(content: bytes) -> str:
    """Return the encoding that gives every byte back, its mark at the beginning included."""
    if content[:2] in _UTF16:
        return _UTF16[content[:2]]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _line(cells: Sequence[str], separator: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _without_in_workbook(content: bytes, lines: Collection[int], recognise: Recognise) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=b"vbaProject.bin" in content)
    sheet = next(one for one in book.worksheets if _header_of(one, recognise))
    header = _header_of(sheet, recognise)
    for area in list(sheet.merged_cells.ranges):
        touched = any(area.min_row <= line <= area.max_row for line in lines)
        if touched and header.get(area.min_col) not in _CENTRE:
            sheet.unmerge_cells(str(area))
    for line in lines:
        for place, cell in enumerate(sheet[line], start=1):
            if header.get(place) not in _CENTRE and not isinstance(cell, MergedCell):
                cell.value = cell.comment = cell.hyperlink = None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _header_of(sheet: Any, recognise: Recognise) -> dict[int, str | None]:
    """Return position → what the column stands for, where the first line that holds something is the form's header."""
    for cells in sheet.iter_rows():
        told = ["" if cell.value is None else str(cell.value).strip() for cell in cells]
        if any(told):
            return dict(enumerate(map(recognise, told), start=1)) if is_header(told, recognise) else {}
    return {}
