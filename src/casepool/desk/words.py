"""The words of the desk, one file for each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.model.message import FAST_LOADER, plural_form
from casepool.model.protocol import Language


@dataclass(frozen=True)
class Words:
    """What the desk says in one language."""

    language: Language
    content: Mapping[str, Any]

    def __call__(self, key: str, **arguments: object) -> str:
        """Return the words under a key, with the arguments put in; `n` chooses between ``one`` and ``other``.

        Raises
        ------
        KeyError
            If the language has no words for the key, or an argument is missing.
        """
        words = self.content[key]
        if isinstance(words, Mapping):
            words = words[plural_form(int(str(arguments["n"])), self.language)]
        return unbroken(str(words).format(**arguments), self.language)


def unbroken(text: str, language: Language) -> str:
    """Return a text whose signs stay on the line of their word: French sets a space before : ; ? ! and in « »."""
    if language != "fr":
        return text
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text)


@cache
def words_of(language: Language) -> Words:
    """Return the words of a language."""
    source = files("casepool.desk").joinpath("texts", f"{language}.yaml")
    content = yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)
    return Words(language, content)
