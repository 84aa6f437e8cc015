"""What stands behind the rate of each disease: its sources and its published patients, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from casepool.report.figures.courses import published_patients
from casepool.report.page.facts import Facts
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.tables.sources import identifier
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

_WIDE = ("source", "identifier")


@dataclass(frozen=True)
class Behind:
    """A disease, its sources, and its patients where any is described alone."""

    disease: str
    name: str
    tables: tuple[DisplayTable, ...]

    @property
    def place(self) -> str:
        """The id of its heading in the page."""
        return f"disease-{self.disease}"


def behind(facts: Facts) -> list[Behind]:
    """Return the diseases with a source that counts.

    Registry patients stand in the totals that were released, as one source; none of them is a patient here.
    """
    style = TableStyle(facts.protocol, facts.catalogue, facts.meta.level)
    reports = {str(row["report_id"]): row for row in rows_of(facts.checks.get("reports", pd.DataFrame()))}
    patients = published_patients(facts.checks["unique_patients"]) if "unique_patients" in facts.checks else []
    return list(_diseases(facts, style, reports, patients))


def _diseases(facts: Facts, style: TableStyle, reports: dict[str, Row], patients: Sequence[Row]) -> Iterator[Behind]:
    for disease in facts.protocol.eligible_ids:
        sources = rows_of(facts.study_counts[facts.study_counts["disease"] == disease])
        if not sources:
            continue
        own = [row for row in patients if row["disease"] == disease]
        tables = [_sources(disease, sources, reports, facts, style)]
        tables += [_patients(disease, own, facts, style)] if own else []
        yield Behind(disease, style.disease(disease), tuple(tables))


def _table(
    key: str, title: str, columns: Sequence[tuple[str, bool]], rows: list[list[str]], style: TableStyle
) -> DisplayTable:
    heads = tuple(
        style.column(name, "right" if number else "left", 0.8 if number else 2.0 if name in _WIDE else 1.4)
        for name, number in columns
    )
    return DisplayTable(
        key, title, heads, tuple(tuple(row) for row in rows), language=style.catalogue.language
    )  # fmt: skip


def _sources(
    disease: str, sources: Sequence[Row], reports: dict[str, Row], facts: Facts, style: TableStyle
) -> DisplayTable:
    catalogue, numbers = facts.catalogue, facts.catalogue.numbers
    rows = [
        [
            facts.source(str(row["report_id"])),
            catalogue.label(row["report_type"]),
            catalogue.label(row["ascertainment"], "ascertainment"),
            numbers.integer(row["n_treated"]),
            numbers.count(row["n_response"], row["n_evaluable"]),
            identifier(reports.get(str(row["report_id"]), {}), style),
        ]
        for row in sources
    ]
    columns = [("source", False), ("type", False), ("ascertainment", False), ("treated", True), ("count", True)]
    title = catalogue.text("behind_sources", disease=style.disease(disease))
    return _table(f"sources_{disease}", title, [*columns, ("identifier", False)], rows, style)


def _patients(disease: str, patients: Sequence[Row], facts: Facts, style: TableStyle) -> DisplayTable:
    catalogue, numbers = facts.catalogue, facts.catalogue.numbers
    rows = [
        [
            facts.source(str(row["report_id"])),
            numbers.integer(row["age_years"]),
            catalogue.label(row["sex"]),
            numbers.missing if is_missing(row["setting"]) else catalogue.label(row["setting"]),
            numbers.integer(row["n_prior_lines"]),
            numbers.missing if is_missing(row["response"]) else catalogue.label(row["response"]),
            numbers.short(row["follow_up_months"]),
        ]
        for row in patients
    ]
    columns = [("source", False), ("age_years", True), ("sex", False), ("setting", False), ("n_prior_lines", True)]
    columns += [("response", False), ("follow_up_months", True)]
    title = catalogue.text("behind_patients", disease=style.disease(disease))
    return _table(f"patients_{disease}", title, columns, rows, style)
