"""Looking up estimates among the result rows, and the rule of what may be headlined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from casepool.model.vocabulary import RateStatus
from casepool.report.words.numbers import is_missing

HEADLINED = frozenset({RateStatus.REGISTRY_ANCHORED, RateStatus.TRANSPORTED, RateStatus.TRANSPORTED_WEAK, "ok"})


@dataclass(frozen=True)
class Estimate:
    """One row of the results; numbers that are not there are None."""

    name: str
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
    status: str = RateStatus.NO_DATA
    reason: str = ""

    @property
    def headlined(self) -> bool:
        """Whether the number may stand in tables, figures and prose (else its status words do)."""
        return self.value is not None and self.status in HEADLINED and not self.reason

    @property
    def shown_status(self) -> str:
        """The status to name: a number withheld for another reason counts as prior-driven."""
        withheld = self.status in HEADLINED and not self.headlined
        return RateStatus.PRIOR_DRIVEN.value if withheld else self.status

    @property
    def shown(self) -> bool:
        """Whether there is a value and an interval to draw."""
        return None not in (self.value, self.ci_lower, self.ci_upper)


EMPTY = Estimate("")


class Estimates:
    """The estimates of one outcome, found by disease, analysis and model."""

    def __init__(self, results: pd.DataFrame, outcome: str) -> None:
        self._found: dict[tuple[str, str, str], Estimate] = {}
        for row in results[results["outcome"] == outcome].to_dict("records"):
            key = (str(row["disease"]), str(row["analysis"]), str(row["model"]))
            self._found[key] = _estimate({str(name): value for name, value in row.items()})

    def get(self, disease: str, analysis: str, model: str = "joint") -> Estimate:
        """Return an estimate; one that was not made is empty with status no-data."""
        return self._found.get((disease, analysis, model), Estimate(f"{analysis}.{disease}.{model}"))

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self._found.values())


def _estimate(row: dict[str, object]) -> Estimate:
    return Estimate(
        name=str(row["name"]),
        value=_number(row["value"]),
        ci_lower=_number(row["ci_lower"]),
        ci_upper=_number(row["ci_upper"]),
        pi_lower=_number(row["pi_lower"]),
        pi_upper=_number(row["pi_upper"]),
        lowest=_number(row["lowest"]),
        highest=_number(row["highest"]),
        n_response=_count(row["n_response"]),
        n_at_most=_count(row["n_at_most"]),
        n_evaluable=_count(row["n_evaluable"]),
        k=_count(row["k"]),
        status=str(row["status"]),
        reason="" if is_missing(row["reason"]) else str(row["reason"]),
    )


def _number(value: object) -> float | None:
    return None if is_missing(value) else float(str(value))


def _count(value: object) -> int | None:
    return None if is_missing(value) else int(float(str(value)))
