"""Reading a returned workbook: its archive is judged before anything of it is unpacked into memory."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.escape import unescape

# The reader behind both of openpyxl's own; only it tells hidden rows and merged cells in one cheap pass.
from openpyxl.worksheet._reader import WorkSheetParser

from casepool.contract.registry import CENTRE
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.registry.intake.asides import asides_of
from casepool.registry.intake.grids import LOOKED_AT, WHOLE_ROW, Grid, Recognise, check_header, check_size, is_header

_MOST_UNPACKED = 200 * 2**20
_HIGHEST_RATIO = 200
_SMALL = 2**20  # the ratio of a small member says nothing
_MOST_MEMBERS = 1_000
_MOST_MERGES = 1_000
_CHUNK = 2**20
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._\-]+)""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_ENTITY_SIGNS = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)
_LONGEST_SIGN = max(len(sign) for sign in _ENTITY_SIGNS)
_STRICT = b"purl.oclc.org/ooxml"  # the namespaces of Strict Open XML
_CENTRE = frozenset(column.name for column in CENTRE)

NO_FORMULA = Message("no_formula")
NO_ERROR = Message("no_error")
NOT_MERGED = Message("not_merged")
NOT_HIDDEN = Message("not_hidden")


@dataclass
class _Sheet:
    """The cells of a sheet while it is read: line → position → text."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    faults: dict[tuple[int | Message, Message], set[int]] = field(default_factory=dict)
    width: int = 0

    def blame(self, place: int | Message, expected: Message, line: int) -> None:
        self.faults.setdefault((place, expected), set()).add(line)


def read_workbook(content: bytes, recognise: Recognise) -> Grid:
    """Return the cells of the first sheet that holds the form; formulas are found, never computed."""
    with _only_our_errors():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
            asides = asides_of(archive)
        return replace(_form_sheet(_opened(content), recognise), asides=asides)


def _opened(content: bytes) -> ExcelReader:
    """Return the workbook with its texts, styles and list of sheets; charts, pictures and links stay unread."""
    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_vba=False, data_only=False, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


@contextmanager
def _only_our_errors() -> Iterator[None]:
    """Turn whatever a damaged workbook raises into one message: texts of libraries quote the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they quote cells
            yield
    except FileError:
        raise
    except Exception:  # no list of exceptions is complete for hostile files
        raise FileError(Message("damaged_workbook")) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise FileError(Message("protected_by_password"))
    if len(members) > _MOST_MEMBERS:
        raise FileError(Message("too_many_parts", n=_MOST_MEMBERS))
    unpacked = sum(member.file_size for member in members)
    dense = any(one.file_size > max(_SMALL, _HIGHEST_RATIO * one.compress_size) for one in members)
    if unpacked > _MOST_UNPACKED or dense:
        raise FileError(Message("unpacks_too_large", n=_MOST_UNPACKED // 2**20, times=_HIGHEST_RATIO))
    names = {member.filename for member in members}
    if "mimetype" in names and "content.xml" in names:
        raise FileError(Message("open_document"))
    if "[Content_Types].xml" not in names:
        raise FileError(Message("archive_no_workbook"))
    for member in members:
        _check_part(archive, member)
    if "xl/workbook.xml" in names and _STRICT in archive.read("xl/workbook.xml"):
        raise FileError(Message("strict_workbook"))


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Raise FileError where a part declares a document type (entities could grow without end).

    Every part is read, for its name says nothing of its use. Reading stops at the size that the archive
    declares, so a part that lies about it ends in an error.
    """
    with archive.open(member) as source:
        tail, chunk = b"", source.read(_CHUNK)
        declared = _DECLARED.match(chunk)
        if declared and declared[1].lower() not in _ENCODINGS:
            raise FileError(Message("part_not_in_utf_8"))
        while chunk:
            seen = tail + chunk
            if any(sign in seen for sign in _ENTITY_SIGNS):
                raise FileError(Message("declares_entities"))
            tail, chunk = seen[-_LONGEST_SIGN:], source.read(_CHUNK)


