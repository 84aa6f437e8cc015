"""The counts of one outcome as arrays for the statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.counting.tally import Tally
from casepool.model.errors import ConfigError
from casepool.model.study import study
from casepool.model.vocabulary import Ascertainment, ReportType
from casepool.rows import missing, rows_of, split_ids
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
    centres : (k,) the centres behind the source, over which its effect averages; 1 where not known.
    linkages : publication by response inside the registry, by disease; None for a total over the other diseases.
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
    centres: IntArray
    linkages: tuple[tuple[str | None, Linkage], ...] = ()

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
            self.centres[mask],
        )

    @property
    def linkage(self) -> Linkage | None:
        """Publication by response inside the registry over all diseases; None where nothing is known of it."""
        tables = [astuple(table) for _, table in self.linkages]
        return Linkage(*(sum(column) for column in zip(*tables, strict=True))) if tables else None

    @property
    def total(self) -> tuple[int, int]:
        """Events and patients over all sources."""
        return int(self.events.sum()), int(self.n.sum())

    @property
    def n_complete(self) -> int:
        """Patients of sources that report all they treated."""
        return int(self.n[self.complete].sum())

    @property
    def n_selective(self) -> int:
        """Patients of the other sources."""
        return int(self.n[~self.complete].sum())

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
    linkage : table ``registry_linkage``; a row counts only while its patients in complete centres do.
    """
    known = [one.id for one in study().protocol.outcomes]
    if outcome not in known:
        message = f"outcome {outcome}: no counts are known for it; expected one of {', '.join(known)}"
        raise ConfigError(message)
    of = study().counted[outcome]
    told = studies[studies[of.known] > 0].sort_values(["disease", "report_id"])
    complete_kinds = [Ascertainment.COMPLETE.value]
    complete_kinds += [Ascertainment.UNCLEAR.value] if unclear_as_complete else []
    return source_counts(outcome, told, complete_kinds, tuple(_linkages_of(outcome, told, linkage)))


def source_counts(
    name: str,
    told: pd.DataFrame,
    complete_kinds: Sequence[str],
    linkages: tuple[tuple[str | None, Linkage], ...] = (),
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
        np.asarray(told["n_centres"].astype("Int64").fillna(1), np.int64),
        linkages,
    )


def _linkages_of(
    outcome: str, told: pd.DataFrame, linkage: pd.DataFrame | None
) -> Iterator[tuple[str | None, Linkage]]:
    """Yield each linkage while its unpublished patients are among the sources; a variant may have left them out."""
    if linkage is None:
        return
    of_outcome = linkage[linkage["outcome"] == outcome]
    complete = (told["report_type"] == ReportType.REGISTRY_CALL) & (told["ascertainment"] == Ascertainment.COMPLETE)
    registry = told[complete.astype(bool)]
    alone = registry["disease"].isin(of_outcome["disease"].dropna())
    for row in rows_of(of_outcome):
        disease = None if missing(row["disease"]) else str(row["disease"])
        of_disease = registry["disease"] == disease if disease else ~alone
        numbers = (row["n_response"], row["n_response_published"], row["n_none"], row["n_none_published"])
        table = Linkage(*(int(number) for number in numbers))
        among = registry.loc[of_disease, study().counted[outcome].known].sum()
        if 0 < among >= table.unpublished:
            yield disease, table
