"""Looking up estimates among the result rows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.results import estimates_of
from casepool.model.estimate import NOTE, TIPPING, Estimate


class Estimates:
    """The estimates of one outcome, found by disease, analysis and model.

    Attributes
    ----------
    notes : what a reader must know of the fit behind them.
    """

    def __init__(self, results: pd.DataFrame, outcome: str) -> None:
        found = estimates_of(results[results["outcome"] == outcome])
        self._outcome = outcome
        estimates = [one for one in found if one.measure != NOTE]
        self._found = {(one.disease, one.analysis, one.model, one.threshold): one for one in estimates}
        self.notes = [one for one in found if one.measure == NOTE]

    def get(self, disease: str, analysis: str, model: str = "joint", *, threshold: float | None = None) -> Estimate:
        """Return an estimate; one that was not made is empty with status no-data."""
        none = Estimate(outcome=self._outcome, disease=disease, analysis=analysis, model=model, threshold=threshold)
        return self._found.get((disease, analysis, model, threshold), none)

    def tipping(self, disease: str, threshold: float) -> Estimate:
        """Return how selective reporting would have to be for the rate of a disease to fall to a threshold."""
        return self.get(disease, TIPPING, "bounds", threshold=threshold)

    @property
    def tipping_thresholds(self) -> list[float]:
        """The thresholds that tipping ratios refer to, highest first."""
        found = {one.threshold for one in self if one.analysis == TIPPING and one.threshold is not None}
        return sorted(found, reverse=True)

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self._found.values())
