"""``casepool tidy``: a table that a spreadsheet saved gets the form of the program again; no value changes."""

from __future__ import annotations

from pathlib import Path

from casepool.contract import CURATED
from casepool.entry.journal import Change, Step, carry_out
from casepool.entry.rows import Place, place_of
from casepool.entry.table_text import NotInOrderError, parse
from casepool.entry.writing import writing
from casepool.files.cells import separator_of, split_cells
from casepool.files.encoding import decode
from casepool.files.formulas import rows_as_csv, unguarded
from casepool.model.errors import FileError
from casepool.model.message import Message

_SURE = frozenset({"byte_order_mark", "read_as_windows_1252"})


def tidy(root: str | Path) -> tuple[Message, ...]:
    """Put every curated table, and that of sources, into the form of the program; return what is to be said.

    Encoding, byte order mark, line ends, separator and the order of the columns are put right. What would lose or guess
    something (signs of a merge, an unknown column, a key twice) is named and left to a person.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    base = Path(root)
    names = [*(table.name for table in CURATED), "sources"]
    with writing(base) as told:
        changes, said = [], list(told)
        for place in (place_of(base, name) for name in names):
            if not place.file.exists():
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
