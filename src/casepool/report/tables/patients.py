"""The tables of patients: who they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import pandas as pd

from casepool.description.characteristics import COHORT
from casepool.model.estimate import OVERALL
from casepool.model.study import study
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.citations import citations
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

Cells: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, object]]
Median: TypeAlias = tuple[str, float, int]
_MEASURED = ("age_years", "n_prior_lines", "follow_up_months")


def patient_characteristics(characteristics: pd.DataFrame, reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the patients' characteristics, one disease a row; each median with its number of patients."""
    cells = _cells(characteristics)
    cohorts = _cohort_medians(characteristics, citations(reports, style.catalogue.language))
    diseases = sorted({disease for disease, item, _ in cells if item == "patients"}, key=style.rank)
    columns = [style.column("disease", weight=2.6), style.column("patients", "right", 0.8)]
    keys = ("age_years", "female", "n_prior_lines", *_answered(), "monotherapy")
    columns += [style.column(key, "right", 1.4 if key in _MEASURED else 1.0) for key in keys]
    columns.append(style.column("follow_up_months", "right", 1.4))
    rows = [_characteristics_row(disease, cells, cohorts, style) for disease in diseases]
    bold = [index for index, disease in enumerate(diseases) if disease == OVERALL]
    return style.table("characteristics", columns, rows, [style.catalogue.text("note_characteristics")], bold_rows=bold)


def _answered() -> tuple[str, ...]:
    return tuple(covariate.id for covariate in study().covariates)


def _cohort_medians(characteristics: pd.DataFrame, names: Mapping[str, str]) -> dict[tuple[str, str], list[Median]]:
    """Return disease and measure → source, median and patients of each cohort that gives one."""
    found: dict[tuple[str, str], list[Median]] = {}
    for row in rows_of(characteristics):
        measure = str(row["item"]).removesuffix(COHORT)
        if measure != row["item"]:
            report = str(row["level"]).split("/", 1)[0]
            median = (names.get(report, report), float(row["median"]), int(row["n_known"]))
            found.setdefault((str(row["disease"]), measure), []).append(median)
    return found


def _characteristics_row(
    disease: str, cells: Cells, cohorts: Mapping[tuple[str, str], list[Median]], style: TableStyle
) -> list[str]:
    def measured(item: str) -> str:
        singles = _median(cells.get((disease, item, ""), {}), style)
        beside = [_cohort_median(one, style) for one in cohorts.get((disease, item), []) if disease != OVERALL]
        told = [one for one in (singles, *beside) if one != style.catalogue.numbers.missing]
        return style.catalogue.text("semicolon").join(told) or singles

    def counted(item: str, level: str) -> str:
        row = cells.get((disease, item, level)) or cells.get((disease, item, item), {})
        return style.catalogue.numbers.count(row.get("n"), row.get("n_known"))

    female, answered = counted("female", ""), [counted(item, "yes") for item in (*_answered(), "monotherapy")]
    patients = style.catalogue.numbers.integer(cells.get((disease, "patients", ""), {}).get("n"))
    age, lines, follow_up = (measured(item) for item in _MEASURED)
    return [style.disease(disease), patients, age, female, lines, *answered, follow_up]


def overall_characteristics(characteristics: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return every characteristic of all patients together, one item or level a row."""
    overall = [row for row in rows_of(characteristics) if row["disease"] == OVERALL]
    overall = [row for row in overall if not str(row["item"]).endswith(COHORT)]
    order = ["patients", "age_years", "female", "setting", "autoimmune", "n_prior_lines", *_answered()]
    order += ["route", "monotherapy", "follow_up_months"]
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
    if item in _MEASURED:
        return [name, _median(row, style), known]
    share = numbers.percent(_share(row["n"], row["n_known"]))
    shown = numbers.missing if is_missing(row["n"]) else f"{numbers.integer(row['n'])}\u00a0({share})"
    return [name, shown, known]


def _median(row: Mapping[str, object], style: TableStyle) -> str:
    """Return a median with its range and number of patients; one or two values as they are."""
    catalogue, numbers = style.catalogue, style.catalogue.numbers
    known = row.get("n_known")
    if is_missing(known) or not int(str(known)):
        return numbers.missing
    if is_missing(row.get("median")):
        values = list(dict.fromkeys(numbers.short(row.get(one)) for one in ("lowest", "highest")))
        shown = catalogue.join(values if int(str(known)) > 1 else values[:1])
    else:
        shown = numbers.median_range(row["median"], row["lowest"], row["highest"])
    return catalogue.text("value_of_n", value=shown, n=numbers.integer(known))


def _cohort_median(median: Median, style: TableStyle) -> str:
    source, value, n = median
    numbers = style.catalogue.numbers
    return style.catalogue.text(
        "cohort_median", value=numbers.short(value), n=numbers.integer(n), source=source
    )  # fmt: skip


def _share(part: object, whole: object) -> float | None:
    if is_missing(part) or is_missing(whole) or int(str(whole)) == 0:
        return None
    return int(str(part)) / int(str(whole))


def _cells(characteristics: pd.DataFrame) -> Cells:
    cells = {}
    for row in rows_of(characteristics):
        level = "" if is_missing(row["level"]) else str(row["level"])
        cells[str(row["disease"]), str(row["item"]), level] = row
    return cells
