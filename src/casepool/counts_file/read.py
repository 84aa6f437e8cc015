"""Reading and checking a table of counts for ``casepool pool``: all problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casepool.counts_file.table import Counts, RawTable
from casepool.files.cells import read_cells
from casepool.model.errors import ConfigError, FileError
from casepool.model.message import Message
from casepool.stats.own.data import Kind

if TYPE_CHECKING:
    import pandas as pd

LABEL = {"joint": "disease", "glmm": "study", "exact": "study"}
PAIRS = {"joint": (("complete_response", "complete_n"), ("selective_response", "selective_n"))}
STUDY_PAIRS = (("events", "n"),)
LINKED_PAIRS = (
    ("registry_response_published", "registry_response_n"),
    ("registry_none_published", "registry_none_n"),
)
LINKED = tuple(column for pair in LINKED_PAIRS for column in pair)
# One row for each source instead of one for each disease.
SOURCE_PAIRS = (("response", "n"),)
SOURCE_TEXTS = ("disease", "source", "ascertainment")
ASCERTAINMENTS = tuple(kind.value for kind in Kind)
# A decimal mark may part thousands: 1,000 and 1.000 are no whole numbers here.
_WHOLE = re.compile(r"\+?\d{1,15}")
_LARGEST = 2**53


def read_counts(path: str | Path, model: str = "joint") -> pd.DataFrame:
    """Return the checked counts of a CSV or XLSX file.

    Separators, encodings and line ends are those of any spreadsheet; the content is strict.

    Parameters
    ----------
    path : path
        The file.
    model : {"joint", "glmm", "exact"}
        What the counts are for: ``joint`` takes one row for each source (``disease, source, ascertainment,
        response, n`` and, optionally, ``centres``) or for each disease (``disease, complete_response, complete_n,
        selective_response, selective_n``), the others ``study, events, n``.

    Raises
    ------
    FileError
        With every problem: where, what was found, what was expected.
    ConfigError
        For an unknown model.
    """
    return read_file(Path(path), model).frame


def read_file(path: Path, model: str) -> Counts:
    """Return the same as plain columns."""
    if not path.is_file():
        raise FileError(Message("counts_no_file", file=str(path)))
    try:
        cells, _ = read_cells(path)
    except FileError as error:
        raise FileError(Message("of_table", table=path.name, what=error.message)) from error
    rows = [row for row in cells if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise FileError(Message("counts_no_rows", file=path.name, label=label_of(model)))
    header = [cell.strip() for cell in rows[0]]
    too_long = tuple(str(number) for number, row in enumerate(rows[1:], 1) if len(row) > len(header))
    if too_long:
        raise FileError(Message("counts_long_rows", file=path.name, rows=too_long, n=len(header)))
    return checked_counts(RawTable.of_rows(header, rows[1:]), model, path.name)


def checked_counts(table: RawTable, model: str, where: str = "counts") -> Counts:
    """Return the columns of a model with labels as text and counts as whole numbers.

    Raises FileError listing every problem; rows are numbered from 1 below the header.
    """
    check = _Check(table, model)
    problems = list(check.columns())
    if not problems:
        check.read()
        problems = [*check.labels(), *check.numbers(), *check.limits()]
    if problems:
        raise FileError(Message("counts_problems", where=where, n=len(problems), problems=tuple(problems)))
    return Counts({**check.texts, **check.counts})


def label_of(model: str) -> str:
    """Return what a row of the counts of a model is of."""
    if model not in LABEL:
        raise ConfigError(Message("counts_model", found=model, members=tuple(LABEL)))
    return LABEL[model]


def nearest(found: str, known: Sequence[str]) -> str:
    """Return the name most like `found`, or an empty text where none is near."""
    by_folded = {name.strip().lower().replace(" ", "_"): name for name in known}
    match = get_close_matches(found.strip().lower().replace(" ", "_"), by_folded, n=1, cutoff=0.6)
    return by_folded[match[0]] if match else ""


@dataclass
class _Check:
    """A table on its way to being checked; `bad` holds the places (row, column) that are no whole numbers."""

    table: RawTable
    model: str
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    bad: set[tuple[int, str]] = field(default_factory=set)

    @property
    def by_source(self) -> bool:
        return self.model == "joint" and bool({"source", "ascertainment"} & set(self.table.header))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        if self.model != "joint":
            return STUDY_PAIRS
        own = SOURCE_PAIRS if self.by_source else PAIRS["joint"]
        return own + LINKED_PAIRS if set(LINKED) & set(self.table.header) else own

    @property
    def label(self) -> str:
        return label_of(self.model)

    @property
    def names(self) -> tuple[str, ...]:
        return SOURCE_TEXTS if self.by_source else (self.label,)

    def columns(self) -> Iterator[Message]:
        header = self.table.header
        for column in sorted({column for column in header if header.count(column) > 1}):
            yield Message("counts_column_twice", column=column)
        required = [*self.names, *(column for pair in self.pairs for column in pair)]
        missing = [column for column in required if column not in header]
        if missing:
            near = {column: nearest(column, [one for one in header if one not in required]) for column in missing}
            meant = tuple(Message("counts_meant", found=one, column=name) for name, one in near.items() if one)
            found = tuple(header) or (Message("counts_none"),)
            yield Message("counts_missing", found=found, missing=tuple(missing), hints=meant)

    def read(self) -> None:
        self.texts = {column: tuple(_text(cell) for cell in self.table[column]) for column in self.names}
        for column in (column for pair in self.pairs for column in pair):
            self.counts[column] = self._whole(column, least=0, blank=0 if column in LINKED else None)
        if self.by_source and "centres" in self.table.header:
            self.counts["centres"] = self._whole("centres", least=1, blank=1)

    def _whole(self, column: str, least: int, blank: int | None) -> tuple[int, ...]:
        found = [_number(cell, blank) for cell in self.table[column]]
        self.bad |= {(i, column) for i, number in enumerate(found) if number is None or number < least}
        return tuple(number or 0 for number in found)

    def place(self, row: int) -> Message:
        name = self.texts[self.label][row] or Message("counts_empty")
        return Message("counts_row", row=row + 1, label=self.label, name=name)

    def labels(self) -> Iterator[Message]:
        for column in (column for column in self.names if column != "ascertainment"):
            for row, name in enumerate(self.texts[column]):
                if not name:
                    yield Message("counts_no_name", row=row + 1, column=column)
        for row, found in enumerate(self.texts.get("ascertainment", ())):
            if found not in ASCERTAINMENTS:
                near = nearest(found, ASCERTAINMENTS)
                hint = Message("did_you_mean", nearest=near) if near else ""
                shown = found or Message("counts_empty_cell")
                yield Message(
                    "counts_kind", place=self.place(row), found=shown, members=ASCERTAINMENTS, hint=hint
                )  # fmt: skip
        if self.model == "joint":
            yield from self._repeated([column for column in self.names if column != "ascertainment"])

    def _repeated(self, key: list[str]) -> Iterator[Message]:
        rows: dict[tuple[str, ...], list[int]] = {}
        for row, values in enumerate(zip(*(self.texts[column] for column in key), strict=True)):
            if all(values):
                rows.setdefault(values, []).append(row + 1)
        of = Message("pair", first=key[0], second=key[1]) if len(key) > 1 else key[0]
        for values, found in rows.items():
            if len(found) > 1:
                name = tuple(f"{column}={value}" for column, value in zip(key, values, strict=True))
                yield Message("counts_repeated", name=name, rows=tuple(map(str, found)), key=of)

    def numbers(self) -> Iterator[Message]:
        order = list(self.counts)
        for row, column in sorted(self.bad, key=lambda one: (one[0], order.index(one[1]))):
            shown = _text(self.table[column][row]) or Message("counts_empty_cell")
            least = 1 if column == "centres" else 0
            yield Message("counts_whole", place=self.place(row), column=column, found=shown, least=least)

    def limits(self) -> Iterator[Message]:
        for part, whole in self._limits():
            used = [column.lstrip("-") for column in (*part, *whole)]
            for row in range(len(self.counts[used[0]])):
                if any((row, column) in self.bad for column in used):
                    continue
                left, right = self._sum(part, row), self._sum(whole, row)
                if left > right:
                    names = {"part": _sum_name(part), "whole": _sum_name(whole)}
                    yield Message("counts_at_most", place=self.place(row), found=left, limit=right, **names)

        if self.by_source and "registry_response_n" in self.counts:
            yield from self._linked_kinds()

    def _linked_kinds(self) -> Iterator[Message]:
        for row, kind in enumerate(self.texts["ascertainment"]):
            known = self._sum(["registry_response_n", "registry_none_n"], row)
            if kind == Kind.SELECTIVE and known:
                yield Message("counts_linked_kind", place=self.place(row), found=known)

    def _limits(self) -> list[tuple[list[str], list[str]]]:
        """Return pairs of sums of columns, the first at most the second; a leading minus subtracts."""
        limits = [([part], [whole]) for part, whole in self.pairs]
        if "registry_response_n" in self.counts:
            response, n = SOURCE_PAIRS[0] if self.by_source else PAIRS["joint"][0]
            limits += [
                (["registry_response_n"], [response]),
                (["registry_none_n"], [n, f"-{response}"]),
                (["registry_response_n", "registry_none_n"], [n]),
            ]
        return limits

    def _sum(self, terms: list[str], row: int) -> int:
        return sum(-self.counts[one[1:]][row] if one.startswith("-") else self.counts[one][row] for one in terms)


def _text(cell: Any) -> str:
    """Return a cell as text; what stands for nothing is empty."""
    text = str(cell).strip()
    return "" if not isinstance(cell, str) and text in {"nan", "NaN", "<NA>", "None", "NaT"} else text


def _number(cell: Any, blank: int | None) -> int | None:
    """Return a cell as a whole number; None where it is none."""
    text = _text(cell)
    if not text:
        return blank
    if not isinstance(cell, str):
        try:
            number = float(cell)
        except (TypeError, ValueError):
            return None
        return int(number) if number.is_integer() and abs(number) <= _LARGEST else None
    return int(text) if _WHOLE.fullmatch(text) else None


def _sum_name(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ")
