"""Diagnostics of the correction: what the data say of selective reporting without the model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd
from scipy.stats import norm

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.contract.estimates import DIAGNOSTICS
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, OVERALL
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Ascertainment
from casepool.pooling.pooled import fit, joint_data, settings_of
from casepool.pooling.registry_diagnostics import registry_diagnostics
from casepool.stats.bias.diagnostics import mantel_haenszel
from casepool.stats.joint.max_likelihood import fit_joint_ml
from casepool.stats.joint.predictive import predictive_checks
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
        *_prior_and_posterior(counts, diseases, pooling),
        _predictive_check(counts, diseases, pooling),
        _largest_prior_shift(sensitivities),
        *registry_diagnostics(counts, diseases, pooling.level, published),
    ]
    frame = pd.DataFrame(rows, columns=DIAGNOSTICS.names)
    return frame.astype(DIAGNOSTICS.dtypes)


def _mantel_haenszel(counts: OutcomeCounts, diseases: Sequence[str], level: float) -> Row:
    data = joint_data(counts, diseases)
    found = mantel_haenszel(data.complete_events, data.complete_n, data.selective_events, data.selective_n)
    row: Row = {"diagnostic": "mantel_haenszel", "n": found.strata}
    if found.estimate is None or found.se is None:
        return {**row, "status": "not_estimable", "reason": found.reason}
    half = float(norm.ppf(0.5 + level / 2)) * found.se
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


def _prior_and_posterior(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[Row]:
    joint = fit(counts, diseases, settings_of(pooling))
    ratio, prior_mean, prior_sd = joint.reporting_ratio, *pooling.prior_beta
    overlap = normal_overlap(prior_mean, prior_sd, ratio.log_mean, ratio.log_sd)
    yield {"diagnostic": "prior_posterior_overlap", "value": overlap, "status": "ok"}


def _predictive_check(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Row:
    """Return the smallest probability, over diseases and kinds, of a count as extreme as observed.

    With n cells the smallest of n probabilities is below 0.05 more often than once in twenty.
    """
    checks = predictive_checks(joint_data(counts, diseases), settings_of(pooling))
    row: Row = {"diagnostic": "predictive_check", "n": len(checks)}
    if not checks:
        return {**row, "status": "no_data", "reason": "no_data"}
    least = min(checks, key=lambda check: check.p_value)
    kind = Ascertainment.COMPLETE if least.complete else Ascertainment.SELECTIVE
    disease = (*diseases, SEVERAL_DISEASES)[least.disease]
    told = f"{disease}, {kind.value}: {least.events} of {least.n}, expected {least.expected:.1f}"
    return {**row, "value": least.p_value, "status": "ok", "reason": told}


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


def normal_overlap(mean_a: float, sd_a: float, mean_b: float, sd_b: float) -> float:
    """Return the area that two normal densities share (1 = the data said nothing).

    The densities cross where a quadratic is zero; between the crossings the narrower one is above.
    """
    if math.isclose(sd_a, sd_b, rel_tol=1e-9):
        return float(2 * norm.cdf(-abs(mean_a - mean_b) / (2 * sd_a)))
    narrow, wide = sorted(((sd_a, mean_a), (sd_b, mean_b)))
    (s, m), (t, q) = narrow, wide
    a, b = 1 / t**2 - 1 / s**2, m / s**2 - q / t**2
    c = q**2 / (2 * t**2) - m**2 / (2 * s**2) + math.log(t / s)
    root = math.sqrt(b**2 - 2 * a * c)
    low, high = sorted(((-b - root) / a, (-b + root) / a))
    inside = norm.cdf(high, q, t) - norm.cdf(low, q, t)
    outside = 1 - (norm.cdf(high, m, s) - norm.cdf(low, m, s))
    return float(inside + outside)
