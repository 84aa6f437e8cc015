"""What kind of evidence a build rests on: the numbers by which its sentences are chosen."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.counting.counts import counted_cases
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Ascertainment, Basis


@dataclass(frozen=True)
class EvidenceProfile:
    """The evidence in numbers.

    Attributes
    ----------
    n_diseases : eligible diseases of the protocol.
    with_data : ids of the diseases with a patient whose response is known, in protocol order.
    complete : sources (report ids) that report all their patients, with responders counted.
    complete_patients : evaluable patients of these.
    complete_uncounted : such sources without a count of responders.
    selective : other sources with responders counted.
    shared : diseases with counted sources of both kinds.
    n_registry : evaluable patients of the registry.
    n_entries, n_abstract : cases that count, and those of them read in an abstract only.
    n_single, n_sources : counted sources of one patient, and all counted sources.
    """

    n_diseases: int
    with_data: tuple[str, ...]
    complete: tuple[str, ...]
    complete_patients: int
    complete_uncounted: tuple[str, ...]
    selective: tuple[str, ...]
    shared: tuple[str, ...]
    n_registry: int
    n_entries: int
    n_abstract: int
    n_single: int
    n_sources: int

    @property
    def compared(self) -> bool:
        """Whether sources of both kinds stand against each other at all."""
        return bool(self.complete and self.selective)


def evidence_profile(studies: pd.DataFrame, unique: pd.DataFrame | None, protocol: Protocol) -> EvidenceProfile:
    """Return the profile of the counts by source and of the unique patients."""
    counted = studies[studies["n_evaluable"].fillna(0) > 0]
    complete = counted[counted["ascertainment"] == Ascertainment.COMPLETE]
    rest = counted[counted["ascertainment"] != Ascertainment.COMPLETE]
    silent = studies[(studies["ascertainment"] == Ascertainment.COMPLETE) & (studies["n_evaluable"].fillna(0) == 0)]
    with_data = set(counted["disease"])
    both = set(complete["disease"]) & set(rest["disease"])
    bases, by_source = _bases(unique), counted.groupby("report_id")["n_evaluable"].sum()
    return EvidenceProfile(
        n_diseases=len(protocol.eligible_ids),
        with_data=tuple(one for one in protocol.eligible_ids if one in with_data),
        complete=_reports(complete),
        complete_patients=int(complete["n_evaluable"].sum()),
        complete_uncounted=_reports(silent),
        selective=_reports(rest),
        shared=tuple(one for one in protocol.eligible_ids if one in both),
        n_registry=int(counted.loc[counted["report_id"].isin(list(RELEASED_REPORTS)), "n_evaluable"].sum()),
        n_entries=len(bases),
        n_abstract=int((bases == Basis.ABSTRACT).sum()),
        n_single=int((by_source == 1).sum()),
        n_sources=len(by_source),
    )


def _reports(studies: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(studies["report_id"].astype(str))))


def _bases(unique: pd.DataFrame | None) -> pd.Series:
    if unique is None:
        return pd.Series(dtype=str)
    return counted_cases(unique)["basis"]
