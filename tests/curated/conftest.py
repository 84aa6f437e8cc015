"""The real data of the project, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import invented
import pandas as pd
import pytest

from casepool.counting.counts import counted_cases, disease_counts, study_counts
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_curated
from casepool.identity.ledger import unique_patients


@dataclass(frozen=True)
class Real:
    """The curated tables and what the stages make of them."""

    curated: Mapping[str, pd.DataFrame]
    cases: pd.DataFrame
    unique: pd.DataFrame
    counted: pd.DataFrame
    studies: pd.DataFrame
    counts: pd.DataFrame


@pytest.fixture(scope="session")
def real() -> Real:
    """Return the real tables up to the counts by disease and ascertainment."""
    curated = read_curated(invented.ROOT / "data" / "curated").frames
    cases = build_cases(curated, invented.protocol())
    unique = unique_patients(cases, curated["identity_decisions"])
    studies = study_counts(unique, 0.95)
    counts = disease_counts(studies, invented.protocol())
    return Real(curated, cases, unique, counted_cases(unique), studies, counts)
