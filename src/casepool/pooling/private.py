"""The analysis with every registry patient by disease and centre; its numbers stay private."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from casepool.counting.counts import disease_counts, study_counts
from casepool.description.characteristics import characteristics
from casepool.description.safety import safety
from casepool.model.configuration import Pooling
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Answer, ReportType
from casepool.pooling.pool import pool_rates
from casepool.registry.release.linkage import linkage_counts


@dataclass(frozen=True)
class PrivateResults:
    """The tables of these names; ``results`` and ``doubtful_same`` take doubtful pairs both ways."""

    studies: pd.DataFrame
    counts: pd.DataFrame
    linkage: pd.DataFrame
    results: pd.DataFrame
    doubtful_same: pd.DataFrame
    characteristics: pd.DataFrame
    safety: pd.DataFrame


def private_results(
    unique: pd.DataFrame, all_same: pd.DataFrame, protocol: Protocol, pooling: Pooling
) -> PrivateResults:
    """Return the counts and rates of the private tables ``unique_patients``.

    Parameters
    ----------
    unique, all_same : doubtful pairs as different patients, and as the same.
    """
    studies, linkage = study_counts(unique, pooling.level), _linkage(unique)
    return PrivateResults(
        studies,
        disease_counts(studies, protocol),
        linkage,
        pool_rates(studies, linkage, protocol, pooling),
        pool_rates(study_counts(all_same, pooling.level), _linkage(all_same), protocol, pooling),
        characteristics(unique, protocol),
        safety(unique, protocol, pooling.level),
    )


def _linkage(unique: pd.DataFrame) -> pd.DataFrame:
    published = unique.loc[unique["report_type"] != ReportType.REGISTRY_CALL, "case_id"]
    counts = (unique["counted"] == Answer.YES) | unique["kept_as"].isin(list(published))
    registry = unique[((unique["report_type"] == ReportType.REGISTRY_CALL) & counts).astype(bool)]
    return linkage_counts(registry, unique)
