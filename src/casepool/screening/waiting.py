"""The list of records that wait for a human decision (``results/screening/to_screen.csv``).

Flags and a score put the likely ones first. No flag ever decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from casepool.model.folding import fold
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Answer
from casepool.rows import missing, rows_of
from casepool.screening.state import AWAITING, CONFLICT, TO_SCREEN
from casepool.typing import Row

COLUMNS = (
    "record_id", "state", "score", "why", "title", "authors", "journal", "year", "language", "drug_in_title",
    "disease_terms", "case_report", "likely_child", "notices", "doi", "url",
)  # fmt: skip
# What each flag adds to the score; the sum orders the list.
WEIGHTS = {"drug_in_title": 3, "disease_terms": 2, "case_report": 2, "likely_child": -2}
_CASES = re.compile(
    r"\b(?:case (?:report|series)|a case|cases|(?:a|one|two|three|four|five) patients?|cas cliniques?)\b"
)
_CHILD = re.compile(r"\b(?:child\w*|p(?:a|ae)?ediatric\w*|infant\w*|neonat\w*|adolescen\w*|boy|girl|enfants?)\b")
_YOUNG = re.compile(r"\b(?:1[0-7]|[1-9])[- ](?:year|yr)s?[- ]old\b")


def to_screen(records: pd.DataFrame, state: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Return the records without decision, in conflict, or whose full text is awaited, likely ones first."""
    waiting = state[state["state"].isin([TO_SCREEN, CONFLICT, AWAITING])]
    merged = waiting[["record_id", "state"]].merge(records, on="record_id", how="left")
    finder = TermFinder(protocol)
    frame = pd.DataFrame([{**row, **finder.flags(row)} for row in rows_of(merged)], columns=list(COLUMNS))
    keys = ["state", "score", "year", "record_id"]
    return frame.sort_values(keys, ascending=[False, False, False, True])


class TermFinder:
    """Recognises the drug and the diseases of a protocol in a record."""

    def __init__(self, protocol: Protocol) -> None:
        self.drug = _pattern([protocol.drug.name, *protocol.drug.synonyms])
        asked = [disease for disease in protocol.diseases if disease.eligible]
        self.diseases = {one.id: _pattern([*one.text, *one.mesh]) for one in asked}

    def flags(self, row: Row) -> Row:
        """Return the flags of a record, its score, and what the score is made of."""
        title, types = _folded(row, "title"), _folded(row, "publication_types")
        keywords = _folded(row, "keywords")
        text = f"{title} {_folded(row, 'abstract')} {keywords}"
        diseases = [name for name, pattern in self.diseases.items() if pattern.search(text)]
        adult = "adult" in keywords.split("; ")
        held = {
            "drug_in_title": bool(self.drug.search(title)),
            "disease_terms": bool(diseases),
            "case_report": "case reports" in types or bool(_CASES.search(title)),
            "likely_child": not adult and bool(_CHILD.search(f"{title} {keywords}") or _YOUNG.search(text)),
        }
        answers: Row = {name: (Answer.YES if value else Answer.NO).value for name, value in held.items()}
        why = ", ".join(f"{name} {WEIGHTS[name]:+d}" for name, value in held.items() if value)
        score = sum(WEIGHTS[name] for name, value in held.items() if value)
        return {**answers, "disease_terms": "; ".join(diseases), "score": score, "why": why}


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of search words; ``*`` at the end of a word stands for any ending."""
    parts = (re.escape(fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else r"\b") for word in words)
    return re.compile(rf"\b(?:{'|'.join(parts)})")


def _folded(row: Row, name: str) -> str:
    return "" if missing(row[name]) else fold(str(row[name]))
