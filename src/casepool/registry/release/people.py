"""The registry patients as a release looks at them: who must be protected, and which centres know whom."""

from __future__ import annotations

import pandas as pd

from casepool.model.vocabulary import Answer, CaseKind, ReportType
from casepool.registry.release.rule import centre_of, centres_of_person


def registry_patients(unique: pd.DataFrame, all_same: pd.DataFrame) -> pd.DataFrame:
    """Return the registry patients of ``unique_patients`` with what the rule of disclosure asks of them.

    Added columns: ``person`` (rows that are doubtfully one patient are one), ``centres`` (all that know the person),
    ``hidden`` (certainly unpublished: the form says so, and no publication is linked surely or doubtfully),
    ``protected`` (hidden and evaluable), ``secret`` (linked to no publication surely), ``in_print`` (known to be
    published) and ``unprinted`` (evaluable and not that).

    Parameters
    ----------
    unique, all_same : ``unique_patients``; with every doubtful pair as one patient in the second.
    """
    sure, maybe = published_as(unique), published_as(all_same)
    told = (unique["report_type"] == ReportType.REGISTRY_CALL) & (unique["kind"] == CaseKind.PATIENT)
    registry = unique[told.astype(bool)]
    case, evaluable = registry["case_id"], (registry["n_evaluable"] > 0).fillna(value=False).astype(bool)
    person = case.map(all_same.set_index("case_id")["kept_as"]).fillna(case).astype(str)
    linked = case.isin([*sure.index, *maybe.index])
    hidden = ((registry["published"] == Answer.NO).fillna(value=False) & ~linked).astype(bool)
    in_print = is_in_print(registry, unique, sure)
    return registry.assign(
        person=person,
        centres=person.map(centres_of_person(person, centre_of(registry))),
        hidden=hidden,
        protected=hidden & evaluable,
        secret=~case.isin(list(sure.index)),
        in_print=in_print,
        unprinted=evaluable & ~in_print,
    )


def is_in_print(registry: pd.DataFrame, unique: pd.DataFrame, sure: pd.Series) -> pd.Series:
    """Return which registry patients are known to be published: by a sure link, or because the form says so."""
    kept = registry["kept_as"].map(unique.set_index("case_id")["report_type"])
    told = registry["case_id"].isin(list(sure.index)) | (registry["published"] == Answer.YES).fillna(value=False)
    return (told | (kept != ReportType.REGISTRY_CALL)).astype(bool)


def published_as(unique: pd.DataFrame) -> pd.Series:
    """Return, for each registry patient who stands for a published case, that case (index: registry)."""
    registry = set(unique.loc[unique["report_type"] == ReportType.REGISTRY_CALL, "case_id"])
    twice = unique[(unique["report_type"] != ReportType.REGISTRY_CALL) & unique["kept_as"].isin(registry)]
    return pd.Series(twice["case_id"].to_numpy(), index=twice["kept_as"].to_numpy(), dtype="object")
