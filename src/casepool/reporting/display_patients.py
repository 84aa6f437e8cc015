"""The tables of patients: who they were and what harm was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pandas as pd

from casepool.reporting.display import DisplayTable, TableStyle
from casepool.reporting.estimates import OVERALL
from casepool.reporting.numbers import is_missing
from casepool.rows import rows_of

Cells: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, object]]
EVENTS = ("death", "serious_infection", "hypogammaglobulinaemia", "infusion_reaction", "relapse")
_COUNTED = (("female", ""), ("prior_rituximab", "yes"), ("prior_bortezomib", "yes"), ("monotherapy", "yes"))
_MEASURED = ("age_years", "n_prior_lines", "follow_up_months")


def patient_characteristics(characteristics: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the patients' characteristics, one disease a row."""
    cells = _cells(characteristics)
    diseases = sorted({disease for disease, item, _ in cells if item == "patients"}, key=style.rank)
    columns = [style.column("disease", weight=2.6), style.column("patients", "right", 0.8)]
    keys = ("age_years", "female", "n_prior_lines", "prior_rituximab", "prior_bortezomib", "monotherapy")
    columns += [style.column(key, "right", 1.4 if key in _MEASURED else 1.0) for key in keys]
    columns.append(style.column("follow_up_months", "right", 1.4))
    rows = [_characteristics_row(disease, cells, style) for disease in diseases]
    bold = [index for index, disease in enumerate(diseases) if disease == OVERALL]
    return style.table("characteristics", columns, rows, [style.catalogue.text("note_characteristics")], bold_rows=bold)


def _characteristics_row(disease: str, cells: Cells, style: TableStyle) -> list[str]:
    def measured(item: str) -> str:
        return _median(cells.get((disease, item, ""), {}), style)

    def counted(item: str, level: str) -> str:
        row = cells.get((disease, item, level)) or cells.get((disease, item, item), {})
        return style.catalogue.numbers.count(row.get("n"), row.get("n_known"))

    female, rituximab, bortezomib, alone = (counted(*pair) for pair in _COUNTED)
    patients = style.catalogue.numbers.integer(cells.get((disease, "patients", ""), {}).get("n"))
    age, lines, follow_up = (measured(item) for item in _MEASURED)
    return [style.disease(disease), patients, age, female, lines, rituximab, bortezomib, alone, follow_up]


def overall_characteristics(characteristics: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return every characteristic of all patients together, one item or level a row."""
    overall = [row for row in rows_of(characteristics) if row["disease"] == OVERALL]
    order = ["patients", "age_years", "female", "setting", "autoimmune", "n_prior_lines", "prior_rituximab"]
    order += ["prior_bortezomib", "route", "monotherapy", "follow_up_months"]
    overall.sort(key=lambda row: order.index(str(row["item"])) if str(row["item"]) in order else len(order))
    columns = [
        style.column("item", weight=3.0),
        style.column("value", "right", 1.6),
        style.column("known", "right", 1.2),
    ]
    rows = [_overall_row(row, style) for row in overall]
    return style.table("characteristics_overall", columns, rows, [style.catalogue.text("note_characteristics_overall")])


def _overall_row(row: Mapping[str, object], style: TableStyle) -> list[str]:
    catalogue, numbers = style.catalogue, style.catalogue.numbers
    item = str(row["item"])
    name = catalogue.text(f"item_{item}") if catalogue.has(f"item_{item}") else item
    level = "" if is_missing(row["level"]) else str(row["level"])
    if item == "autoimmune" or (level and level not in {item, "yes"}):
        name = f"{name}{catalogue.text('colon')}{catalogue.label(level, f'level_{item}')}"
    if item == "patients":
        return [name, numbers.integer(row["n"]), numbers.missing]
    known = numbers.integer(row["n_known"])
    if not is_missing(row["median"]):
        return [name, _median(row, style), known]
    share = numbers.percent(_share(row["n"], row["n_known"]))
    shown = numbers.missing if is_missing(row["n"]) else f"{numbers.integer(row['n'])}\u00a0({share})"
    return [name, shown, known]


def _median(row: Mapping[str, object], style: TableStyle) -> str:
    return style.catalogue.numbers.median_range(row.get("median"), row.get("lowest"), row.get("highest"))


def _share(part: object, whole: object) -> float | None:
    if is_missing(part) or is_missing(whole) or int(str(whole)) == 0:
        return None
    return int(str(part)) / int(str(whole))


def safety_overall(safety: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the events of all patients together: count, share with interval, and for how many nothing is told."""
    found = {str(row["event"]): row for row in rows_of(safety) if row["disease"] == OVERALL}
    columns = [style.column("event", weight=2.4), style.column("event_count", "right")]
    columns += [
        style.column("event_share", "right", 1.6, level=style.interval),
        style.column("not_told", "right", 1.4),
    ]
    rows = [_event_row(found[event], style) for event in _events(found)]
    return style.table("safety", columns, rows, [style.catalogue.text("note_safety")])


def _event_row(row: Mapping[str, object], style: TableStyle) -> list[str]:
    numbers = style.catalogue.numbers
    silent = int(str(row["n_treated"])) - int(str(row["n_known"]))
    return [
        style.catalogue.text(f"event_{row['event']}"),
        numbers.count(row["n_event"], row["n_known"]),
        numbers.percent_interval(row["proportion"], row["ci_lower"], row["ci_upper"]),
        numbers.integer(max(silent, 0)),
    ]


def safety_by_disease(safety: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the events by disease as counts over the patients for whom the source tells them."""
    found = {(str(row["disease"]), str(row["event"])): row for row in rows_of(safety)}
    events = _events([event for _, event in found])
    diseases = sorted({disease for disease, _ in found}, key=style.rank)
    columns = [style.column("disease", weight=2.6)]
    columns += [style.column(f"event_{event}", "right", 1.1) for event in events]
    rows = []
    for disease in diseases:
        counts = [found.get((disease, event), {}) for event in events]
        rows.append([style.disease(disease), *(_count(one, style) for one in counts)])
    bold = [index for index, disease in enumerate(diseases) if disease == OVERALL]
    return style.table("safety_by_disease", columns, rows, [style.catalogue.text("note_safety")], bold_rows=bold)


def _count(row: Mapping[str, object], style: TableStyle) -> str:
    return style.catalogue.numbers.count(row.get("n_event"), row.get("n_known"))


def _events(found: Mapping[str, object] | Sequence[str]) -> list[str]:
    return [event for event in EVENTS if event in found]


def _cells(characteristics: pd.DataFrame) -> Cells:
    cells = {}
    for row in rows_of(characteristics):
        level = "" if is_missing(row["level"]) else str(row["level"])
        cells[str(row["disease"]), str(row["item"]), level] = row
    return cells
