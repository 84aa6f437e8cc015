"""Reading one returned file safely into text cells. No message ever holds a text of the file.

A file may be damaged, hostile or simply not the form: whatever is wrong with it is a FileError
whose message says what was found in structure and what was expected.
"""

from __future__ import annotations

import csv
import errno
import io
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from casepool.contract.registry import FORM
from casepool.model.errors import FileError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.registry.intake.grids import (
    LOOKED_AT,
    OUT_OF_PLACE,
    WHOLE_ROW,
    Grid,
    Recognise,
    check_header,
    check_size,
    is_header,
    n_recognised,
)
from casepool.registry.intake.workbooks import read_workbook

MOST_BYTES = 25 * 2**20
_REASONS = {
    errno.EACCES: Message("permission_denied"),
    errno.ENOENT: Message("no_such_file"),
    errno.EIO: Message("input_output_error"),
}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT, _WORKBOOK = frozenset({".csv", ".tsv", ".txt"}), frozenset({".xlsx", ".xlsm"})
_PAPER = frozenset({".docx", ".doc", ".odt", ".rtf", ".pdf"})
_EAV = frozenset({"record", "field name", "value"})  # the header of an export with one line for each answer
# Separator → what is said of it.
_SEPARATORS = {";": (Message("semicolons_between_cells"),), ",": (), "\t": (Message("tabs_between_cells"),)}
# What Excel may write in the first line of a CSV file.
_SEPARATOR_LINE = re.compile(r"sep=([;,\t])\s*\Z")
# In Windows-1252 these bytes are two signs that never follow each other; in UTF-8 one letter with an accent.
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")


def read_return(path: Path, recognise: Recognise) -> Grid:
    """Return the cells of a returned file (XLSX, XLSM without its macros, CSV, TSV, TXT).

    Parameters
    ----------
    path : the file; a link is not followed.
    recognise : see ``headers.recogniser``.

    Raises
    ------
    FileError
        Whatever is wrong with the file; the message holds nothing of its content.
    """
    content = _content(path)
    suffix = path.suffix.lower()
    if suffix in _PAPER or content.startswith(b"%PDF"):
        raise FileError(Message("filled_paper_form"))
    if content.startswith(_OLE):
        raise _old_or_encrypted(content)
    if content.startswith(_ZIP) and suffix in _WORKBOOK | _TEXT | {".ods"}:
        return read_workbook(content, recognise)
    if suffix in _WORKBOOK:
        raise FileError(Message("no_workbook"))
    if suffix not in _TEXT:
        raise FileError(Message("other_kind_of_file"))
    return _text_grid(content, recognise)


