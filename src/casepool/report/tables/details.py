"""What each source gave its patients, and what it called a response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casepool.model.vocabulary import ScreeningDecision
from casepool.report.tables.display import DisplayTable, InLanguage, TableStyle
from casepool.report.words.citations import citations
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

_LONGEST = 4


def source_details(
    patients: pd.DataFrame, cohorts: pd.DataFrame, reports: pd.DataFrame, style: TableStyle
) -> DisplayTable:
    """Return dose, treatment given beside, and response as defined, of each included report and disease."""
    names = citations(reports, style.catalogue.language)
    included = set(reports.loc[reports["decision"] == ScreeningDecision.INCLUDE, "report_id"])
    told: dict[tuple[str, str], list[Row]] = {}
    for row in (*rows_of(patients), *rows_of(cohorts)):
        if row["report_id"] in included:
            told.setdefault((str(row["report_id"]), str(row["disease"])), []).append(row)
    order = sorted(told, key=lambda one: (names[one[0]].casefold(), style.rank(one[1])))
    columns = [style.column("source", weight=1.3), style.column("disease", weight=1.3)]
    columns += [style.column("dose", weight=1.8), style.column("concomitant", weight=1.8)]
    columns.append(style.column("response_definition", weight=2.6))
    rows = [
        [names[report], style.disease(disease, short=True), *_details(told[report, disease], style)]
        for report, disease in order
    ]
    keys = [report for report, _ in order]
    notes = [style.catalogue.text("note_source_details")]
    return style.table("source_details", columns, rows, notes, row_keys=keys)


def _details(rows: list[Row], style: TableStyle) -> list[str]:
    catalogue = style.catalogue
    doses = [_dose(row, style) for row in rows]
    singly = [row for row in rows if "concomitant" in row]
    beside = [_beside(row, style) for row in singly] or [catalogue.text("not_extracted")]
    return [
        _listed(doses, style),
        _listed(beside, style),
        _listed([_cell(row, "response_definition") or _cell(row, "response_as_reported") for row in rows], style),
    ]


def _dose(row: Row, style: TableStyle) -> str:
    count = _cell(row, "n_doses")
    n = style.catalogue.plural("n_doses", int(float(count))) if count else ""
    return ", ".join(one for one in (_cell(row, "dose"), n) if one)


def _beside(row: Row, style: TableStyle) -> str:
    alone = style.catalogue.text("nothing_beside") if row["monotherapy"] == "yes" else ""
    return _cell(row, "concomitant") or alone


def _cell(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if is_missing(value) else str(value).strip()


def _listed(texts: Iterable[str], style: TableStyle) -> str:
    """Return different texts in one cell, in the language in which they were typed; a dash where nothing was."""
    known = [one for one in dict.fromkeys(texts) if one]
    if not known:
        return style.catalogue.numbers.missing
    own = {style.catalogue.text("not_extracted"), style.catalogue.text("nothing_beside")}
    shown = style.catalogue.text("semicolon").join(known[:_LONGEST])
    if len(known) > _LONGEST:
        shown += style.catalogue.text("semicolon") + style.catalogue.plural("and_more", len(known) - _LONGEST)
    return shown if set(known) <= own else InLanguage(shown, "en")
