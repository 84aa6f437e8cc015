"""The checklists of PRISMA 2020 and PRISMA-S with where each item is answered, and the dictionary of the data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.contract import CURATED
from casepool.contract.columns import Column
from casepool.contract.texts import column_help, column_label, table_help, table_title
from casepool.model.message import text
from casepool.model.protocol import Language
from casepool.model.vocabulary import label
from casepool.report.files import figure_stem, table_stem
from casepool.report.tables.display import DisplayTable, TableStyle


def standing_tables(style: TableStyle, *, searched: bool) -> dict[str, DisplayTable]:
    """Return the tables that do not hang on the counts, by their keys: both checklists, and the dictionary of the data.

    Parameters
    ----------
    searched : whether a search of a database was sent; without one, items on the search are open.
    """
    tables = (*(_checklist(name, style, searched=searched) for name in _items()), data_dictionary(style))
    return {table.key: table for table in tables}


def _checklist(name: str, style: TableStyle, *, searched: bool) -> DisplayTable:
    columns = [style.column("item_number", weight=0.5), style.column("topic", weight=3.0)]
    columns.append(style.column("answered_in", weight=3.5))
    language = style.catalogue.language
    rows = [[one["item"], one["topic"][language], _places(one, style, searched=searched)] for one in _items()[name]]
    notes = [style.catalogue.text("note_checklist")]
    notes += [] if searched else [style.catalogue.text("note_checklist_no_search")]
    return style.table(name, columns, rows, notes)


def _places(item: dict[str, Any], style: TableStyle, *, searched: bool) -> str:
    if not item["where"] or (item.get("searched") and not searched):
        return style.catalogue.text("checklist_open")
    places = (style.catalogue.text(f"place_{one}") for one in item["where"])
    return style.catalogue.text("semicolon").join(_numbered(place) for place in places)


def _numbered(place: str) -> str:
    """Return a place with the number that the files of a table or figure have."""
    folder, _, name = place.partition("/")
    stem = {"tables": table_stem, "figures": figure_stem}.get(folder)
    return f"{folder}/{stem(name)}" if stem else place


@cache
def _items() -> dict[str, list[dict[str, Any]]]:
    source = files("casepool.report.tables").joinpath("checklists.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(source))


def data_dictionary(style: TableStyle) -> DisplayTable:
    """Return every column of the curated tables: its id, what it is called, what it means, what may stand in it."""
    columns = [style.column("column_id", weight=1.6), style.column("column_label", weight=1.6)]
    columns += [style.column("column_help", weight=3.2), style.column("column_values", weight=2.6)]
    rows: list[list[str]] = []
    bold: list[int] = []
    language: Language = "fr" if style.catalogue.language == "fr" else "en"
    for table in CURATED:
        bold.append(len(rows))
        heading = [f"{table.name}.csv", table_title(table.name, language), table_help(table.name, language)]
        rows.append([*heading, style.catalogue.numbers.missing])
        for column in table.columns:
            said = [one(table.name, column.name, language) for one in (column_label, column_help)]
            rows.append([column.name, *said, _values(column, language)])
    return style.table("data_dictionary", columns, rows, [style.catalogue.text("note_data_dictionary")], bold_rows=bold)


def _values(column: Column, language: Language) -> str:
    """Return what may stand in a column: the labels of a closed set, else what is expected."""
    if column.members:
        return "; ".join(label(one, language) for one in column.members)
    return text(column.expectation(), language)
