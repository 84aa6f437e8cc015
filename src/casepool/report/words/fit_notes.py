"""The notes on a fit in words."""

from __future__ import annotations

from collections.abc import Iterable

from casepool.model.estimate import Estimate
from casepool.report.words.catalogue import Catalogue


def note_text(note: str, value: float | None, limit: float | None, catalogue: Catalogue) -> str:
    """Return a note in words.

    Parameters
    ----------
    note : its id.
    value, limit : the number that it is about, and the one that it falls short of.
    """
    short = catalogue.numbers.short
    return catalogue.text(f"fit_note_{note}", value=short(value), limit=short(limit))


def note_texts(notes: Iterable[Estimate], catalogue: Catalogue) -> list[str]:
    """Return the notes among the results in words, in their order."""
    return [note_text(one.analysis, one.value, one.threshold, catalogue) for one in notes]
