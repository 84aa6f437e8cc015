"""A text of the manuscript: headed paragraphs in which works are cited by their keys, as in ``[@key; @other]``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from casepool.model.configuration import Configuration
from casepool.report.page.facts import Facts

CITATION = re.compile(r"\[(@[^\s\];]+(?:; @[^\s\];]+)*)\]")


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs below it."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A text.

    Attributes
    ----------
    key : names its files.
    mark : what says that the data are invented; empty for real data.
    """

    key: str
    title: str
    sections: tuple[Section, ...]
    language: str
    mark: str = ""

    @property
    def cited(self) -> list[str]:
        """The keys of the works that the text cites, in their order."""
        paragraphs = (one for section in self.sections for one in section.paragraphs)
        return list(dict.fromkeys(key for one in paragraphs for key in keys_of(one)))


@dataclass(frozen=True)
class Build:
    """What the texts tell about: the facts of the page, the choices of the analysis, the program.

    Attributes
    ----------
    agreement, grade : tables ``screening_agreement`` and ``grade``.
    packages : name → version of the packages that can move a result.
    """

    facts: Facts
    configuration: Configuration
    agreement: pd.DataFrame
    grade: pd.DataFrame
    packages: dict[str, str] = field(default_factory=dict)

    def words(self, key: str, **values: object) -> str:
        """Return a text of the catalogue whose key begins with ``prose_``."""
        return self.facts.catalogue.text(f"prose_{key}", **values)

    def plural(self, key: str, n: int, **values: object) -> str:
        """Return the form of such a text for a number."""
        return self.facts.catalogue.plural(f"prose_{key}", n, **values)

    def open(self, what: str) -> str:
        """Return a place that only the authors can fill."""
        return self.words("to_complete", what=self.words(f"missing_{what}"))

    def text(self, key: str, sections: Sequence[tuple[str, Sequence[str]]]) -> Text:
        """Return a text of sections (name of the heading, paragraphs), those without a paragraph left out."""
        told = tuple(Section(self.words(f"h_{name}"), tuple(lines)) for name, lines in sections if lines)
        mark = self.facts.catalogue.text("synthetic") if self.facts.protocol.synthetic else ""
        return Text(key, self.words(f"title_{key}"), told, self.facts.catalogue.language, mark)


def cite(*keys: str) -> str:
    """Return a citation of works by their keys."""
    return f"[{'; '.join(f'@{key}' for key in keys)}]"


def keys_of(paragraph: str) -> Iterator[str]:
    """Yield the keys that a paragraph cites."""
    for found in CITATION.finditer(paragraph):
        yield from (one.strip().removeprefix("@") for one in found[1].split(";"))
