"""A curated table as the text it is: each record with its own bytes, so that one can change and no other does."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casepool.contract import Table
from casepool.files.cells import conflict_line, separator_of
from casepool.files.formulas import rows_as_csv, unguarded
from casepool.model.errors import FileError
from casepool.model.message import Message

Cells = Mapping[str, str]
Key = tuple[str, ...]
_LONGEST = 2**31 - 1


class NotInOrderError(FileError):
    """A table is not in the form in which the program writes; it is not touched.

    Attributes
    ----------
    faults : what is other than expected, all of it.
    """

    def __init__(self, file: str, faults: Sequence[Message]) -> None:
        self.faults = tuple(faults)
        super().__init__(Message("table_not_in_order", file=file, faults=self.faults))


@dataclass(frozen=True)
class Record:
    """One row as it stands in the file.

    Attributes
    ----------
    cells : column → text as typed (empty = "").
    text : the bytes of the record as text, its line end included.
    """

    cells: Cells
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the record without its line end: what it was when somebody opened it."""
        return hashlib.sha256(self.text.removesuffix("\n").encode()).hexdigest()


@dataclass(frozen=True)
class TableText:
    """A table in the form in which the program writes it: UTF-8, comma, LF, the header of the contract.

    Attributes
    ----------
    header : the text of the header, its line end included.
    records : the rows in the order of the file; an empty line is a record without cells.
    """

    table: Table
    header: str
    records: tuple[Record, ...] = ()

    def text(self) -> str:
        """Return the whole file; a last line without an end keeps it as long as it is the last."""
        lines = [self.header, *(one.text for one in self.records)]
        return "".join([*(line if line.endswith("\n") else f"{line}\n" for line in lines[:-1]), lines[-1]])

    def place_of(self, key: Key) -> int | None:
        """Return where the row with a key stands among the records, or None."""
        rows = ((place, one.cells) for place, one in enumerate(self.records) if one.cells)
        return next((place for place, cells in rows if self.key_of(cells) == key), None)

    def find(self, key: Key) -> Record | None:
        """Return the row with a key, or None."""
        place = self.place_of(key)
        return None if place is None else self.records[place]

    def key_of(self, cells: Cells) -> Key:
        """Return the key of a row."""
        return tuple(cells[name] for name in self.table.key)

    def line_of(self, key: Key) -> int:
        """Return the row number of a key as ``casepool check`` counts (the header is 1), or that of a new last row."""
        place = self.place_of(key)
        return (len(self.records) if place is None else place) + 2

    def without(self, key: Key) -> TableText:
        """Return the table without the row of a key; every other byte stays."""
        place = self.place_of(key)
        kept = self.records if place is None else (*self.records[:place], *self.records[place + 1 :])
        return replace(self, records=kept)

    def with_row(self, cells: Cells, instead_of: Key | None = None) -> TableText:
        """Return the table with a row: in the place of the one with its key (or `instead_of`), else where it sorts."""
        key, old = self.key_of(cells), instead_of or self.key_of(cells)
        place = self.place_of(old)
        record = self._record(cells)
        if place is not None and old == key:
            return replace(self, records=(*self.records[:place], record, *self.records[place + 1 :]))
        rest = self.without(old)
        place = rest._sorted_place(key)
        return replace(rest, records=(*rest.records[:place], record, *rest.records[place:]))

    def _record(self, cells: Cells) -> Record:
        texts = {name: cells.get(name, "") for name in self.table.names}
        return Record(texts, rows_as_csv([texts.values()]))

    def _sorted_place(self, key: Key) -> int:
        """Return the place after the last row that does not sort behind the key."""
        mine = order_of(self.table, key)
        before = [
            place
            for place, one in enumerate(self.records, start=1)
            if one.cells and order_of(self.table, self.key_of(one.cells)) <= mine
        ]
        return before[-1] if before else 0


def empty_table(table: Table) -> TableText:
    """Return a table with its header and no row."""
    return TableText(table, f"{','.join(table.names)}\n")


