"""Whether a word is one of the French or the English language, by the word lists of simplemma."""

from __future__ import annotations

import gc
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt
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
    rests = (low[len(before) :] for before in _BEFORE if low.startswith(before))
    return _is_listed(low) or any(len(rest) >= _SHORTEST_REST and _is_listed(rest) for rest in rests)


def _is_listed(word: str) -> bool:
    words = _words()
    place = int(np.searchsorted(words, hash(word)))
    return place < len(words) and int(words[place]) == hash(word)


@cache
def _words() -> npt.NDArray[np.int64]:
    """Return the sorted hashes of the words of both languages: of 64 bits, so that no two agree; the texts take 80 MB.

    Words with a capital letter, which are names, are left out.
    """
    factory = DefaultDictionaryFactory()
    words = (
        hash(_without_accents(word))
        for language in _LANGUAGES
        for word in factory.get_dictionary(language)
        if word.islower()
    )
    hashes = np.unique(np.fromiter(words, dtype=np.int64))
    del factory, words
    gc.collect()  # the factory holds itself, and with it 40 MB, until somebody looks for garbage
    return hashes


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFKD", word.replace("œ", "oe").replace("æ", "ae")).encode("ascii", "ignore").decode()
