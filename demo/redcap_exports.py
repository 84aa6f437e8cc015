"""Exports of REDCap as it writes them: the centre once in each record, the patients as repeated instruments."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from io import StringIO

from casepool.contract.registry import CENTRE, FORM
from casepool.model.protocol import Language, Protocol
from casepool.model.vocabulary import Answer
from casepool.registry.form.redcap import (
    CENTRE_INSTRUMENT,
    PATIENT_INSTRUMENT,
    RECORD_ID,
    checkbox_header,
    label_headers,
    prior_codes,
    prior_columns,
)
from casepool.registry.form.words import choices_of
from casepool.typing import Row

MISSING_CODE = "UNK"  # a code that a REDCap project may define for "unknown"
_MAY_BE_UNKNOWN = ("n_prior_lines", "follow_up_months")
_CENTRE = tuple(column.name for column in CENTRE)
_REPEAT = ("redcap_repeat_instrument", "redcap_repeat_instance")
_CENTRE_DONE, _PATIENT_DONE = f"{CENTRE_INSTRUMENT}_complete", f"{PATIENT_INSTRUMENT}_complete"


def _patient_columns() -> tuple[str, ...]:
    return tuple(name for name in FORM.names if name not in {*_CENTRE, *prior_columns()})


def _fields() -> tuple[str, ...]:
    return (RECORD_ID, *_REPEAT, *_CENTRE, _CENTRE_DONE, *_patient_columns(), *_boxes(), _PATIENT_DONE)


def _boxes() -> tuple[str, ...]:
    return tuple(checkbox_header(code) for code in prior_codes())


def raw_export(rows: list[Row]) -> str:
    """Return the raw export: variable names and codes; a number that is not known carries a missing code."""
    return _written(_fields(), _lines(rows, lambda _, value: str(value), ("0", "1"), PATIENT_INSTRUMENT, "2"))


def labelled_export(rows: list[Row], protocol: Protocol, language: Language) -> str:
    """Return the export with labels in place of names and codes."""
    shown = {name: header for header, name in label_headers(protocol, language).items()}
    shown |= {_REPEAT[0]: "Repeat Instrument", _REPEAT[1]: "Repeat Instance"}
    shown |= {_CENTRE_DONE: "Complete?", _PATIENT_DONE: "Complete?"}

    def as_label(name: str, value: object) -> str:
        return choices_of(FORM.column(name), language, protocol).get(str(value), str(value))

    lines = _lines(rows, as_label, ("Unchecked", "Checked"), PATIENT_INSTRUMENT.capitalize(), "Complete")
    return _written([shown[name] for name in _fields()], lines)


def _written(header: Iterable[str], lines: Iterable[Row]) -> str:
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([line.get(name, "") for name in _fields()] for line in lines)
    return buffer.getvalue()


def _lines(
    rows: list[Row],
    shown: Callable[[str, object], str],
    box: tuple[str, str],
    instrument: str,
    complete: str,
) -> list[Row]:
    """Return the line of the centre, then one for each patient."""
    record = {RECORD_ID: "1"}
    first = record | {name: shown(name, rows[0][name]) for name in _CENTRE} | {_CENTRE_DONE: complete}
    lines: list[Row] = [first]
    for instance, row in enumerate(rows, start=1):
        told = {name: shown(name, row[name]) for name in _patient_columns() if row[name] is not None}
        told |= {name: MISSING_CODE for name in _MAY_BE_UNKNOWN if row[name] is None}
        boxes = {header: box[ticked] for header, ticked in zip(_boxes(), _ticked(row), strict=True)}
        repeated = {_REPEAT[0]: instrument, _REPEAT[1]: str(instance), _PATIENT_DONE: complete}
        number = {"patient_code": str(row["patient_code"]).removeprefix("P")}
        lines.append(record | repeated | told | boxes | number)
    return lines


def _ticked(row: Row) -> list[bool]:
    """Return for each box of the earlier treatments whether it is ticked."""
    given = [row[column] == Answer.YES if column else False for column in prior_codes().values()]
    unknown = all(row[column] == Answer.NOT_REPORTED for column in prior_columns())
    codes = list(prior_codes())
    given[codes.index("none_of_these")] = not any(given) and not unknown
    given[codes.index("not_known")] = unknown
    return given
