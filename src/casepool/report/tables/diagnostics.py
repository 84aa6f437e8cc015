"""The table of diagnostics and checks: each with its value and what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from casepool.contract.estimates import NOT_ESTIMABLE
from casepool.model.estimate import ALL
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.tables.sensitivity import points
from casepool.report.words.citations import citations
from casepool.report.words.numbers import Numbers, is_missing
from casepool.rows import rows_of
from casepool.stats.checks import heterogeneity, nodes, preference

_ORDER = (
    *("information", "ratio_above_1", "ratio_within", "ratio_between", "ratio_linkage"),
    *("within_against_between", "within_against_linkage", "ratio_heterogeneity", "registry_preference"),
    *("prior_conflict", "least_likely_source", "least_likely_disease", "rests_on", "tipping_preference"),
    *("mantel_haenszel", "ratio_by_maximum_likelihood", "largest_prior_shift", "published_by_response"),
    *("conflict", "two_lists"),
)
_RATIOS = {"ratio_within", "ratio_between", "ratio_linkage", "mantel_haenszel", "ratio_by_maximum_likelihood"}
_RATIOS |= {"registry_preference"}
_RATES = {"rests_on", "two_lists"}
_FACTORS = {"ratio_heterogeneity", "tipping_preference"}
# What a check is compared with before it is an alarm, as the reader sees it.
_ALARMS: Mapping[str, Callable[[Numbers], str]] = {
    "within_against_between": lambda numbers: numbers.percent(nodes.ALARM),
    "within_against_linkage": lambda numbers: numbers.percent(nodes.ALARM),
    "registry_preference": lambda numbers: numbers.percent(preference.ALARM),
    "ratio_heterogeneity": lambda numbers: numbers.decimal(heterogeneity.ALARM),
}

Cells = Mapping[str, object]


def diagnostics_in_words(diagnostics: pd.DataFrame, reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return every diagnostic with its value and what it means."""
    columns = [style.column("diagnostic", weight=2.2)]
    columns.append(style.column("diagnostic_value", "right", 1.3, level=style.interval))
    columns.append(style.column("meaning", weight=3.6))
    names = citations(reports, style.catalogue.language)
    rows = [
        [_label(row, style), _value(row, style), meaning(row, names, style)] for row in in_order(diagnostics, style)
    ]
    return style.table("diagnostics", columns, rows)


def in_order(diagnostics: pd.DataFrame, style: TableStyle) -> list[Cells]:
    """Return the rows in the order of the table, those of several diseases in that of the protocol."""

    def place(row: Cells) -> tuple[int, str, tuple[int, str]]:
        name = str(row["diagnostic"])
        return _ORDER.index(name) if name in _ORDER else len(_ORDER), name, style.rank(str(row["disease"]))

    return sorted(rows_of(diagnostics), key=place)


def _label(row: Cells, style: TableStyle) -> str:
    label = style.catalogue.label(row["diagnostic"], "diagnostic")
    if row["disease"] == ALL:
        return label
    return style.catalogue.text(
        "diagnostic_of", diagnostic=label, disease=style.disease(str(row["disease"]), short=True)
    )


def _value(row: Cells, style: TableStyle) -> str:
    numbers, name, value = style.catalogue.numbers, str(row["diagnostic"]), row["value"]
    if is_missing(value):
        return style.catalogue.text("not_estimable") if row["status"] == NOT_ESTIMABLE else numbers.missing
    if name in _RATIOS:
        return numbers.ratio(value, row["ci_lower"], row["ci_upper"])
    if name in _RATES:
        return numbers.percent_interval(value, row["ci_lower"], row["ci_upper"])
    if name in _FACTORS:
        return numbers.decimal(value)
    if name == "information":
        return style.catalogue.text("bits_value", value=numbers.decimal(value, 2))
    if name == "largest_prior_shift":
        return style.catalogue.text("points_value", value=points(float(str(value)), style))
    return numbers.percent(value)


def meaning(row: Cells, names: Mapping[str, str], style: TableStyle) -> str:
    """Return what a diagnostic means in this build: its kind, then what its state or its reason adds.

    Parameters
    ----------
    row : a row of the table ``diagnostics``.
    names : short citations by report.
    """
    catalogue, key = style.catalogue, f"meaning_{row['diagnostic']}"
    if row["status"] == NOT_ESTIMABLE:
        known = f"reason_{row['reason']}"
        reason = catalogue.text(known if catalogue.has(known) else "reason_unknown", source=_source(row, names))
        return " ".join([f"{reason[0].upper()}{reason[1:]}.", *_texts(row, [key], names, style)])
    keys = [key, f"{key}_{row['reason']}", f"{key}_{row['status']}", f"{key}_{row['reason']}_{row['status']}"]
    keys += [f"{key}_uncertain"] if _holds_one(row) else []
    return " ".join(_texts(row, keys, names, style)) or catalogue.numbers.missing


def _texts(row: Cells, keys: list[str], names: Mapping[str, str], style: TableStyle) -> list[str]:
    """Return the texts of the keys that the catalogue knows, with the numbers of the row."""
    catalogue, numbers, name = style.catalogue, style.catalogue.numbers, str(row["diagnostic"])
    values = {
        "n": numbers.integer(row["n"]),
        "value": _value(row, style),
        "compared": numbers.percent(row["compared"]),
        "bits": numbers.decimal(row["bits"], 2),
        "alarm": _ALARMS[name](numbers) if name in _ALARMS else "",
        "source": _source(row, names),
    }
    return [catalogue.text(key, **values) for key in keys if catalogue.has(key)]


def _source(row: Cells, names: Mapping[str, str]) -> str:
    return "" if is_missing(row["source"]) else names.get(str(row["source"]), str(row["source"]))


def _holds_one(row: Cells) -> bool:
    """Return whether the interval of a ratio holds 1; a limit that was not found is open."""
    lower, upper = (None if is_missing(row[name]) else float(str(row[name])) for name in ("ci_lower", "ci_upper"))
    if lower is None and upper is None:
        return False
    return (lower is None or lower < 1) and (upper is None or upper > 1)
