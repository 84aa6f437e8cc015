"""The errors of casepool: one root, one child per kind, and the problem found in a row of data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


class CasepoolError(Exception):
    """Root of every error that casepool raises on purpose."""


class ConfigError(CasepoolError):
    """The protocol or the configuration is not valid."""


class NetworkError(CasepoolError):
    """A service of the network cannot be reached, refuses, or sends less than it announced."""


class FileError(CasepoolError):
    """A file from outside (search snapshot, import, counts file, return of the registry) cannot be used."""


class CuratedDataError(CasepoolError):
    """A curated table breaks its contract; carries every problem found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(format_problems(self.problems))


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


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with one cell or row, told so that a person can mend it.

    Attributes
    ----------
    file, row : the table's file name and the line of the row (the header is line 1; 0 = whole file).
    key : the row's key as ``column=value`` pairs; identifies the row without patient detail.
    column, found, expected : where, what stands there, what should stand there.
    nearest : the valid value nearest to what was found, or empty.
    """

    file: str
    row: int
    key: str
    column: str
    found: str
    expected: str
    nearest: str = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self._line(), self.key) if part)
        found = f"{self.column} = {self.found}" if self.column else self.found
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        return f"{place}: {found}; expected {self.expected}.{hint}"

    def _line(self) -> str:
        return f"row {self.row}" if self.row else ""

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain data for ``casepool check --format json``."""
        return asdict(self)


def format_problems(problems: Iterable[Problem]) -> str:
    """Return all problems, one a line, under a line that counts them."""
    lines = [str(problem) for problem in problems]
    noun = "problem" if len(lines) == 1 else "problems"
    return "\n".join([f"{len(lines)} {noun} in the data:", *(f"  {line}" for line in lines)])
