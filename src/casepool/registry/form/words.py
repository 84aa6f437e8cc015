"""The words around the questions of the form, and what every kind of form marks alike."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.contract.columns import Column
from casepool.model.message import FAST_LOADER
from casepool.model.protocol import Disease, Language, Protocol
from casepool.model.vocabulary import label
from casepool.office.words import office_words

# May be left empty by the rules, but without them the row or the case is of no use.
_USELESS_WITHOUT = frozenset({"objection_checked", "response"})


@cache
def words(language: Language) -> Any:
    """Return the words of the sheets, the paper form and REDCap in a language."""
    source = files("casepool.registry.form").joinpath("texts", f"words_{language}.yaml")
    return yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)


def is_needed(column: Column) -> bool:
    """Return whether the form asks for the column in every case: nothing stands for an empty cell."""
    return column.name in _USELESS_WITHOUT or (column.required and "not_reported" not in column.members)


def diseases_offered(protocol: Protocol) -> tuple[Disease, ...]:
    """Return the diseases that the form lists: those asked about, then "other"."""
    return tuple(one for one in protocol.diseases if one.eligible or one.id == "other")


def choices_of(column: Column, language: Language, protocol: Protocol) -> dict[str, str]:
    """Return id → label of the values that a column takes; nothing where any text or number may stand."""
    if column.name == "disease":
        return {disease.id: disease.name[language] for disease in diseases_offered(protocol)}
    return {str(member): label(member, language) for member in column.members}


def mark_of(protocol: Protocol, language: Language) -> str:
    """Return SYNTHETIC where the protocol is of an invented build, and nothing otherwise."""
    return str(office_words(language)["synthetic"]) if protocol.synthetic else ""