def parse(content: bytes, table: Table, file: str) -> TableText:
    """Return a table from the bytes of its file.

    Raises
    ------
    NotInOrderError
        If the file is not in the form in which the program writes; with every fault.
    """
    faults = list(form_faults(content))
    if faults:
        raise NotInOrderError(file, faults)
    text = content.decode("utf-8")
    try:
        parts = list(split_records(text))
    except csv.Error as error:
        raise NotInOrderError(file, [Message("dialect_quotes", error=str(error))]) from error
    if not parts:
        raise NotInOrderError(file, [Message("empty_file")])
    (header, names), *rows = parts
    faults = list(_faults_of_rows(names, [row for _, row in rows], table))
    if faults:
        raise NotInOrderError(file, faults)
    records = (Record(dict(zip(names, map(unguarded, row), strict=True)) if row else {}, raw) for raw, row in rows)
    return TableText(table, header, tuple(records))


def order_of(table: Table, key: Key) -> tuple[tuple[float, str], ...]:
    """Return a key as the tables are sorted: numbers by size, texts by code point, an empty cell first."""
    # Keys that a protocol could declare are texts: git merges without reading it.
    columns = table.described if isinstance(table.described, tuple) else ()
    numbers = {column.name for column in columns if column.kind in {"integer", "number"}}
    numeric = (name in numbers for name in table.key)
    return tuple((_number(cell), cell) if number else (0.0, cell) for cell, number in zip(key, numeric, strict=True))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("-inf")


def form_faults(content: bytes) -> Iterator[Message]:
    """Yield what is other than UTF-8, comma and LF in the bytes of a file."""
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield Message("dialect_byte_order_mark")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Message("dialect_encoding", line=content.count(b"\n", 0, error.start) + 1)
        return
    if "\x00" in text:
        yield Message("not_a_text_table")
    if "\r" in text:
        yield Message("dialect_line_ends", line=text.count("\n", 0, text.index("\r")) + 1)
    if line := conflict_line(text):
        yield Message("merge_conflict", line=line)
    separator = separator_of(text.split("\n", 1)[0])
    if separator in ";\t":
        yield Message("dialect_separator", separator="tab" if separator == "\t" else separator)


def _faults_of_rows(names: Sequence[str], rows: Sequence[Sequence[str]], table: Table) -> Iterator[Message]:
    if list(names) != table.names:
        yield from _faults_of_header(names, table)
        return
    for line, row in enumerate(rows, start=2):
        if row and len(row) != len(names):
            yield Message("dialect_cells", line=line, n_cells=len(row), expected=len(names))
    seen: dict[Key, int] = {}
    places = [table.names.index(name) for name in table.key]
    for line, row in enumerate(rows, start=2):
        if len(row) == len(names):
            key = tuple(unguarded(row[place]) for place in places)
            if (first := seen.setdefault(key, line)) != line:
                yield Message("dialect_key_again", key=key, line=line, first=first)


def _faults_of_header(names: Sequence[str], table: Table) -> Iterator[Message]:
    missing = tuple(name for name in table.names if name not in names)
    unknown = tuple(name for name in names if name not in table.names)
    if missing:
        yield Message("dialect_missing_columns", columns=missing)
    if unknown:
        yield Message("dialect_unknown_columns", columns=unknown)
    if not missing and not unknown:
        yield Message("dialect_order_of_columns")


def split_records(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each record as it stands and its cells, by the reader of CSV itself: it says which lines are one record."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in text.split("\n")[:-1]:
            taken.append(f"{line}\n")
            yield taken[-1]
        last = text.rpartition("\n")[2]
        if last:
            taken.append(last)
            yield last

    limit = csv.field_size_limit(_LONGEST)
    try:
        for row in csv.reader(lines(), strict=True):
            raw = "".join(taken)
            taken.clear()
            yield raw, row
    finally:
        csv.field_size_limit(limit)
