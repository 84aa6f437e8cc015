"""A form as data: the fields of a table with label, help and choices in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casepool.contract import TABLES, Column
from casepool.contract.texts import column_example, column_help, column_label
from casepool.desk.sections import sections
from casepool.desk.words import unbroken
from casepool.desk.workspace import Workspace, as_text
from casepool.model.protocol import Language
from casepool.model.vocabulary import label

_NOT_REPORTED = "not_reported"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# Texts that may be long: several lines.
_LONG = {
    "autoantibodies", "authors", "concomitant", "disease_as_reported", "dose", "note", "response_as_reported",
    "response_definition", "source_locator", "title",
}  # fmt: skip
# What the table may do without and a reader should not: Enter stops there too.
_ASKED = {
    "age_years", "jbi_4", "jbi_5", "murad_1", "n_evaluable", "n_none", "n_response", "n_treated", "report_type",
}  # fmt: skip
DISEASES = {"disease", "underlying_disease"}


@dataclass(frozen=True)
class Choice:
    """An answer of a list: its id, and how it is called."""

    value: str
    shown: str


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    widget : ``select``, ``textarea``, ``disease`` or ``input``.
    numeric : a keyboard of digits helps.
    required : the table refuses the row without it; an answer "not reported" is one.
    asked : Enter leads to it as long as it is empty.
    may_be_unreported : "not reported" is one of the answers.
    suggestions : earlier values of the column, to be completed while typing.
    """

    name: str
    label: str
    help: str
    example: str
    widget: str
    numeric: bool
    required: bool
    asked: bool
    may_be_unreported: bool
    choices: tuple[Choice, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a form with its heading."""

    id: str
    heading: str
    fields: tuple[Field, ...]


def form_sections(workspace: Workspace, table: str) -> tuple[Section, ...]:
    """Return the form of a table: every column once, in the parts that belong together."""
    return tuple(
        Section(part, workspace.words(f"section_{part}"), tuple(_field(workspace, table, name) for name in columns))
        for part, columns in sections(table)
    )


def _field(workspace: Workspace, table: str, name: str) -> Field:
    column, language = TABLES[table].column(name), workspace.language
    return Field(
        name=name,
        label=unbroken(column_label(table, name, language), language),
        help=unbroken(column_help(table, name, language), language),
        example=column_example(table, name, language),
        widget=_widget(column),
        numeric=column.kind in {"integer", "number"},
        required=column.required,
        asked=column.required or name in _ASKED,
        may_be_unreported=_NOT_REPORTED in column.members,
        choices=tuple(Choice(member, label(member, language)) for member in column.members),
        suggestions=_suggestions(workspace, table, name),
    )


def _widget(column: Column) -> str:
    if column.members:
        return "select"
    if column.name in DISEASES:
        return "disease"
    return "textarea" if column.name in _LONG else "input"


def _suggestions(workspace: Workspace, table: str, name: str) -> tuple[str, ...]:
    if name in DISEASES:
        return tuple(one.name[workspace.language] for one in workspace.protocol.diseases)
    if name not in {"country", "centre", "journal"}:
        return ()
    return tuple(sorted({str(one) for one in workspace.curated()[table][name].dropna()}))


def shown(workspace: Workspace, table: str, values: Mapping[str, object]) -> dict[str, str]:
    """Return the cells of a row as the reader writes them: decimal comma, day first, diseases by their names."""
    language = workspace.language
    return {
        column.name: _shown(workspace, column, as_text(values.get(column.name)), language)
        for column in TABLES[table].columns
    }


def _shown(workspace: Workspace, column: Column, cell: str, language: Language) -> str:
    if column.name in DISEASES and cell in workspace.protocol.by_id:
        return workspace.protocol.by_id[cell].name[language]
    if language != "fr":
        return cell
    if column.kind == "number":
        return cell.replace(".", ",")
    match = _ISO.fullmatch(cell) if column.kind == "date" else None
    return f"{match[3]}/{match[2]}/{match[1]}" if match else cell


def typed(workspace: Workspace, table: str, form: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into a form as text cells of the table, diseases as ids where their name is known.

    Nothing else is changed here: form and content are judged by the functions of the check.
    """
    cells = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in TABLES[table].names}
    for name in DISEASES & cells.keys():
        cells[name] = _disease(workspace, cells[name])
    return cells


def _disease(workspace: Workspace, text: str) -> str:
    if not text or text in workspace.protocol.by_id:
        return text
    return workspace.names().recognise(text).disease or text


def labels(workspace: Workspace, table: str) -> dict[str, str]:
    """Return column → label of a table."""
    return {name: column_label(table, name, workspace.language) for name in TABLES[table].names}


def cell_label(workspace: Workspace, table: str, name: str, value: object) -> str:
    """Return a cell as a reader knows it: the label of an answer, the name of a disease, a number in the language."""
    cell = as_text(value)
    if TABLES[table].column(name).members:
        return label(cell, workspace.language) if cell else ""
    return _shown(workspace, TABLES[table].column(name), cell, workspace.language)
