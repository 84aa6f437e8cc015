"""Whether a word is one of the French or the English language, by the word lists of simplemma."""

from __future__ import annotations

import unicodedata
from functools import cache

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

_LANGUAGES = ("fr", "en")
# What stands before a word of the language in a medical one: déglobulisation, autogreffe, hyperleucocytose.
_PREFIXES = """ante anti audio auto bi cardio chimio co cortico de des dys endo ex extra hemato hemo hyper hypo immuno
    in infra inter intra iso macro micro mono multi neo neuro non para peri poly post pre pro pseudo re sous sub super
    supra sur syn tele thrombo trans tri ultra"""
_BEFORE = tuple(_PREFIXES.split())
_SHORTEST_REST = 5  # letters after what stands before


def is_word(low: str) -> bool:
    """Return whether a word (small letters, no accents) is one of the language, also with a usual prefix."""
    words = _words()
    if low in words:
        return True
    rests = (low[len(before) :] for before in _BEFORE if low.startswith(before))
    return any(len(rest) >= _SHORTEST_REST and rest in words for rest in rests)


@cache
def _words() -> frozenset[str]:
    """Return the words of both languages; those with a capital letter, which are names, left out."""
    factory = DefaultDictionaryFactory()
    return frozenset(
        _without_accents(word) for language in _LANGUAGES for word in factory.get_dictionary(language) if word.islower()
    )


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFKD", word.replace("œ", "oe").replace("æ", "ae")).encode("ascii", "ignore").decode()
