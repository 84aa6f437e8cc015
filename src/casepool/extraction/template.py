"""Spreadsheets for the curated tables: drop-down lists, input checks, a help sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casepool.contract import CURATED, Column, Rule, Table
from casepool.contract.texts import column_example, column_help, column_label, table_help, table_title
from casepool.files.atomic import write_bytes
from casepool.model.message import text
from casepool.model.protocol import Language, Protocol
from casepool.model.vocabulary import label
from casepool.office.entry import EntryColumn, EntryForm
from casepool.office.words import limits, office_words
from casepool.office.workbook import entry_workbook

TEMPLATES: dict[str, Table] = {table.name: table for table in CURATED}
# The tables that one publication fills, in one workbook.
OF_A_REPORT = ("reports", "patients", "cohorts", "cumulative_incidences", "appraisal")


def write_template(tables: Sequence[str], path: str | Path, protocol: Protocol, language: Language) -> None:
    """Write a workbook to fill in for some curated tables, a sheet for each; ``casepool merge`` takes it in.

    Parameters
    ----------
    tables : some of `TEMPLATES`.
    path : the XLSX file.
    """
    write_bytes(path, entry_workbook(*(template(TEMPLATES[name], protocol, language) for name in tables)))


def template(table: Table, protocol: Protocol, language: Language) -> EntryForm:
    """Return what the sheet of a table consists of."""
    words = office_words(language)
    return EntryForm(
        sheet=table.name,
        language=language,
        title=f"{table_title(table.name, language)} ({table.name})",
        subtitle=protocol.title[language],
        instructions=(table_help(table.name, language), words["rows"], words["lists_told"], words["must_told"]),
        rules=tuple(_rule(rule, table, language) for rule in table.rules),
        columns=tuple(_entry_column(column, table, protocol, language) for column in table.columns),
        n_frozen=max(table.names.index(name) for name in table.key) + 1 if table.key[0] == table.names[0] else 0,
        mark=str(words["synthetic"]) if protocol.synthetic else "",
    )


def _rule(rule: Rule, table: Table, language: Language) -> str:
    colon = " : " if language == "fr" else ": "
    return f"{column_label(table.name, rule.column, language)}{colon}{text(rule.expected, language)}"


def _entry_column(column: Column, table: Table, protocol: Protocol, language: Language) -> EntryColumn:
    words, example = office_words(language), column_example(table.name, column.name, language)
    choices = _choices(column, protocol, language)
    allowed = limits(column, language) or ("" if choices else _expected(column, language))
    shown = str(words["example"]).format(example=example) if _worth_showing(column, table) else ""
    return EntryColumn(
        header=column_label(table.name, column.name, language),
        source=column,
        group=table_title(table.name, language),
        choices=choices,
        needed=column.required and "not_reported" not in column.members,
        what=column_help(table.name, column.name, language),
        allowed=" ".join(filter(None, (allowed, f"{' · '.join(choices)}." if choices else "", shown))),
    )


def _worth_showing(column: Column, table: Table) -> bool:
    """Return whether an example says more than the list or the kind of date does."""
    return table.name == "appraisal" or not (column.members or column.spoken or column.kind == "date")


def _choices(column: Column, protocol: Protocol, language: Language) -> tuple[str, ...]:
    if column.spoken:
        return tuple(one.name[language] for one in protocol.diseases)
    return tuple(label(member, language) for member in column.members)


def _expected(column: Column, language: Language) -> str:
    expected = text(column.expected, language) if column.expected else ""
    return f"{expected[:1].upper()}{expected[1:]}." if expected else ""
