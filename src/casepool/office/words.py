"""The words of the sheets that people fill in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.contract.columns import Column
from casepool.model.message import FAST_LOADER
from casepool.model.protocol import Language


@cache
def office_words(language: Language) -> Any:
    """Return the words of the sheets in a language."""
    source = files("casepool.office").joinpath("texts", f"{language}.yaml")
    return yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)


def limits(column: Column, language: Language) -> str:
    """Return the kind and limits of a number or date in words; empty for any other column."""
    words = office_words(language)
    if column.kind == "date":
        return str(words["date"])
    if column.kind not in {"integer", "number"}:
        return ""
    kind, low, high = words[column.kind], column.minimum, column.maximum
    if low is None:
        return f"{kind}."
    if high is None:
        return str(words["at_least"].format(kind=kind, low=f"{low:g}"))
    return str(words["between"].format(kind=kind, low=f"{low:g}", high=f"{high:g}"))
