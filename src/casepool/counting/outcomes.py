"""The counts of one outcome as arrays for the statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.counting.tally import Tally
from casepool.model.errors import ConfigError
from casepool.model.study import study
from casepool.model.vocabulary import Ascertainment, ReportType
from casepool.rows import rows_of, split_ids
from casepool.stats.joint.data import Linkage
from casepool.typing import IntArray


@dataclass(frozen=True)
class OutcomeCounts:
    """Events and patients of each source for one outcome, sources without patients left out.

    Attributes
    ----------
    disease, complete : (k,) id of the disease; whether the ascertainment is complete.
    events, n : (k,) patients who surely had the outcome, and patients of whom it is known.
    most : (k,) patients who had it or may have had it; equal to `events` where the sources leave no doubt.
    cases : (k,) the cases behind each source.
    clustered : (k,) whether the patients of the source resemble each other. A released total of the
        registry spans centres: its patients count as sources of one.
    registry : (k,) whether the source is a call for observations, on the private side or as a released total.
    linkage : publication by response inside the registry, where it is known.
    """

    outcome: str
    disease: npt.NDArray[np.str_]
    complete: npt.NDArray[np.bool_]
    events: IntArray
    most: IntArray
    n: IntArray
    cases: tuple[str, ...]
    clustered: npt.NDArray[np.bool_]
    registry: npt.NDArray[np.bool_]
    linkage: Linkage | None = None

    def of(self, disease: str, *, complete: bool | None = None) -> OutcomeCounts:
        """Return the sources of one disease (and of one kind of ascertainment)."""
        mask = self.disease == disease
        if complete is not None:
            mask &= self.complete == complete
        return self.where(mask)

    def among(self, diseases: Sequence[str]) -> OutcomeCounts:
        """Return the sources of some diseases."""
        return self.where(np.isin(self.disease, list(diseases)))

    def only(self, *, complete: bool) -> OutcomeCounts:
        """Return the sources of one kind of ascertainment."""
        return self.where(self.complete == complete)

    def where(self, mask: npt.NDArray[np.bool_]) -> OutcomeCounts:
        """Return the sources where the mask is true."""
        kept = tuple(case for case, keep in zip(self.cases, mask, strict=True) if keep)
        return OutcomeCounts(
            self.outcome,
            self.disease[mask],
            self.complete[mask],
            self.events[mask],
            self.most[mask],
            self.n[mask],
            kept,
            self.clustered[mask],
            self.registry[mask],
        )

    @property
    def total(self) -> tuple[int, int]:
        """Events and patients over all sources."""
        return int(self.events.sum()), int(self.n.sum())

    @property
    def tally(self) -> Tally:
        """The total over all sources; at risk are those of whom it is known."""
        n = int(self.n.sum())
        return Tally(int(self.events.sum()), int(self.most.sum()), n, n)

    @property
    def n_reports(self) -> int:
        """Reports behind all sources: one that tells of two diseases is two sources, but one report."""
        return len({case.split("/")[0] for cases in self.cases for case in split_ids(cases)})

    @property
    def listed_cases(self) -> str | None:
        """The cases behind all sources, as one text."""
        return "; ".join(self.cases) or None


def outcome_counts(
    studies: pd.DataFrame,
    outcome: str,
    linkage: pd.DataFrame | None = None,
    *,
    unclear_as_complete: bool = False,
) -> OutcomeCounts:
    """Return the counts of an outcome; unclear ascertainment is analysed as selective by default.

    Parameters
    ----------
    linkage : table ``registry_linkage``; it counts only while registry patients of complete centres do.
    """
    known = [one.id for one in study().protocol.outcomes]
    if outcome not in known:
        message = f"outcome {outcome}: no counts are known for it; expected one of {', '.join(known)}"
        raise ConfigError(message)
    of = study().counted[outcome]
    told = studies[studies[of.known] > 0].sort_values(["disease", "report_id"])
    complete_kinds = [Ascertainment.COMPLETE.value]
    complete_kinds += [Ascertainment.UNCLEAR.value] if unclear_as_complete else []
    return source_counts(outcome, told, complete_kinds, _linkage_of(outcome, told, linkage))


def source_counts(
    name: str, told: pd.DataFrame, complete_kinds: Sequence[str], linkage: Linkage | None = None
) -> OutcomeCounts:
    """Return the counts of an outcome or an event.

    Parameters
    ----------
    told : a row for each source that knows of it, in the columns of ``study_counts``.
    complete_kinds : the ascertainments that are analysed as complete.
    """
    of = study().counted[name]
    least, most, known = (told[column].to_numpy(dtype=np.int64) for column in (of.least, of.most, of.known))
    return OutcomeCounts(
        name,
        told["disease"].to_numpy(dtype=str),
        told["ascertainment"].isin(complete_kinds).to_numpy(dtype=bool),
        least,
        most,
        known,
        tuple(told["cases"]),
        ~told["report_id"].isin(list(RELEASED_REPORTS)).to_numpy(dtype=bool),
        (told["report_type"] == ReportType.REGISTRY_CALL).to_numpy(dtype=bool),
        linkage,
    )


def _linkage_of(outcome: str, told: pd.DataFrame, linkage: pd.DataFrame | None) -> Linkage | None:
    """Return the linkage while its patients are among the sources; a variant may have left them out."""
    complete = told[told["ascertainment"] == Ascertainment.COMPLETE]
    if linkage is None or not (complete["report_type"] == ReportType.REGISTRY_CALL).any():
        return None
    for row in rows_of(linkage[linkage["outcome"] == outcome]):
        known = int(row["n_response"]), int(row["n_none"])
        if sum(known) <= complete[study().counted[outcome].known].sum():
            return Linkage(known[0], int(row["n_response_published"]), known[1], int(row["n_none_published"]))
    return None
