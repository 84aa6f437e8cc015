"""The sentences on the registry: its totals, and who of its patients was published."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.model.protocol import Protocol
from casepool.report.words.catalogue import Catalogue


def registry(
    study_counts: pd.DataFrame, checks: Mapping[str, pd.DataFrame], protocol: Protocol, catalogue: Catalogue
) -> list[str]:
    """Return what the registry adds, or nothing where no total of it is released."""
    told = study_counts[study_counts["report_id"].isin(list(RELEASED_REPORTS))]
    if told.empty:
        return []
    n, events = int(told["n_evaluable"].sum()), int(told["n_response"].sum())
    values = {"n_response": catalogue.numbers.integer(events), "rate": catalogue.numbers.percent(events / n)}
    sentences = [catalogue.plural("registry_totals", n, **values)]
    if "registry_linkage" in checks:
        linkage = checks["registry_linkage"]
        total = linkage[linkage["outcome"] == protocol.outcomes[0].id].drop(columns=["outcome", "disease"]).sum()
        sentences += [_published(total, catalogue)] if total["n_response"] and total["n_none"] else []
    return [" ".join(sentences)]


def _published(row: pd.Series, catalogue: Catalogue) -> str:
    count, percent = catalogue.numbers.count, catalogue.numbers.percent
    shares = {kind: row[f"{kind}_published"] / row[kind] for kind in ("n_response", "n_none")}
    return catalogue.text(
        "registry_published",
        responders=count(row["n_response_published"], row["n_response"]),
        share_responders=percent(shares["n_response"]),
        others=count(row["n_none_published"], row["n_none"]),
        share_others=percent(shares["n_none"]),
    )
