"""What is said of a fault: an id and its arguments. The words stand in ``messages/en.yaml`` and ``messages/fr.yaml``.

Where a fault is seen, no sentence is made: `Message` carries the facts, and `text` puts them into words
for whoever reads them. One id, one line in each language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeAlias

import yaml
from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

Argument: TypeAlias = "Message | str | int | tuple[Message | str, ...]"
# Safe, and ten times as fast where the library was built with it.
FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What parts the items of a list: commas as they are in every language, semicolons as the language sets them.
_SEMICOLON = {"en": "; ", "fr": " ; "}


@dataclass(frozen=True, init=False)
class Message:
    """Something to be said, in no language yet.

    Attributes
    ----------
    id : key of the words in ``messages/*.yaml``.
    arguments : name → what stands at ``{name}``: a text, a whole number, another message, or a list of them.
    """

    id: str
    arguments: tuple[tuple[str, Argument], ...]

    def __init__(self, key: str, /, **arguments: Argument) -> None:
        object.__setattr__(self, "id", key)
        object.__setattr__(self, "arguments", tuple(sorted(arguments.items())))

    def __getitem__(self, name: str) -> Argument:
        return dict(self.arguments)[name]

    def __str__(self) -> str:
        return _in_english(self)


def text(said: Message | str, language: str, names: Mapping[str, str] | None = None) -> str:
    """Return what is said in the words of a language; a text stands as it is.

    Parameters
    ----------
    names : column → how the reader knows it (on a form, where values go by their labels); other columns keep their ids.

    Raises
    ------
    KeyError
        If the language has no words for the id, or an argument is missing or has no place.
    """
    if isinstance(said, str):
        return said
    words = load_messages(language)[said.id]
    if isinstance(words, Mapping):
        words = words[plural_form(int(str(said["n"])), language)]
    return _Words(language, names or {}).vformat(words, (), dict(said.arguments))


def as_plain(said: Argument) -> object:
    """Return what is said as JSON can hold it: a message as its id and arguments; `from_plain` reads it back."""
    if isinstance(said, Message):
        return {"id": said.id, "arguments": {name: as_plain(value) for name, value in said.arguments}}
    return [as_plain(one) for one in said] if isinstance(said, tuple) else said


def from_plain(plain: Any) -> Any:
    """Return what was said, from what `as_plain` made of it."""
    if isinstance(plain, Mapping):
        id_ = plain["id"]
        return Message(id_, **{name: from_plain(value) for name, value in plain["arguments"].items()})
    return tuple(from_plain(one) for one in plain) if isinstance(plain, list) else plain


@lru_cache(maxsize=1024)
def _in_english(message: Message) -> str:
    return text(message, "en")  # asked for each of many rows, all of which say the same


@cache
def load_messages(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """Return id → words in a language; where a number decides, form of the plural (one, other) → words."""
    source = Path(__file__).with_name("messages") / f"{language}.yaml"
    content: Mapping[str, str | Mapping[str, str]] = yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)
    return content


def plural_form(n: int, language: str) -> str:
    """Return "one" or "other": the form that a number asks for (French: 0 and 1 are singular)."""
    return "one" if locale_of(language).plural_form(n) == "one" else "other"


@cache
def locale_of(language: str) -> Locale:
    """Return the customs of a language; of English those of Britain: 12 March 2021; a, b and c."""
    return Locale("en", "GB") if language == "en" else Locale(language)


@dataclass(frozen=True)
class _Words(Formatter):
    """Puts arguments into words of one language, by what follows the colon of their place."""

    language: str
    names: Mapping[str, str]

    def check_unused_args(self, used_args: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:  # noqa: ARG002 (of Formatter)
        unused = set(kwargs) - set(used_args)
        if unused:
            raise KeyError(*sorted(unused))

    def format_field(self, value: Argument, format_spec: str) -> str:
        if format_spec == ",":
            return str(format_decimal(str(value), locale=locale_of(self.language)))
        items = [self._item(item, format_spec) for item in (value if isinstance(value, tuple) else (value,))]
        if format_spec == "or":
            return str(format_list(items, "or", locale=locale_of(self.language)))
        between = {";": _SEMICOLON[self.language], "+": " + ", "lines": "\n  ", "next": ""}
        if self.names and format_spec == "id" and any("," in item for item in items):  # labels of a form
            format_spec = ";"
        return between.get(format_spec, ", ").join(items)

    def _item(self, item: Message | str | int, format_spec: str) -> str:
        if isinstance(item, Message):
            return text(item, self.language, self.names)
        plain = str(item)
        if format_spec == "column":
            return self.names.get(plain, plain)
        return self._labelled(plain) if format_spec == "id" else plain

    def _labelled(self, id_: str) -> str:
        """Return an id as it stands in files, with its label where they speak another language; on a form its label."""
        from casepool.model.vocabulary import label  # the vocabulary stands on the errors, and these speak by messages

        shown = label(id_, self.language)
        if self.names:
            return shown
        return id_ if self.language == "en" or shown == id_ else f"{id_} ({shown})"
