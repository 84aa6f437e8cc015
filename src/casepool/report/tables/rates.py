"""The tables of response: raw, own and pooled rates by disease, rates at fixed ratios, and the what-if table."""

from __future__ import annotations

import pandas as pd

from casepool.model.estimate import AT_RATIO, OVERALL, OWN, POOLED, Estimate
from casepool.report.estimates import Estimates
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.citations import citations
from casepool.report.words.fit_notes import note_texts
from casepool.report.words.incidences import incidence_sentences
from casepool.report.words.naming import Origin, Origins

ALL_EVENTS = "all_events"
# Said by the table in other words: the diseases without data are named in a note of their own.
_NAMED = frozenset({"diseases_without_data"})


def response_by_disease(
    results: pd.DataFrame,
    origins: pd.DataFrame,
    incidences: pd.DataFrame,
    unique: pd.DataFrame,
    reports: pd.DataFrame,
    style: TableStyle,
) -> DisplayTable:
    """Return the main table: raw counts and rate, complete and selective parts, own rate, pooled rate beside it.

    Patients of a disease whose antibodies differ in origin follow it in rows of their own; diseases without a known
    response are named in a note, and so is what cohorts report without a number of responders.
    """
    estimates, found = Estimates(results, style.protocol.outcomes[0].id), Origins(origins)
    columns = [
        style.column("disease", weight=2.5),
        style.column("reports", "right", 1.0),
        style.column("raw_count", "right", 0.9),
        style.column("raw_rate", "right", 1.5, level=style.interval),
        style.column("complete", "right", 1.25),
        style.column("selective", "right", 1.25),
        style.column("own", "right", 1.6, level=style.interval),
        style.column("pooled", "right", 1.5, level=style.interval),
        style.column("status", weight=1.4),
    ]
    known = [one for one in style.protocol.eligible_ids if estimates.get(one, "raw", "exact").value is not None]
    rows = []
    for disease in known:
        rows.append(_response_row(disease, estimates, style))
        rows += [_origin_row(one, style) for one in found.split(disease)]
    bold = []
    if len(known) != 1:
        totals = _total_rows(estimates, style)
        bold = list(range(len(rows), len(rows) + len(totals)))
        rows += totals
    notes = [style.catalogue.text(f"note_response_{key}") for key in ("raw", "own", "pooled")]
    names = citations(reports, style.catalogue.language)
    first = incidence_sentences(incidences, unique, lambda report: names.get(report, report), style.catalogue)
    empty = [style.disease(one) for one in style.protocol.eligible_ids if one not in known]
    if empty:
        first.append(style.catalogue.text("note_response_empty", names=style.catalogue.text("semicolon").join(empty)))
    told = [one for one in estimates.notes if one.analysis not in _NAMED]
    notes = [*first, *notes, *note_texts(told, style.catalogue)]
    return style.table("response", columns, rows, notes, bold_rows=bold)


def _total_rows(estimates: Estimates, style: TableStyle) -> list[list[str]]:
    """Return the rate of all patients, the mean of the anchored diseases, and apart from them the pooled mean."""
    missing = style.catalogue.numbers.missing
    rows = [[*_raw_cells(OVERALL, estimates, style), *[missing] * 3]]
    own = estimates.get(OVERALL, OWN, OWN)
    if own.value is not None:
        name = style.catalogue.text("mean_of_anchored_name")
        rows.append([name, *[missing] * 5, _rate(own, style), missing, style.catalogue.text("mean_of_anchored")])
    before, pooled = estimates.get(OVERALL, "uncorrected"), estimates.get(OVERALL, POOLED)
    if before.value is not None:
        name, words = style.catalogue.text("mean_of_diseases_name"), style.catalogue.text("mean_of_diseases")
        status = words if pooled.headlined else style.catalogue.label(pooled.shown_status, "status_short")
        cells = [_rate(before, style), *[missing] * 3, pooled_rate(pooled, style), status]
        rows.append([name, missing, missing, *cells])
    return rows


def _rate(estimate: Estimate, style: TableStyle) -> str:
    return style.catalogue.numbers.percent_interval(estimate.value, estimate.ci_lower, estimate.ci_upper)


def _origin_row(origin: Origin, style: TableStyle) -> list[str]:
    """Return the raw counts of the patients of one origin; nothing else is estimated of them."""
    numbers = style.catalogue.numbers
    name = style.catalogue.text("origin_row", origin=style.catalogue.text(f"origin_of_{origin.autoimmune}"))
    rate = numbers.percent_interval(origin.proportion, origin.ci_lower, origin.ci_upper)
    count = numbers.count(origin.n_response, origin.n_evaluable)
    return [f"\u2003{name}", numbers.integer(origin.n_reports), count, rate, *[numbers.missing] * 5]


