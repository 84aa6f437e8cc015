"""Who is told twice: decisions and told identities make clusters; each cluster counts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from casepool.errors import LinkageError
from casepool.rows import Row, missing, rows_of, split_ids
from casepool.schemas.cases import UNIQUE_PATIENTS
from casepool.vocabulary import Answer, Ascertainment, CaseKind, IdentityDecision

Pair = tuple[str, str]
# Complete ascertainment wins over selective for the same patient.
_RANK = {Ascertainment.COMPLETE: 0, Ascertainment.UNCLEAR: 1, Ascertainment.SELECTIVE: 2}


def unique_patients(cases: pd.DataFrame, decisions: pd.DataFrame, *, unsure_as_same: bool = False) -> pd.DataFrame:
    """Return the table ``unique_patients``: the eligible cases, each patient counted once.

    Parameters
    ----------
    cases : the table ``cases``.
    decisions : the curated table ``identity_decisions``; it wins over everything else.
    unsure_as_same : count every doubtful pair as one patient (sensitivity analysis).

    Raises
    ------
    LinkageError
        If two cases decided as different are joined through other decisions, or if more patients
        lie inside a cohort than it treated.
    """
    eligible = cases[cases["eligible"] == Answer.YES].sort_values("case_id").reset_index(drop=True)
    joined, different = _decided_pairs(eligible, decisions, unsure_as_same=unsure_as_same)
    same, contained = _split_by_kind(eligible, joined)
    clusters = _clusters(list(eligible["case_id"]), same)
    _refuse_contradiction(clusters, contained, different)
    kept = eligible.assign(
        counted=Answer.YES.value,
        kept_as=eligible["case_id"],
        also_told_in=None,
        explanation=None,
    ).set_index("case_id", drop=False)
    kept = _keep_one_of_each(kept, clusters)
    return _take_out_of_cohorts(kept, contained, different)[UNIQUE_PATIENTS.names].reset_index(drop=True)


def _decided_pairs(
    eligible: pd.DataFrame, decisions: pd.DataFrame, *, unsure_as_same: bool
) -> tuple[list[Pair], list[Pair]]:
    known = set(eligible["case_id"])
    counts_as_same = {IdentityDecision.SAME_PATIENT}
    if unsure_as_same:
        counts_as_same.add(IdentityDecision.UNSURE)
    rows = [row for row in rows_of(decisions) if {row["case_a"], row["case_b"]} <= known]
    different = [(row["case_a"], row["case_b"]) for row in rows if row["decision"] == IdentityDecision.DIFFERENT]
    same = [(row["case_a"], row["case_b"]) for row in rows if row["decision"] in counts_as_same]
    apart = {frozenset(pair) for pair in different}
    told = eligible.dropna(subset=["same_patient_as"])
    links = zip(told["case_id"], told["same_patient_as"], strict=True)
    same += [pair for pair in links if pair[1] in known and frozenset(pair) not in apart]
    return same, different


def _split_by_kind(eligible: pd.DataFrame, pairs: Iterable[Pair]) -> tuple[list[Pair], dict[str, set[str]]]:
    """Return the pairs of like cases, and cohort → patients that a pair places inside it."""
    kind = eligible.set_index("case_id")["kind"].to_dict()
    same: list[Pair] = []
    contained: dict[str, set[str]] = {}
    for pair in pairs:
        cohorts = [case for case in pair if kind[case] == CaseKind.COHORT]
        if len(cohorts) == 1:
            contained.setdefault(cohorts[0], set()).update(set(pair) - set(cohorts))
        else:
            same.append(pair)
    return same, contained


def _clusters(case_ids: list[str], same: Iterable[Pair]) -> dict[str, int]:
    """Return case_id → cluster number (connected components of the pairs)."""
    position = {case: index for index, case in enumerate(case_ids)}
    pairs = np.array([[position[a], position[b]] for a, b in same], dtype=int).reshape(-1, 2)
    size = len(case_ids)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, numbers = connected_components(graph, directed=False)
    return {case: int(number) for case, number in zip(case_ids, numbers, strict=True)}


def _refuse_contradiction(
    clusters: Mapping[str, int], contained: Mapping[str, set[str]], different: Iterable[Pair]
) -> None:
    inside = {frozenset((cohort, patient)) for cohort, patients in contained.items() for patient in patients}
    wrong = sorted(pair for pair in different if clusters[pair[0]] == clusters[pair[1]] or frozenset(pair) in inside)
    if wrong:
        listed = "; ".join(f"{a} and {b}" for a, b in wrong)
        message = (
            f"identity_decisions.csv: {listed} are decided as different, but other decisions or "
            "same_patient_as join them; expected decisions that agree. Edit one of them."
        )
        raise LinkageError(message)


def _keep_one_of_each(cases: pd.DataFrame, clusters: Mapping[str, int]) -> pd.DataFrame:
    number = cases["case_id"].map(clusters)
    told_again = cases[number.duplicated(keep=False)]
    for _, members in told_again.groupby(number, sort=True):
        best = min(rows_of(members), key=_preference)["case_id"]
        others = [case for case in members["case_id"] if case != best]
        cases.loc[best, "also_told_in"] = "; ".join(others)
        cases.loc[others, "counted"] = Answer.NO.value
        cases.loc[others, "kept_as"] = best
        cases.loc[others, "explanation"] = f"same patient as {best}"
    return cases


def _preference(case: Row) -> tuple[int, int, int, str]:
    """Order the tellings of one patient: ascertainment, outcome known, richest record, id."""
    told = sum(not missing(value) and value != Answer.NOT_REPORTED for value in case.values())
    unknown_outcome = int(case["n_evaluable"] == 0)
    return (_RANK[Ascertainment(str(case["ascertainment"]))], unknown_outcome, -told, str(case["case_id"]))


def _take_out_of_cohorts(
    cases: pd.DataFrame, contained: Mapping[str, set[str]], different: Iterable[Pair]
) -> pd.DataFrame:
    """Drop the singles that lie inside a counted cohort, or subtract them from it.

    A cohort whose responses are counted keeps its patients and the single is dropped. A cohort known
    without responses leaves the single in and loses one treated patient. A patient told singly in
    several reports lies inside with all of them, and so do the patients of a stratum that the cohort
    stands for.
    """
    apart = {frozenset(pair) for pair in different}
    counted_as = cases["kept_as"].to_dict()
    named = {
        case["case_id"]: _named_inside(cases, case, contained, apart)
        for case in rows_of(cases[cases["kind"] == CaseKind.COHORT])
    }
    cohorts = cases[(cases["kind"] == CaseKind.COHORT) & (cases["counted"] == Answer.YES)]
    for holder in rows_of(cohorts):
        cohort = holder["case_id"]
        tellings = [one for one in named if counted_as[one] == cohort]
        singles = {counted_as[one] for telling in tellings for one in named[telling]} - {cohort}
        inside = sorted(one for one in singles if cases.loc[one, "counted"] == Answer.YES)
        if not inside or cases.loc[cohort, "counted"] == Answer.NO:
            continue
        _refuse_more_than_treated(holder, inside, cases)
        if holder["n_evaluable"] > 0:
            cases.loc[inside, "counted"] = Answer.NO.value
            cases.loc[inside, "kept_as"] = cohort
            cases.loc[inside, "explanation"] = f"lies inside {cohort}"
        elif not missing(holder["n_treated"]):
            treated = int(cases.loc[inside, "n_treated"].fillna(0).sum())
            cases.loc[cohort, "n_treated"] = int(holder["n_treated"]) - treated
            cases.loc[cohort, "explanation"] = f"{treated} patient(s) counted singly"
    return cases


def _named_inside(
    cases: pd.DataFrame, cohort: Row, contained: Mapping[str, set[str]], apart: set[frozenset[str]]
) -> set[str]:
    """Return the cases that decisions or the cohort itself place inside it (a report: its cases of the disease)."""
    listed = split_ids(cohort["includes_case"])
    of_reports = cases[cases["report_id"].isin(listed) & (cases["disease"] == cohort["disease"])]
    named = contained.get(cohort["case_id"], set()) | (set(listed) & set(cases["case_id"])) | set(of_reports["case_id"])
    return {case for case in named if frozenset((case, cohort["case_id"])) not in apart}


def _refuse_more_than_treated(cohort: Row, inside: list[str], cases: pd.DataFrame) -> None:
    treated = cases.loc[inside, "n_treated"].fillna(0).sum()
    if not missing(cohort["n_treated"]) and treated > cohort["n_treated"]:
        message = (
            f"{cohort['case_id']}: {treated} patients are said to lie inside ({', '.join(inside)}); expected at most "
            f"its n_treated = {cohort['n_treated']}. Check includes_case and identity_decisions.csv."
        )
        raise LinkageError(message)
