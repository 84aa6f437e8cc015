"""Files that a screening program wrote, as rows of named cells, whatever their format: the content decides.

ASReview writes CSV, TSV, XLSX and RIS; Rayyan CSV, RIS, BibTeX and EndNote, alone or in a zip beside its log; Covidence
CSV and RIS.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from casepool.files import atomic
from casepool.files.cells import read_cells
from casepool.files.formulas import unguarded
from casepool.files.unpacking import refuse_too_large
from casepool.model.errors import FileError
from casepool.model.message import Message

_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_LOG = "customizations_log"  # of Rayyan: each click; what holds in the end stands in the articles
# Beginning of an entry and of a value, by format; a line with neither continues the value before it.
_FORMATS = (
    (re.compile(r"TY {1,2}- ?"), re.compile(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)")),
    (re.compile(r"%0 "), re.compile(r"(%[^\s]) (.*)")),
    (re.compile(r"@\w+ *\{ *([^,]*),"), re.compile(r"\s*(\w+) *= *[{\"](.*?)[}\"]?,?\s*$")),
)
_NAMES: Mapping[str, str] = {
    "ID": "id", "TI": "title", "T1": "title", "DO": "doi", "N1": "notes", "AB": "abstract", "N2": "abstract",
    "%T": "title", "%R": "doi", "%Z": "notes", "note": "notes",
}  # fmt: skip
_ASREVIEW_LABELS = {"ASReview_relevant": "1", "ASReview_irrelevant": "0", "ASReview_not_seen": ""}
_ASREVIEW_NOTE = re.compile(r"(asreview_\w+): (.*)")


@dataclass(frozen=True)
class ReturnedRow:
    """A record as a program returned it: the line where it stands, and its cells by column in small letters."""

    line: int
    cells: Mapping[str, str]


def read_returned(path: Path) -> list[ReturnedRow]:
    """Return the records of a file, or of the files in a zip, in their order.

    Raises
    ------
    FileError
        If a file cannot be read.
    """
    content = atomic.read_bytes(path)
    if content.startswith(_ZIP):
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
            refuse_too_large(archive)
        except zipfile.BadZipFile as error:
            raise FileError(Message("file_cannot_be_read", file=str(path), error=str(error))) from error
        if _WORKBOOK not in archive.namelist():
            return _unzipped(archive)
    return _read(path, content)


def _unzipped(archive: zipfile.ZipFile) -> list[ReturnedRow]:
    rows: list[ReturnedRow] = []
    with TemporaryDirectory() as folder:
        for name in archive.namelist():
            if not name.endswith("/") and _LOG not in name:
                path = Path(folder) / Path(name).name
                path.write_bytes(archive.read(name))
                rows += read_returned(path)
    return rows


def _read(path: Path, content: bytes) -> list[ReturnedRow]:
    lines = content.decode("utf-8-sig", "replace").splitlines()
    for begins, value in _FORMATS:
        if any(map(begins.match, lines)):
            return list(_tagged(lines, begins, value))
    cells, _ = read_cells(path)
    return table_rows(cells)


def table_rows(cells: Sequence[Sequence[str]]) -> list[ReturnedRow]:
    """Return the rows of a table under its header."""
    header = [name.strip().casefold() for name in cells[0]] if cells else []
    return [
        ReturnedRow(line, dict(zip(header, (unguarded(cell.strip()) for cell in row), strict=False)))
        for line, row in enumerate(cells[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _tagged(lines: Sequence[str], begins: re.Pattern[str], value: re.Pattern[str]) -> Iterator[ReturnedRow]:
    starts = [number for number, line in enumerate(lines) if begins.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = begins.match(lines[start])
        pairs = [["key", found[1]]] if found and found.groups() else []
        for line in lines[start:end]:
            told = value.match(line)
            if told:
                pairs.append([told[1], told[2].strip()])
            elif pairs and line.strip() and line.strip() != "}":
                pairs[-1][1] += f" {line.strip()}"
        yield ReturnedRow(start + 1, _cells(pairs))


def _cells(pairs: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the values by column; those that came several times are joined, notes of ASReview are columns again."""
    cells: dict[str, str] = {}
    for tag, value in pairs:
        name = _NAMES.get(tag, tag.casefold())
        if name == "notes" and value in _ASREVIEW_LABELS:
            cells["asreview_label"] = _ASREVIEW_LABELS[value]
        elif name == "notes" and (noted := _ASREVIEW_NOTE.fullmatch(value)):
            cells[noted[1].casefold()] = _plain(noted[2])
        else:
            cells[name] = f"{cells[name]} | {value}" if cells.get(name) else value
    return cells


def _plain(value: str) -> str:
    try:
        told = json.loads(value)
    except ValueError:
        return value
    return "" if told is None else str(told)
