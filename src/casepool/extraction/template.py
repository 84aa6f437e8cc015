"""Spreadsheets for the curated tables: drop-down lists, input checks, a help sheet."""

from __future__ import annotations

from pathlib import Path

from casepool.contract import CURATED, Column, Table
from casepool.files.atomic import write_bytes
from casepool.model.message import text
from casepool.model.protocol import Language, Protocol
from casepool.model.vocabulary import label
from casepool.office.entry import EntryColumn, EntryForm
from casepool.office.words import limits, office_words
from casepool.office.workbook import entry_workbook

TEMPLATES: dict[str, Table] = {table.name: table for table in CURATED}


def write_template(table: str, path: str | Path, protocol: Protocol, language: Language) -> None:
    """Write a spreadsheet to fill in for a curated table; it is read back like the CSV.

    Parameters
    ----------
    table : one of `TEMPLATES`.
    path : the XLSX file.
    """
    write_bytes(path, entry_workbook(template(TEMPLATES[table], protocol, language)))


def template(table: Table, protocol: Protocol, language: Language) -> EntryForm:
    """Return what the spreadsheet of a table consists of."""
    words = office_words(language)
    return EntryForm(
        sheet=table.name,
        language=language,
        title=table.name,
        subtitle=protocol.title[language],
        instructions=(words["rows"], words["lists_told"], words["must_told"]),
        rules=tuple(f"{rule.column}: {text(rule.expected, language)}." for rule in table.rules),
        columns=tuple(_entry_column(column, table, protocol, language) for column in table.columns),
        n_frozen=max(table.names.index(name) for name in table.key) + 1 if table.key[0] == table.names[0] else 0,
        mark=str(words["synthetic"]) if protocol.synthetic else "",
    )


def _entry_column(column: Column, table: Table, protocol: Protocol, language: Language) -> EntryColumn:
    words = office_words(language)
    choices = _choices(column, protocol, language)
    allowed = _names(column, protocol, language) or limits(column, language) or _expected(column, language)
    return EntryColumn(
        header=column.name,
        source=column,
        group=table.name,
        choices=choices,
        needed=column.required and "not_reported" not in column.members,
        what=str(words["list"]) if choices else "" if allowed else str(words["text"]),
        allowed=allowed,
    )


def _choices(column: Column, protocol: Protocol, language: Language) -> tuple[str, ...]:
    if column.name == "disease" and column.pattern:
        return tuple(protocol.by_id)  # the reader knows diseases by their id only
    return tuple(label(member, language) for member in column.members)


def _names(column: Column, protocol: Protocol, language: Language) -> str:
    if column.name == "disease" and column.pattern:
        return " · ".join(f"{one.id} = {one.name[language]}" for one in protocol.diseases)
    labels = {str(member): label(member, language) for member in column.members}
    return " · ".join(member if shown == member else f"{member} = {shown}" for member, shown in labels.items())


def _expected(column: Column, language: Language) -> str:
    expected = text(column.expected, language) if column.expected else ""
    return f"{expected[:1].upper()}{expected[1:]}." if expected else ""
