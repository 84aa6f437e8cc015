"""Who is told twice: decisions and told identities make clusters; each cluster counts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from casepool.errors import LinkageError
from casepool.rows import Row, missing, rows_of, split_ids
from casepool.schemas.stages import UNIQUE_PATIENTS
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
        If two cases decided as different are joined through other decisions.
    """
    eligible = cases[cases["eligible"] == Answer.YES].sort_values("case_id").reset_index(drop=True)
    joined, different = _decided_pairs(eligible, decisions, unsure_as_same=unsure_as_same)
    same, contained = _split_by_kind(eligible, joined)
    clusters = _clusters(list(eligible["case_id"]), same)
    _refuse_contradiction(clusters, different)
    kept = eligible.assign(
        counted=Answer.YES.value,
        kept_as=eligible["case_id"],
        also_told_in=None,
        explanation=None,
    ).set_index("case_id", drop=False)
    kept = _keep_one_of_each(kept, clusters)
    return _take_out_of_cohorts(kept, contained)[UNIQUE_PATIENTS.names].reset_index(drop=True)


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


def _refuse_contradiction(clusters: Mapping[str, int], different: Iterable[Pair]) -> None:
    wrong = sorted(pair for pair in different if clusters[pair[0]] == clusters[pair[1]])
    if wrong:
        listed = "; ".join(f"{a} and {b}" for a, b in wrong)
        message = (
            f"identity_decisions.csv: {listed} are decided as different, but other decisions or "
            "same_patient_as join them; expected decisions that agree. Edit one of them."
        )
        raise LinkageError(message)


def _keep_one_of_each(cases: pd.DataFrame, clusters: Mapping[str, int]) -> pd.DataFrame:
    number = cases["case_id"].map(clusters)
    for _, members in cases.groupby(number, sort=True):
        if len(members) == 1:
            continue
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


def _take_out_of_cohorts(cases: pd.DataFrame, contained: Mapping[str, set[str]]) -> pd.DataFrame:
    """Drop the singles that lie inside a counted cohort, or subtract them from it.

    A cohort whose responses are counted keeps its patients and the single is dropped. A cohort known
    without responses leaves the single in and loses one treated patient.
    """
    cohorts = cases[(cases["kind"] == CaseKind.COHORT) & (cases["counted"] == Answer.YES)]
    for holder in rows_of(cohorts):
        cohort = holder["case_id"]
        inside = _inside(cases, holder, contained.get(cohort, set()))
        if not inside or cases.loc[cohort, "counted"] == Answer.NO:
            continue
        if holder["n_evaluable"] > 0:
            cases.loc[inside, "counted"] = Answer.NO.value
            cases.loc[inside, "kept_as"] = cohort
            cases.loc[inside, "explanation"] = f"lies inside {cohort}"
        else:
            treated = int(cases.loc[inside, "n_treated"].fillna(0).sum())
            known = 0 if missing(holder["n_treated"]) else int(holder["n_treated"])
            cases.loc[cohort, "n_treated"] = max(known - treated, 0)
            cases.loc[cohort, "explanation"] = f"{treated} patient(s) counted singly"
    return cases


def _inside(cases: pd.DataFrame, holder: Row, decided: set[str]) -> list[str]:
    named = decided | set(split_ids(holder["includes_case"]))
    members = cases[
        (cases["case_id"].isin(list(named)) | cases["report_id"].isin(list(named)))
        & (cases["disease"] == holder["disease"])
        & (cases["counted"] == Answer.YES)
        & (cases["case_id"] != holder["case_id"])
    ]
    return list(members["case_id"])
