"""The table of unique patients: of several tellings the best is kept, and nobody counts in a cohort and alone."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.errors import LinkageError
from casepool.linkage.clusters import Clusters
from casepool.rows import Row, missing
from casepool.schemas.cases import UNIQUE_PATIENTS
from casepool.vocabulary import Answer, Ascertainment, CaseKind

# Complete ascertainment wins over selective for the same patient.
_RANK = {Ascertainment.COMPLETE: 0, Ascertainment.UNCLEAR: 1, Ascertainment.SELECTIVE: 2}


def unique_table(
    eligible: pd.DataFrame, clusters: Clusters, inside: Mapping[int, set[int]]
) -> tuple[pd.DataFrame, dict[tuple[str, str], list[str]]]:
    """Return the table ``unique_patients``, and pairs of cohorts → patients who lie inside both.

    Parameters
    ----------
    eligible : the eligible cases, sorted, numbered from 0.
    inside : position of a cohort → positions of the cases that lie inside it.
    """
    number = pd.Series([clusters.of(place) for place in eligible.index], index=eligible.index)
    cases = eligible.assign(
        counted=Answer.YES.value, kept_as=eligible["case_id"], also_told_in=None, lies_inside=None, explanation=None
    )
    cases = _keep_one_of_each(cases, number).set_index("case_id", drop=False)
    ids = eligible["case_id"]
    named = {ids[cohort]: {ids[case] for case in members} for cohort, members in inside.items()}
    shared = _take_out_of_cohorts(cases, named)
    return cases[UNIQUE_PATIENTS.names].reset_index(drop=True), shared


def _keep_one_of_each(cases: pd.DataFrame, number: pd.Series) -> pd.DataFrame:
    again = cases[number.duplicated(keep=False)]
    if again.empty:
        return cases
    of = number[again.index]
    best = _by_preference(again).index.to_series().groupby(of).first()
    kept = pd.Series(of.map(best), index=again.index)
    others = kept.index[kept.index != kept]
    keeper = cases["case_id"].reindex(kept[others]).to_numpy()
    told_in = cases.loc[others, "case_id"].groupby(kept[others]).agg("; ".join)
    cases.loc[told_in.index, "also_told_in"] = told_in
    cases.loc[others, "counted"] = Answer.NO.value
    cases.loc[others, "kept_as"] = keeper
    cases.loc[others, "explanation"] = [f"same patient as {case}" for case in keeper]
    return cases


def _by_preference(cases: pd.DataFrame) -> pd.DataFrame:
    """Return tellings of one patient, the best first: ascertainment, outcome known, richest record, id."""
    told = cases.astype(object)
    order = {
        "rank": cases["ascertainment"].map({str(one): rank for one, rank in _RANK.items()}),
        "outcome_unknown": cases["n_evaluable"] == 0,
        "poverty": -(told.notna() & (told != Answer.NOT_REPORTED)).sum(axis=1),
        "case_id": cases["case_id"],
    }
    return pd.DataFrame(order).sort_values(list(order), kind="stable")


def _take_out_of_cohorts(cases: pd.DataFrame, named: Mapping[str, set[str]]) -> dict[tuple[str, str], list[str]]:
    """Drop the singles that lie inside a counted cohort, or subtract them from it; return who lies in two.

    A cohort whose responses are counted keeps its patients and the single is dropped. A cohort known
    without responses leaves the single in and loses one treated patient. A patient told singly in
    several reports lies inside with all of them, and so do the patients of a stratum that the cohort
    stands for.
    """
    counted_as = cases["kept_as"].to_dict()
    holders = cases.index[(cases["kind"] == CaseKind.COHORT) & (cases["counted"] == Answer.YES)]
    singles = {
        cohort: {counted_as[one] for telling in named if counted_as[telling] == cohort for one in named[telling]}
        - {cohort}
        for cohort in holders
    }
    for cohort in holders:
        inside = sorted(one for one in singles[cohort] if cases.loc[one, "counted"] == Answer.YES)
        if inside and cases.loc[cohort, "counted"] == Answer.YES:
            _take_out(cases, cohort, inside)
    return _in_two_cohorts(cases, singles)


def _take_out(cases: pd.DataFrame, cohort: str, inside: list[str]) -> None:
    holder: Row = {str(name): value for name, value in cases.loc[cohort].items()}
    _refuse_more_than_treated(holder, inside, cases)
    cases.loc[inside, "lies_inside"] = cohort
    if holder["n_evaluable"] > 0:
        tellings = cases["kept_as"].isin(inside)
        cases.loc[tellings, "kept_as"] = cohort
        cases.loc[inside, "counted"] = Answer.NO.value
        cases.loc[inside, "explanation"] = f"lies inside {cohort}"
    elif not missing(holder["n_treated"]):
        treated = int(cases.loc[inside, "n_treated"].fillna(0).sum())
        cases.loc[cohort, "n_treated"] = int(holder["n_treated"]) - treated
        cases.loc[cohort, "explanation"] = f"{treated} patient(s) counted singly"


def _in_two_cohorts(cases: pd.DataFrame, singles: Mapping[str, set[str]]) -> dict[tuple[str, str], list[str]]:
    """Return pairs of counted cohorts → patients named as inside both: they may be counted in each."""
    counted = sorted(cohort for cohort in singles if cases.loc[cohort, "counted"] == Answer.YES)
    pairs = ((one, other) for place, one in enumerate(counted) for other in counted[place + 1 :])
    return {pair: sorted(both) for pair in pairs if (both := singles[pair[0]] & singles[pair[1]])}


def _refuse_more_than_treated(cohort: Row, inside: list[str], cases: pd.DataFrame) -> None:
    treated = cases.loc[inside, "n_treated"].fillna(0).sum()
    if not missing(cohort["n_treated"]) and treated > cohort["n_treated"]:
        message = (
            f"{cohort['case_id']}: {treated} patients are said to lie inside ({', '.join(inside)}); expected at most "
            f"its n_treated = {cohort['n_treated']}. Check includes_case and identity_decisions.csv."
        )
        raise LinkageError(message)
