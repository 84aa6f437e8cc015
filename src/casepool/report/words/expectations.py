"""The French of what the checks expect and tell, from ``fr_expectations.yaml``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Section = Literal["expected", "told", "pieces"]
_LISTS = {"; ": " ; ", ", ": ", "}  # what parts the items of a list, in English and French


class _Piece(str):
    """What a group of a pattern caught: ``{1}`` gives it as it stands, ``{1:fr}`` in French."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return piece_in_french(self) if spec == "fr" else super().__format__(spec)


def in_french(text: str, section: Section) -> str | None:
    """Return the French of a text, or None where no pattern of the section matches it."""
    for pattern, french in _pairs(section):
        match = pattern.fullmatch(text)
        if match:
            return french.format(text, *map(_Piece, match.groups()))
    return None


def piece_in_french(piece: str) -> str:
    """Return a part of a text in French, item by item if it is a list; what is unknown stays as it is."""
    if piece in _content()["words"]:
        return str(_content()["words"][piece])
    told = in_french(piece, "pieces")
    if told is not None:
        return told
    for mark, french in _LISTS.items():
        if mark in piece:
            return french.join(map(piece_in_french, piece.split(mark)))
    return piece


@cache
def _pairs(section: Section) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pair["en"]), pair["fr"]) for pair in _content()[section])


@cache
def _content() -> Any:
    source = files("casepool.report.words").joinpath("fr_expectations.yaml")
    return yaml.safe_load(source.read_text(encoding="utf-8"))
