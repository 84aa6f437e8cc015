"""Columns and tables: a table is described once, in plain data.

The description yields what validates it, the messages that explain a failure, and (elsewhere) spreadsheets and forms.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as day
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.study import Study, study
from casepool.model.vocabulary import Basis

if TYPE_CHECKING:
    import pandas as pd

    from casepool.typing import BoolArray

P = TypeVar("P", "Column", "Rule")
Kind = Literal["text", "enum", "integer", "number", "date"]
_DTYPES: dict[Kind, str] = {
    "text": "string",
    "enum": "string",
    "integer": "Int64",
    "number": "Float64",
    "date": "string",
}
_ID = r"^[A-Za-z0-9_.:\-]+$"
# What a timestamp of pandas can hold.
_FIRST_DAY, _LAST_DAY = day(1677, 9, 22), day(2262, 4, 11)


@dataclass(frozen=True)
class Column:
    """One column: its kind, whether a cell may be empty, and what may stand in it.

    ``spoken`` holds the names by which people may call its ids, as (name, id).
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    vocabulary: type[StrEnum] | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    expected: Message | None = None
    spoken: tuple[tuple[str, str], ...] = ()

    @property
    def dtype(self) -> Any:
        """The pandas dtype of the column (Any: the stubs of pandas accept literals only)."""
        return _DTYPES[self.kind]

    @property
    def members(self) -> tuple[str, ...]:
        """The ids allowed in an enum column."""
        return tuple(self.vocabulary) if self.vocabulary else ()

    def expectation(self) -> Message:
        """Return what the column expects."""
        if self.expected:
            return self.expected
        if self.vocabulary:
            return Message("one_of", members=self.members)
        if self.kind == "date":
            return Message("date")
        return Message("text") if self.kind == "text" else self._limits()

    def _limits(self) -> Message:
        whole = self.kind == "integer"
        if self.minimum is None:
            return Message("whole_number") if whole else Message("number")
        low = f"{self.minimum:g}"
        if self.maximum is None:
            return Message("whole_number_at_least", low=low) if whole else Message("number_at_least", low=low)
        limits = {"low": low, "high": f"{self.maximum:g}"}
        return Message("whole_number_between", **limits) if whole else Message("number_between", **limits)

    def fits(self, values: pd.Series) -> BoolArray:
        """Return whether each cell may stand in the column; an empty one may unless it is required."""
        empty: BoolArray = values.isna().to_numpy(dtype=bool)
        fit = ~empty if self.required else empty | True
        if self.vocabulary or self.pattern or self.kind == "date":
            fit &= empty | self._may_be(values)
        if self.minimum is not None or self.maximum is not None:
            numbers = values.to_numpy(dtype=float, na_value=math.nan)
            low = -math.inf if self.minimum is None else self.minimum
            high = math.inf if self.maximum is None else self.maximum
            fit &= empty | ((numbers >= low) & (numbers <= high))
        return fit

    def _may_be(self, values: pd.Series) -> BoolArray:
        """Return whether each text is one of the column's; each is looked at once, for columns repeat few of them."""
        import numpy as np
        import pandas as pd

        codes, texts = pd.factorize(values.to_numpy(dtype=object))
        members = frozenset(self.members)
        may_be = [self._takes(text, members) for text in texts]
        return np.array([*may_be, False])[codes]  # an empty cell has the code -1

    def _takes(self, text: str, members: frozenset[str]) -> bool:
        if self.vocabulary and text not in members:
            return False
        if self.pattern and not re.fullmatch(self.pattern, text):
            return False
        return self.kind != "date" or _is_date(text)


