"""Titles made comparable, and in what two of them differ: spelling, a subtitle, or words that one of them lacks."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from casepool.search.publications.spelling import plain_letters
from casepool.search.publications.words import ABOUT, IDLE, NEGATIONS, NUMBERED, NUMBERS, OPPOSITES

SHORTEST = 25  # letters; "Letter to the editor" says nothing
SPELLING = 78.0  # two words at least so alike are spellings of one: haemoglobin, hemoglobin
_JOINED = 92.0  # the same of all words in one piece: micro-array, microarrays
_CUT = 100  # letters; exports cut long titles, never short ones
_SEEN_CUT = 40  # letters, where it shows: within a word, or by an ellipsis
_UNSEEN = re.compile(r"^\[[^\]]*not seen\]\s*", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{1,20}>")
_JOINTS = re.compile(r"[:;.?!\[\]()<>]|--|\s[-–—]\s|[–—]")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# What databases put behind a title: that it is a review, how many references it has, its language, its erratum.
_ADDED = re.compile(
    r"[\[(](?:(?:systematic |historical )?review|\d+ refs?|see comments?|(?:provisional )?abstract(?: no[.:]* *\d+)?"
    r"|(?:brief|project) record|structured abstract|article in [^\])]*|in [a-z]+"
    r"|[a-z]+(?:ese|ish|ian|ench|erman|utch))[\])]"
    r"|\[(?:corrected|(?:published )?(?:erratum|corrigendum|correction|retraction|comment|update) (?:appears )?in\b).*$"
    r"|\bLA: ?\w+\s*$",
    re.IGNORECASE,
)
_MAY_ADD = re.compile(r"[\[(]|LA:")
_LETTERS = tuple("abcdefgh")  # that number parts
_SHORT = 4  # letters of words that have spellings
_SHORT_PART = 3  # words; "author reply", "study protocol"


class Relation(StrEnum):
    """How two titles stand to each other."""

    EQUAL = "equal"
    SPELLED = "spelled"  # equal but for the spelling
    PART = "part"  # one lacks a subtitle, a translation or the end
    MORE = "more"  # one has further words in its midst
    OTHER = "other"  # each has words that the other lacks
    NUMBER = "number"  # another part, time point or dose
    ABOUT = "about"  # one is a letter, reply or erratum to the other
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared.

    Attributes
    ----------
    parts : its words, part by part as colons, stops and brackets set them apart; numbers in digits.
    text : all words, with a space between them.
    ordered : the same in the order of the alphabet.
    numbers : the numbers in it, in order.
    about : in which ways it says that it is about another publication.
    cut : whether it ends with an ellipsis.
    """

    parts: tuple[tuple[str, ...], ...]
    text: str
    ordered: str
    numbers: tuple[str, ...]
    about: frozenset[str]
    cut: bool = False

    @property
    def long(self) -> bool:
        """Whether it is long enough to tell one publication from another."""
        return len(self.text) >= SHORTEST


@lru_cache(maxsize=65_536)  # of duplicates as a rule word for word the same
def title_of(raw: str) -> Title:
    """Return a title as it is compared; one that nobody saw is empty."""
    seen = "" if _UNSEEN.match(raw) else _TAGS.sub("", html.unescape(raw))
    kept = _ADDED.sub(" ", seen).strip() if _MAY_ADD.search(seen) else seen
    parts = tuple(part for part in map(_words, _JOINTS.split(plain_letters(kept or seen))) if part)
    words = [word for part in parts for word in part]
    text = " ".join(words)
    about = [*words[:2], *(word for part in parts if len(part) <= _SHORT_PART for word in part)]
    return Title(
        parts,
        text,
        " ".join(sorted(words)),
        tuple(sorted(_DIGITS.findall(text))),
        frozenset(ABOUT[word] for word in about if word in ABOUT),
        seen.rstrip(" \"'").endswith(("...", "…")),
    )


