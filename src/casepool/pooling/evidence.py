"""What stands behind an estimate: its patients, reports and cases."""

from __future__ import annotations

from casepool.counting.outcomes import OutcomeCounts
from casepool.model.estimate import Estimate


def unestimated(counts: OutcomeCounts, disease: str, analysis: str, model: str) -> Estimate:
    """Return an estimate without number or status: what it is of, and the patients, reports and cases behind it."""
    events, n = counts.total
    return Estimate(
        outcome=counts.outcome, disease=disease, analysis=analysis, model=model,
        n_response=events, n_evaluable=n, k=counts.n_reports, cases=counts.listed_cases,
    )  # fmt: skip
