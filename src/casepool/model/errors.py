"""The errors of casepool: one root, one child per kind, and the problem found in a row of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from casepool.model.message import Message, text


class CasepoolError(Exception):
    """Root of every error that casepool raises on purpose; as a text it speaks English.

    Attributes
    ----------
    message : what it says, for `casepool.model.message.text`.
    """

    def __init__(self, message: Message | str = "") -> None:
        self.message = message
        super().__init__(str(message))

    def text(self, language: str) -> str:
        """Return what it says in a language; what was made as a text stands as it is."""
        return text(self.message, language)


class ConfigError(CasepoolError):
    """The protocol or the configuration is not valid."""


class NetworkError(CasepoolError):
    """A service of the network cannot be reached, refuses, or sends less than it announced."""


class FileError(CasepoolError):
    """A file or table from outside (search snapshot, import, counts, return of the registry) cannot be used."""


class CuratedDataError(CasepoolError):
    """A curated table breaks its contract; carries every problem found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(format_problems(self.problems))

    def text(self, language: str) -> str:
        """Return all problems in a language."""
        return format_problems(self.problems, language)


class StoredTableError(CasepoolError):
    """A table that the program stores breaks its contract: a fault of the program, or a file changed by hand.

    The message names places and expectations and no value: it may go to a log, and the table may be private.
    """

    def __init__(self, place: object, faults: Iterable[str]) -> None:
        lines = list(faults)
        head = f"{place}: {len(lines)} fault(s) in a stored table"
        super().__init__("\n".join([head, *(f"  {line}" for line in lines)]))


class InconsistentError(CasepoolError):
    """A law of the counts is broken: a part exceeds its whole, or sums do not add up. A fault of the program."""


class PrivacyError(CasepoolError):
    """Something that could identify a patient would leave the machine."""


class LinkageError(CasepoolError):
    """Identity decisions contradict each other or name cases that do not exist."""


class RenderError(CasepoolError):
    """A figure or document cannot be made."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell or row, put so that a person can mend it.

    Problems are in the order of their places, then of their English words.

    Attributes
    ----------
    file, row : the table's file name and the line of the row (the header is line 1; 0 = whole file).
    key : the row's key as ``column=value`` pairs; identifies the row without patient detail.
    column, found, expected : where, what stands there (a text: as it stands), what should stand there.
    nearest : the valid value nearest to what was found, or empty.
    example : (language, a right value as somebody types it in that language); said where nothing is near.
    """

    file: str
    row: int
    key: Message | str
    column: Message | str
    found: Message | str
    expected: Message
    nearest: str = ""
    example: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text("en")

    def __lt__(self, other: Problem) -> bool:
        return self._place < other._place

    @cached_property
    def _place(self) -> tuple[str | int, ...]:
        return tuple(self.as_dict().values())  # once: a ruined table has as many problems as rows

    def text(self, language: str, names: Mapping[str, str] | None = None) -> str:
        """Return the problem as a sentence in a language; `names`: see `casepool.model.message.text`."""
        line = Message("in_row", row=self.row) if self.row else ""
        found = Message("in_column", column=self.column, found=self.found) if self.column else self.found
        example = dict(self.example).get(language, "")
        hint = Message("for_example", example=example) if example else ""
        hint = Message("did_you_mean", nearest=self.nearest) if self.nearest else hint
        place = tuple(part for part in (self.file, line, self.key) if part)
        return text(Message("problem", place=place, found=found, expected=self.expected, hint=hint), language, names)

    def as_dict(self, language: str = "en") -> dict[str, str | int]:
        """Return the problem as plain data in a language, for ``casepool check --format json``."""
        said = (text(one, language) for one in (self.key, self.column, self.found, self.expected))
        told = dict(zip(("key", "column", "found", "expected"), said, strict=True))
        example = dict(self.example).get(language, "")
        return {"file": self.file, "row": self.row, **told, "nearest": self.nearest, "example": example}


def format_problems(problems: Iterable[Problem], language: str = "en", heading: Message | None = None) -> str:
    """Return all problems, one a line, under a line that counts them (`heading`, where they are no errors)."""
    lines = [problem.text(language) for problem in problems]
    counted = text(heading or Message("problems_in_the_data", n=len(lines)), language)
    return "\n".join([counted, *(f"  {line}" for line in lines)])
