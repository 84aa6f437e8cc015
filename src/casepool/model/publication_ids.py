"""PubMed ids and DOIs as people type them, one or several in a cell."""

from __future__ import annotations

import re

BETWEEN = "; "  # a DOI holds no space
_PMID = re.compile(r"(?:pmid)?[\s:]*(\d(?: ?\d){0,7})(?:[.,]0)?", re.IGNORECASE)
_AND = r"(?:et|and|puis|then)\b"
# Digits in groups of three are one number, two long runs of digits are two.
_PMIDS_APART = re.compile(
    rf"\s*(?:[,;/+&|]|(?<=[\s,;]){_AND})\s*|\s+(?=pmid)|(?<=\d{{6}})\s+(?=\d{{6}})", re.IGNORECASE
)
_BEFORE_DOI = r"(?:https?://(?:dx\.)?doi\.org/|doi[\s:]*)"
_DOI = re.compile(rf"{_BEFORE_DOI}?(10\.\d{{4,9}}/\S+?)", re.IGNORECASE)
_DOIS_APART = re.compile(
    rf"(?<!doi)(?<!:)(?:\s*[,;]\s*(?:{_AND}\s*)?|\s+(?:(?:{_AND}|[/+&|])\s*)?)(?={_BEFORE_DOI}?10\.\d{{4,9}}/)",
    re.IGNORECASE,
)
_OF_A_LIST = 6  # fewer digits beside others may be anything: 1,5
_AT_THE_END = " ,;."


def pmids_in(cell: str) -> tuple[str, ...]:
    """Return the PubMed ids of a cell that holds nothing else, each once; none where it does."""
    alone = _all_of(_PMID, [cell.strip(_AT_THE_END)])
    found = alone or _all_of(_PMID, _PMIDS_APART.split(cell.strip(_AT_THE_END)))
    return found if alone or all(len(one) >= _OF_A_LIST for one in found) else ()


def dois_in(cell: str) -> tuple[str, ...]:
    """Return the DOIs of a cell that holds nothing else, each once; none where it does."""
    return _all_of(_DOI, _DOIS_APART.split(cell.strip(_AT_THE_END)))


def _all_of(pattern: re.Pattern[str], parts: list[str]) -> tuple[str, ...]:
    found = [pattern.fullmatch(part) for part in parts if part]
    return tuple(dict.fromkeys(one[1].replace(" ", "") for one in found if one)) if all(found) else ()
