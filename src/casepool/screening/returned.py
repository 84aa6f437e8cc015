"""Files that a screening program wrote, as rows of named cells, whatever their format: the content decides.

ASReview writes CSV, TSV, XLSX and RIS; Rayyan CSV, RIS, BibTeX and EndNote, alone or in a zip beside its log; Covidence
CSV and RIS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from casepool.files import atomic
from casepool.files.cells import read_cells, read_sheet
from casepool.files.encoding import decode
from casepool.files.formulas import unguarded
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.search.formats import recognition
from casepool.search.formats.bibtex import read_bibtex
from casepool.search.formats.mapping import Entry
from casepool.search.formats.reading import GRAMMARS
from casepool.search.formats.tagged import read_tagged
from casepool.search.received import each_file, renamed

_LOG = "customizations_log"  # of Rayyan: each click; what holds in the end stands in the articles
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


@dataclass(frozen=True)
class Returned:
    """The records that a program returned, in their order, and remarks on how its files were read."""

    rows: tuple[ReturnedRow, ...]
    remarks: tuple[Message, ...] = ()


def read_returned(path: Path) -> Returned:
    """Return the records of a file, or of the files in an archive.

    Raises
    ------
    FileError
        If a file cannot be read.
    """
    rows: list[ReturnedRow] = []
    remarks: list[Message] = []
    with ExitStack() as stack:
        for one, name in each_file([path], stack):
            if _LOG not in one.name:
                try:
                    found, told = _read(one)
                except FileError as error:
                    raise FileError(renamed(error.message, one, name)) from error
                rows += found
                remarks += told
    return Returned(tuple(rows), tuple(remarks))


def _read(path: Path) -> tuple[list[ReturnedRow], list[Message]]:
    content = atomic.read_bytes(path)
    kind = recognition.recognise_bytes(content)
    if kind == "xlsx":
        return table_rows(read_sheet(path)), []
    text, notes = decode(content)
    kind = kind or recognition.recognise_text(text)
    if isinstance(kind, Message):
        raise FileError(Message("not_understood", file=str(path), looks=kind))
    if kind == "bibtex":
        entries, remarks = read_bibtex(text, frozenset({"note"}))
    elif kind in GRAMMARS:
        entries, remarks = read_tagged(text, GRAMMARS[kind])
    else:
        return table_rows(read_cells(path)[0]), []
    lost = [note for note in notes if note.id != "byte_order_mark"]
    return [ReturnedRow(one.line, _cells(one)) for one in entries], [*lost, *remarks]


def table_rows(cells: Sequence[Sequence[str]]) -> list[ReturnedRow]:
    """Return the rows of a table under its header."""
    header = [name.strip().casefold() for name in cells[0]] if cells else []
    return [
        ReturnedRow(line, dict(zip(header, (unguarded(cell.strip()) for cell in row), strict=False)))
        for line, row in enumerate(cells[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _cells(entry: Entry) -> dict[str, str]:
    """Return the values by column; those that came several times are joined, notes of ASReview are columns again."""
    cells: dict[str, str] = {}
    for tag, value in entry.pairs:
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
