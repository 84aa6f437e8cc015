"""The table of unique patients: of several tellings the best is kept, and nobody counts in a cohort and alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.cases import UNIQUE_PATIENTS
from casepool.identity.clusters import Clusters
from casepool.model.errors import LinkageError
from casepool.model.message import Message
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Ascertainment, CaseKind
from casepool.typing import BoolArray, FloatArray, IntArray

# Complete ascertainment wins over selective for the same patient.
_RANK = {Ascertainment.COMPLETE: 0, Ascertainment.UNCLEAR: 1, Ascertainment.SELECTIVE: 2}


def _cohort_counts() -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the counts of a cohort, and the number of patients for whom it counts them."""
    yield ("n_female",), "n_sex_known"
    for event in study().harms:
        of = study().counted[event.id]
        yield (of.least, of.most), of.known


@dataclass(frozen=True)
class _Places:
    """Where each case, by position, is counted; the arrays change while the cohorts are settled.

    Attributes
    ----------
    kept : the case that counts for it.
    counted : whether it counts itself.
    lies_inside : the cohort that holds it; −1 = none.
    n_treated : patients treated that it counts for.
    explanation : why it does not count, or counts for fewer.
    """

    kept: IntArray
    counted: BoolArray
    lies_inside: IntArray
    n_treated: FloatArray
    explanation: npt.NDArray[np.object_]


def unique_table(
    eligible: pd.DataFrame, clusters: Clusters, inside: Mapping[int, set[int]]
) -> tuple[pd.DataFrame, dict[tuple[str, str], list[str]]]:
    """Return the table ``unique_patients``, and pairs of cohorts → patients who lie inside both.

    Parameters
    ----------
    eligible : the eligible cases, sorted, numbered from 0.
    inside : position of a cohort → positions of the cases that lie inside it.
    """
    ids = eligible["case_id"].to_numpy(dtype=object)
    kept = _kept_telling(eligible, clusters)
    again = np.flatnonzero(kept != np.arange(len(kept)))
    told_in = pd.Series(ids[again]).groupby(kept[again]).agg("; ".join)
    treated = np.array(eligible["n_treated"].to_numpy(dtype=float, na_value=np.nan))
    nothing = np.full(len(kept), None, dtype=object)
    places = _Places(kept.copy(), kept == np.arange(len(kept)), np.full(len(kept), -1), treated, nothing.copy())
    places.explanation[again] = [f"same patient as {case}" for case in ids[kept[again]]]
    shared = _take_out_of_cohorts(eligible, places, _singles(eligible, kept, inside), ids)
    inside_one = places.lies_inside >= 0
    eligible = _told_by_the_cohort(eligible, places)
    cohort = nothing.copy()
    cohort[inside_one] = ids[places.lies_inside[inside_one]]
    unique = eligible.assign(
        n_treated=pd.array(places.n_treated, dtype="Float64").astype(eligible["n_treated"].dtype),
        counted=np.where(places.counted, Answer.YES.value, Answer.NO.value),
        kept_as=ids[places.kept],
        also_told_in=told_in.reindex(eligible.index).astype(object),
        lies_inside=cohort,
        explanation=places.explanation,
    )
    return unique[UNIQUE_PATIENTS.names], {(ids[a], ids[b]): list(ids[both]) for (a, b), both in shared.items()}


def _told_by_the_cohort(cases: pd.DataFrame, places: _Places) -> pd.DataFrame:
    """Return the cases; who counts singly but lies inside a cohort leaves to it what the cohort counts.

    Such a cohort has no responses but may count women, deaths and other events among all its patients: those of the
    single patient are among them already.
    """
    singles = np.flatnonzero((places.lies_inside >= 0) & places.counted)
    changed = cases.copy()
    for counts, known in _cohort_counts():
        by_cohort = cases[known].fillna(0).to_numpy(dtype=int)[places.lies_inside[singles]] > 0
        if by_cohort.any():
            changed.loc[changed.index[singles[by_cohort]], [*counts, known]] = 0
    return changed