def _raw_cells(disease: str, estimates: Estimates, style: TableStyle) -> list[str]:
    """Return the cells up to the own rate: reports, counts and rate of all patients, and the two parts."""
    numbers = style.catalogue.numbers
    raw = estimates.get(disease, "raw", "exact")
    parts = (estimates.get(disease, part, "exact") for part in ("complete_only", "selective_only"))
    return [
        style.disease(disease),
        numbers.integer(raw.k),
        numbers.count(raw.n_response, raw.n_evaluable),
        _rate(raw, style),
        *(numbers.count(part.n_response, part.n_evaluable) for part in parts),
    ]


def _response_row(disease: str, estimates: Estimates, style: TableStyle) -> list[str]:
    own, pooled = estimates.get(disease, OWN, OWN), estimates.get(disease, POOLED)
    status = style.catalogue.label(own.status, "status_short")
    return [*_raw_cells(disease, estimates, style), own_rate(own, style), pooled_rate(pooled, style), status]


def own_rate(estimate: Estimate, style: TableStyle) -> str:
    """Return the own rate with its interval; the interval alone where no point may be shown."""
    numbers = style.catalogue.numbers
    if estimate.limits_only:
        return numbers.percent_span(estimate.ci_lower, estimate.ci_upper)
    return _rate(estimate, style) if estimate.headlined else numbers.missing


def pooled_rate(estimate: Estimate, style: TableStyle) -> str:
    """Return the pooled rate with its interval, or a dash where it must not be shown."""
    return _rate(estimate, style) if estimate.headlined else style.catalogue.numbers.missing


def rates_at_ratios(results: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the rate of each disease without complete evidence, for each of the reporting ratios."""
    estimates = Estimates(results, style.protocol.outcomes[0].id)
    ratios = sorted({one.threshold for one in estimates if one.analysis == AT_RATIO and one.threshold is not None})
    columns = [style.column("disease", weight=2.4), style.column("raw_count", "right", 0.9)]
    for ratio in ratios:
        shown = style.catalogue.numbers.short(ratio)
        columns.append(style.column("at_ratio", "right", 1.4, ratio=shown, level=style.interval))
    columns.append(style.column("own_interval", "right", 1.2, level=style.interval))
    rows = []
    for disease in style.protocol.eligible_ids:
        found = [estimates.get(disease, AT_RATIO, "exact", threshold=ratio) for ratio in ratios]
        if any(one.shown for one in found):
            count = style.catalogue.numbers.count(found[0].n_response, found[0].n_evaluable)
            own = own_rate(estimates.get(disease, OWN, OWN), style)
            rows.append([style.disease(disease), count, *(_rate(one, style) for one in found), own])
    return style.table("at_ratios", columns, rows, [style.catalogue.text("note_at_ratios")])


def what_if(results: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return how selective reporting would have to be for the rate of the selected cases to fall to a threshold."""
    estimates = Estimates(results, style.protocol.outcomes[0].id)
    thresholds = estimates.tipping_thresholds
    columns = [style.column("disease", weight=2.4), style.column("selective", "right", 1.0)]
    columns.append(style.column("selective_rate", "right", 1.5, level=style.interval))
    for threshold in thresholds:
        shown = style.catalogue.numbers.percent(threshold)
        columns.append(style.column("tipping", "right", 1.2, threshold=shown))
        columns.append(style.column("tipping_lower", "right", 1.5, threshold=shown))
    diseases = [one for one in style.protocol.eligible_ids if _tipping_told(one, estimates, thresholds)]
    rows = [_what_if_row(disease, estimates, thresholds, style) for disease in diseases]
    notes = [style.catalogue.text("note_what_if"), style.catalogue.text("note_what_if_below")]
    return style.table("what_if", columns, rows, notes)


def _tipping_told(disease: str, estimates: Estimates, thresholds: list[float]) -> bool:
    return any(estimates.tipping(disease, one).ci_lower is not None for one in thresholds)


def _what_if_row(disease: str, estimates: Estimates, thresholds: list[float], style: TableStyle) -> list[str]:
    numbers = style.catalogue.numbers
    selective = estimates.get(disease, "selective_only", "exact")
    cells = [style.disease(disease), numbers.count(selective.n_response, selective.n_evaluable)]
    cells.append(_rate(selective, style))
    for threshold in thresholds:
        tipping = estimates.tipping(disease, threshold)
        infinite = tipping.value is None and tipping.reason == ALL_EVENTS
        cells += [_tipping(float("inf") if infinite else tipping.value, style), _tipping(tipping.ci_lower, style)]
    return cells


def _tipping(ratio: float | None, style: TableStyle) -> str:
    if ratio is not None and ratio < 1:
        return style.catalogue.text("already_below")
    return style.catalogue.numbers.decimal(ratio, 1)