def _content(path: Path) -> bytes:
    try:
        mode = path.lstat()
        if stat.S_ISLNK(mode.st_mode):
            raise FileError(Message("a_link"))
        if stat.S_ISDIR(mode.st_mode):
            raise FileError(Message("a_folder"))
        if not stat.S_ISREG(mode.st_mode):
            raise FileError(Message("not_a_regular_file"))
        if mode.st_size > MOST_BYTES:
            raise FileError(Message("too_large", n=MOST_BYTES // 2**20))
        return path.read_bytes()
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, str(error.strerror))
        raise FileError(Message("cannot_be_read", reason=reason)) from None


def _old_or_encrypted(content: bytes) -> FileError:
    if _ENCRYPTED in content:
        return FileError(Message("protected_by_password"))
    return FileError(Message("old_program"))


def _text_grid(content: bytes, recognise: Recognise) -> Grid:
    text, notes = _decoded(content)
    separator, start = separator_of(text, recognise)
    rows, lines = [], []
    for line, row in _records(text.partition("\n")[2] if start > 1 else text, separator, start):
        rows.append(row)
        lines.append(line)
        check_size(len(rows) - 1, 0)
    if rows and {fold(cell) for cell in rows[0]} >= _EAV:
        raise FileError(Message("eav_export"))
    rows, n_unwrapped = _unwrapped(rows, separator, recognise)
    unwrapped = [Message("lines_unwrapped", n=n_unwrapped)] if n_unwrapped else []
    check_header(list(zip(lines, rows[:LOOKED_AT], strict=False)), recognise)
    cut = _cut(rows, [recognise(name) for name in rows[0]], ended=text.endswith("\n"))
    return _fitted(rows, lines, cut, (*notes, *_SEPARATORS[separator], *unwrapped))


def _unwrapped(rows: list[list[str]], separator: str, recognise: Recognise) -> tuple[list[list[str]], int]:
    """Return the rows, those that stand in one cell taken apart at their commas, and how many these are.

    A spreadsheet that expects semicolons opens a CSV of commas in one column, and saves each line with a quotation mark
    in it as one quoted cell.
    """
    header = _apart(rows[0]) if rows else None
    if header is not None and is_header(header, recognise):
        width = len(header)
    elif rows and separator == ",":
        width = len(rows[0])
    else:
        return rows, 0
    parts = [_apart(row) for row in rows]
    fits = [part is not None and len(part) == width > 1 for part in parts]
    return [part if fit and part else row for row, part, fit in zip(rows, parts, fits, strict=True)], sum(fits)


def _apart(row: list[str]) -> list[str] | None:
    """Return the cells that a row of one cell holds, or None of another row."""
    if not row[0] or any(row[1:]):
        return None
    try:
        return next(csv.reader([row[0]]), None)
    except csv.Error:
        return None  # no cells of a line


def _cut(rows: list[list[str]], names: list[str | None], *, ended: bool) -> set[int]:
    """Return the places of the rows that were cut short: spreadsheets leave out empty cells at the end of a line.

    A row that stops before a column with a list of answers is cut, for there an empty cell is an answer; so is a short
    last row without an end of line.
    """
    lists = {column.name for column in FORM.columns if column.vocabulary}
    answers = [place for place, name in enumerate(names, start=1) if name in lists]
    whole = max(answers, default=0)
    cut = {place for place, row in enumerate(rows) if len(row) < whole}
    return cut if ended or len(rows[-1]) >= len(rows[0]) else cut | {len(rows) - 1}


def _fitted(rows: list[list[str]], lines: list[int], cut: set[int], notes: tuple[Message | str, ...]) -> Grid:
    """Return the grid with every row as long as the header; a longer row is at fault, its cells are shifted."""
    told = len(rows[0])
    shifted = {line for line, row in zip(lines, rows, strict=True) if len(row) > told}
    width = told if rows[0][-1] else max(_used(row) for row in rows if len(row) <= told)
    check_size(0, width)
    header, *body = (row[:width] + [""] * (width - len(row)) for row in rows)
    expected = Message("form_cells_as_header", n=told)
    faults: dict[tuple[int | Message, Message], set[int]] = {(OUT_OF_PLACE, expected): shifted} if shifted else {}
    for place in cut:
        short = Message("line_cut", n=len(rows[place]), n_columns=told)
        faults.setdefault((WHOLE_ROW, short), set()).add(lines[place])
    return Grid(tuple(name.strip() for name in header), lines[0], body, lines[1:], faults, notes)


def _used(row: list[str]) -> int:
    """Return how many cells a row has up to its last that holds something."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise FileError(Message("utf_32"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as_utf16(content), ("UTF-16",)
    if b"\x00" in content:
        raise FileError(Message("nul_bytes"))
    try:
        return _with_line_feeds(content.decode("utf-8-sig")), ()
    except UnicodeDecodeError:
        return _as_windows(content), ("Windows-1252",)


def _as_utf16(content: bytes) -> str:
    try:
        text = _with_line_feeds(content.decode("utf-16"))
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise FileError(Message("damaged_utf_16"))
    return text


def _as_windows(content: bytes) -> str:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or _UTF8_LETTER.search(content):
        raise FileError(Message("mixed_encodings"))
    return _with_line_feeds(text)


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def separator_of(text: str, recognise: Recognise) -> tuple[str, int]:
    """Return what parts the cells of a text, and the number of its first record: 2 below a line that names it.

    It is what its first line says, else that by which the first line shows most columns of the form.
    """
    told = _SEPARATOR_LINE.match(text.split("\n", 1)[0])
    if told:
        return told[1], 2
    first = text.lstrip("\n").split("\n", 1)[0]

    def shown(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=separator), [])
        return n_recognised(cells, recognise), len(cells)

    try:
        return max(_SEPARATORS, key=shown), 1
    except csv.Error:
        return ",", 1  # the reader of the rows tells what is wrong


def _records(text: str, separator: str, start: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each record that holds something, as a spreadsheet counts it, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for line, row in enumerate(reader, start):
            if any(cell and not cell.isspace() for cell in row):
                yield line, row
    except csv.Error:
        raise FileError(Message("lone_quotation_mark", line=reader.line_num)) from None
