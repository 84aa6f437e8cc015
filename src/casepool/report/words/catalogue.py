"""The texts of both languages: YAML files with the same keys and placeholders in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from babel.lists import format_list

from casepool import ahead
from casepool.model import vocabulary
from casepool.model.errors import RenderError
from casepool.model.labels import LANGUAGES
from casepool.model.message import FAST_LOADER, load_messages, locale_of, plural_form
from casepool.model.study import Study, study_if_any
from casepool.report.words.declared import declared_texts
from casepool.report.words.numbers import NARROW_SPACE, NO_BREAK_SPACE, Numbers


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language.

    Attributes
    ----------
    language : "en" or "fr".
    texts : key → text with ``{placeholders}``.
    """

    language: str
    texts: Mapping[str, str]

    @property
    def numbers(self) -> Numbers:
        """The formatter of this language."""
        return Numbers(self.language)

    def text(self, key: str, **values: object) -> str:
        """Return the text of a key with its placeholders filled.

        Raises
        ------
        RenderError
            If the key is unknown or a placeholder has no value.
        """
        try:
            return self.texts[key].format(**values) if values else self.texts[key]
        except KeyError as error:
            message = (
                f"report/words/{self.language}.yaml: {key}: {error} is missing; add it to the catalogue or the call."
            )
            raise RenderError(message) from error

    def plural(self, key: str, n: object, **values: object) -> str:
        """Return ``key_one`` or ``key_other`` for a number ``{n}`` (French: 0 and 1 are singular)."""
        number = int(str(n))
        return self.text(f"{key}_{plural_form(number, self.language)}", n=self.numbers.integer(number), **values)

    def has(self, key: str) -> bool:
        """Return whether the catalogue has a text of that key."""
        return key in self.texts

    def label(self, value: object, prefix: str = "") -> str:
        """Return the label of an id: that of the catalogue for ``prefix_id``, else that of the vocabulary."""
        key = f"{prefix}_{value}".replace("-", "_").replace(" ", "_").lower()
        return self.texts[key] if prefix and key in self.texts else vocabulary.label(str(value), self.language)

    def join(self, items: list[str], style: Literal["standard", "or"] = "standard") -> str:
        """Return items as a list in a sentence: ``a, b and c`` (or ``a, b or c``)."""
        return format_list(items, style, locale=locale_of(self.language))


def load_catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language ("en" or "fr"), with the texts of the protocol in force, if any."""
    return _catalogue(language, study_if_any())


@cache
def _catalogue(language: str, declared: Study | None) -> Catalogue:
    if language not in LANGUAGES:
        message = f"language = {language}; expected one of {', '.join(LANGUAGES)}."
        raise RenderError(message)
    texts = _texts(language) | (declared_texts(declared, language) if declared else {})
    if language == "fr":
        texts = {key: set_french_spaces(text) for key, text in texts.items()}
    return Catalogue(language, texts)


@cache
def _texts(language: str) -> dict[str, str]:
    ahead.wish(_read, language)
    texts: dict[str, str] = {}
    for part in ("", "_checks", "_plan", "_manuscript", "_numbers", "_page"):
        source = files("casepool.report.words").joinpath(f"{language}{part}.yaml")
        texts |= yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)
    return texts


@ahead.reader
def _read(language: str) -> None:
    """Read the texts, messages and customs of a language, which are kept: done before a fork, no fork has to."""
    _texts(language)
    load_messages(language)
    format_list(["a", "b"], locale=locale_of(language))
    Numbers(language).percent_interval(0.5, 0.25, 0.75)


def set_french_spaces(text: str) -> str:
    """Return the text with the no-break spaces that French wants before and inside its signs."""
    text = re.sub(r" (?=[;?!])", NARROW_SPACE, text)
    return re.sub(r" (?=[:%»])|(?<=«) ", NO_BREAK_SPACE, text)
