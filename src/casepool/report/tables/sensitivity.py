"""The tables of the sensitivity analyses: variants, leaving one out, fixed ratios, bounds."""

from __future__ import annotations

import pandas as pd

from casepool.model.estimate import ALL, OVERALL, Estimate
from casepool.model.variant import Variant
from casepool.report.estimates import Estimates
from casepool.report.sensitivity_rows import DATA, PRIMARY, Sensitivities, largest_shift, variant_label
from casepool.report.tables.display import DisplayColumn, DisplayTable, TableStyle
from casepool.report.tables.rates import pooled_rate
from casepool.report.words.citations import citations
from casepool.report.words.numbers import MINUS

_FAIR = 1.0  # the ratio where responders and others are reported alike
_ASSUMPTIONS = ("kappa", "clustering", "ratio_sd", "prior")


def sensitivity_analyses(sensitivity: pd.DataFrame, reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return one row for each variant: patients, mean of the diseases, reporting ratio, every disease."""
    rows, names = Sensitivities(sensitivity), citations(reports, style.catalogue.language)
    diseases = _diseases(rows, DATA, style)
    columns = [
        style.column("variant", weight=3.2),
        style.column("event_count", "right", 0.8),
        *([style.column("overall_pooled", "right", 1.6, level=style.interval)] if rows.has_mean else []),
        style.column("ratio_interval", "right", 1.4, level=style.interval),
        *(_disease_column(one, style, 0.9) for one in diseases),
    ]
    variants = [*rows.variants(DATA), *(one for one, _ in rows.extremes())]
    variants += [one for analysis in _ASSUMPTIONS for one in rows.variants(analysis)]
    cells = []
    for variant in variants:
        overall, ratio = rows.of(variant), rows.of(variant, ALL)
        numbers = style.catalogue.numbers
        shown = numbers.ratio(ratio.value, ratio.ci_lower, ratio.ci_upper) if ratio.headlined else numbers.missing
        told = [rows.of(variant, one) for one in diseases]
        cells.append(
            [
                variant_label(variant, style.catalogue, names, style.level),
                numbers.count(overall.n_response, overall.n_evaluable),
                *([pooled_rate(overall, style)] if rows.has_mean else []),
                shown,
                *(numbers.percent(one.value if one.headlined else None) for one in told),
            ]
        )
    bold = [index for index, one in enumerate(variants) if (one.analysis, one.variant) == (DATA, PRIMARY)]
    return style.table("sensitivity", columns, cells, [style.catalogue.text("note_sensitivity")], bold_rows=bold)


def leave_one_out(sensitivity: pd.DataFrame, reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return how far the mean, and the disease that moves most, shift without each report."""
    rows, names = Sensitivities(sensitivity), citations(reports, style.catalogue.language)
    diseases = [one for one in style.protocol.eligible_ids if one in rows.diseases()]
    columns = [
        style.column("left_out", weight=1.8),
        style.column("event_count", "right", 0.7),
        style.column("overall_pooled" if rows.has_mean else "pooled", "right", 1.6, level=style.interval),
        style.column("shift" if rows.has_mean else "shift_of_rate", "right", 1.0),
        style.column("largest_shift", weight=2.4),
    ]
    found = []
    for report in (one.variant for one in rows.variants("leave_one_out")):
        left = rows.get("leave_one_out", report)
        shift = _difference(left, rows.primary)
        moved = largest_shift(rows, report, diseases)
        words = style.catalogue.numbers.missing
        if moved is not None:
            words = f"{style.disease(moved[0], short=True)}\u00a0{points(moved[1], style)}"
        count = style.catalogue.numbers.count(left.n_response, left.n_evaluable)
        cells = [names.get(report, report), count, pooled_rate(left, style), points(shift, style), words]
        found.append((-abs(shift or 0.0), cells))
    found.sort(key=lambda pair: (pair[0], pair[1][0]))
    cells_in_order = [cells for _, cells in found]
    return style.table("leave_one_out", columns, cells_in_order, [style.catalogue.text("note_leave_one_out")])


def ratio_sweep(sensitivity: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the pooled rate of every disease for every fixed reporting ratio."""
    rows = Sensitivities(sensitivity)
    diseases = [*_diseases(rows, "ratio", style), *([OVERALL] if rows.has_mean else [])]
    columns = [style.column("ratio_fixed", "right", 0.6), *(_disease_column(one, style, 1.2) for one in diseases)]
    cells = []
    for variant in rows.variants("ratio"):
        told = [rows.of(variant, one) for one in diseases]
        cells.append([style.catalogue.numbers.short(variant.ratio), *(_rate(one, style) for one in told)])
    return style.table("ratio_sweep", columns, cells, [style.catalogue.text("note_ratio_sweep", level=style.interval)])


def bounds(sensitivity: pd.DataFrame, results: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return, for the selected cases of each disease alone, the rates that the ratios of a range allow."""
    rows, estimates = Sensitivities(sensitivity), Estimates(results, style.protocol.outcomes[0].id)
    numbers = style.catalogue.numbers
    variant = next(iter(rows.variants("bounds")), Variant("bounds", "", ratio=_FAIR))
    low, high = numbers.short(_FAIR), numbers.short(variant.ratio)
    columns = [
        style.column("disease", weight=2.6),
        style.column("selective", "right", 1.0),
        style.column("selective_rate", "right", 1.6, level=style.interval),
        style.column("bounded", "right", 1.6, low=low, high=high),
    ]
    cells = []
    for disease in _diseases(rows, "bounds", style):
        limits, raw = rows.of(variant, disease), estimates.get(disease, "selective_only", "exact")
        span = f"{numbers.span(limits.ci_lower, limits.ci_upper)}{numbers.percent_sign}"
        rate = numbers.percent_interval(raw.value, raw.ci_lower, raw.ci_upper)
        cells.append([style.disease(disease), numbers.count(limits.n_response, limits.n_evaluable), rate, span])
    return style.table("bounds", columns, cells, [style.catalogue.text("note_bounds", low=low, high=high)])


def _diseases(rows: Sensitivities, analysis: str, style: TableStyle) -> list[str]:
    return [one for one in style.protocol.eligible_ids if one in rows.diseases(analysis)]


def _disease_column(disease: str, style: TableStyle, weight: float) -> DisplayColumn:
    return DisplayColumn(disease, style.disease(disease, short=True), "right", weight)


def _rate(estimate: Estimate, style: TableStyle) -> str:
    """Return a rate under a fixed ratio: an assumption, so that it is shown whatever the data identify."""
    return style.catalogue.numbers.percent_interval(estimate.value, estimate.ci_lower, estimate.ci_upper)


def _difference(one: Estimate, other: Estimate) -> float | None:
    if not (one.headlined and other.headlined) or one.value is None or other.value is None:
        return None
    return one.value - other.value


def points(value: float | None, style: TableStyle) -> str:
    """Return a difference of proportions as signed percentage points."""
    numbers = style.catalogue.numbers
    if value is None:
        return numbers.missing
    shown = numbers.decimal(abs(100 * value))
    if not shown.strip("0,."):
        return shown
    return f"{'+' if value > 0 else MINUS}{shown}"
