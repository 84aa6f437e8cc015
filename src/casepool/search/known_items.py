"""The strategy evaluated without PubMed: which lines of the query a known report would be found by.

Words are compared as PubMed's [tiab] does: title, abstract and the authors' keywords, whole words in
their order, case, accents, hyphens and punctuation folded, ``*`` for any ending. A line of MeSH or of a
substance is met only where the record carries that very heading. PubMed also takes the headings below it, so
that some of what is called missed here is met there. An import that lists headings among the keywords without
saying which is read as keywords.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casepool.model.folding import fold
from casepool.rows import missing, split_ids
from casepool.search.strategy import Field, Line, Strategy
from casepool.typing import Row

NOT_SEEN = "[title not seen]"  # in the place of a title: what follows was written by us, not by the authors
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class RecordTexts:
    """What PubMed searches in a record."""

    title: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Met:
    """The lines of the query that a record meets, in the order of the query."""

    drug: tuple[Line, ...]
    subjects: tuple[Line, ...]

    @property
    def found(self) -> bool:
        """Whether the query finds the record: one line of each group."""
        return bool(self.drug and self.subjects)


def met_lines(strategy: Strategy, texts: RecordTexts) -> Met:
    """Return the lines of the strategy that a record meets."""
    parts = [_plain(part) for part in (texts.title, texts.abstract, *texts.keywords)]
    headings = {fold(heading) for heading in texts.headings}
    return Met(
        tuple(line for line in strategy.drug if _is_met(line, parts, headings)),
        tuple(line for line in strategy.subjects if _is_met(line, parts, headings)),
    )


def title_texts(title: object) -> RecordTexts | None:
    """Return a title as what is searched, or nothing where the authors' title is not known."""
    if missing(title) or not str(title).strip() or str(title).startswith(NOT_SEEN):
        return None
    return RecordTexts(str(title))


def record_texts(record: Row) -> RecordTexts:
    """Return what a row of the table ``records`` holds of title, abstract, keywords and headings."""
    title = title_texts(record["title"]) or RecordTexts()
    headings = split_ids(record["headings"])
    words = (word for word in split_ids(record["keywords"]) if _descriptor(word) not in headings)
    abstract = "" if missing(record["abstract"]) else str(record["abstract"])
    return RecordTexts(title.title, abstract, tuple(words), tuple(headings))


def _descriptor(keyword: str) -> str:
    """Return a heading of MEDLINE without star and subheading: "*Pemphigus/drug therapy"."""
    return keyword.strip("*").partition("/")[0]


def _is_met(line: Line, parts: Iterable[str], headings: set[str]) -> bool:
    if line.field is not Field.TEXT:
        return fold(line.text) in headings
    ending = r"\w*" if line.text.endswith("*") else ""
    pattern = re.compile(rf"(?<!\w){re.escape(_plain(line.text))}{ending}(?!\w)")
    return any(pattern.search(part) for part in parts)


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", fold(text)).strip()
