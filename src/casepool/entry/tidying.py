"""``casepool tidy``: a table that a spreadsheet saved gets the form of the program again; no value changes."""

from __future__ import annotations

from pathlib import Path

from casepool.contract import CURATED
from casepool.entry.journal import Change, Step, carry_out, changed
from casepool.entry.rows import Place, place_of
from casepool.entry.table_text import NotInOrderError, parse
from casepool.entry.writing import writing
from casepool.files import sheets
from casepool.files.cells import separator_of, split_cells
from casepool.files.dialect import normalise
from casepool.files.encoding import decode
from casepool.files.formulas import rows_as_csv, unguarded
from casepool.files.private import PRIVATE_FOLDER
from casepool.files.workbook import read_filled
from casepool.model.errors import FileError
from casepool.model.message import Message

_SURE = frozenset({"byte_order_mark", "read_as_windows_1252"})


def tidy(root: str | Path) -> tuple[Message, ...]:
    """Put every curated table, and that of sources, into the form of the program; return what is to be said.

    Encoding, byte order mark, line ends, separator and the order of the columns are put right. What would lose or guess
    something (signs of a merge, an unknown column, a key twice) is named and left to a person. A table kept as a
    workbook becomes CSV, as it was read; the workbook itself is kept in the private folder.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    base = Path(root)
    names = [*(table.name for table in CURATED), "sources"]
    with writing(base) as told:
        changes: list[Change] = []
        said = list(told)
        for place in (place_of(base, name) for name in names):
            if not place.file.exists():
                of_workbook, notes = _from_workbook(place)
                changes += of_workbook
                said += notes
                continue
            content = place.file.read_bytes()
            faults = _faults(place, content)
            if not faults:
                continue
            after = _in_order(place, content)
            if after is None:
                said.append(Message("not_tidied", file=place.path, faults=faults))
                continue
            changes.append(Change(place.path, content, after))
            said.append(Message("tidied", file=place.path, faults=faults))
        if changes:
            carry_out(base, Step(Message("step_tidy"), tuple(changes)))
    return tuple(said) or (Message("all_tidy"),)


def _from_workbook(place: Place) -> tuple[tuple[Change, ...], tuple[Message, ...]]:
    """Return the changes that make a CSV of a table that stands in a workbook alone, and what is to be said."""
    workbook = place.file.with_suffix(".xlsx")
    if not workbook.exists():
        return (), ()
    checked = sheets.check_table(place.table, workbook)
    if checked.problems:
        return (), (Message("workbook_not_tidied", file=workbook.name, n=len(checked.problems)),)
    filled = read_filled(workbook, place.contract)
    cells = normalise(filled.rows, place.contract, filled.notes, filled.met).frame[place.contract.names].fillna("")
    path, kept = Path(place.path).with_suffix(".xlsx").as_posix(), f"{PRIVATE_FOLDER}/{workbook.name}"
    content = rows_as_csv([place.contract.names, *cells.to_numpy().tolist()]).encode()
    contents = {place.path: content, path: None, kept: workbook.read_bytes()}
    notes = tuple(Message("of_table", table=place.table, what=note) for note in checked.notes)
    said = Message("workbook_tidied", file=path, table=place.path, kept=kept)
    return changed(place.root, contents), (*notes, said)


def _faults(place: Place, content: bytes) -> tuple[Message, ...]:
    try:
        parse(content, place.contract, place.path)
    except NotInOrderError as error:
        return error.faults
    return ()


def _in_order(place: Place, content: bytes) -> bytes | None:
    """Return a file in the form of the program, or None where more than its form would change."""
    text, notes = decode(content)
    if any(note.id not in _SURE for note in notes) or _is_mixed(content):
        return None
    try:
        header, *rows = split_cells(text, separator_of(text.split("\n", 1)[0]))
    except (FileError, ValueError):
        return None
    names = place.contract.names
    if sorted(header) != sorted(names) or any(len(row) != len(header) for row in rows if any(row)):
        return None
    order = [header.index(name) for name in names]
    cells = [[unguarded(row[one]) for one in order] for row in rows if any(row)]
    after = rows_as_csv([names, *cells]).encode()
    return None if _faults(place, after) else after


def _is_mixed(content: bytes) -> bool:
    """Return whether some accented lines of a file are UTF-8 and others are not: read as one, accents would be lost."""
    accented = [line for line in content.splitlines() if not line.isascii()]
    right = [line for line in accented if _is_utf8(line)]
    return 0 < len(right) < len(accented)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
