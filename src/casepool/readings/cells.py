"""The cells of a reading as text: compared, sealed and written in one form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from casepool.contract import Column
from casepool.model.folding import fold
from casepool.rows import missing
from casepool.typing import Row

_NOT_REPORTED = "not_reported"


def cell_text(value: object) -> str:
    """Return a cell in the form in which tables are written, an empty one as an empty text."""
    if missing(value):
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def texts_of(row: Row) -> dict[str, str]:
    """Return a row as texts by column."""
    return {name: cell_text(value) for name, value in row.items()}


def same(column: Column, one: str, other: str) -> bool:
    """Return whether two cells say the same: in free words, case, accents and spaces make no difference."""
    words = column.kind == "text" and column.pattern is None
    return fold(one) == fold(other) if words else one == other


def seal_of(row: Mapping[str, str]) -> str:
    """Return the checksum of a row of texts.

    What is empty or not reported is left out: a column that the protocol gets later changes no reading.
    """
    told = {name: value for name, value in row.items() if value not in ("", _NOT_REPORTED)}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