def _kept_telling(cases: pd.DataFrame, clusters: Clusters) -> IntArray:
    """Return the position of the best telling of each case's patient.

    The best: ascertainment, then outcome known, then the richest record, then the id.
    """
    number = np.array([clusters.of(place) for place in range(len(cases))], dtype=np.int64)
    again = np.flatnonzero(pd.Series(number).duplicated(keep=False))
    kept = np.arange(len(cases))
    if not len(again):
        return kept
    members = cases.iloc[again]
    told = members.astype(object)
    richness = (told.notna() & (told != Answer.NOT_REPORTED)).sum(axis=1).to_numpy()
    unknown = (members["n_evaluable"] == 0).to_numpy(dtype=bool)
    rank = members["ascertainment"].map({str(one): rank for one, rank in _RANK.items()}).to_numpy(dtype=int)
    order = np.lexsort((again, -richness, unknown, rank))
    best = pd.Series(again[order]).groupby(number[again][order]).first()
    kept[again] = best.reindex(number[again]).to_numpy()
    return kept


def _singles(cases: pd.DataFrame, kept: IntArray, inside: Mapping[int, set[int]]) -> dict[int, IntArray]:
    """Return each cohort that counts → the patients inside it, by the telling that is kept.

    A patient told singly in several reports lies inside with all of them, and so do the patients of a
    stratum that the cohort stands for.
    """
    holders = np.flatnonzero((cases["kind"] == CaseKind.COHORT).to_numpy(dtype=bool))
    singles: dict[int, set[int]] = {int(cohort): set() for cohort in holders if kept[cohort] == cohort}
    for telling, members in inside.items():
        singles[int(kept[telling])] |= {int(kept[one]) for one in members}
    return {cohort: np.array(sorted(found - {cohort}), dtype=np.int64) for cohort, found in singles.items()}


def _take_out_of_cohorts(
    cases: pd.DataFrame, places: _Places, singles: Mapping[int, IntArray], ids: npt.NDArray[np.object_]
) -> dict[tuple[int, int], IntArray]:
    """Drop the singles that lie inside a counted cohort, or subtract them from it; return who lies in two.

    A cohort whose responses are counted keeps its patients and the single is dropped. A cohort known
    without responses leaves the single in and loses one treated patient.
    """
    evaluable = cases["n_evaluable"].fillna(0).to_numpy(dtype=int)
    for cohort, named in singles.items():
        members = named[places.counted[named]]
        if not len(members) or not places.counted[cohort]:
            continue
        _refuse_more_than_treated(ids, cohort, members, places)
        places.lies_inside[members] = cohort
        if evaluable[cohort] > 0:
            places.kept[np.isin(places.kept, members)] = cohort
            places.counted[members] = False
            places.explanation[members] = f"lies inside {ids[cohort]}"
        elif not np.isnan(places.n_treated[cohort]):
            treated = int(np.nansum(places.n_treated[members]))
            places.n_treated[cohort] -= treated
            places.explanation[cohort] = f"{treated} patient(s) counted singly"
    counted = [cohort for cohort in singles if places.counted[cohort]]
    pairs = ((one, other) for place, one in enumerate(counted) for other in counted[place + 1 :])
    return {pair: both for pair in pairs if len(both := np.intersect1d(singles[pair[0]], singles[pair[1]]))}


def _refuse_more_than_treated(ids: npt.NDArray[np.object_], cohort: int, members: IntArray, places: _Places) -> None:
    treated = np.nansum(places.n_treated[members])
    if treated > places.n_treated[cohort]:
        cases, most = tuple(map(str, ids[members])), int(places.n_treated[cohort])
        raise LinkageError(
            Message("more_inside_than_treated", cohort=str(ids[cohort]), n=int(treated), cases=cases, most=most)
        )
