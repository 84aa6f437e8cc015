"""Spelling folded: what two writers may write differently comes out as the same words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa", "λ": "lambda"}
)
# Signs that say no or perhaps; they stay as words, so that no name explains them away.
_DOUBTS = (("+/-", "±"), ("(-)", "±"), ("(–)", "±"), ("(−)", "±"), ("?", "±"), ("≠", "±"), ("±", " ± "))
_BRITISH = (("ae", "e"), ("oe", "e"), ("iz", "is"), ("yz", "ys"))
# French, Latin and English endings of one word: anémie, anaemia, anaemias; dermatite, dermatitis.
_ENDINGS = (("ique", "ic"), ("ical", "ic"), ("ia", "y"), ("ie", "y"), ("iti", "it"))
# Written together, with a hyphen or apart: auto-immune, autoimmune, auto immune.
_PREFIXES = frozenset({"allo", "anti", "auto", "dermato", "immuno", "micro", "neuro", "poly", "sero"})
_LONGEST_ABBREVIATION = 4  # shorter words have no ending to fold


@lru_cache(maxsize=20_000)  # the same names are read again for every question
def fold(text: str) -> str:
    """Return the words of a text without case, accents, signs, plural and British spelling.

    Folding what is folded changes nothing.
    """
    before, folded = "", text
    while folded != before:
        before, folded = folded, " ".join(map(_fold_word, _joined(words(folded.casefold()))))
    return folded


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text as written, without accents and signs."""
    shown = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")  # soft hyphens
    for sign, word in _DOUBTS:
        shown = shown.replace(sign, word)
    plain = unicodedata.normalize("NFKD", shown.translate(_LETTERS))
    letters = (letter for letter in plain if not unicodedata.combining(letter))
    return tuple("".join(letter if letter.isalnum() or letter == "±" else " " for letter in letters).split())


def _joined(parts: Sequence[str]) -> list[str]:
    joined, begun = [], ""
    for part in parts:
        begun += part
        if part not in _PREFIXES:
            joined.append(begun)
            begun = ""
    return [*joined, begun] if begun else joined


def _fold_word(word: str) -> str:
    for british, american in _BRITISH:
        word = word.replace(british, american)
    if len(word) <= _LONGEST_ABBREVIATION:
        return word
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending, common in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + common
    return word.rstrip("e")
