"""The simulation, and the questions that stay open."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from casepool.contract.texts import column_label
from casepool.extraction.appraisal import caution
from casepool.model.vocabulary import Ascertainment, ReportType
from casepool.report.simulation_rows import LEADS, Simulated, simulated
from casepool.report.tables.display import DisplayTable, InLanguage, TableStyle
from casepool.report.tables.sensitivity import points
from casepool.report.words.citations import citations, cite
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of, split_ids
from casepool.typing import Row

_QUESTIONS = (
    *("appraisal_readers_differ", "readings_differ"),
    *("outcome_not_reported", "ascertainment_unclear", "awaiting_full_text", "publication_unidentified"),
    *("autoimmune_uncertain", "age_not_reported"),
)


def simulation_table(simulation: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return bias, error, coverage and width of every estimator at every true ratio."""
    rows = simulated(simulation)
    several = len({row.layout for row in rows}) > 1
    columns = [style.column("layout", weight=1.2)] if several else []
    columns += [style.column("target", weight=2.0), style.column("true_ratio", "right", 0.7)]
    columns += [style.column("estimator", weight=2.0)]
    names = ("replicates", "bias", "rmse", "coverage", "width", "estimable")
    columns += [style.column(name, "right", 0.9) for name in names]
    cells = [_simulated_row(row, style, several=several) for row in rows]
    bold = [index for index, row in enumerate(rows) if row.estimator == LEADS]
    return style.table(
        "simulation", columns, cells, [style.catalogue.text("note_simulation", level=style.interval)], bold_rows=bold
    )  # fmt: skip


def _simulated_row(row: Simulated, style: TableStyle, *, several: bool) -> list[str]:
    catalogue, numbers = style.catalogue, style.catalogue.numbers

    def hundredfold(value: float | None) -> str:
        return numbers.decimal(None if value is None else 100 * value)

    return [
        *([catalogue.label(row.layout, "layout")] if several else []),
        catalogue.label(row.target, "target"),
        numbers.short(row.ratio),
        catalogue.label(row.estimator, "estimator"),
        numbers.integer(row.n_replicates),
        points(row.bias, style),
        hundredfold(row.rmse),
        numbers.percent(row.coverage),
        hundredfold(row.width),
        numbers.percent(row.estimable),
    ]


def open_questions(
    questions: pd.DataFrame, reports: pd.DataFrame, reading_list: pd.DataFrame, style: TableStyle
) -> DisplayTable:  # fmt: skip
    """Return the open questions in words, one publication a row; patients of the call are not listed."""
    names = citations(reports, style.catalogue.language)
    names = {str(row["citation_key"]): cite(row, style.catalogue.language) for row in rows_of(reading_list)} | names
    private = set(reports.loc[reports["report_type"] == ReportType.REGISTRY_CALL, "report_id"])
    found: dict[tuple[int, str, str], list[Row]] = {}
    for row in rows_of(questions):
        kind, report, _ = str(row["question"]), *f"{row['id']}/".split("/")[:2]
        if report not in private:
            rank = _QUESTIONS.index(kind) if kind in _QUESTIONS else len(_QUESTIONS)
            found.setdefault((rank, kind, report), []).append(row)

    def by_kind(item: tuple[tuple[int, str, str], list[Row]]) -> tuple[int, str, str]:
        rank, kind, report = item[0]
        return rank, kind, names.get(report, report).casefold()

    columns = [style.column("question", weight=2.2), style.column("source", weight=1.4)]
    columns += [style.column("cases_told", "right", 0.8), style.column("detail", weight=3.4)]
    missing = style.catalogue.numbers.missing
    rows = [
        [
            style.catalogue.label(kind, "question"),
            names.get(report, report),
            style.catalogue.numbers.integer(len(asked)) if rank not in _ABOUT_PUBLICATIONS else missing,
            _details(asked, names, style) or missing,
        ]
        for (rank, kind, report), asked in sorted(found.items(), key=by_kind)
    ]
    return style.table("open_questions", columns, rows, [style.catalogue.text("note_open_questions")])


_ABOUT_PUBLICATIONS = (
    _QUESTIONS.index("appraisal_readers_differ"),
    _QUESTIONS.index("awaiting_full_text"),
    _QUESTIONS.index("publication_unidentified"),
)


def _details(asked: list[Row], names: Mapping[str, str], style: TableStyle) -> str:
    shown = list(dict.fromkeys(told for row in asked if (told := _detail(row, names, style))))
    return shown[0] if len(shown) == 1 else " ".join(shown)


def _detail(row: Row, names: Mapping[str, str], style: TableStyle) -> str:
    if row["question"] == "appraisal_readers_differ":
        return _verdicts(str(row["detail"]), style)
    if row["question"] == "readings_differ":
        label = str(row["id"]).partition("/")[2]
        fields = [_field_label(one, style) for one in split_ids(row["detail"])]
        return style.catalogue.text("question_readings_fields", label=label, fields=style.catalogue.join(fields))
    if not is_missing(row["would_replace"]):
        sources = [names.get(one, one) for one in split_ids(row["would_replace"])]
        return style.catalogue.text("question_replaces", source=style.catalogue.join(sources))
    return "" if is_missing(row["detail"]) else InLanguage(_named(str(row["detail"]), names), "en")


def _field_label(field: str, style: TableStyle) -> str:
    table, _, column = field.partition(".")
    return column_label(table, column, style.catalogue.language)  # type: ignore[arg-type]


def _verdicts(detail: str, style: TableStyle) -> str:
    """Return what each reader's answers make of a source, and what the more cautious of them does."""
    catalogue = style.catalogue
    verdicts = dict(one.split("=", 1) for one in split_ids(detail))
    told = catalogue.join([f"{reader} ({catalogue.label(verdict)})" for reader, verdict in verdicts.items()])
    held = max(map(Ascertainment, verdicts.values()), key=caution)
    same = "same" if len(set(verdicts.values())) == 1 else "cautious"
    return catalogue.text(f"question_verdicts_{same}", verdicts=told, effect=catalogue.text(f"effect_{held}"))


def _named(note: str, names: Mapping[str, str]) -> str:
    """Return a note with the citations of the publications that it names by their ids."""
    return re.sub(r"[A-Za-z0-9_]+", lambda word: names.get(word[0], word[0]), note)
