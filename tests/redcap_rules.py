"""The documented rules of REDCap for a data dictionary, as checks that name the row and the rule.

Sources: the manual "How to use a REDCap data dictionary" (columns A to R), the messages with which
REDCap refuses an upload, and the help of its action tags.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

HEADER = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
]
(NAME, FORM, SECTION, TYPE, LABEL, CHOICES, NOTE, VALIDATION, LOW, HIGH, IDENTIFIER, BRANCHING) = HEADER[:12]
(REQUIRED, ALIGNMENT, NUMBER, MATRIX, RANKING, ANNOTATION) = HEADER[12:]
Row = dict[str, str]

FIELD_TYPES = {"text", "notes", "radio", "dropdown", "calc", "file", "checkbox", "yesno", "truefalse"} | {
    "descriptive",
    "slider",
    "sql",
}
WITH_CHOICES = {"radio", "dropdown", "checkbox"}
NOT_ANSWERED = {"descriptive", "calc"}
VALIDATIONS = {"date_dmy", "date_mdy", "date_ymd", "email", "integer", "number", "phone", "time", "zipcode"} | {
    f"datetime_{seconds}{order}" for seconds in ("", "seconds_") for order in ("dmy", "mdy", "ymd")
}
_WITH_LIMITS = ("date", "integer", "number", "time")
_RESERVED = {"redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"} | {
    "redcap_data_access_group",
    "redcap_survey_identifier",
}
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_TERM = re.compile(r"\[([a-z][a-z0-9_]*)(?:\((\w+)\))?\]\s*(?:=|<>|<=|>=|<|>)\s*'([^']*)'")


def problems(content: str) -> list[str]:
    """Return every breach of the rules in a dictionary, as "rule: field"."""
    cells = list(csv.reader(io.StringIO(content)))
    if not cells or cells[0] != HEADER:
        return ["header"]
    if any(len(line) != len(HEADER) for line in cells):
        return ["cells"]
    rows = [dict(zip(HEADER, line, strict=True)) for line in cells[1:]]
    found = [f"{rule}: {row[NAME]}" for row in rows for check in _OF_A_ROW for rule in check(row)]
    return found + [problem for check in _OF_ALL for problem in check(rows)]


def choices_of(row: Row) -> list[tuple[str, str]]:
    """Return code and label of each choice of a row."""
    parts = [part.strip().partition(",") for part in row[CHOICES].split("|")]
    return [(code.strip(), label.strip()) for code, _, label in parts]


def _name(row: Row) -> Iterator[str]:
    name = row[NAME]
    if not _IDENTIFIER.fullmatch(name) or name.endswith("_"):
        yield "name"
    if len(name) > 26:  # 100 are allowed, 26 are recommended
        yield "name length"
    if "__" in name:
        yield "name double underscore"
    if name in _RESERVED:
        yield "name reserved"


def _form(row: Row) -> Iterator[str]:
    if not _IDENTIFIER.fullmatch(row[FORM]):
        yield "form name"


def _type(row: Row) -> Iterator[str]:
    if row[TYPE] not in FIELD_TYPES:
        yield "field type"
    if not row[LABEL].strip():
        yield "label"


def _choices(row: Row) -> Iterator[str]:
    if row[TYPE] not in WITH_CHOICES:
        if row[CHOICES] and row[TYPE] not in {"calc", "slider", "sql"}:
            yield "choices without use"
        return
    choices = choices_of(row)
    if not all(code and label for code, label in choices):
        yield "choices syntax"
    if any(not re.fullmatch(r"-?\w+", code, re.ASCII) for code, _ in choices):
        yield "choice code"
    codes = [code.lower() for code, _ in choices]  # a check box is exported under its code in lower case
    if len(set(codes)) < len(codes):
        yield "choice code repeated"
    if len({label for _, label in choices}) < len(choices):
        yield "choice label repeated"
    if "\n" in row[CHOICES] or "\r" in row[CHOICES]:
        yield "choices line break"


def _validation(row: Row) -> Iterator[str]:
    kind, limits = row[VALIDATION], [row[LOW], row[HIGH]]
    if kind and row[TYPE] != "text":
        yield "validation without use"
    if row[TYPE] == "text" and kind not in VALIDATIONS | {""}:
        yield "validation type"
    if any(limits) and not kind.startswith(_WITH_LIMITS):
        yield "limits without use"
        return
    values = [_value(kind, limit) for limit in limits if limit]
    if None in values:
        yield "limit"
    elif len(values) == 2 and values[0] > values[1]:
        yield "limits order"


def _value(kind: str, limit: str) -> float | None:
    try:
        if kind == "integer":
            return int(limit)
        return float(date.fromisoformat(limit).toordinal()) if kind.startswith("date") else float(limit)
    except ValueError:
        return None


def _flags(row: Row) -> Iterator[str]:
    for flag in (IDENTIFIER, REQUIRED, RANKING):
        if row[flag] not in {"", "y"}:
            yield f"flag {flag}"
    if row[REQUIRED] and row[TYPE] in NOT_ANSWERED:
        yield "required without an answer"
    if row[ALIGNMENT] not in {"", "LV", "LH", "RV", "RH"}:
        yield "alignment"
    if row[RANKING] and not row[MATRIX]:
        yield "ranking without matrix"


def _matrix_row(row: Row) -> Iterator[str]:
    if row[MATRIX] and not _IDENTIFIER.fullmatch(row[MATRIX]):
        yield "matrix name"
    if row[MATRIX] and row[TYPE] not in {"radio", "checkbox"}:
        yield "matrix type"


def _annotation(row: Row) -> Iterator[str]:
    exclusive = re.search(r"@NONEOFTHEABOVE\s*=\s*'([^']*)'", row[ANNOTATION])
    if exclusive:
        codes = {code for code, _ in choices_of(row)}
        if row[TYPE] != "checkbox" or not {code.strip() for code in exclusive[1].split(",")} <= codes:
            yield "action tag"


def _formulas(row: Row) -> Iterator[str]:
    if any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values()):
        yield "formula"


def _unique(rows: list[Row]) -> Iterator[str]:
    exported = [name for row in rows for name in _exported(row)]
    exported += [f"{form}_complete" for form in dict.fromkeys(row[FORM] for row in rows)]
    yield from (f"name repeated: {name}" for name in sorted({one for one in exported if exported.count(one) > 1}))


def _exported(row: Row) -> list[str]:
    if row[TYPE] == "checkbox":
        return [row[NAME], *(f"{row[NAME]}___{code.lower()}" for code, _ in choices_of(row))]
    return [row[NAME]]


def _record_id(rows: list[Row]) -> Iterator[str]:
    first = rows[0]
    if first[NAME] != "record_id" or first[TYPE] != "text":
        yield f"record id: {first[NAME]}"
    if first[SECTION] or first[BRANCHING] or first[MATRIX]:
        yield f"record id is plain: {first[NAME]}"


def _contiguous(rows: list[Row]) -> Iterator[str]:
    for key in (FORM, MATRIX):
        runs = [row[key] for number, row in enumerate(rows) if number == 0 or row[key] != rows[number - 1][key]]
        named = [one for one in runs if one]
        yield from (f"{key} not together: {one}" for one in sorted({one for one in named if named.count(one) > 1}))


def _matrix_choices(rows: list[Row]) -> Iterator[str]:
    for matrix in sorted({row[MATRIX] for row in rows if row[MATRIX]}):
        if len({(row[CHOICES], row[TYPE], row[FORM]) for row in rows if row[MATRIX] == matrix}) > 1:
            yield f"matrix choices: {matrix}"


def _branching(rows: list[Row]) -> Iterator[str]:
    by_name = {row[NAME]: row for row in rows}
    for row in rows:
        logic = row[BRANCHING]
        if logic.count("(") != logic.count(")") or re.search(r"\[[^\]]*$", logic):
            yield f"branching syntax: {row[NAME]}"
        rest = re.sub(r"\b(and|or|not)\b|[()\s]", "", _TERM.sub("", logic))
        if rest:
            yield f"branching syntax: {row[NAME]}"
        for name, box, value in _TERM.findall(logic):
            yield from (f"{rule}: {row[NAME]}" for rule in _term(row, by_name.get(name), box, value))


def _term(row: Row, asked: Row | None, box: str, value: str) -> Iterator[str]:
    if asked is None:
        yield "branching field"
        return
    if asked is row:
        yield "branching on itself"
    codes = {code for code, _ in choices_of(asked)} if asked[TYPE] in WITH_CHOICES else None
    if asked[TYPE] == "checkbox":
        if box not in (codes or set()) or value not in {"0", "1"}:
            yield "branching check box"
    elif box or (codes is not None and value not in codes | {""}):
        yield "branching code"


_OF_A_ROW = (_name, _form, _type, _choices, _validation, _flags, _matrix_row, _annotation, _formulas)
_OF_ALL = (_unique, _record_id, _contiguous, _matrix_choices, _branching)
