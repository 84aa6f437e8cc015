"""The table of agreement: how far two readers extracted the same from the same reports."""

from __future__ import annotations

import pandas as pd

from casepool.contract.texts import column_label, table_title
from casepool.readings.agreement import ALL, REPORTS
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row


def extraction_agreement(agreement: pd.DataFrame, style: TableStyle) -> DisplayTable | None:
    """Return the agreement of two readers, all fields first; None where no report was read twice."""
    if agreement.empty:
        return None
    several = agreement["mode"].nunique() > 1
    columns = [style.column("reading_mode", weight=1.2)] if several else []
    columns += [style.column("read_table", weight=1.2), style.column("read_field", weight=2.0)]
    columns += [style.column("fields_equal", "right", 0.9), style.column("share_equal", "right", 0.7)]
    columns += [style.column("kappa_interval", "right", 1.8, level=style.interval)]
    columns += [style.column("largest_difference", "right", 0.9)]
    found = sorted(rows_of(agreement), key=lambda row: (row["mode"], _RANK.get(row["table"], len(_RANK))))
    rows = [[*([style.catalogue.label(row["mode"])] if several else []), *_cells(row, style)] for row in found]
    bold = [place for place, row in enumerate(found) if row["column"] == ALL]
    return style.table(
        "extraction_agreement", columns, rows, [style.catalogue.text("note_extraction_agreement")], bold_rows=bold
    )


_RANK = {REPORTS: 0, ALL: 1}


def _cells(row: Row, style: TableStyle) -> list[str]:
    numbers = style.catalogue.numbers
    return [
        *_named(row, style),
        numbers.count(row["n_agreed"], row["n"]),
        numbers.percent(row["agreed"]),
        _kappa(row, style),
        numbers.short(row["largest_difference"]),
    ]


def _named(row: Row, style: TableStyle) -> tuple[str, str]:
    catalogue, table, column = style.catalogue, str(row["table"]), str(row["column"])
    if table in _RANK:
        return catalogue.text("read_all"), catalogue.text(f"read_{column}")
    title = table_title(table, catalogue.language)  # type: ignore[arg-type]
    if row["kind"] == "rows":
        return title, catalogue.text("read_rows")
    return title, column_label(table, column, catalogue.language)  # type: ignore[arg-type]


def _kappa(row: Row, style: TableStyle) -> str:
    if is_missing(row["status"]):
        return style.catalogue.numbers.missing
    if is_missing(row["ci_lower"]):
        why = style.catalogue.text(f"kappa_{row['status']}")
        return why if is_missing(row["kappa"]) else f"{style.catalogue.numbers.decimal(row['kappa'], 2)} ({why})"
    return kappa_with_interval(row, style)


def kappa_with_interval(row: Row, style: TableStyle) -> str:
    """Return kappa with its interval, as text."""
    value, low, high = (style.catalogue.numbers.decimal(row[name], 2) for name in ("kappa", "ci_lower", "ci_upper"))
    return style.catalogue.text("kappa_from_to", kappa=value, low=low, high=high)
