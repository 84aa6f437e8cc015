"""Sensitivity analyses: the joint model again under other data, priors and assumptions."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

import pandas as pd

from casepool.contract.estimates import SENSITIVITY
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, OVERALL
from casepool.model.headline import standing_of_all, standing_of_disease
from casepool.model.protocol import Protocol
from casepool.model.variant import Variant
from casepool.pooling.pooled import fit_mixture, joint_data, settings_of
from casepool.sensitivity.variants import LeavingOut, Material, by_year, data_variants
from casepool.stats.bias.bounds import bounded_selection_interval
from casepool.stats.joint.fit import SWEEP_RATIOS, JointFit, JointPriors, fit_with
from casepool.stats.joint.mixture import Hyperpriors
from casepool.stats.joint.settings import Settings
from casepool.typing import Row

# Methods, sensitivity analyses: registry selectivity (odds ratios), priors, clustering.
KAPPA_RATIOS = (0.5, 0.67, 1.0, 1.5, 2.0)
CLUSTERINGS = (0.0, 0.1, 0.2)
# What a prior is exchanged for; the others stay as configured.
PRIORS = {
    "beta_narrow": {"beta_mean": math.log(2), "beta_sd": 1.0},
    "beta_higher": {"beta_mean": math.log(2.5), "beta_sd": 1.5},
    "beta_open": {"beta_mean": 0.0, "beta_sd": 2.5},
    "tau_narrow": {"tau_sd": 0.5},
    "mu_narrow": {"mu_sd": 1.0},
    "mu_wide": {"mu_sd": 2.5},
}
INTEGRATED = "integrated"
KAPPA_SD, CLUSTERING_PRIOR, RATIO_SD = 0.4, (1.0, 9.0), 0.5
MAX_RATIO = 8.0


def left_out(material: Material, protocol: Protocol, pooling: Pooling, part: int = 0, parts: int = 1) -> pd.DataFrame:
    """Return the rows of ``sensitivity`` without each report in turn, or without each of a part of the reports."""
    diseases, known = protocol.eligible_ids, dict[str, list[Row]]()
    leaving, fits, settings = LeavingOut(material.asking(diseases)), _Fits(diseases), settings_of(pooling)
    rows: list[Row] = []
    for report in leaving.reports[part::parts]:
        head = leaving.alike[report]
        if head not in known:
            known[head] = _pooled_again([("leave_one_out", head, leaving.without(head))], fits, settings)
        rows += ({**row, "variant": report} for row in known[head])
    return _frame(rows)


def sensitivity(
    material: Material, protocol: Protocol, pooling: Pooling, without_reports: pd.DataFrame
) -> pd.DataFrame:
    """Return the table ``sensitivity``: analysis, variant, and the pooled rate of each disease.

    The rate of all diseases stands under ``overall``, the reporting ratio under ``all``.

    Parameters
    ----------
    without_reports : the rows of ``left_out``, of all its parts.
    """
    diseases = protocol.eligible_ids
    material = material.asking(diseases)
    primary = material.counts(material.unique)
    table, settings, fits = _Table(diseases), settings_of(pooling), _Fits(diseases)
    made = (("data", data_variants(material)), ("by_year", by_year(material)))
    variants = ((analysis, *one) for analysis, every in made for one in every)
    rows = _pooled_again(variants, fits, settings)
    for changed, assumed in assumptions(settings):
        rows += table.rows(changed, primary, fits.of(primary, assumed))
    for changed, hyperpriors in integrated():
        rows += table.rows(changed, primary, fit_mixture(primary, diseases, settings, hyperpriors))
    rows += _bounds(primary, diseases, pooling.level)
    return pd.concat([_frame(rows), without_reports], ignore_index=True)


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=SENSITIVITY.names).astype(SENSITIVITY.dtypes)


def assumptions(primary: Settings) -> Iterator[tuple[Variant, Settings]]:
    """Yield every assumption that is set to another value, with the settings that follow from it."""
    for ratio in SWEEP_RATIOS:
        yield Variant("ratio", f"{ratio:g}", ratio=ratio), replace(primary, ratio=ratio)
    for odds in KAPPA_RATIOS:
        yield Variant("kappa", f"{odds:g}", odds=odds), replace(primary, kappa=math.log(odds))
    for clustering in CLUSTERINGS:
        yield Variant("clustering", f"{clustering:g}", clustering=clustering), replace(primary, clustering=clustering)
    for name, changes in PRIORS.items():
        priors = replace(primary.priors, **changes)
        yield _other_prior(name, priors), replace(primary, priors=priors)


def _other_prior(name: str, priors: JointPriors) -> Variant:
    of = name.partition("_")[0]
    centre, spread = {
        "beta": (math.exp(priors.beta_mean), priors.beta_sd),
        "tau": (None, priors.tau_sd),
        "mu": (math.exp(priors.mu_mean), priors.mu_sd),
    }[of]
    return Variant("prior", name, prior_of=of, prior_centre=centre, prior_sd=spread)


def integrated() -> Iterator[tuple[Variant, Hyperpriors]]:
    """Yield every assumption that is averaged over a prior of its own."""
    yield Variant("kappa", INTEGRATED, prior_centre=1.0, prior_sd=KAPPA_SD), Hyperpriors(kappa_sd=KAPPA_SD)
    a, b = CLUSTERING_PRIOR
    spread = math.sqrt(a * b / (a + b + 1)) / (a + b)
    likeness = Variant("clustering", INTEGRATED, prior_centre=a / (a + b), prior_sd=spread)
    yield likeness, Hyperpriors(clustering=CLUSTERING_PRIOR)
    yield Variant("ratio_sd", INTEGRATED, prior_sd=RATIO_SD), Hyperpriors(ratio_sd=RATIO_SD)


@dataclass(frozen=True)
class _Fits:
    """Fits each set of counts once under the same settings: many a variant leaves the counts as they are."""

    diseases: Sequence[str]
    known: dict[bytes, JointFit] = field(default_factory=dict)

    def of(self, counts: OutcomeCounts, settings: Settings) -> JointFit:
        """Return the fit of the diseases."""
        data = joint_data(counts, self.diseases)
        key = pickle.dumps((data, settings))
        if key not in self.known:
            self.known[key] = fit_with(data, settings)
        return self.known[key]


@dataclass(frozen=True)
class _Table:
    """Makes the rows of a fit, the diseases in order."""

    diseases: Sequence[str]

    def rows(self, variant: Variant, counts: OutcomeCounts, joint: JointFit) -> Iterator[Row]:
        """Yield the pooled rate of each disease with data, the mean of the diseases, the reporting ratio."""
        of_all = standing_of_all(joint)
        found = [
            (disease, counts.of(disease), standing_of_disease(rate, joint), rate.mean, rate.ci)
            for disease, rate in zip(self.diseases, joint.diseases, strict=True)
            if rate.n_complete + rate.n_selective
        ]
        if joint.overall is not None:
            found.append((OVERALL, counts, of_all, joint.overall.mean, joint.overall.ci))
        found.append((ALL, counts, of_all, joint.reporting_ratio.median, joint.reporting_ratio.ci))
        for disease, of, standing, value, (lower, upper) in found:
            events, n = of.total
            yield {
                **asdict(variant), "disease": disease, "n_response": events, "n_evaluable": n,
                "value": value, "ci_lower": lower, "ci_upper": upper, **asdict(standing),
            }  # fmt: skip


def _pooled_again(variants: Iterable[tuple[str, str, OutcomeCounts]], fits: _Fits, settings: Settings) -> list[Row]:
    """Return the rows of analyses, variants and their counts, pooled under one set of assumptions."""
    table, rows = _Table(fits.diseases), list[Row]()
    for analysis, variant, counts in variants:
        rows += table.rows(Variant(analysis, variant), counts, fits.of(counts, settings))
    return rows


def _bounds(counts: OutcomeCounts, diseases: Sequence[str], level: float) -> Iterator[Row]:
    """Yield, for each disease by itself, the interval for every reporting ratio from 1 to the largest."""
    variant = Variant("bounds", "range", ratio=MAX_RATIO)
    for disease in diseases:
        selective = counts.of(disease, complete=False)
        events, n = selective.total
        if n:
            lower, upper = bounded_selection_interval(events, n, MAX_RATIO, level)
            yield {
                **asdict(variant), "disease": disease, "n_response": events, "n_evaluable": n, "value": None,
                "ci_lower": float(lower), "ci_upper": float(upper), "status": "bounds",
            }  # fmt: skip