def _form_sheet(reader: ExcelReader, recognise: Recognise) -> Grid:
    """Return the sheet that holds the form; a second one with rows would leave open which counts."""
    sheets = [(one.state, part.target) for one, part in reader.parser.find_sheets() if "chartsheet" not in part.Type]
    starts = [_first_rows(reader, target) for _, target in sheets]
    of_form = [any(is_header(cells, recognise) for _, cells in rows) for rows in starts]
    if sum(len(rows) > 1 for rows, holds in zip(starts, of_form, strict=True) if holds) > 1:
        raise FileError(Message("two_sheets"))
    place = of_form.index(True) if any(of_form) else 0
    check_header(starts[place] if starts else [], recognise)
    state, target = sheets[place]
    if state != "visible":
        raise FileError(Message("hidden_sheet"))
    others = [rows[0][1] for number, rows in enumerate(starts) if rows and number != place]
    beside = tuple(tuple(cells) for cells in others if sum(map(bool, cells)) > 1)
    return replace(_grid(_read_sheet(reader, target, recognise)), beside=beside)


def _parser(reader: ExcelReader, source: Any) -> Any:
    book: Any = reader.wb  # the stubs leave out what the styles tell of dates
    return WorkSheetParser(
        source,
        reader.shared_strings,
        data_only=False,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _first_rows(reader: ExcelReader, target: str) -> list[tuple[int, list[str]]]:
    with reader.archive.open(target) as source:
        rows = ((line, [_text(cell) for cell in cells]) for line, cells in _parser(reader, source).parse())
        told = ((line, cells) for line, cells in rows if any(cells))
        return list(islice(told, LOOKED_AT))


def _read_sheet(reader: ExcelReader, target: str, recognise: Recognise) -> _Sheet:
    sheet = _Sheet()
    with reader.archive.open(target) as source:
        parser = _parser(reader, source)
        for line, cells in parser.parse():
            _take(sheet, line, cells)
    for line in _hidden(parser) & set(sheet.cells):
        sheet.blame(WHOLE_ROW, NOT_HIDDEN, line)
    merged = parser.merged_cells.mergeCell if parser.merged_cells else []
    if len(merged) > _MOST_MERGES:
        raise FileError(Message("merged_everywhere"))
    lines = sorted(sheet.cells)
    for area in merged:
        _take_merge(sheet, lines, area, recognise)
    return sheet


def _take(sheet: _Sheet, line: int, cells: list[dict[str, Any]]) -> None:
    told = {cell["column"]: text for cell in cells if (text := _text(cell))}
    if not told:
        return
    sheet.cells[line] = told
    sheet.width = max(sheet.width, *told)
    check_size(len(sheet.cells) - 1, sheet.width)
    for cell in cells:
        if cell["data_type"] in {"f", "e"}:
            sheet.blame(cell["column"] - 1, NO_FORMULA if cell["data_type"] == "f" else NO_ERROR, line)


def _hidden(parser: Any) -> set[int]:
    rows = parser.row_dimensions
    return {int(line) for line, attributes in rows.items() if attributes.get("hidden") in {"1", "true"}}


def _take_merge(sheet: _Sheet, lines: list[int], area: Any, recognise: Recognise) -> None:
    """Blame the rows of a merged area; the centre's cells may run down over its patients."""
    header = lines[0]
    if area.min_row <= header <= area.max_row:
        raise FileError(Message("merged_header"))
    name = recognise(sheet.cells[header].get(area.min_col, ""))
    if name in _CENTRE and area.min_col == area.max_col:
        return
    for line in lines[bisect_left(lines, area.min_row) : bisect_right(lines, area.max_row)]:
        sheet.blame(area.min_col - 1, NOT_MERGED, line)


def _grid(sheet: _Sheet) -> Grid:
    """Return the sheet's cells with every row as wide as the widest."""
    lines = sorted(sheet.cells)
    positions = range(1, sheet.width + 1)
    rows = [[sheet.cells[line].get(position, "") for position in positions] for line in lines]
    return Grid(tuple(rows[0]), lines[0], rows[1:], lines[1:], sheet.faults)


def _text(cell: dict[str, Any]) -> str:
    """Return the text of a cell as a person sees it: whole numbers without point, dates as YYYY-MM-DD."""
    value = cell["value"]
    if value is None:
        return ""
    if cell["data_type"] == "f":
        return value if isinstance(value, str) else "="
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return unescape(str(value)).strip()  # _x000D_ is a line end
