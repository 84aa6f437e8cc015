"""Sensitivity analyses: the joint model again under other data, priors and assumptions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import pandas as pd

from casepool.contract.estimates import SENSITIVITY
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, OVERALL
from casepool.model.headline import HeadlineRule
from casepool.model.protocol import Protocol
from casepool.pooling.corrected import fit, fit_mixture, settings_of
from casepool.sensitivity.variants import Material, by_year, data_variants, leaving_one_out
from casepool.stats.bias.bounds import bounded_selection_interval
from casepool.stats.joint.fit import SWEEP_RATIOS, JointFit
from casepool.stats.joint.mixture import Hyperpriors
from casepool.stats.joint.settings import Settings
from casepool.typing import Row

# Methods, sensitivity analyses: registry selectivity (odds ratios), priors, clustering.
KAPPA_RATIOS = (0.5, 0.67, 1.0, 1.5, 2.0)
CLUSTERINGS = (0.0, 0.1, 0.2)
# What a prior is exchanged for; the others stay as configured.
PRIORS = {
    "beta_log2_sd1": {"beta_mean": math.log(2), "beta_sd": 1.0},
    "beta_log2.5_sd1.5": {"beta_mean": math.log(2.5), "beta_sd": 1.5},
    "beta_0_sd2.5": {"beta_mean": 0.0, "beta_sd": 2.5},
    "tau_0.5": {"tau_sd": 0.5},
    "mu_sd1": {"mu_sd": 1.0},
    "mu_sd2.5": {"mu_sd": 2.5},
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
    table, settings = _Table(diseases, pooling.headline_rule), settings_of(pooling)
    rows: list[Row] = []
    for analysis, variants in (
        ("data", data_variants(material)),
        ("leave_one_out", leaving_one_out(material)),
        ("by_year", by_year(material)),
    ):
        for variant, counts in variants:
            rows += table.rows(analysis, variant, counts, fit(counts, diseases, settings))
    for analysis, variant, assumed in _assumptions(settings):
        joint = fit(primary, diseases, assumed)
        rows += table.rows(analysis, variant, primary, joint)
    for analysis, variant, hyperpriors in INTEGRATED:
        rows += table.rows(analysis, variant, primary, fit_mixture(primary, diseases, settings, hyperpriors))
    rows += _bounds(primary, diseases, pooling.level)
    frame = pd.DataFrame(rows, columns=SENSITIVITY.names)
    return frame.astype(SENSITIVITY.dtypes)


def _assumptions(primary: Settings) -> Iterator[tuple[str, str, Settings]]:
    for ratio in SWEEP_RATIOS:
        yield "ratio", f"{ratio:g}", replace(primary, ratio=ratio)
    for odds in KAPPA_RATIOS:
        yield "kappa", f"{odds:g}", replace(primary, kappa=math.log(odds))
    for clustering in CLUSTERINGS:
        yield "clustering", f"{clustering:g}", replace(primary, clustering=clustering)
    for name, changes in PRIORS.items():
        yield "prior", name, replace(primary, priors=replace(primary.priors, **changes))


@dataclass(frozen=True)
class _Table:
    """Makes the rows of a fit: the diseases in order, and the rule of what may be shown."""

    diseases: Sequence[str]
    rule: HeadlineRule

    def rows(self, analysis: str, variant: str, counts: OutcomeCounts, joint: JointFit) -> Iterator[Row]:
        """Yield the corrected rate of each disease with data, the mean of the diseases, the reporting ratio."""
        of_all = self.rule.of_all(joint)
        found = [
            (disease, counts.of(disease), self.rule.of_disease(rate, joint), rate.mean, rate.ci)
            for disease, rate in zip(self.diseases, joint.diseases, strict=True)
            if rate.n_complete + rate.n_selective
        ]
        if joint.overall is not None:
            found.append((OVERALL, counts, of_all, joint.overall.mean, joint.overall.ci))
        found.append((ALL, counts, of_all, joint.reporting_ratio.median, joint.reporting_ratio.ci))
        for disease, of, standing, value, (lower, upper) in found:
            events, n = of.total
            yield {
                "analysis": analysis, "variant": variant, "disease": disease, "n_response": events,
                "n_evaluable": n, "value": value, "ci_lower": lower, "ci_upper": upper, **asdict(standing),
            }  # fmt: skip


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