@dataclass(frozen=True)
class Rule:
    """A rule over several columns of a row: `holds` is false where the row breaks it."""

    name: str
    column: str
    expected: Message
    holds: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Table:
    """A table of the data contract.

    Its columns and rules are the same in every study, or made from what the protocol in force declares.

    Attributes
    ----------
    may_wait : whether a row that holds nothing but its key, and perhaps who is to read it and since when, waits to be
        filled in: no fault, and nothing that counts.
    """

    name: str
    key: tuple[str, ...]
    described: tuple[Column, ...] | Callable[[Study], tuple[Column, ...]]
    ruled: tuple[Rule, ...] | Callable[[Study], tuple[Rule, ...]] = ()
    may_wait: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return self.described if isinstance(self.described, tuple) else self.of(study())

    def of(self, study: Study) -> tuple[Column, ...]:
        """Return the columns that it has in a study, which need not be the one in force."""
        return self.described if isinstance(self.described, tuple) else _made(self.described, study)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules over several columns of a row."""
        return self.ruled if isinstance(self.ruled, tuple) else _made(self.ruled, study())

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]

    @property
    def dtypes(self) -> dict[str, Any]:
        """Column → its pandas dtype, as ``astype`` takes it."""
        return {column.name: column.dtype for column in self.columns}

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)


def text(name: str, *, required: bool = False, pattern: str | None = None, expected: Message | None = None) -> Column:
    """Return a text column."""
    return Column(name, "text", required=required, pattern=pattern, expected=expected)


def identifier(name: str, *, required: bool = True) -> Column:
    """Return a column of ids: letters, digits, and the signs _ - . : only."""
    return text(name, required=required, pattern=_ID, expected=Message("identifier"))


def disease_id(name: str, study: Study, *, required: bool = True) -> Column:
    """Return a column of disease ids, in which any name that the protocol alone gives to one disease is understood."""
    names = [(spoken, one.id) for one in study.protocol.diseases for spoken in dict.fromkeys(one.names)]
    ids: dict[str, set[str]] = {}
    for spoken, id_ in names:
        ids.setdefault(fold(spoken), set()).add(id_)
    sure = tuple((spoken, id_) for spoken, id_ in names if len(ids[fold(spoken)]) == 1)
    return Column(name, required=required, pattern=_ID, expected=Message("identifier"), spoken=sure)


def choice(name: str, vocabulary: type[StrEnum], *, required: bool = True) -> Column:
    """Return a column that takes the ids of a vocabulary."""
    return Column(name, "enum", required=required, vocabulary=vocabulary)


def integer(name: str, minimum: float = 0, maximum: float | None = None, *, required: bool = False) -> Column:
    """Return a column of whole numbers."""
    return Column(name, "integer", required=required, minimum=minimum, maximum=maximum)


def number(name: str, minimum: float | None = 0, maximum: float | None = None) -> Column:
    """Return a column of numbers."""
    return Column(name, "number", minimum=minimum, maximum=maximum)


def proportion(name: str) -> Column:
    """Return a column of proportions, 0 to 1."""
    return number(name, 0, 1)


def date(name: str, *, required: bool = False) -> Column:
    """Return a column of dates."""
    return Column(name, "date", required=required)


def pmid_column(name: str = "pmid") -> Column:
    """Return a column of PubMed ids."""
    return text(name, pattern=r"^[1-9]\d{0,8}$", expected=Message("pubmed_id"))


def pmids_column(name: str) -> Column:
    """Return a column of one or more PubMed ids, as 33876221; 33876222."""
    return text(name, pattern=r"^[1-9]\d{0,8}(?:; [1-9]\d{0,8})*$", expected=Message("pubmed_ids"))


def dois_column(name: str) -> Column:
    """Return a column of one or more DOIs, as 10.1000/a; 10.1000/b."""
    return text(name, pattern=r"^10\.\d{4,9}/\S+(?:; 10\.\d{4,9}/\S+)*$", expected=Message("dois"))


def doi_column(name: str = "doi") -> Column:
    """Return a column of DOIs."""
    return text(name, pattern=r"^10\.\d{4,9}/\S+$", expected=Message("doi"))


def source_columns() -> tuple[Column, ...]:
    """Return the columns that say where the values of a row come from, who read them and when."""
    return (
        choice("basis", Basis),
        text("source_locator", required=True, expected=Message("place_in_source")),
        text("reader", required=True, expected=Message("reader_id")),
        date("date", required=True),
        text("note"),
    )


@cache
def _made(make: Callable[[Study], tuple[P, ...]], declared: Study) -> tuple[P, ...]:
    return make(declared)


def _is_date(text: str) -> bool:
    """Return whether a text is a day."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        return _FIRST_DAY <= day.fromisoformat(text) <= _LAST_DAY
    except ValueError:
        return False
