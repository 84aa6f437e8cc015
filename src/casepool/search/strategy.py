"""The PubMed strategy that a protocol yields: its lines, and the query made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from casepool.model.protocol import Protocol


class Field(StrEnum):
    """Where PubMed looks for a line of the query."""

    SUBSTANCE = "Supplementary Concept"
    MESH = "MeSH Terms"
    TEXT = "tiab"


@dataclass(frozen=True)
class Line:
    """One line of the query: a heading, a substance, or words of title, abstract and authors' keywords."""

    text: str
    field: Field

    def __str__(self) -> str:
        truncated = self.field is Field.TEXT and self.text.endswith("*")
        return f"{self.text}[{self.field}]" if truncated else f'"{self.text}"[{self.field}]'


@dataclass(frozen=True)
class Strategy:
    """The two groups of lines; a record must meet one line of each."""

    drug: tuple[Line, ...]
    subjects: tuple[Line, ...]

    def __str__(self) -> str:
        if not self.drug:
            return ""
        return " AND ".join(f"({' OR '.join(map(str, group))})" for group in (self.drug, self.subjects))


def search_strategy(protocol: Protocol) -> Strategy:
    """Return the strategy: drug AND (any eligible disease OR any general autoimmune term).

    MeSH headings and words of title or abstract; no limit of language, date or type. The drug is
    searched as supplementary concept too, since that is how PubMed indexes newer drugs. A protocol without a search
    has no lines.
    """
    drug = [Line(protocol.drug.name, Field.SUBSTANCE)]
    drug += [*_lines(protocol.drug.mesh, Field.MESH), *_lines(protocol.drug.synonyms, Field.TEXT)]
    if protocol.search is None:
        return Strategy((), ())
    subjects = [*_lines(protocol.search.general_mesh, Field.MESH), *_lines(protocol.search.general_text, Field.TEXT)]
    for disease in protocol.diseases:
        if disease.eligible:
            subjects += [*_lines(disease.mesh, Field.MESH), *_lines(disease.text, Field.TEXT)]
    return Strategy(tuple(dict.fromkeys(drug)), tuple(dict.fromkeys(subjects)))


def pubmed_query(protocol: Protocol) -> str:
    """Return the query of the protocol as it is sent to PubMed."""
    return str(search_strategy(protocol))


def _lines(texts: Iterable[str], field: Field) -> list[Line]:
    return [Line(text, field) for text in texts]
