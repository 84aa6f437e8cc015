"""The files that the invented centres send back: filled forms, CSV of two kinds, exports of REDCap."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, StringIO

from openpyxl import load_workbook

from casepool.contract.columns import Column
from casepool.contract.registry import CENTRE, FORM
from casepool.model.protocol import Language, Protocol
from casepool.office.frozen import frozen_office
from casepool.registry.form.sheet import form_xlsx
from casepool.registry.form.texts import form_texts
from casepool.registry.form.words import choices_of
from casepool.typing import Row
from demo import planted
from demo.answers import BAD_ANSWERS, CORRECTED_DATE, answers_of, before_the_correction
from demo.design import CENTRES
from demo.people import Person
from demo.redcap_exports import labelled_export, raw_export

_ONCE = frozenset(column.name for column in CENTRE)
_SENT_AGAIN = "P3"  # the patient whom the first centre sends a second time
TOLD_TWICE = ("centre-alpha.xlsx", "centre-alpha-again.csv")  # the files that tell this patient


@dataclass(frozen=True)
class Return:
    """A file that came back: its name, its content, and what becomes of its rows."""

    name: str
    content: bytes
    n_rows: int
    n_bad: int = 0
    superseded: bool = False
    refused: bool = False


def returns(persons: tuple[Person, ...], protocol: Protocol) -> list[Return]:
    """Return every file that came back, the refused one aside."""
    rows = {centre: answers_of(centre, persons) for centre in CENTRES}
    of_gamma = tuple(person for person in persons if person.block.centre == "gamma")
    gamma = answers_of("gamma", persons, CORRECTED_DATE)
    again = [row for row in rows["alpha"] if row["patient_code"] == _SENT_AGAIN]
    first = comma_file(before_the_correction(gamma, of_gamma), protocol)
    delta = labelled_export(rows["delta"], protocol, "fr").encode("utf-8")
    bad = {centre: len(wrong) for centre, wrong in BAD_ANSWERS.items()}
    return [
        Return(TOLD_TWICE[0], filled_form(rows["alpha"], protocol, "fr"), len(rows["alpha"])),
        Return(TOLD_TWICE[1], comma_file(again, protocol), len(again)),
        Return("centre-beta.csv", semicolon_file(rows["beta"], protocol), len(rows["beta"])),
        Return("centre-gamma.csv", first, len(gamma), superseded=True),
        Return("centre-gamma-corrected.csv", comma_file(gamma, protocol), len(gamma)),
        Return("centre-delta-redcap-labels.csv", delta, len(rows["delta"])),
        Return(
            "centre-epsilon-redcap.csv",
            raw_export(rows["epsilon"]).encode("utf-8"),
            len(rows["epsilon"]),
            bad["epsilon"],
        ),
        Return("centre-eta.xlsx", filled_form(rows["eta"], protocol, "en"), len(rows["eta"]), bad["eta"]),
    ]


def refused_return(persons: tuple[Person, ...], protocol: Protocol) -> Return:
    """Return the file with identifying content."""
    content = planted.refused_file(answers_of("alpha", persons)[0], protocol)
    return Return(planted.FILE, content, planted.N_ROWS, refused=True)


def filled_form(rows: list[Row], protocol: Protocol, language: Language) -> bytes:
    """Return the spreadsheet of the form, filled in; what the centre answers once stands in the first line."""
    book = load_workbook(BytesIO(form_xlsx(protocol, language)))
    sheet = book.worksheets[0]
    for line, row in enumerate(rows, start=2):
        for place, column in enumerate(FORM.columns, start=1):
            if line == 2 or column.name not in _ONCE:
                sheet.cell(line, place).value = _cell(row[column.name], column, language, protocol)
    written = BytesIO()
    book.save(written)
    return frozen_office(written.getvalue())


def _cell(value: object, column: Column, language: Language, protocol: Protocol) -> str | float | dt.date | None:
    if value is None or isinstance(value, int | float):
        return value
    if column.kind == "date":
        return dt.date.fromisoformat(str(value))
    return choices_of(column, language, protocol).get(str(value), str(value))


def comma_file(rows: list[Row], protocol: Protocol) -> bytes:
    """Return an English CSV file as most programs write it."""
    return _written(rows, protocol, "en", ",", _plain).encode("utf-8")


def semicolon_file(rows: list[Row], protocol: Protocol) -> bytes:
    """Return a CSV file as a French spreadsheet writes it: semicolons, decimal commas, Windows-1252."""
    return _written(rows, protocol, "fr", ";", _french).replace("\n", "\r\n").encode("cp1252")


def _plain(value: object, column: Column) -> str:
    return f"{value:g}" if column.kind == "number" else str(value)


def _french(value: object, column: Column) -> str:
    if column.kind == "date":
        return dt.date.fromisoformat(str(value)).strftime("%d/%m/%Y")
    return _plain(value, column).replace(".", ",") if column.kind == "number" else str(value)


def _written(
    rows: list[Row],
    protocol: Protocol,
    language: Language,
    separator: str,
    shown: Callable[[object, Column], str],
) -> str:
    labels = form_texts(language, protocol).labels
    choices = {column.name: choices_of(column, language, protocol) for column in FORM.columns}
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    writer.writerow([labels[name] for name in FORM.names])
    for row in rows:
        told = ((column, row[column.name]) for column in FORM.columns)
        cells = ("" if value is None else shown(value, column) for column, value in told)
        writer.writerow([choices[name].get(cell, cell) for name, cell in zip(FORM.names, cells, strict=True)])
    return buffer.getvalue()
