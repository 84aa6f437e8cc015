"""The names of diseases that a project folder knows."""

from __future__ import annotations

from pathlib import Path

from casepool.diseases import DiseaseNames
from casepool.extraction.curated import read_curated
from casepool.model.errors import CuratedDataError
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
