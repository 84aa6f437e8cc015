"""The guard: which file may not enter git because it carries registry rows or the key of the pseudonyms.

Used by the pre-commit hook before anything is installed: standard library only, and the words of the form are read
from its text files without a YAML parser.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from casepool.model.folding import fold
from casepool.model.labels import FORMER_LABELS
from casepool.privacy.guard.readers import Grid, Unreadable, grids_of, texts_of

# Columns that no table of the literature has. One of them in a header tells the registry from data/curated.
OWN_COLUMNS = frozenset(
    {"filled_on", "centre_n_treated", "centre_n_reported", "patient_code", "objection_checked"}
    | {"publication_pmid", "publication_doi", "pseudonym", "centre_pseudonym", "return_label"}
)
_LITERATURE = "report_id"  # the key of every curated table
_PRIVATE = (("data", "raw", "registry"), ("results", "private"), ("demo", "build"), (".casepool",))
_PUBLIC_TEXTS = frozenset({"data/raw/registry/readme.md", "results/readme.md"})
_NO_DATA = frozenset({".py", ".smk", ".md", ".rst", ".toml", ".yaml", ".yml", ".sh", ".cff", ".lock"})
_TEXTS = Path(__file__).parents[2] / "registry" / "form" / "texts"
_LABEL = re.compile(r'^  (\w+): \{label: "(.*?)"[,}]', re.MULTILINE)
# What the protocol of the checkout adds to the form: an id, and below it the labels of its question.
_PROTOCOL = Path(__file__).resolve().parents[4] / "config" / "protocol.yaml"
_DECLARED = re.compile(r"^  - id: (\w+)$|^    (asked|time_asked): (.*)$", re.MULTILINE)
_SPOKEN = re.compile(r'(?:en|fr): "(.*?)"')
_FEWEST_COLUMNS = 6
_FEWEST_CELLS = 3
_ROWS_BELOW = 200
_KEY = re.compile(r"\s*[0-9a-fA-F]{64}\s*")
_KEY_SET = re.compile(r"CASEPOOL_REGISTRY_KEY[\"']?\s*[=:]\s*[\"']?[^\s\"'$<{]{32,}")
_PSEUDONYM = re.compile(
    r"\bregistry/[0-9a-f]{12}\b|\breturn-[0-9a-f]{8}\b|\bregistry-(?=[a-f]*\d)[0-9a-f]{6}\b(?![-.])"
)
# filled_on, centre_n_treated, centre_n_reported, patient_code, objection_checked: five cells in the order of the form.
_NEXT = r"(?:\.0)?[\"']?\s*[,;\t|]\s*[\"']?"
_FIVE_CELLS = re.compile(
    rf"(?:\d{{4}}-\d\d-\d\d|\d\d/\d\d/\d{{4}}|\d{{5}})(?:[T ]00:00:00)?{_NEXT}\d{{1,5}}{_NEXT}\d{{1,5}}{_NEXT}"
    rf"P?\d{{1,4}}{_NEXT}(?:yes|no|oui|non|not_reported|not reported|non rapporté)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"P?\d{1,4}")
_AGE = re.compile(r"\d{1,3}(?:[.,]\d)?")
_PAIR = re.compile(r"\s*[:=\t;|,<>\"]+\s*")
_LONGEST_VALUE = 60


def carries_registry_rows(path: str, content: bytes) -> str | None:
    """Return why a file may not enter git, in words that hold nothing of it, or None where it may.

    Parameters
    ----------
    path : path in the repository, with slashes.
    content : the whole file.
    """
    return _reason_of_path(path) or _reason_of_content(path, content)


@lru_cache(maxsize=1)
def known_headers() -> dict[str, str]:
    """Return folded header → column of the form: its name or its label in either language, now or formerly."""
    pairs = [pair for file in ("fr", "en") for pair in _LABEL.findall((_TEXTS / f"{file}.yaml").read_text("utf-8"))]
    pairs += _declared_labels(_PROTOCOL.read_text("utf-8")) if _PROTOCOL.is_file() else []
    return (
        {fold(name): name for name in OWN_COLUMNS}
        | {fold(label): name for label, name in FORMER_LABELS.items()}
        | {fold(name): name for name, _ in pairs}
        | {fold(label): name for name, label in pairs}
    )


def _declared_labels(protocol: str) -> list[tuple[str, str]]:
    """Return column and label of each covariate and event that a protocol declares, and of the time to a loss."""
    pairs, column = [], ""
    for found in _DECLARED.finditer(protocol):
        column = found[1] or column
        name = f"time_to_{column}_months" if found[2] == "time_asked" else column
        pairs += [(name, label) for label in _SPOKEN.findall(found[3] or "")]
    return pairs


def _reason_of_path(path: str) -> str | None:
    low = path.lower()
    parts = low.split("/")
    if low in _PUBLIC_TEXTS:
        return None
    for private in _PRIVATE:
        if any(tuple(parts[start : start + len(private)]) == private for start in range(len(parts) - len(private))):
            return f"it lies under {'/'.join(private)}, which is private"
    if parts[0] == "results":
        return "it lies under results, which is made by the workflow"
    return "it is named like a key file" if parts[-1].endswith(".key") else None


def _reason_of_content(path: str, content: bytes) -> str | None:
    try:
        reasons = (_reason_of_text(path, text) for text in texts_of(path, content))
        return next((reason for reason in reasons if reason), None)
    except Unreadable as found:
        return f"it cannot be looked into: {found}"


def _reason_of_text(path: str, text: str) -> str | None:
    if _KEY.fullmatch(text):
        return "it looks like the key of the pseudonyms"
    if _is_program(path, text):
        return None
    if _KEY_SET.search(text):
        return "it sets the key of the pseudonyms"
    if Path(path).suffix.lower() not in _NO_DATA and _PSEUDONYM.search(text):
        return "it holds pseudonyms of registry cases, centres or files"
    if _FIVE_CELLS.search(text) or _holds_record(text):
        return "it holds a row of the registry form"
    if any(_has_rows(grid) for grid in grids_of(text)):
        return "it holds a table with rows of the registry form"
    return None


def _is_program(path: str, text: str) -> bool:
    """Return whether a file is Python that does something: tests and the demonstration invent their rows."""
    if not path.endswith(".py"):
        return False
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    return not body or any(not isinstance(statement, ast.Expr) for statement in body)


def _has_rows(grid: Grid) -> bool:
    """Return whether a table has the header of the form or of its export and a row with data below, or such a row."""
    if any(_FIVE_CELLS.search("\t".join(row)) for row in grid):
        return True
    for number, header in enumerate(grid):
        if len(header) < _FEWEST_COLUMNS:
            continue
        places = {place: column for place, column in enumerate(map(_column_of, header)) if column}
        columns = set(places.values())
        if len(columns) < _FEWEST_COLUMNS or not _is_of_registry(columns, header):
            continue
        return any(_has_data(row, places) for row in grid[number + 1 : number + 1 + _ROWS_BELOW])
    return False


def _is_of_registry(columns: set[str], header: Iterable[str]) -> bool:
    return bool(columns & OWN_COLUMNS) or all(_LITERATURE not in fold(cell).replace(" ", "_") for cell in header)


def _has_data(row: list[str], places: dict[int, str]) -> bool:
    filled = [row[place] for place in places if place < len(row) and row[place].strip(" -:'\"")]
    return len(filled) >= _FEWEST_CELLS and sum(_column_of(cell) is not None for cell in filled) < _FEWEST_CELLS


@lru_cache(maxsize=100_000)
def _column_of(header: str) -> str | None:
    """Return the column that a header stands for; REDCap adds ``___code`` or ``(choice=…)`` to it."""
    bare = re.split(r"___|\s*\((?:choice|choix)\s*=", header.strip(" \t\"'`*(){}[]"), maxsplit=1)[0]
    return known_headers().get(fold(bare)) or known_headers().get(fold(header))


def _holds_record(text: str) -> bool:
    """Return whether lines of name and value tell one patient: a form turned upright, a dump of a data base."""
    told: set[str] = set()
    sure: set[str] = set()
    for column, value in _told_pairs(text):
        told.add(column)
        is_code = column == "patient_code" and _CODE.fullmatch(value)
        if is_code or (column == "age_years" and _AGE.fullmatch(value)):
            sure.add(column)
    return len(told) >= _FEWEST_COLUMNS and len(sure) > 1


def _told_pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        cells = _PAIR.split(line.strip())
        for cell, value in pairwise(cells):
            column = _column_of(cell)
            shown = value.strip("\"' ")
            if column and shown and len(shown) <= _LONGEST_VALUE and shown[0] not in "{[" and not _column_of(shown):
                yield column, shown
