"""The table ``plan``: what each kind of further evidence of each disease is expected to bring to its own interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from casepool import defaults
from casepool.contract.estimates import PLAN
from casepool.model.configuration import LARGEST, Planning, Pooling
from casepool.model.estimate import NEW_DISEASE, OK
from casepool.model.vocabulary import FurtherEvidence
from casepool.pooling.own import allowances_of
from casepool.stats.binomial import check_level
from casepool.stats.own.data import Allowances, Kind, OwnData
from casepool.stats.own.preposterior import Aim, DiseaseProspects, Prospect, Prospects
from casepool.typing import Row

# Why nobody can be looked up.
NO_REGISTRY, ALL_LOOKED_UP = "no_registry", "all_looked_up"

_SOURCES = {
    FurtherEvidence.REGISTRY: Kind.REGISTRY,
    FurtherEvidence.TRIAL: Kind.COMPLETE,
    FurtherEvidence.REPORTS: Kind.SELECTIVE,
}


@dataclass(frozen=True)
class Question:
    """What a plan is asked.

    Attributes
    ----------
    patients : numbers of further patients, of one disease.
    level, threshold : coverage of the intervals, and the rate that they should exclude.
    allowances : what may be wrong with the evidence, known and further.
    """

    patients: tuple[int, ...] = defaults.PLAN_PATIENTS
    level: float = defaults.LEVEL
    threshold: float = defaults.PLAN_THRESHOLD
    allowances: Allowances = field(default_factory=Allowances)

    @classmethod
    def of(cls, pooling: Pooling, planning: Planning) -> Question:
        """Return what the configuration asks."""
        return cls(planning.patients, pooling.level, planning.threshold, allowances_of(pooling))

    def __post_init__(self) -> None:
        """Refuse what is outside its range."""
        if not self.patients or not all(1 <= n <= LARGEST for n in self.patients):
            message = f"patients = {', '.join(map(str, self.patients)) or 'none'}; expected 1 to {LARGEST} each"
            raise ValueError(message)
        check_level(self.level)
        if not 0 < self.threshold < 1:
            message = f"threshold = {self.threshold}; expected a rate between 0 and 1"
            raise ValueError(message)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The numbers of patients in order, each once."""
        return tuple(sorted(set(self.patients)))


def plan(data: OwnData, diseases: Sequence[str], question: Question) -> pd.DataFrame:
    """Return the table ``plan``: a row for each disease with patients, kind of further evidence and number.

    All diseases without patients are one row each kind, ``new_disease``: nothing is known that sets them apart.

    Parameters
    ----------
    data : OwnData
        The own evidence.
    diseases : sequence of str, length D
        Their ids, by position.
    """
    further = data.n_diseases
    widened = replace(data, n_diseases=further + 1)
    prospects = Prospects(widened, question.allowances, Aim(question.level, question.threshold), question.sizes[-1])
    named = [(position, one) for position, one in enumerate(diseases) if data.of(position)]
    rows = [
        row for position, one in (*named, (further, NEW_DISEASE)) for row in _rows(prospects, position, one, question)
    ]
    return pd.DataFrame(rows, columns=PLAN.names).astype(PLAN.dtypes)


def _rows(prospects: Prospects, position: int, disease: str, question: Question) -> Iterator[Row]:
    of_it = prospects.of(position)
    known = {
        "disease": disease,
        "n_known": sum(source.n for source in prospects.data.of(position)),
        "level": question.level,
        "threshold": question.threshold,
        "width_now": of_it.now.width,
        "excludes_now": of_it.now.excludes,
    }
    for evidence, kind in _SOURCES.items():
        for n in question.sizes:
            yield {**known, "evidence": evidence.value, "n": n, **_told(of_it.source(kind, n))}
    for n, status in _lookups(prospects.data, position, of_it, question.sizes):
        found = of_it.lookup(n) if status == OK else None
        yield {**known, "evidence": FurtherEvidence.LOOKUP.value, "n": n, **_told(found), "status": status}


def _told(found: Prospect | None) -> Row:
    if found is None:
        return {"width": None, "excludes": None}
    return {"width": found.width, "excludes": found.excludes, "status": OK}


def _lookups(data: OwnData, position: int, of_it: DiseaseProspects, sizes: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield how many registry patients may be looked up in the literature, at most all; or why none."""
    left = sum(of_it.unlinked)
    if left:
        yield from ((n, OK) for n in sorted({min(n, left) for n in sizes}))
    elif any(source.kind == Kind.REGISTRY for source in data.of(position)):
        yield 0, ALL_LOOKED_UP
    else:
        yield 0, NO_REGISTRY
