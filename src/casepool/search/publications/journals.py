"""Whether two names mean one journal: abbreviated, cut at the subtitle, translated beside the original, an acronym."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from casepool.model.folding import fold
from casepool.search.publications.words import IDLE

_PARTS = re.compile(r"\s*[:=;/\[\]().]\s*|\s+-+\s+")
_ACRONYM = 3  # letters
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=200_000)
def journal_names(raw: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a journal's name: the whole, then what colons, brackets and equals signs set apart."""
    plain = fold(raw.replace("&", " and "))
    found = [_words(plain), *(_words(part) for part in _PARTS.split(plain))]
    return tuple(dict.fromkeys(words for words in found if words))


@lru_cache(maxsize=400_000)
def same_journal(a: str, b: str) -> bool | None:
    """Return whether two names may be one journal; None where one is not told."""
    one, other = journal_names(a), journal_names(b)
    if not one or not other:
        return None
    return any(_same(x, y) for x, y in _pairs(one, other))


def _pairs(
    one: Sequence[tuple[str, ...]], other: Sequence[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield what is compared: each whole name with the whole and the parts of the other."""
    for part in other:
        yield one[0], part
    for part in one:
        yield part, other[0]
    if len(one) > 1 and len(other) > 1:
        yield one[1], other[1]


def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    few, many = sorted((a, b), key=len)
    letters = "".join(word[0] for word in many)
    if len(few) == 1 and len(few[0]) >= _ACRONYM and letters.startswith(few[0]):  # JAMA, NEJM
        return True
    return len(few) == len(many) and all(_shortened(x, y) for x, y in zip(a, b, strict=True))


def _shortened(a: str, b: str) -> bool:
    """Return whether one word abbreviates the other: its letters in order, the first in front (Natl, Jpn, Wkly)."""
    short, long = sorted((a, b), key=len)
    if short[0] != long[0]:
        return False
    letters = iter(long)
    return long.startswith(short) or (len(short) > 2 and all(letter in letters for letter in short))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _WORD.findall(text) if word not in IDLE)
