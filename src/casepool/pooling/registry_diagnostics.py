"""What the registry says of selective reporting: who of its patients was published."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd
from scipy.special import ndtri

from casepool.contract.cases import RELEASED_REPORTS
from casepool.counting.outcomes import OutcomeCounts
from casepool.identity.countries import country_of
from casepool.model.vocabulary import Answer, CaseKind, ReportType
from casepool.pooling.pooled import joint_data
from casepool.stats.bias.diagnostics import LogOddsRatio, chapman, in_conflict, mantel_haenszel, published_by_response
from casepool.stats.joint.data import Linkage
from casepool.typing import Row

NO_REGISTRY = "no_registry"


def registry_diagnostics(
    counts: OutcomeCounts, diseases: Sequence[str], level: float, published: tuple[int, int] | None
) -> Iterator[Row]:
    """Yield publication by response, its agreement with the literature, and the two-list estimate.

    Parameters
    ----------
    counts : counts of the primary analysis, with the linkage of the registry.
    published : responders and others told one by one in the literature of the registry's country.
    """
    linkage = counts.linkage
    if linkage is None:
        for name in ("published_by_response", "two_lists", "conflict"):
            yield {"diagnostic": name, "status": "not_estimable", "reason": NO_REGISTRY}
        return
    data = joint_data(counts, diseases)
    within = mantel_haenszel(data.complete_events, data.complete_n, data.selective_events, data.selective_n)
    test = published_by_response(
        linkage.responders, linkage.responders_published, linkage.nonresponders, linkage.nonresponders_published
    )
    yield _odds_ratio(test.log_odds_ratio, linkage, level)
    yield _two_lists(linkage, published, level)
    yield _conflict(within, test.log_odds_ratio)


def _odds_ratio(found: LogOddsRatio, linkage: Linkage, level: float) -> Row:
    row: Row = {"diagnostic": "published_by_response", "n": linkage.responders + linkage.nonresponders}
    if found.estimate is None or found.se is None:
        return {**row, "status": "not_estimable", "reason": found.reason}
    half = float(ndtri(0.5 + level / 2)) * found.se
    limits = {"ci_lower": math.exp(found.estimate - half), "ci_upper": math.exp(found.estimate + half)}
    return {**row, "value": math.exp(found.estimate), **limits, "status": "ok"}


def _two_lists(linkage: Linkage, published: tuple[int, int] | None, level: float) -> Row:
    both = (linkage.responders_published, linkage.nonresponders_published)
    row: Row = {"diagnostic": "two_lists", "n": sum(both)}
    # A registry patient may say "published" of a publication that was not found: both lists must hold them.
    told = published if published is not None and all(b <= p for b, p in zip(both, published, strict=True)) else None
    if told is None:
        reason = "missing_in_literature"
        return {**row, "status": "not_estimable", "reason": reason}
    found = chapman((linkage.responders, linkage.nonresponders), told, both, level)
    if not found.usable or found.ci is None:
        return {**row, "status": "not_estimable", "reason": found.reason}
    lower, upper = found.ci
    return {**row, "value": found.proportion, "ci_lower": lower, "ci_upper": upper, "status": "ok"}


def _conflict(within_disease: LogOddsRatio, within_registry: LogOddsRatio) -> Row:
    found = in_conflict(within_disease, within_registry)
    if found is None:
        reason = within_disease.reason or within_registry.reason
        return {"diagnostic": "conflict", "status": "not_estimable", "reason": reason}
    status = "conflict" if found else "ok"
    return {"diagnostic": "conflict", "value": float(found), "status": status}


def published_in(country: str, unique: pd.DataFrame) -> tuple[int, int] | None:
    """Return responders and others told one by one in the publications of a country, each once.

    Those who lie inside a released total of the registry are among them. None without any.
    """
    literature = unique[(unique["report_type"] != ReportType.REGISTRY_CALL) & (unique["kind"] == CaseKind.PATIENT)]
    inside = literature["kept_as"].str.split("/").str[0].isin(list(RELEASED_REPORTS))
    counts = (literature["counted"] == Answer.YES) | inside
    of_country = literature["country"].map(country_of, na_action="ignore") == country_of(country)
    told = literature[(counts & of_country & (literature["n_evaluable"] > 0)).fillna(value=False).astype(bool)]
    responders = int(told["n_response"].sum())
    return (responders, len(told) - responders) if len(told) else None
