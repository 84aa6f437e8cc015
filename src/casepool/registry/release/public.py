"""From the private side of a build to its public side: totals of registry patients, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from casepool.contract.cases import CASES
from casepool.contract.registry import REGISTRY_LINKAGE, REGISTRY_LINKS
from casepool.files import store
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Ascertainment, CaseKind, IdentityDecision, ReportType
from casepool.registry.release.disclosure import Group, group_case, released_groups
from casepool.typing import Row

_DOUBTFUL = "may be a patient of the registry"


@dataclass(frozen=True)
class Release:
    """What leaves the private side.

    Attributes
    ----------
    cases : table ``cases``: the literature as it is, and one row for each released group.
    links : table ``registry_links``: published cases that may lie in a group, left unsure.
    linkage : table ``registry_linkage``: publication by response inside the registry.
    """

    cases: pd.DataFrame
    links: pd.DataFrame
    linkage: pd.DataFrame


def release(literature: pd.DataFrame, unique: pd.DataFrame, all_same: pd.DataFrame, threshold: int) -> Release:
    """Return the public tables.

    Parameters
    ----------
    literature : table ``cases`` of the literature alone.
    unique, all_same : private ``unique_patients``; with every doubtful pair as one patient in the second.
    threshold : see ``disclosure.released_groups``.
    """
    sure, maybe = published_as(unique), published_as(all_same)
    maybe = maybe[~maybe.isin(list(sure))]
    registry = _registry_patients(unique)
    linked = registry["case_id"].isin([*sure.index, *maybe.index])
    registry = registry.assign(hidden=(registry["published"] == Answer.NO).fillna(value=False) & ~linked)
    counted = registry[registry["counted"] == Answer.YES]
    groups = released_groups(counted, threshold)
    totals = pd.DataFrame([group_case(group, threshold, sure) for group in groups], columns=CASES.names)
    shown = {case for group in groups for case in group.members["case_id"]}
    # Those who count as a published case are no secret (those who count as another registry patient are). Without the
    # unpublished of their disease they would make publication look the rule.
    absorbed = registry["kept_as"].isin(list(literature["case_id"]))
    absorbed &= registry["disease"].isin({disease for group in groups for disease in group.members["disease"]})
    return Release(
        store.stack("cases", literature, totals),
        pd.DataFrame(list(_links(groups, maybe)), columns=REGISTRY_LINKS.names),
        linkage_counts(registry[absorbed | registry["case_id"].isin(shown)], unique, sure, threshold),
    )


def published_as(unique: pd.DataFrame) -> pd.Series:
    """Return, for each registry patient who stands for a published case, that case (index: registry)."""
    registry = set(unique.loc[unique["report_type"] == ReportType.REGISTRY_CALL, "case_id"])
    twice = unique[(unique["report_type"] != ReportType.REGISTRY_CALL) & unique["kept_as"].isin(registry)]
    return pd.Series(twice["case_id"].to_numpy(), index=twice["kept_as"].to_numpy(), dtype="object")


def _registry_patients(unique: pd.DataFrame) -> pd.DataFrame:
    told = (unique["report_type"] == ReportType.REGISTRY_CALL) & (unique["kind"] == CaseKind.PATIENT)
    return unique[told.astype(bool)]


def _links(groups: list[Group], maybe: pd.Series) -> Iterator[Row]:
    group_of = {case: group.case_id for group in groups for case in group.members["case_id"]}
    told = sorted({(group_of[registry], case) for registry, case in maybe.items() if registry in group_of})
    for group, case in told:
        yield {"case_a": group, "case_b": case, "decision": IdentityDecision.UNSURE, "reason": _DOUBTFUL}


def linkage_counts(registry: pd.DataFrame, unique: pd.DataFrame, sure: pd.Series, threshold: int) -> pd.DataFrame:
    """Return the table ``registry_linkage``: who of the registry patients was published, by response.

    Patients of centres that report everybody, each once; a patient who lies in a published cohort is
    left out (a cohort is not published for its response). A disease that may be told alone has rows of
    its own, the others stand together without a disease, or are not told. With a `threshold` of 0
    (private side) every disease is told alone.
    """
    kind = unique.set_index("case_id")["kind"]
    single = registry["kept_as"].map(kind) == CaseKind.PATIENT
    first = ~registry["kept_as"].duplicated()
    complete = registry["ascertainment"] == Ascertainment.COMPLETE
    told = registry[(complete & single & first).astype(bool)]
    in_print = told["case_id"].isin(list(sure.index)) | (told["published"] == Answer.YES).fillna(value=False)
    in_print |= told["kept_as"].map(unique.set_index("case_id")["report_type"]) != ReportType.REGISTRY_CALL
    unknown = ~in_print & (told["published"] != Answer.NO).fillna(value=True)
    told = told.assign(in_print=in_print.astype(bool), unknown=unknown.astype(bool))
    outcomes = [one.id for one in study().protocol.outcomes]
    cells = list(_cells(told, outcomes[0], threshold))
    rows = [
        {"outcome": outcome, "disease": disease, **_by_response(cell[_known(cell, outcome)], outcome)}
        for outcome in outcomes
        for disease, cell in cells
        if _may_be_told(cell, outcome, threshold)
    ]
    return pd.DataFrame(rows, columns=REGISTRY_LINKAGE.names).astype(REGISTRY_LINKAGE.dtypes)


def _cells(told: pd.DataFrame, outcome: str, threshold: int) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """Yield the patients of each disease that may be told alone, then all others.

    The cells are those of the first outcome for every outcome: no patient is in one cell here and in another there.
    """
    alone = {disease: cell for disease, cell in told.groupby("disease") if _may_be_told(cell, outcome, threshold)}
    yield from ((str(disease), cell) for disease, cell in alone.items())
    yield None, told[~told["disease"].isin(list(alone))]


def _may_be_told(cell: pd.DataFrame, outcome: str, threshold: int) -> bool:
    """Return whether a cell may be told, and what it leaves of the evaluable patients may be derived.

    Left out are those of unknown publication, and unpublished ones of whom the outcome is not known for certain.
    """
    known = _known(cell, outcome)
    if not threshold:
        return bool(known.any())
    evaluable = (cell["n_evaluable"] > 0).astype(bool)
    left_out = (evaluable & cell["unknown"], evaluable & ~known & ~cell["unknown"] & ~cell["in_print"])
    hidden = int((known & cell["hidden"] & ~cell["in_print"]).sum())
    return hidden >= threshold and all(not rows.any() or int(rows.sum()) >= threshold for rows in left_out)


def _known(cell: pd.DataFrame, outcome: str) -> pd.Series:
    """Return of whom publication and outcome are known."""
    of = study().counted[outcome]
    return ((cell[of.known] > 0) & (cell[of.least] == cell[of.most])).astype(bool) & ~cell["unknown"]


def _by_response(known: pd.DataFrame, outcome: str) -> Row:
    responded = (known[study().counted[outcome].least] > 0).astype(bool)
    return {
        "n_response": int(responded.sum()),
        "n_response_published": int((responded & known["in_print"]).sum()),
        "n_none": int((~responded).sum()),
        "n_none_published": int((~responded & known["in_print"]).sum()),
    }
