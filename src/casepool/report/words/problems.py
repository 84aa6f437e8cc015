"""What a check found, for a terminal, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterator

from casepool.checks.data import CheckReport
from casepool.model.errors import format_problems
from casepool.model.message import Message, text


def check_text(report: CheckReport, language: str) -> str:
    """Return what a check found: what was normalised, what to look at, rows read, and every problem."""
    told = "\n".join(text(one, language) for one in _beside_problems(report))
    none = text(Message("no_problems"), language)
    return f"{told}\n{format_problems(report.problems, language) if report.problems else none}"


def _beside_problems(report: CheckReport) -> Iterator[Message]:
    yield from (Message("normalised", what=note) for note in report.notes)
    yield from (Message("to_look_at", what=hint) for hint in report.hints)
    yield Message("rows_read", rows=tuple(f"{name} {n}" for name, n in report.n_rows.items()))
