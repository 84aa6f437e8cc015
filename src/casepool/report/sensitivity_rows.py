"""Looking up the sensitivity analyses, their order, and their names in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from statistics import NormalDist

import pandas as pd

from casepool.contract.estimates import SENSITIVITY
from casepool.contract.results import plain_rows
from casepool.defaults import LEVEL
from casepool.model.estimate import ALL, OVERALL, Estimate
from casepool.model.variant import Variant
from casepool.report.words.catalogue import Catalogue
from casepool.typing import Row

DATA, PRIMARY = "data", "primary"
# The variants of the data in the order in which readers see them.
_DATA_ORDER = (
    *("primary", "unclear_as_complete", "strict_complete", "without_registry", "without_secondary_sources"),
    *("without_abstracts", "autoimmune_only", "without_alloimmune", "without_unknown_age", "doubtful_pairs_same"),
    *("series_exchanged", "series_both", "series_neither", "later_series_instead", "later_series_too"),
    *("not_evaluable_as_failures", "missing_as_failures", "missing_as_responders", "cumulative_incidences"),
    "unidentified_counted",
)
_PRIORS = ("beta", "tau", "mu")
_NUMBERS = ("ratio", "odds", "clustering", "prior_centre", "prior_sd")


class Sensitivities:
    """The rows of the table ``sensitivity``, found by analysis, variant and disease."""

    def __init__(self, sensitivity: pd.DataFrame) -> None:
        self._found: dict[tuple[str, str, str], Estimate] = {}
        self._variants: dict[tuple[str, str], Variant] = {}
        for cells in plain_rows(sensitivity, SENSITIVITY.columns):
            variant = _variant(cells)
            self._variants[variant.analysis, variant.variant] = variant
            self._found[variant.analysis, variant.variant, cells["disease"]] = _estimate(cells)

    @cached_property
    def target(self) -> str:
        """What the analyses are about: the mean of the diseases, or the one with most patients where there is none."""
        primary = {d: one for (a, v, d), one in self._found.items() if (a, v) == (DATA, PRIMARY) and d != ALL}
        if OVERALL in primary or not primary:
            return OVERALL
        return max(sorted(primary), key=lambda disease: primary[disease].n_evaluable or 0)

    @property
    def has_mean(self) -> bool:
        """Whether the analyses are about a mean of diseases."""
        return self.target == OVERALL

    def get(self, analysis: str, variant: str, disease: str | None = None) -> Estimate:
        """Return an estimate (of the target); one that was not made is empty with status no-data."""
        disease = disease or self.target
        return self._found.get((analysis, variant, disease), Estimate(disease=disease, analysis=analysis))

    @property
    def primary(self) -> Estimate:
        """The pooled rate of the target in the primary analysis."""
        return self.get(DATA, PRIMARY)

    def variants(self, analysis: str) -> list[Variant]:
        """Return the variants of an analysis: data in the order of readers, others by their numbers."""
        return sorted((one for one in self._variants.values() if one.analysis == analysis), key=_order)

    def of(self, variant: Variant, disease: str | None = None) -> Estimate:
        """Return the estimate of a variant, as `get` does."""
        return self.get(variant.analysis, variant.variant, disease)

    def diseases(self, analysis: str = DATA) -> set[str]:
        """Return the diseases (and overall, all) of an analysis."""
        return {disease for one, _, disease in self._found if one == analysis}

    def extremes(self) -> list[tuple[Variant, Estimate]]:
        """Return the reports without which the rate of the target is lowest and highest."""
        shown = [(one, self.of(one)) for one in self.variants("leave_one_out")]
        shown = [(one, estimate) for one, estimate in shown if estimate.headlined]
        shown.sort(key=lambda pair: (pair[1].value or 0.0, pair[0].variant))
        return [shown[0], shown[-1]] if len(shown) > 1 else shown


_OF_ESTIMATE = ("disease", "analysis", "status", "reason", "value", "ci_lower", "ci_upper", "n_response", "n_evaluable")


def _estimate(cells: Row) -> Estimate:
    return Estimate(model="joint", **{name: cells[name] for name in _OF_ESTIMATE})


def _variant(cells: Row) -> Variant:
    numbers = {name: cells[name] for name in _NUMBERS}
    return Variant(cells["analysis"], cells["variant"], prior_of=cells["prior_of"], **numbers)


def _order(one: Variant) -> tuple[int, float, float, str]:
    if one.analysis == DATA:
        rank = _DATA_ORDER.index(one.variant) if one.variant in _DATA_ORDER else len(_DATA_ORDER)
    else:
        rank = _PRIORS.index(one.prior_of) if one.prior_of in _PRIORS else 0
    numbers = (one.ratio, one.odds, one.clustering, one.prior_centre if one.prior_of else None)
    return rank, next((number for number in numbers if number is not None), 0.0), one.prior_sd or 0.0, one.variant


def variant_label(one: Variant, catalogue: Catalogue, names: Mapping[str, str], level: float = LEVEL) -> str:
    """Return a variant in words; its id where the catalogue has no words for it.

    Parameters
    ----------
    names : short citations by report id.
    level : of the range of a prior that is named.
    """
    if one.prior_of is not None:
        return _prior_label(one, catalogue, level)
    key = f"variant_{one.analysis}_{one.variant}"
    if catalogue.has(key):
        return catalogue.text(key, **_averaged(one, catalogue, level))
    known: dict[str, dict[str, object]] = {
        "leave_one_out": {"source": names.get(one.variant, one.variant)},
        "by_year": {"year": one.variant},
        "clustering": {"value": _written(one.clustering, catalogue)},
        "kappa": {"odds": _written(one.odds, catalogue)},
        "ratio": {"ratio": _written(one.ratio, catalogue)},
    }
    return catalogue.text(f"variant_{one.analysis}", **known[one.analysis]) if one.analysis in known else one.variant


def _averaged(one: Variant, catalogue: Catalogue, level: float) -> dict[str, str]:
    """Return what the prior covers that an assumption is averaged over; nothing for a variant of the data."""
    if one.prior_sd is None:
        return {}
    reach, numbers = NormalDist().inv_cdf((1 + level) / 2) * one.prior_sd, catalogue.numbers
    if one.analysis == "kappa":
        low, high = _range(one.prior_centre or 1.0, reach, catalogue)
        return {"low": low, "high": high, "level": numbers.percent(level)}
    return {"value": numbers.decimal(one.prior_centre, 1) if one.analysis == "clustering" else numbers.short(reach)}


def _prior_label(one: Variant, catalogue: Catalogue, level: float) -> str:
    short, spread = catalogue.numbers.short, one.prior_sd or 0.0
    if one.prior_of != "beta" or one.prior_centre is None:
        return catalogue.text(f"variant_prior_{one.prior_of}", value=short(spread))
    low, high = _range(one.prior_centre, NormalDist().inv_cdf((1 + level) / 2) * spread, catalogue)
    return catalogue.text("variant_prior_beta", ratio=short(one.prior_centre), low=low, high=high)


def _written(number: float | None, catalogue: Catalogue) -> str:
    """Return a number with as many decimals as it needs."""
    return catalogue.numbers.decimal(number, len(f"{number or 0:g}".partition(".")[2]))


def _range(median: float, reach: float, catalogue: Catalogue) -> tuple[str, str]:
    """Return the limits of a log-normal prior."""
    return _rounded(median * math.exp(-reach), catalogue), _rounded(median * math.exp(reach), catalogue)


def _rounded(ratio: float, catalogue: Catalogue) -> str:
    """Return a ratio with one or two significant digits: 134, 14, 2.3, 0.3, 0.01."""
    digits = 0 if ratio >= 10 else 1 if ratio >= 0.1 else 2
    return catalogue.numbers.decimal(ratio, digits)


def largest_shift(sensitivities: Sensitivities, report: str, diseases: Sequence[str]) -> tuple[str, float] | None:
    """Return the disease whose pooled rate moves most without a report, and by how much."""
    shifts = []
    for disease in diseases:
        left, primary = sensitivities.get("leave_one_out", report, disease), sensitivities.get(DATA, PRIMARY, disease)
        if left.headlined and primary.headlined:
            shifts.append((disease, (left.value or 0.0) - (primary.value or 0.0)))
    return max(shifts, key=lambda pair: abs(pair[1]), default=None)
