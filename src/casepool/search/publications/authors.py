"""Who wrote a record: the first author and the others, however an export turns, shortens or joins their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from casepool.search.publications.spelling import plain_letters
from casepool.search.publications.words import BODIES

_SEPARATORS = re.compile(r"\s*(?:;|\s+and\s+|\s+&\s+)\s*")
_NOBODY = re.compile(r"^\W*(?:anon\w*|n/?a|none|nan|unknown|no authors?\b.*|et al\W*)?\W*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_INITIALS = re.compile(rf"{_CAPITAL}\.?(?:[-\s]?{_CAPITAL}\.?){{0,3}}")
_SPELLED, _MAY_BE = 88.0, 75.0  # two surnames so alike are spellings of one (Müller, Mueller), or may be (Chen, Cheng)
_LONG, _SHORT = 6, 4  # letters of surnames that are compared so
_MOST = 8  # authors that are compared


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    Attributes
    ----------
    words : its words but initials.
    surname : in one piece what stands before the comma, else all words but initials.
    open : whether the surname may be any of the words: Li Wu.
    """

    words: frozenset[str]
    surname: str
    open: bool


@dataclass(frozen=True, slots=True)
class Authors:
    """Who wrote a record: the first author (None: nobody is told) and the surnames of the others."""

    first: Name | None
    others: frozenset[str]

    @property
    def surname(self) -> str:
        """Surname of the first author, or an empty text."""
        return self.first.surname if self.first else ""


@lru_cache(maxsize=65_536)
def authors_of(raw: str) -> Authors:
    """Return the authors as they are compared."""
    names = [name for name in _SEPARATORS.split(raw.strip()) if not _NOBODY.match(name)]
    if len(names) == 1 and _lists(names[0]):
        names = [name.strip() for name in names[0].split(",") if not _NOBODY.match(name)]
    if not names:
        return Authors(None, frozenset())
    return Authors(_name(names[0]), frozenset(_name(name).surname for name in names[1:_MOST]))


def _lists(text: str) -> bool:
    """Return whether commas part names rather than a surname from the given ones: Wu L, Li X, Xu Y."""
    first, *others = (part.strip() for part in text.split(","))
    return len(others) > 1 or (bool(others) and " " in first and bool(_INITIALS.fullmatch(first.rpartition(" ")[2])))


@lru_cache(maxsize=65_536)
def _name(name: str) -> Name:
    plain = name.replace("'", "").replace("’", "")
    before, comma, _ = plain.partition(",")
    words = [part for part in plain.replace(",", " ").split() if not _INITIALS.fullmatch(part)]
    folded = _WORD.findall(plain_letters(" ".join(words) or plain))
    surname = "".join(_WORD.findall(plain_letters(before))) if comma else "".join(folded)
    return Name(frozenset(word for word in folded if len(word) > 1), surname, not comma and len(folded) > 1)


def same_authors(a: Authors, b: Authors) -> bool | None:
    """Return whether two records have one first author.

    None where that is not known: nobody or a study group is told, the surnames may be spellings of one, or the first
    authors differ and most of the others agree, as where an export takes a given name for the surname.
    """
    if not (a.first and b.first) or (a.first.words | b.first.words) & BODIES:
        return None
    if _same_name(a.first, b.first):
        return True
    short = min(len(a.surname), len(b.surname)) < _SHORT
    if not short and fuzz.ratio(a.surname, b.surname) >= _MAY_BE:
        return None
    few, many = sorted((a.others | {a.surname}, b.others | {b.surname}), key=len)
    shared = len(few & many)
    return None if shared >= 2 and shared * 2 >= len(few) else False


def _same_name(a: Name, b: Name) -> bool:
    if a.surname == b.surname or (a.words == b.words and len(a.words) > 1):
        return True
    if (a.open and b.surname in a.words) or (b.open and a.surname in b.words):
        return True
    short, long = sorted((a.surname, b.surname), key=len)
    if len(short) >= _SHORT and (long.endswith(short) or (long.startswith(short) and len(long) > len(short) + 2)):
        return True  # Pereira, de Pereira; Garcia, Garcia-Lopez
    return len(short) >= _LONG and fuzz.ratio(short, long) >= _SPELLED
