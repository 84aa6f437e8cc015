"""Reading and checking a table of counts for ``casepool pool``: all problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from casepool.files.cells import read_cells
from casepool.model.errors import ConfigError, FileError

LABEL = {"joint": "disease", "glmm": "study", "exact": "study"}
JOINT_PAIRS = (("complete_response", "complete_n"), ("selective_response", "selective_n"))
LINKED_PAIRS = (
    ("registry_response_published", "registry_response_n"),
    ("registry_none_published", "registry_none_n"),
)
# One row for each source instead of one for each disease.
SOURCE_PAIRS = (("response", "n"),)
SOURCE_COLUMNS = ("disease", "source", "ascertainment", "response", "n")
ASCERTAINMENTS = ("complete", "selective")


def read_counts(path: str | Path, model: str = "joint") -> pd.DataFrame:
    """Return the checked counts of a CSV or XLSX file.

    Separators, encodings and line ends are those of any spreadsheet; the content is strict.

    Parameters
    ----------
    path : path
        The file.
    model : {"joint", "glmm", "exact"}
        What the counts are for: ``joint`` takes one row for each source (``disease, source, ascertainment,
        response, n``) or for each disease (``disease, complete_response, complete_n, selective_response,
        selective_n``), the others ``study, events, n``.

    Raises
    ------
    FileError
        With every problem: where, what was found, what was expected.
    ConfigError
        For an unknown model.
    """
    path = Path(path)
    if not path.is_file():
        message = f"{path}: no such file; expected a table of counts"
        raise FileError(message)
    cells, _ = read_cells(path)
    rows = [row for row in cells if any(cell.strip() for cell in row)]
    if not rows:
        message = f"{path.name}: found no rows; expected a header and one row per {_label(model)}"
        raise FileError(message)
    header = [cell.strip() for cell in rows[0]]
    too_long = [number for number, row in enumerate(rows[1:], 1) if len(row) > len(header)]
    if too_long:
        listed = ", ".join(str(number) for number in too_long)
        message = f"{path.name}: row {listed} has more cells than the header; expected {len(header)}"
        raise FileError(message)
    body = [row + [""] * (len(header) - len(row)) for row in rows[1:]]
    return checked_counts_frame(pd.DataFrame(body, columns=header, dtype="string"), model, path.name)


def checked_counts_frame(frame: pd.DataFrame, model: str, where: str = "counts") -> pd.DataFrame:
    """Return the columns of a model with labels as text and counts as int64.

    Raises FileError listing every problem; rows are numbered from 1 below the header.
    """
    frame = frame.reset_index(drop=True)
    problems = list(_column_problems(frame, model))
    if problems:
        raise FileError(_message(where, problems))
    pairs = _pairs(frame, model)
    texts = [_label(model), *(("source", "ascertainment") if pairs == SOURCE_PAIRS else ())]
    clean = pd.DataFrame({column: frame[column].astype("string").fillna("").str.strip() for column in texts})
    names = clean[texts[0]]
    bad = pd.DataFrame(index=frame.index)
    for column in (column for pair in pairs for column in pair):
        clean[column], bad[column] = _whole_numbers(frame[column], optional=column.startswith("registry"))
    problems = [*_label_problems(clean, texts, model), *_number_problems(frame, names, bad, model)]
    problems += _consistency_problems(clean, bad, model)
    if problems:
        raise FileError(_message(where, problems))
    return clean.astype({column: "int64" for pair in pairs for column in pair})


def _label(model: str) -> str:
    if model not in LABEL:
        message = f"model = {model}; expected one of {', '.join(LABEL)}"
        raise ConfigError(message)
    return LABEL[model]


def has_sources(frame: pd.DataFrame) -> bool:
    """Return whether a table of the joint model has one row for each source (else one for each disease)."""
    return bool({"source", "ascertainment"} & {str(column) for column in frame.columns})


def _pairs(frame: pd.DataFrame, model: str) -> tuple[tuple[str, str], ...]:
    if model != "joint":
        return (("events", "n"),)
    if has_sources(frame):
        return SOURCE_PAIRS
    return JOINT_PAIRS + LINKED_PAIRS if LINKED_PAIRS[0][0] in frame.columns else JOINT_PAIRS


def _column_problems(frame: pd.DataFrame, model: str) -> Iterator[str]:
    columns = [str(column) for column in frame.columns]
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        yield f"column {column} stands twice; expected once"
    required = _required(frame, model)
    missing = [column for column in required if column not in columns]
    if missing:
        near = {column: nearest(column, [one for one in columns if one not in required]) for column in missing}
        meant = "".join(f" Is {found} meant to be {column}?" for column, found in near.items() if found)
        yield f"found columns {', '.join(columns) or '(none)'}; missing {', '.join(missing)}.{meant}"


def _required(frame: pd.DataFrame, model: str) -> list[str]:
    if model == "joint" and has_sources(frame):
        return list(SOURCE_COLUMNS)
    required = [_label(model), *(column for pair in _pairs(frame, model) for column in pair)]
    linked = [column for pair in LINKED_PAIRS for column in pair]
    if model == "joint" and any(column in frame.columns for column in linked):
        required = [*required, *(column for column in linked if column not in required)]
    return required


def nearest(found: str, known: Sequence[str]) -> str:
    """Return the name most like `found`, or an empty text where none is near."""
    by_folded = {name.strip().lower().replace(" ", "_"): name for name in known}
    match = get_close_matches(found.strip().lower().replace(" ", "_"), by_folded, n=1, cutoff=0.6)
    return by_folded[match[0]] if match else ""


def _whole_numbers(column: pd.Series, *, optional: bool) -> tuple[pd.Series, pd.Series]:
    """Return the column as numbers (0 where bad) and which cells are no whole number from 0 on."""
    text = column.astype("string").fillna("").str.strip().str.replace(",", ".", regex=False)
    number = pd.to_numeric(text.mask(text == "", "0" if optional else None), errors="coerce").astype("Float64")
    value = number.fillna(-1.0)
    bad = (value < 0) | (value > 2**53) | (value % 1 != 0)
    return value.mask(bad, 0.0).astype("int64"), bad.astype(bool)


def _row(position: int, name: str, model: str) -> str:
    return f"row {position + 1}, {_label(model)}={name or '(empty)'}"


def _label_problems(clean: pd.DataFrame, texts: Sequence[str], model: str) -> Iterator[str]:
    for column in (column for column in texts if column != "ascertainment"):
        for position in (clean[column] == "").to_numpy().nonzero()[0]:
            yield f"row {position + 1}: {column} is empty; expected a name"
    if "ascertainment" in texts:
        yield from _ascertainment_problems(clean)
    if model == "joint":
        yield from _repeated(clean, [column for column in texts if column != "ascertainment"])


def _ascertainment_problems(clean: pd.DataFrame) -> Iterator[str]:
    for position, (name, found) in enumerate(zip(clean["disease"], clean["ascertainment"], strict=True)):
        if found not in ASCERTAINMENTS:
            near = nearest(found, ASCERTAINMENTS)
            hint = f" Did you mean '{near}'?" if near else ""
            place = _row(position, name, "joint")
            yield f"{place}: ascertainment = {found or 'an empty cell'}; expected complete or selective.{hint}"


def _repeated(clean: pd.DataFrame, key: list[str]) -> Iterator[str]:
    named = clean[(clean[key] != "").all(axis=1)]
    for values, rows in named.groupby(key).groups.items():
        if len(rows) > 1:
            found = values if isinstance(values, tuple) else (values,)
            name = ", ".join(f"{column}={value}" for column, value in zip(key, found, strict=True))
            numbers = ", ".join(str(int(row) + 1) for row in rows)
            yield f"{name}: found in rows {numbers}; expected one row per {' and '.join(key)}"


def _number_problems(frame: pd.DataFrame, names: pd.Series, bad: pd.DataFrame, model: str) -> Iterator[str]:
    for position in bad.any(axis=1).to_numpy().nonzero()[0]:
        for column in bad.columns[bad.iloc[position].to_numpy()]:
            found = frame[column].iloc[position]
            shown = "an empty cell" if pd.isna(found) or str(found).strip() == "" else str(found)
            place = _row(int(position), names.iloc[position], model)
            yield f"{place}: {column} = {shown}; expected a whole number from 0 on"


def _consistency_problems(clean: pd.DataFrame, bad: pd.DataFrame, model: str) -> Iterator[str]:
    names = clean[_label(model)]
    for part, whole in _limits(list(bad.columns)):
        used = [*part, *whole]
        comparable = ~bad[[column.lstrip("-") for column in used]].any(axis=1)
        left, right = _signed_sum(clean, part), _signed_sum(clean, whole)
        for position in (comparable & (left > right)).to_numpy().nonzero()[0]:
            place = _row(int(position), names.iloc[position], model)
            found = f"{_sum_name(part)} = {left.iloc[position]}"
            yield f"{place}: {found}; expected at most {_sum_name(whole)} = {right.iloc[position]}"


def _limits(columns: list[str]) -> list[tuple[list[str], list[str]]]:
    """Return pairs of sums of columns, the first at most the second; a leading minus subtracts."""
    if "events" in columns:
        return [(["events"], ["n"])]
    limits = [([part], [whole]) for part, whole in JOINT_PAIRS + LINKED_PAIRS + SOURCE_PAIRS if part in columns]
    if LINKED_PAIRS[0][0] in columns:
        limits += [
            (["registry_response_n"], ["complete_response"]),
            (["registry_none_n"], ["complete_n", "-complete_response"]),
            (["registry_response_n", "registry_none_n"], ["complete_n"]),
        ]
    return limits


def _signed_sum(clean: pd.DataFrame, terms: list[str]) -> pd.Series:
    total = clean[terms[0]]
    for term in terms[1:]:
        total = total - clean[term[1:]] if term.startswith("-") else total + clean[term]
    return total


def _sum_name(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ")


def _message(where: str, problems: list[str]) -> str:
    noun = "problem" if len(problems) == 1 else "problems"
    return "\n".join([f"{where}: {len(problems)} {noun} in the counts", *(f"  {problem}" for problem in problems)])
