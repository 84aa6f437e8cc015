"""Diagnostics of the correction: what the data say of selective reporting, and the checks of what is assumed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd
from scipy.special import ndtri

from casepool.contract.estimates import DIAGNOSTICS
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, OVERALL
from casepool.model.protocol import Protocol
from casepool.pooling.checks import check_rows
from casepool.pooling.pooled import joint_data
from casepool.pooling.registry_diagnostics import registry_diagnostics
from casepool.stats.bias.diagnostics import mantel_haenszel
from casepool.stats.joint.max_likelihood import fit_joint_ml
from casepool.typing import Row


def diagnostics(
    counts: OutcomeCounts,
    protocol: Protocol,
    pooling: Pooling,
    sensitivities: pd.DataFrame,
    published: tuple[int, int] | None = None,
) -> pd.DataFrame:
    """Return the table ``diagnostics``; ratios stand on the scale of the reporting ratio.

    Parameters
    ----------
    counts : the primary counts.
    sensitivities : the table ``sensitivity``, for what other priors would change.
    published : see ``registry_diagnostics``.
    """
    diseases = protocol.eligible_ids
    rows = [
        _mantel_haenszel(counts, diseases, pooling.level),
        *_maximum_likelihood(counts, pooling.level),
        _largest_prior_shift(sensitivities),
        *registry_diagnostics(counts, diseases, pooling.level, published),
    ]
    rows = [*({"disease": ALL, **row} for row in rows), *check_rows(counts, diseases, pooling)]
    frame = pd.DataFrame(rows, columns=DIAGNOSTICS.names)
    return frame.astype(DIAGNOSTICS.dtypes)


def _mantel_haenszel(counts: OutcomeCounts, diseases: Sequence[str], level: float) -> Row:
    data = joint_data(counts, diseases)
    found = mantel_haenszel(data.complete_events, data.complete_n, data.selective_events, data.selective_n)
    row: Row = {"diagnostic": "mantel_haenszel", "n": found.strata}
    if found.estimate is None or found.se is None:
        return {**row, "status": "not_estimable", "reason": found.reason}
    half = float(ndtri(0.5 + level / 2)) * found.se
    limits = {"ci_lower": math.exp(found.estimate - half), "ci_upper": math.exp(found.estimate + half)}
    return {**row, "value": math.exp(found.estimate), **limits, "status": "ok"}


def _maximum_likelihood(counts: OutcomeCounts, level: float) -> Iterator[Row]:
    found = fit_joint_ml(counts.events, counts.n, ~counts.complete, counts.disease, level=level)
    limits = found.beta_ci_profile or (None, None)
    yield {
        "diagnostic": "ratio_by_maximum_likelihood",
        "value": _exp(found.beta),
        "ci_lower": _exp(limits[0]),
        "ci_upper": _exp(limits[1]),
        "n": found.k,
        "status": found.status,
        "reason": found.reason or None,
    }


def _exp(value: float | None) -> float | None:
    return None if value is None else math.exp(value)


def _largest_prior_shift(sensitivities: pd.DataFrame) -> Row:
    """Return the largest change of a disease's rate under another prior, with disease and prior."""
    rates = sensitivities[~sensitivities["disease"].isin([ALL, OVERALL]) & sensitivities["value"].notna()]
    primary = rates[(rates["analysis"] == "data") & (rates["variant"] == "primary")].set_index("disease")["value"]
    others = rates[(rates["analysis"] == "prior") & rates["disease"].isin(primary.index)]
    row: Row = {"diagnostic": "largest_prior_shift", "n": int(others["variant"].nunique())}
    if others.empty:
        return {**row, "status": "no_data", "reason": "no_data"}
    shifts = (others["value"] - others["disease"].map(primary)).astype(float)
    largest = shifts.abs().idxmax()
    reason = f"{others.loc[largest, 'disease']}, prior {others.loc[largest, 'variant']}"
    return {**row, "value": float(shifts.loc[largest]), "status": "ok", "reason": reason}
