"""How alike two citations are: titles by RapidFuzz, first author, year, journal, ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from casepool.model.folding import fold
from casepool.rows import missing
from casepool.typing import Row

SAME_TITLE, LIKE_TITLE = 96.0, 90.0
_SHORTEST = 25  # letters; "Letter to the editor" says nothing
_LARGEST_BLOCK = 200
_UNSEEN = re.compile(r"^\[[^\]]*not seen\]\s*", re.IGNORECASE)
_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Facts:
    """What is compared of a record: nothing is told by an empty text."""

    title: str
    author: frozenset[str]
    year: int | None
    journal: str
    pages: str
    doi: str
    pmid: str

    @property
    def comparable(self) -> bool:
        """Whether the title was seen and is long enough to tell one publication from another."""
        return len(self.title) >= _SHORTEST


def facts_of(record: Row) -> Facts:
    """Return what is compared of a record."""
    raw = _text(record, "title")
    title = "" if _UNSEEN.match(raw) else _words(raw)
    first = re.split(r";|\s+and\s+", _text(record, "authors"))[0]
    surname = first.split(",")[0] if "," in first else first
    author = frozenset(word for word in _words(surname).split() if len(word) > 2)
    year = None if missing(record["year"]) else int(record["year"])
    pages = _text(record, "pages").partition("-")[0].strip()
    doi, pmid = _text(record, "doi").casefold(), _text(record, "pmid")
    return Facts(title, author, year, _words(_text(record, "journal")), pages, doi, pmid)


def likeness(a: Facts, b: Facts) -> float:
    """Return how alike two titles are, from 0 to 100 (0 where one was not seen or is too short)."""
    if not (a.comparable and b.comparable):
        return 0.0
    return float(fuzz.token_sort_ratio(a.title, b.title))


def contradictions(a: Facts, b: Facts) -> list[str]:
    """Return what speaks against two records being one publication."""
    told = {"PMID": (a.pmid, b.pmid), "DOI": (a.doi, b.doi)}
    found = [f"different {name}" for name, (one, other) in told.items() if one and other and one != other]
    if a.year is None or b.year is None or a.year != b.year:
        found.append(f"years {a.year or 'not known'} and {b.year or 'not known'}")
    if not a.author & b.author:
        found.append("first author different or not known")
    if not _same_journal(a.journal, b.journal):
        found.append("different journal")
    if a.pages and b.pages and a.pages != b.pages:
        found.append("different pages")
    return found


def candidates(facts: Mapping[int, Facts]) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth comparing: same first author or same beginning of the title, each once."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, one in facts.items():
        if one.comparable:
            for word in one.author:
                blocks[f"author {word}"].append(place)
            blocks[f"title {one.title[:20]}"].append(place)
            blocks[f"end {one.title[-20:]}"].append(place)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        for pair in _pairs(members, facts):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _pairs(members: Sequence[int], facts: Mapping[int, Facts]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a block; a very large one is cut into neighbours by title."""
    if len(members) <= _LARGEST_BLOCK:
        yield from combinations(sorted(members), 2)
        return
    ordered = sorted(members, key=lambda place: facts[place].title)
    for index, place in enumerate(ordered):
        for other in ordered[index + 1 : index + 20]:
            yield min(place, other), max(place, other)


def _same_journal(a: str, b: str) -> bool:
    """Return whether two names may be one journal: equal, or one the abbreviation of the other."""
    if not a or not b:
        return True
    few, many = sorted((_content(a), _content(b)), key=len)
    return len(few) == len(many) and all(x.startswith(y) or y.startswith(x) for x, y in zip(few, many, strict=True))


def _content(name: str) -> list[str]:
    return [word for word in name.split() if word not in {"of", "the", "and", "in", "for", "de", "la", "et"}]


def _text(record: Row, name: str) -> str:
    return "" if missing(record[name]) else str(record[name])


def _words(text: str) -> str:
    return " ".join(_WORDS.sub(" ", fold(text)).split())
