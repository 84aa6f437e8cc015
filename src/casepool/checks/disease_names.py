"""The names of diseases that a project folder knows, and what one of them means."""

from __future__ import annotations

from pathlib import Path

from casepool.diseases import DiseaseNames, Recognised
from casepool.extraction.curated import read_curated
from casepool.model.errors import CuratedDataError
from casepool.model.message import Message, text
from casepool.model.protocol import Protocol
from casepool.rows import rows_of


def disease_names(folder: Path, protocol: Protocol) -> DiseaseNames:
    """Return the names of ``disease_terms.csv``, as corrected, and of the protocol.

    Raises
    ------
    CuratedDataError
        With every problem of that table.
    """
    curated = read_curated(folder / "data" / "curated")
    problems = [one for one in curated.problems if Path(one.file).stem == "disease_terms"]
    if problems:
        raise CuratedDataError(problems)
    return DiseaseNames(rows_of(curated["disease_terms"]), protocol)


def term_line(name: str, meant: Recognised, nearest: str, language: str) -> str:
    """Return the name with its disease, or ``?`` with the candidates or the known name most like it."""
    if meant.disease:
        return f"{name}\t{meant.disease}"
    said = Message("term_nearest", nearest=nearest) if nearest else Message("term_unknown")
    said = Message("term_candidates", candidates=meant.candidates) if meant.candidates else said
    return f"{name}\t?\t{text(said, language)}"
