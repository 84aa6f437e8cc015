"""The tables of sources: included, excluded with reasons, and what waits to be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from casepool.model.vocabulary import ExclusionReason, ReportType
from casepool.report.tables.display import DisplayTable, InLanguage, TableStyle
from casepool.report.words.citations import citations, cite
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of


def included_sources(reports: pd.DataFrame, study_counts: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the reports that patients were counted from, with their counts by disease."""
    names = citations(reports, style.catalogue.language)
    counted: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows_of(study_counts):
        counted[str(row["report_id"])].append(row)
    known = [row for row in rows_of(reports) if str(row["report_id"]) in counted]
    known.sort(key=lambda row: (str(row["year"]), names[str(row["report_id"])].casefold(), str(row["report_id"])))
    columns = [
        style.column("source", weight=1.7),
        style.column("type", weight=1.3),
        style.column("country", weight=1.0),
        style.column("diseases_counts", weight=2.0),
        style.column("ascertainment", weight=1.3),
        style.column("identifier", weight=2.2),
    ]
    rows = [_source_row(row, counted[str(row["report_id"])], names, style) for row in known]
    keys = [str(row["report_id"]) for row in known]
    return style.table("included_sources", columns, rows, [style.catalogue.text("note_included")], row_keys=keys)


def _source_row(
    report: Mapping[str, object], counted: list[dict[str, object]], names: Mapping[str, str], style: TableStyle
) -> list[str]:
    catalogue = style.catalogue
    counted = sorted(counted, key=lambda row: style.rank(str(row["disease"])))
    kinds = sorted({str(row["ascertainment"]) for row in counted})
    return [
        names[str(report["report_id"])],
        catalogue.label(report["report_type"]),
        _countries(report["country"], style),
        catalogue.text("semicolon").join(_disease_count(row, style) for row in counted),
        ", ".join(catalogue.label(kind, "ascertainment") for kind in kinds),
        identifier(report, style),
    ]


def _disease_count(row: Mapping[str, object], style: TableStyle) -> str:
    name = style.disease(str(row["disease"]), short=True)
    count = style.catalogue.numbers.count(row["n_response"], row["n_evaluable"])
    if count == style.catalogue.numbers.missing:
        count = f"({style.catalogue.text('response_not_told')})"
    return f"{name}\u00a0{count}"


def excluded_reports(reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the reports excluded at full text, each with its reason."""
    names = citations(reports, style.catalogue.language)
    excluded = [row for row in rows_of(reports) if row["decision"] == "exclude"]
    excluded.sort(key=lambda row: (str(row["exclusion_reason"]), names[str(row["report_id"])].casefold()))
    columns = [style.column("source", weight=1.5), style.column("title", weight=3.2)]
    columns += [style.column("reason", weight=1.6), style.column("identifier", weight=1.8)]
    rows = [
        [
            names[str(row["report_id"])],
            _foreign(row["title"], row["language"], style),
            style.catalogue.label(row["exclusion_reason"]),
            identifier(row, style),
        ]
        for row in excluded
    ]
    return style.table("excluded_reports", columns, rows, row_keys=[str(row["report_id"]) for row in excluded])


def excluded_cases(
    cases: pd.DataFrame, unique_patients: pd.DataFrame, reports: pd.DataFrame, style: TableStyle
) -> DisplayTable:
    """Return the patients of published reports that are not counted, by report, disease and reason."""
    names = citations(reports, style.catalogue.language)
    totals: dict[tuple[str, str, str], int] = defaultdict(int)
    out = [(row, str(row["exclusion_reason"])) for row in rows_of(cases) if row["eligible"] == "no"]
    again = [row for row in rows_of(unique_patients) if row["counted"] == "no" and row["eligible"] == "yes"]
    for row, reason in (*out, *((row, ExclusionReason.DUPLICATE_PATIENT.value) for row in again)):
        if row["report_type"] != ReportType.REGISTRY_CALL:
            key = (reason, str(row["report_id"]), str(row["disease"]))
            totals[key] += 1 if is_missing(row["n_treated"]) else int(str(row["n_treated"]))
    columns = [style.column("source", weight=1.6), style.column("disease", weight=2.2)]
    columns += [style.column("patients", "right", 0.8), style.column("reason", weight=1.8)]
    rows = [
        [
            names.get(report, report),
            style.disease(disease),
            style.catalogue.numbers.integer(n),
            style.catalogue.label(reason),
        ]
        for (reason, report, disease), n in sorted(totals.items())
    ]
    return style.table("excluded_cases", columns, rows, [style.catalogue.text("note_excluded_cases")])


def waiting_to_be_read(reading_list: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the publications that could not be used yet, and what has to be found in them."""
    columns = [style.column("source", weight=1.5), style.column("disease", weight=1.5)]
    columns += [style.column("waiting_status", weight=1.4), style.column("what_to_find", weight=3.0)]
    columns.append(style.column("identifier", weight=1.8))
    waiting = sorted(rows_of(reading_list), key=lambda row: (str(row["status"]), str(row["citation_key"])))
    rows = [
        [
            cite(row, style.catalogue.language),
            _waiting_disease(row["disease"], style),
            style.catalogue.label(row["status"]),
            _foreign(row["what_to_find"], "en", style),
            identifier(row, style),
        ]
        for row in waiting
    ]
    return style.table("reading_list", columns, rows, [style.catalogue.text("note_reading_list")])


def _waiting_disease(value: object, style: TableStyle) -> str:
    if is_missing(value):
        return style.catalogue.numbers.missing
    return ", ".join(style.disease(part.strip(), short=True) for part in str(value).replace(",", ";").split(";"))


def identifier(row: Mapping[str, object], style: TableStyle) -> str:
    """Return the DOI of a report, else its PMID or PMCID, else a dash."""
    if not is_missing(row.get("doi")):
        return str(row["doi"])
    if not is_missing(row.get("pmid")):
        return f"PMID\u00a0{row['pmid']}"
    return style.catalogue.numbers.missing if is_missing(row.get("pmcid")) else str(row["pmcid"])


def _countries(value: object, style: TableStyle) -> str:
    if is_missing(value):
        return style.catalogue.numbers.missing
    names = [part.strip() for part in str(value).split(";")]
    return ", ".join(style.catalogue.label(name, "country") for name in names)


def _foreign(value: object, language: object, style: TableStyle) -> str:
    """Return a text with its own language (English where none is given), a dash for none."""
    if is_missing(value):
        return style.catalogue.numbers.missing
    return InLanguage(str(value), "en" if is_missing(language) else str(language))
