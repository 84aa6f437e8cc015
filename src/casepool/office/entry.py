"""What a sheet that people fill in consists of."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.contract.columns import Column
from casepool.model.protocol import Language


@dataclass(frozen=True)
class EntryColumn:
    """One column to fill in: its header, its kind and limits, and what is told about it.

    Attributes
    ----------
    header : what stands in line 1; the reader knows the column by it.
    source : the column of the schema: kind, limits, pattern.
    group : the title of the group of columns that it belongs to; groups differ in colour.
    choices : the values of its drop-down list, or none.
    needed : whether a line without it is of no use.
    once : whether the first line tells it for all the others.
    what, allowed : the explanation, and the values or limits, in words.
    """

    header: str
    source: Column
    group: str
    choices: tuple[str, ...] = ()
    needed: bool = False
    once: bool = False
    what: str = ""
    allowed: str = ""


@dataclass(frozen=True)
class EntryForm:
    """A workbook: one sheet to fill in, a help sheet, and the values of the drop-down lists.

    Attributes
    ----------
    sheet : name of the sheet to fill in.
    title, subtitle, instructions, rules : what the help sheet tells.
    columns : the columns of the sheet, in order.
    n_frozen : how many columns at the left stay in sight.
    mark : a word that every sheet shows (SYNTHETIC), or empty.
    """

    sheet: str
    language: Language
    title: str
    subtitle: str
    instructions: tuple[str, ...]
    rules: tuple[str, ...]
    columns: tuple[EntryColumn, ...]
    n_frozen: int = 0
    mark: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """The titles of the groups, in order."""
        return tuple(dict.fromkeys(column.group for column in self.columns))

    @property
    def lists(self) -> tuple[tuple[str, ...], ...]:
        """The different drop-down lists, in order."""
        return tuple(dict.fromkeys(column.choices for column in self.columns if column.choices))
