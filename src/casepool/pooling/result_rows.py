"""Rows of the table ``results``: one estimate each, named, with what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from casepool.contract.estimates import RESULTS


@dataclass(frozen=True)
class ResultRow:
    """One estimate.

    ``disease`` is an id, or overall, new_disease, all. Where the sources leave open whether some patients had the
    outcome, ``n_response`` counts those who surely had it, ``n_at_most`` those who had it or may have had it; the
    value is then between ``lowest`` and ``highest``, and the limits of the interval are those of the two ends.
    """

    outcome: str
    disease: str
    analysis: str
    model: str
    measure: str
    status: str
    value: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    pi_lower: float | None = None
    pi_upper: float | None = None
    lowest: float | None = None
    highest: float | None = None
    n_response: int | None = None
    n_at_most: int | None = None
    n_evaluable: int | None = None
    k: int | None = None
    reason: str | None = None
    cases: str | None = None

    @property
    def name(self) -> str:
        """The unique name of the estimate."""
        return f"{self.outcome}.{self.disease}.{self.analysis}.{self.model}"


def as_frame(rows: Iterable[ResultRow]) -> pd.DataFrame:
    """Return the rows as the table ``results``."""
    frame = pd.DataFrame([{"name": row.name, **asdict(row)} for row in rows], columns=RESULTS.names)
    return frame.astype(RESULTS.dtypes)
