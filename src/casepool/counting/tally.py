"""Numerator, denominator and "not known" of every outcome and event: counted here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from casepool.model.errors import InconsistentError
from casepool.model.protocol import Protocol
from casepool.model.study import study
from casepool.rows import missing, rows_of
from casepool.stats.binomial import clopper_pearson


@dataclass(frozen=True)
class Tally:
    """How many patients had an outcome or event.

    Attributes
    ----------
    least, most : patients who surely had it, and those who had it or may have had it.
    known : patients of whom the sources say something about it.
    at_risk : patients who could have had it.
    """

    least: int
    most: int
    known: int
    at_risk: int

    @property
    def exact(self) -> bool:
        """Whether the sources leave no doubt about any of those they speak of."""
        return self.least == self.most

    @property
    def proportion(self) -> float | None:
        """The share of the known who had it; None without any, and where only bounds are known."""
        return self.least / self.known if self.known and self.exact else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The share if none, and if all of the doubtful had it; None where nobody is known."""
        return (self.least / self.known, self.most / self.known) if self.known else None

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return Clopper–Pearson limits; of bounds the lower limit of the lower and the upper of the upper one."""
        if not self.known:
            return None
        lower = clopper_pearson(self.least, self.known, level)[0]
        return float(lower), float(clopper_pearson(self.most, self.known, level)[1])


def tally(cases: pd.DataFrame, item: str) -> Tally:
    """Return the tally of an outcome or event (see ``Study.counted``) over the rows of a table of cases or counts."""
    of = study().counted[item]
    return Tally(*(int(cases[name].fillna(0).sum()) for name in (of.least, of.most, of.known, of.at_risk)))


# Each column holds patients of the column behind it; before the responders stand those of a further outcome.
_NESTED = ("n_response", "n_evaluable", "n_treated")


def require_nested(frame: pd.DataFrame, name: str, keys: tuple[str, ...]) -> None:
    """Raise InconsistentError where a count exceeds what it is a part of; every row is named.

    The law of every table of counts: complete ≤ any response ≤ evaluable ≤ treated, and an event is not seen more
    often than it can have been. Columns that a table does not have are passed over.

    Parameters
    ----------
    frame : a table of cases or counts.
    name : of the table, for the message.
    keys : its columns that name a row.
    """
    declared = study()
    outcomes = (declared.counted[outcome.id] for outcome in declared.further_outcomes)
    orders: list[tuple[str, ...]] = [(of.least, of.most, *_NESTED) for of in outcomes] or [_NESTED]
    events = (declared.counted[event] for event in declared.events)
    orders += [(of.least, of.most, of.known) for of in events]
    numbers = {one: frame[one].to_numpy(dtype=float, na_value=0) for order in orders for one in order if one in frame}
    wrong = []
    for order in orders:
        for small, large in pairwise([column for column in order if column in frame]):
            broken = numbers[small] > numbers[large]
            for row in rows_of(frame[broken]) if broken.any() else ():
                place = ", ".join([name, *(str(row[key]) for key in keys)])
                wrong.append(f"{place}: {small} = {row[small]}, but {large} = {row[large]}")
    wrong = list(dict.fromkeys(wrong))  # responders stand behind every further outcome
    if wrong:
        message = f"a part exceeds its whole ({len(wrong)}): {'; '.join(wrong)}"
        raise InconsistentError(message)


def require_nested_rates(results: pd.DataFrame, protocol: Protocol) -> None:
    """Raise InconsistentError where an outcome is more frequent than one that it is a part of.

    The law of the table ``results``: whatever the outcome with fewer kinds of success can be at most (a complete
    response) is not above the outcome that includes it (any response), in count and in rate, for every disease, all
    together, and every exact analysis.
    """
    exact = results[results["model"] == "exact"]
    keys = ["disease", "analysis"]
    wrong = []
    for part, whole in _parts(protocol):
        both = exact[exact["outcome"] == part].merge(exact[exact["outcome"] == whole], on=keys, suffixes=("", "_whole"))
        for row in rows_of(both):
            most = row["value"] if missing(row["highest"]) else row["highest"]
            whole_most = row["value_whole"] if missing(row["highest_whole"]) else row["highest_whole"]
            more = any(row[name] > row[f"{name}_whole"] for name in ("n_response", "n_at_most", "n_evaluable"))
            if more or (not missing(most) and most > whole_most):
                counts = " against ".join(
                    f"{row[events]}/{row[n]}"
                    for events, n in (("n_at_most", "n_evaluable"), ("n_response_whole", "n_evaluable_whole"))
                )
                wrong.append(f"{row['disease']}, {row['analysis']}: {part} exceeds {whole} ({counts})")
    if wrong:
        message = f"results: a part exceeds its whole ({len(wrong)}): {'; '.join(wrong)}"
        raise InconsistentError(message)


def _parts(protocol: Protocol) -> list[tuple[str, str]]:
    """Return the pairs of outcomes of which the first is a part of the second."""
    kinds = [(one.id, set(one.success)) for one in protocol.outcomes]
    return [(part, whole) for part, few in kinds for whole, many in kinds if few < many]
