"""Sensitivity analyses: the joint model again under other data, priors and assumptions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from casepool.contract.estimates import SENSITIVITY
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, OVERALL
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import RateStatus
from casepool.pooling.corrected import fit, fit_mixture
from casepool.sensitivity.variants import Material, by_year, data_variants, leaving_one_out
from casepool.stats.bias.bounds import bounded_selection_interval
from casepool.stats.joint.fit import SWEEP_RATIOS, JointFit, JointPriors
from casepool.stats.joint.mixture import Hyperpriors
from casepool.typing import Row

# Methods, sensitivity analyses: registry selectivity (odds ratios), priors, clustering.
KAPPA_RATIOS = (0.5, 0.67, 1.0, 1.5, 2.0)
CLUSTERINGS = (0.0, 0.1, 0.2)
PRIORS = {
    "beta_log2_sd1": JointPriors(beta_mean=math.log(2), beta_sd=1.0),
    "beta_log2.5_sd1.5": JointPriors(beta_mean=math.log(2.5), beta_sd=1.5),
    "beta_0_sd2.5": JointPriors(beta_mean=0.0, beta_sd=2.5),
    "tau_0.5": JointPriors(tau_sd=0.5),
    "mu_sd1": JointPriors(mu_sd=1.0),
    "mu_sd2.5": JointPriors(mu_sd=2.5),
}
# Assumptions integrated over a prior: analysis, variant, what is integrated.
INTEGRATED = (
    ("kappa", "integrated", Hyperpriors(kappa_sd=0.4)),
    ("clustering", "beta_1_9", Hyperpriors(clustering=(1.0, 9.0))),
    ("ratio_sd", "half_normal_0.5", Hyperpriors(ratio_sd=0.5)),
)
MAX_RATIO = 8.0


def sensitivity(material: Material, protocol: Protocol, pooling: Pooling) -> pd.DataFrame:
    """Return the table ``sensitivity``: analysis, variant, and the corrected rate of each disease.

    The rate of all diseases stands under ``overall``, the reporting ratio under ``all``.
    """
    diseases = protocol.eligible_ids
    material = material.asking(diseases)
    primary = material.counts(material.unique())
    rows: list[Row] = []
    for analysis, variants in (
        ("data", data_variants(material)),
        ("leave_one_out", leaving_one_out(material)),
        ("by_year", by_year(material)),
    ):
        for variant, counts in variants:
            rows += _rows(analysis, variant, counts, diseases, fit(counts, diseases, pooling))
    for analysis, variant, options in _assumptions():
        joint = fit(primary, diseases, pooling, **options)
        rows += _rows(analysis, variant, primary, diseases, joint)
    for analysis, variant, hyperpriors in INTEGRATED:
        rows += _rows(analysis, variant, primary, diseases, fit_mixture(primary, diseases, pooling, hyperpriors))
    rows += _bounds(primary, diseases, pooling.level)
    frame = pd.DataFrame(rows, columns=SENSITIVITY.names)
    return frame.astype(SENSITIVITY.dtypes)


def _assumptions() -> Iterator[tuple[str, str, dict[str, object]]]:
    for ratio in SWEEP_RATIOS:
        yield "ratio", f"{ratio:g}", {"ratio": ratio}
    for odds in KAPPA_RATIOS:
        yield "kappa", f"{odds:g}", {"kappa": math.log(odds)}
    for clustering in CLUSTERINGS:
        yield "clustering", f"{clustering:g}", {"clustering": clustering}
    for name, priors in PRIORS.items():
        yield "prior", name, {"priors": priors}


def _rows(
    analysis: str, variant: str, counts: OutcomeCounts, diseases: Sequence[str], joint: JointFit
) -> Iterator[Row]:
    def row(disease: str, of: OutcomeCounts, value: float | None, ci: tuple[float, float] | None, status: str) -> Row:
        events, n = of.total
        lower, upper = ci if ci is not None else (None, None)
        return {
            "analysis": analysis, "variant": variant, "disease": disease, "n_response": events,
            "n_evaluable": n, "value": value, "ci_lower": lower, "ci_upper": upper, "status": status,
        }  # fmt: skip

    for disease, rate in zip(diseases, joint.diseases, strict=True):
        known = rate.status != RateStatus.NO_DATA
        if known:
            yield row(disease, counts.of(disease), rate.mean, rate.ci, rate.status)
    if joint.overall is not None:
        yield row(OVERALL, counts, joint.overall.mean, joint.overall.ci, joint.status)
    ratio = joint.reporting_ratio
    yield row(ALL, counts, ratio.median, ratio.ci, joint.status)


def _bounds(counts: OutcomeCounts, diseases: Sequence[str], level: float) -> Iterator[Row]:
    """Yield, for each disease by itself, the interval for every reporting ratio from 1 to 8."""
    for disease in diseases:
        selective = counts.of(disease, complete=False)
        events, n = selective.total
        if n:
            lower, upper = bounded_selection_interval(events, n, MAX_RATIO, level)
            yield {
                "analysis": "bounds", "variant": f"ratio_1_to_{MAX_RATIO:g}", "disease": disease,
                "n_response": events, "n_evaluable": n, "value": None, "ci_lower": float(lower),
                "ci_upper": float(upper), "status": "bounds",
            }  # fmt: skip
