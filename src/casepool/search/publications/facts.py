"""What is compared of a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import unquote

from casepool.rows import missing
from casepool.search.publications.authors import Authors, authors_of
from casepool.search.publications.places import Pages, issue_of, number_of, pages_of
from casepool.search.publications.titles import Title, title_of
from casepool.typing import Row

_DOI_TAIL = re.compile(r"(?:[.,;)\]]|/(?:abstract|full|pdf|epdf|meta)|[?#].*)+$")
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")
_ABSTRACT = re.compile(r"(?:meeting|conference|congress) abstract", re.IGNORECASE)
_ARTICLE = re.compile(r"journal article|case report|clinical trial|\breview\b", re.IGNORECASE)
_FEWEST_ISSUES = 50  # told ones, below which nothing is concluded
_RUNNING = 0.5  # share of different ones above which they are no issues: a journal has some twelve a year


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a record: nothing is told by an empty text, 0 or None.

    Attributes
    ----------
    abstract : whether it says that it is an abstract of a meeting (True) or an article (False).
    """

    title: Title
    authors: Authors
    year: int | None
    journal: str
    issns: frozenset[str]
    volume: str
    issue: str
    pages: Pages
    doi: str
    pmid: str
    abstract: bool | None


_NAMES = tuple(field.name for field in fields(Facts))


def facts_of(record: Row) -> Facts:
    """Return what is compared of a record."""
    return Facts(
        title=title_of(_text(record, "title")),
        authors=authors_of(_text(record, "authors")),
        year=None if missing(record["year"]) else int(record["year"]),
        journal=_text(record, "journal"),
        issns=frozenset(_ISSN.findall(_text(record, "issn").upper())),
        volume=number_of(_text(record, "volume")),
        issue=issue_of(_text(record, "issue")),
        pages=pages_of(_text(record, "pages")),
        doi=_DOI_TAIL.sub("", unquote(_text(record, "doi")).casefold()),
        pmid=_text(record, "pmid"),
        abstract=_is_abstract(_text(record, "publication_types")),
    )


def all_facts(records: Sequence[Row]) -> list[Facts]:
    """Return what is compared of the records of any files.

    The issues of a file in which nearly each record has another one are left out: they number the records, as
    EndNote's do.
    """
    files: dict[str, list[str]] = {}
    found = [facts_of(record) for record in records]
    for record, facts in zip(records, found, strict=True):
        if facts.issue:
            files.setdefault(str(record["source_file"]), []).append(facts.issue)
    running = {name for name, issues in files.items() if _is_running(issues)}
    return [
        replace(facts, issue="") if facts.issue and record["source_file"] in running else facts
        for record, facts in zip(records, found, strict=True)
    ]


def together(told: Sequence[Facts]) -> Facts:
    """Return what records of one publication tell together: the fullest, and of the others in turn what it lacks."""
    best, *others = sorted(told, key=_fullness, reverse=True)
    lacking = [name for name in _NAMES if not _told(best, name)]
    found = {name: next((getattr(one, name) for one in others if _told(one, name)), None) for name in lacking}
    added = {name: value for name, value in found.items() if value is not None}
    return replace(best, **added) if added else best


def _fullness(facts: Facts) -> int:
    return sum(_told(facts, name) for name in _NAMES)


def _told(facts: Facts, name: str) -> bool:
    """Return whether a fact is told; an empty title, nobody and no page are not."""
    value = getattr(facts, name)
    if isinstance(value, Title):
        return bool(value.text)
    if isinstance(value, Authors):
        return value.first is not None
    return bool(value.first or value.raw) if isinstance(value, Pages) else value not in (None, "", frozenset())


def _is_running(issues: Sequence[str]) -> bool:
    return len(issues) >= _FEWEST_ISSUES and len(set(issues)) > _RUNNING * len(issues)


def _is_abstract(types: str) -> bool | None:
    if _ABSTRACT.search(types):
        return True
    return False if _ARTICLE.search(types) else None


def _text(record: Row, name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else "" if missing(value) else str(value)
