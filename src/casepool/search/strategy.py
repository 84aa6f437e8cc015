"""The PubMed strategy that a protocol yields."""

from __future__ import annotations

from collections.abc import Iterable

from casepool.protocol import Protocol


def pubmed_query(protocol: Protocol) -> str:
    """Return the query: drug AND (any eligible disease OR any general autoimmune term).

    MeSH headings and words of title or abstract; no limit of language, date or type. The drug is
    searched as supplementary concept too, since that is how PubMed indexes newer drugs.
    """
    drug = [f'"{name}"[Supplementary Concept]' for name in (protocol.drug.name,)]
    drug += [*_mesh(protocol.drug.mesh), *_words(protocol.drug.synonyms)]
    asked = [disease for disease in protocol.diseases if disease.eligible]
    subjects = [*_mesh(protocol.search.general_mesh), *_words(protocol.search.general_text)]
    for disease in asked:
        subjects += [*_mesh(disease.mesh), *_words(disease.text)]
    return f"({' OR '.join(drug)}) AND ({' OR '.join(dict.fromkeys(subjects))})"


def _mesh(headings: Iterable[str]) -> list[str]:
    return [f'"{heading}"[MeSH Terms]' for heading in headings]


def _words(words: Iterable[str]) -> list[str]:
    return [f"{word}[tiab]" if word.endswith("*") else f'"{word}"[tiab]' for word in words]
