"""Exports in rows and columns: CSV, TSV, XLSX, of databases, registers and screening programs.

The header is the first row that names enough columns that programs are known to write; what stands before it (the
query, the day of the export) is skipped. An export of Embase lists one field a row instead: the name, then its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casepool.files.cells import separator_of, split_cells
from casepool.files.formulas import unguarded
from casepool.model.errors import FileError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.search.formats.mapping import Entry, names_of, program_of

_FIRST_ROWS = 25  # a header stands among them
_SHOWN = 12  # columns or rows that a message names
_SIGNS = re.compile(r"[\W_]+")
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)  # how EBSCO keeps a spreadsheet from taking a text for a number
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_MISSING = frozenset({"na", "n/a", "nan", "null", "none", "undefined", "-", "."})


def split_table(text: str) -> list[list[str]]:
    """Return the cells of a text; the separator is that of the line which looks most like a header."""
    lines = text.split("\n", _FIRST_ROWS)[:_FIRST_ROWS]
    separator = separator_of(max(lines, key=lambda line: max(map(line.count, ",;\t"))))
    return (separator == "\t" and _plain_lines(text)) or split_cells(text, separator)


def _plain_lines(text: str) -> list[list[str]]:
    """Return the cells between tabs where each line is a row, as Web of Science writes them, whatever is quoted.

    A title that begins with a quotation mark would else swallow what follows. Empty where rows run over lines.
    """
    rows = [line.split("\t") for line in text.split("\n")]
    widths = {len(row) for row in rows if any(row)}
    if max(widths, default=0) - min(widths, default=0) > 1:  # a tab more or less at the end
        return []
    return [[cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell for cell in row] for row in rows]


def read_table(rows: Sequence[Sequence[str]]) -> tuple[list[Entry], list[Message]]:
    """Return the rows of a table as entries, and remarks on rows that do not fit the header.

    Raises
    ------
    FileError
        If no column of titles, and no title in another column, is known.
    """
    place = next((n for n, row in enumerate(rows[:_FIRST_ROWS]) if _is_header(row)), None)
    if place is not None:
        return _by_columns(rows, place)
    entries = list(_by_rows(rows))
    if entries:
        return entries, []
    found = next((row for row in rows if any(map(str.strip, row))), [])
    shown = tuple(cell.strip()[:40] for cell in found if cell.strip())[:_SHOWN]
    raise FileError(Message("no_column_of_titles", found=shown or Message("empty")))


def query_in(rows: Sequence[Sequence[str]]) -> str:
    """Return the query of the search, where it stands before the header as Embase writes it."""
    named = (row[1].strip() for row in rows[:_FIRST_ROWS] if len(row) > 1 and column(row[0]) == "search query")
    return next(named, "")


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a header stands among the first rows."""
    return any(map(_is_header, rows[:_FIRST_ROWS]))


def names_fields(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the rows begin with names of fields, as in an export that lists one field a row."""
    return any(_by_rows(rows))


def column(name: str) -> str:
    """Return the name of a column without case, accents and signs."""
    return _SIGNS.sub(" ", fold(name)).strip()


def _is_header(row: Sequence[str]) -> bool:
    names = [column(cell) for cell in row]
    known = [name for name in names if name in names_of("table")]
    if len(known) < min(2, len([name for name in names if name])):
        return False
    header = Entry(0, tuple((name, "x") for name in names))
    return any(name.partition("~")[0] in names for name in program_of(header, "table").fields["title"])


def _by_columns(rows: Sequence[Sequence[str]], place: int) -> tuple[list[Entry], list[Message]]:
    header = [column(cell) for cell in rows[place]]
    while header and not header[-1]:
        header.pop()
    as_written = unguarded if {"record id", "also as"} <= set(header) else str  # the table of `casepool dedupe`
    entries: list[Entry] = []
    ragged: list[int] = []
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        if not any(_cell(cell) for cell in row):
            continue
        if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
            ragged.append(number)
        cells = [(name, as_written(_cell(cell))) for name, cell in zip(header, row, strict=False) if name]
        entries.append(Entry(number, tuple(cells)))
    remarks = (
        [Message("rows_of_other_length", n=len(ragged), rows=_listed(ragged), header=len(header))] if ragged else []
    )
    return entries, remarks


def _by_rows(rows: Sequence[Sequence[str]]) -> Iterator[Entry]:
    """Yield entries that stand one field a row; each begins where the name of the first field comes again."""
    named = [(number, column(row[0]), row[1:]) for number, row in enumerate(rows, start=1) if row and row[0].strip()]
    named = [(number, name, cells) for number, name, cells in named if name in names_of("table")]
    if len({name for _, name, _ in named}) < 3 or not any(name == "title" for _, name, _ in named):
        return
    opening = named[0][1]
    pairs: list[tuple[str, str]] = []
    begun = 0
    for number, name, cells in named:
        if name == opening and pairs:
            yield Entry(begun, tuple(pairs))
            pairs = []
        begun = begun if pairs else number
        pairs += [(name, "; ".join(filter(None, map(_cell, cells))))]
    yield Entry(begun, tuple(pairs))


def _cell(text: str) -> str:
    """Return what a cell holds; what R and other programs write for nothing is nothing."""
    found = _FORMULA.fullmatch(text.strip())
    cell = found[1] if found else text.strip()
    return "" if cell.casefold() in _MISSING else cell


def _listed(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers[:_SHOWN])) + (("…",) if len(numbers) > _SHOWN else ())