def _words(part: str) -> tuple[str, ...]:
    found = _WORD.findall(part)
    if len(found) == 1 and found[0] in _LETTERS:
        return (str(_LETTERS.index(found[0]) + 1),)
    for place, word in enumerate(found[:-1]):
        letter = found[place + 1]
        if word in NUMBERED and letter in _LETTERS:
            found[place + 1] = str(_LETTERS.index(letter) + 1)
    return tuple([NUMBERS.get(word) or word.lstrip("0") or word for word in found if word not in IDLE])


def relation(a: Title, b: Title) -> Relation:
    """Return in what two titles differ."""
    if not (a.text and b.text):
        return Relation.UNSEEN
    if a.about != b.about:
        return Relation.ABOUT
    if a.numbers != b.numbers:
        return Relation.PART if _is_cut(*_by_length(a, b)) else Relation.NUMBER
    left, right = _left_over(a, b)
    if not left and not right:
        return Relation.EQUAL
    if _spelled(left, right):
        return Relation.SPELLED
    if _is_part(a, b):
        return Relation.PART
    return Relation.OTHER if left and right else Relation.MORE


def _left_over(a: Title, b: Title) -> tuple[list[str], list[str]]:
    """Return the words that only one title has, in order; none where they differ in spaces and hyphens alone."""
    if a.ordered == b.ordered:
        return [], []
    one, other = a.text.split(), b.text.split()
    left, right = _without(one, other), _without(other, one)
    return ([], []) if "".join(left) == "".join(right) else (left, right)


def _without(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the words less the others, each as often as it stands there."""
    remaining, kept = list(others), []
    for word in words:
        if word in remaining:
            remaining.remove(word)
        else:
            kept.append(word)
    return kept


def _numbers(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if word.isdigit())


def _spelled(left: Sequence[str], right: Sequence[str]) -> bool:
    """Return whether every word that only one title has is a spelling of one that only the other has."""
    if len(left) != len(right):
        return fuzz.ratio("".join(left), "".join(right)) >= _JOINED
    remaining = list(right)
    for word in left:
        near = max(remaining, key=lambda other: fuzz.ratio(word, other))
        if min(len(word), len(near)) < _SHORT or fuzz.ratio(word, near) < SPELLING or _opposed(word, near):
            return False
        remaining.remove(near)
    return True


def _opposed(a: str, b: str) -> bool:
    """Return whether two words that are spelled alike mean the opposite: typical, atypical; hyper-, hypotension."""
    short, long = sorted((a, b), key=len)
    if long.endswith(short) and long.removesuffix(short) in NEGATIONS:
        return True
    return any(
        {one for one in prefixes if a.startswith(one)} != {one for one in prefixes if b.startswith(one)}
        for prefixes in OPPOSITES
        if a.startswith(prefixes) and b.startswith(prefixes)
    )


def _is_part(a: Title, b: Title) -> bool:
    """Return whether one title is the beginning or the end of the other, cut where a part ends or at a great length."""
    short, long = _by_length(a, b)
    ends = ("".join(word for part in long.parts[:n] for word in part) for n in range(1, len(long.parts)))
    tails = ("".join(word for part in long.parts[n:] for word in part) for n in range(1, len(long.parts)))
    pressed = short.text.replace(" ", "")
    return short.long and (
        pressed in {*ends, *tails}
        or _is_cut(short, long)
        or (len(short.text) >= _CUT and long.text.replace(" ", "").startswith(pressed))
    )


def _is_cut(short: Title, long: Title) -> bool:
    """Return whether a title is the beginning of a longer one, and shows it: it ends within a word, or with "…"."""
    if len(short.text) < _SEEN_CUT or not long.text.startswith(short.text):
        return False
    return short.cut or long.text[len(short.text) :][:1] not in {"", " "}


def _by_length(a: Title, b: Title) -> tuple[Title, Title]:
    return (a, b) if len(a.text) <= len(b.text) else (b, a)
