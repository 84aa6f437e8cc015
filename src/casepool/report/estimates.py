"""Looking up estimates among the result rows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.results import estimates_of
from casepool.model.estimate import NOTE, Estimate


class Estimates:
    """The estimates of one outcome, found by disease, analysis and model.

    Attributes
    ----------
    notes : what a reader must know of the fit behind them.
    """

    def __init__(self, results: pd.DataFrame, outcome: str) -> None:
        found = estimates_of(results[results["outcome"] == outcome])
        self._outcome = outcome
        self._found = {(one.disease, one.analysis, one.model): one for one in found if one.measure != NOTE}
        self.notes = [one for one in found if one.measure == NOTE]

    def get(self, disease: str, analysis: str, model: str = "joint") -> Estimate:
        """Return an estimate; one that was not made is empty with status no-data."""
        none = Estimate(outcome=self._outcome, disease=disease, analysis=analysis, model=model)
        return self._found.get((disease, analysis, model), none)

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self._found.values())
