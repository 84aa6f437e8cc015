"""Where a publication stands: volume, issue and pages as numbers, whatever an export wrote around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(rf"\d+-(?:{_MONTHS})\w*|(?:{_MONTHS})\w*-\d+", re.IGNORECASE)  # a spreadsheet's idea of 6-11
_COUNT = re.compile(r"\d+\s*(?:p|pp|pages?)\.?$", re.IGNORECASE)  # 94 p: how many, not which
_PAGE = re.compile(r"(?:^|[,+;/&]\s*)(?:pp?\.?\s*)?([a-z]{0,3})\.?\s?(\d{1,9})", re.IGNORECASE)
_LAST = re.compile(r"\s*[-–]+\s*[a-z]{0,3}(\d{1,9})", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_SUPPLEMENT = re.compile(r"suppl|\bs\d", re.IGNORECASE)
_LARGEST_PAGE = 9_999  # above, it is the number of an article


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page; 0 and an empty letter where they are not told.

    Attributes
    ----------
    starts : the first pages of all ranges ("233-8, 230-5"), for a first page may not be told first.
    raw : what is told, where it cannot be read as pages.
    """

    letter: str = ""
    first: int = 0
    last: int = 0
    starts: frozenset[int] = frozenset()
    raw: str = ""

    @property
    def span(self) -> int:
        """How many pages there are; 0 where the last is not told."""
        return max(0, self.last - self.first + 1) if self.last else 0

    @property
    def electronic(self) -> bool:
        """Whether this is the number of an article rather than a page: e12724, a1754; S251 is a page."""
        return self.first > _LARGEST_PAGE or (self.letter not in {"", "s", "p", "suppl"} and not self.last)


@lru_cache(maxsize=65_536)
def pages_of(raw: str) -> Pages:
    """Return the first and the last page of what is told as pages."""
    text = raw.strip().strip("\"'")
    if _DATE.match(text) or _COUNT.match(text) or not _PAGE.match(text):
        return Pages(raw=text.casefold() if _NUMBER.search(text) else "")
    found = list(_PAGE.finditer(text))
    letter, first = found[0][1].casefold(), found[0][2]
    ranged = _LAST.match(text, found[0].end())
    last = ranged[1] if ranged else ""
    if last and len(last) < len(first):  # 712-8
        last = first[: len(first) - len(last)] + last
    return Pages(letter, int(first), int(last) if last else 0, frozenset(int(one[2]) for one in found))


def same_page(a: Pages, b: Pages) -> bool | None:
    """Return whether the first pages agree: S251 and 251 do, S251 and S252 do not.

    None where that is not known: one is not told, one is the number of an article and the other a page, or the pages
    overlap, as where an export counts from the second.
    """
    if not (a.first and b.first):
        return True if a.raw and a.raw == b.raw else None
    letters = a.letter == b.letter or not (a.letter and b.letter)
    if letters and (a.first in b.starts or b.first in a.starts):
        return True
    alien = a.electronic != b.electronic and not (a.letter and a.letter == b.letter)
    return None if alien or (letters and _overlap(a, b)) else False


def _overlap(a: Pages, b: Pages) -> bool:
    return a.first <= max(b.first, b.last) and b.first <= max(a.first, a.last)


def number_of(raw: str) -> str:
    """Return the first number of a volume, or an empty text: 35 of "35 (Pt 1)"."""
    found = _NUMBER.search(raw)
    return found[0].lstrip("0") if found else ""


def issue_of(raw: str) -> str:
    """Return the first number of an issue; a supplement is marked with an s: s2 of "Suppl. 2"."""
    return ("s" if _SUPPLEMENT.search(raw) else "") + number_of(raw)


def same_issue(a: str, b: str) -> bool | None:
    """Return whether two issues agree; None where one is not told. A supplement without number may be any of them."""
    if not a or not b:
        return None
    return a == b or ("s" in {a, b} and a[0] == b[0])
