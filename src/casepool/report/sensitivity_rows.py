"""Looking up the sensitivity analyses, their order, and their names in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from statistics import NormalDist

import pandas as pd

from casepool.defaults import LEVEL
from casepool.model.estimate import ALL, OVERALL, Estimate
from casepool.report.words.catalogue import Catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.sensitivity.analyses import INTEGRATED
from casepool.stats.joint.mixture import Hyperpriors

DATA, PRIMARY = "data", "primary"
_INTEGRATED = {(analysis, variant): hyperpriors for analysis, variant, hyperpriors in INTEGRATED}
_LIMITS = ("value", "ci_lower", "ci_upper")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_PRIORS = ("beta", "tau", "mu")
_PRIOR = re.compile(r"(?P<what>beta|tau|mu)_(?P<log>log)?(?P<value>sd)?(?P<number>[\d.]+)(?:_sd(?P<sd>[\d.]+))?")


class Sensitivities:
    """The rows of the table ``sensitivity``, found by analysis, variant and disease."""

    def __init__(self, sensitivity: pd.DataFrame) -> None:
        self._found: dict[tuple[str, str, str], Estimate] = {}
        for row in rows_of(sensitivity):
            key = (str(row["analysis"]), str(row["variant"]), str(row["disease"]))
            self._found[key] = _estimate(row)

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
        """The corrected rate of the target in the primary analysis."""
        return self.get(DATA, PRIMARY)

    def variants(self, analysis: str, catalogue: Catalogue) -> list[str]:
        """Return the variants of an analysis: data in the order of the catalogue, others by number."""
        found = {variant for one, variant, _ in self._found if one == analysis}
        listed = [key.removeprefix("variant_data_") for key in catalogue.texts if key.startswith("variant_data_")]
        if analysis != DATA:
            return sorted(found, key=_numeric)
        return sorted(found, key=lambda one: (listed.index(one) if one in listed else len(listed), one))

    def diseases(self, analysis: str = DATA) -> set[str]:
        """Return the diseases (and overall, all) of an analysis."""
        return {disease for one, _, disease in self._found if one == analysis}

    def extremes(self) -> list[tuple[str, Estimate]]:
        """Return the reports without which the rate of the target is lowest and highest."""
        shown = [(report, self.get("leave_one_out", report)) for report in self._reports()]
        shown = [(report, estimate) for report, estimate in shown if estimate.headlined]
        if not shown:
            return []
        shown.sort(key=lambda pair: (pair[1].value or 0.0, pair[0]))
        return [shown[0], shown[-1]] if len(shown) > 1 else shown

    def _reports(self) -> list[str]:
        return sorted({variant for analysis, variant, _ in self._found if analysis == "leave_one_out"})


def _estimate(row: Mapping[str, object]) -> Estimate:
    value, low, high = (None if is_missing(row[name]) else float(str(row[name])) for name in _LIMITS)
    n_response, n_evaluable = (int(str(row[name])) for name in ("n_response", "n_evaluable"))
    return Estimate(
        disease=str(row["disease"]), analysis=str(row["analysis"]), model="joint", status=str(row["status"]),
        value=value, ci_lower=low, ci_upper=high, n_response=n_response, n_evaluable=n_evaluable,
        reason=None if is_missing(row["reason"]) else str(row["reason"]),
    )  # fmt: skip


def _numeric(variant: str) -> tuple[int, float, str]:
    prior = _PRIOR.fullmatch(variant)
    if prior is not None:
        return _PRIORS.index(prior["what"]), float(prior["number"]), variant
    return (0, float(variant), variant) if _NUMBER.fullmatch(variant) else (0, 0.0, variant)


def variant_label(
    analysis: str, variant: str, catalogue: Catalogue, names: Mapping[str, str], level: float = LEVEL
) -> str:
    """Return a variant in words; its id where the catalogue has no words for it.

    Parameters
    ----------
    names : short citations by report id.
    level : of the range of a prior that is named.
    """
    key = f"variant_{analysis}_{variant}"
    if (analysis, variant) in _INTEGRATED:
        return catalogue.text(key, **_integrated(_INTEGRATED[analysis, variant], catalogue, level))
    if catalogue.has(key):
        return catalogue.text(key)
    shown = _as_written(variant, catalogue)
    known: dict[str, dict[str, object]] = {
        "leave_one_out": {"source": names.get(variant, variant)},
        "by_year": {"year": variant},
        "clustering": {"value": shown},
        "kappa": {"odds": shown},
        "ratio": {"ratio": shown},
    }
    if analysis in known:
        return catalogue.text(f"variant_{analysis}", **known[analysis])
    if analysis == "prior":
        return _prior_label(variant, catalogue, level)
    return variant


def _integrated(hyperpriors: Hyperpriors, catalogue: Catalogue, level: float) -> dict[str, str]:
    """Return what an integrated assumption covers, from the prior that it is integrated over."""
    short, reach = catalogue.numbers.short, NormalDist().inv_cdf((1 + level) / 2)
    if hyperpriors.kappa_sd:
        low, high = (_rounded(math.exp(shift * hyperpriors.kappa_sd), catalogue) for shift in (-reach, reach))
        return {"low": low, "high": high, "level": catalogue.numbers.percent(level)}
    if hyperpriors.clustering is not None:
        a, b = hyperpriors.clustering
        return {"value": catalogue.numbers.decimal(a / (a + b), 1)}
    return {"value": short(reach * (hyperpriors.ratio_sd or 0.0))}


def _as_written(number: str, catalogue: Catalogue) -> str:
    """Return a number with as many decimals as its id has."""
    if not _NUMBER.fullmatch(number):
        return number
    return catalogue.numbers.decimal(float(number), len(number.partition(".")[2]))


def _prior_label(variant: str, catalogue: Catalogue, level: float) -> str:
    found = _PRIOR.fullmatch(variant)
    if found is None:
        return variant
    number = float(found["number"])
    if found["what"] != "beta":
        return catalogue.text(f"variant_prior_{found['what']}", value=catalogue.numbers.short(number))
    median = number if found["log"] else math.exp(number)
    reach = NormalDist().inv_cdf((1 + level) / 2) * float(found["sd"] or 0.0)
    low, high = (_rounded(median * math.exp(shift), catalogue) for shift in (-reach, reach))
    return catalogue.text("variant_prior_beta", ratio=catalogue.numbers.short(median), low=low, high=high)


def _rounded(ratio: float, catalogue: Catalogue) -> str:
    """Return a ratio with one or two significant digits: 134, 14, 2.3, 0.3, 0.01."""
    digits = 0 if ratio >= 10 else 1 if ratio >= 0.1 else 2
    return catalogue.numbers.decimal(ratio, digits)


def largest_shift(sensitivities: Sensitivities, report: str, diseases: Sequence[str]) -> tuple[str, float] | None:
    """Return the disease whose corrected rate moves most without a report, and by how much."""
    shifts = []
    for disease in diseases:
        left, primary = sensitivities.get("leave_one_out", report, disease), sensitivities.get(DATA, PRIMARY, disease)
        if left.headlined and primary.headlined:
            shifts.append((disease, (left.value or 0.0) - (primary.value or 0.0)))
    return max(shifts, key=lambda pair: abs(pair[1]), default=None)
