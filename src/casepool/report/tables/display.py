"""Tables as readers see them: titled, labelled, every cell a text in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from casepool.model.protocol import Protocol
from casepool.model.vocabulary import label
from casepool.report.words.catalogue import Catalogue

Align = Literal["left", "right", "center"]


class InLanguage(str):
    """A cell in another language than its table: the title of a publication, a note of a reader."""

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str) -> InLanguage:
        """Return the text, marked with the code of its language."""
        cell = super().__new__(cls, text)
        cell.language = language
        return cell


@dataclass(frozen=True)
class DisplayColumn:
    """A column: its heading, alignment, and its share of the width."""

    key: str
    label: str
    align: Align = "left"
    weight: float = 1.0


@dataclass(frozen=True)
class DisplayTable:
    """A table ready to be written.

    Attributes
    ----------
    key : names the file.
    columns, rows : headings, and the cells as texts.
    notes : below the table.
    bold_rows : indices of rows that are totals.
    language : of all texts.
    mark : what says that the data are invented; empty for real data.
    """

    key: str
    title: str
    columns: tuple[DisplayColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    bold_rows: tuple[int, ...] = ()
    language: str = "en"
    mark: str = ""


@dataclass(frozen=True)
class TableStyle:
    """What every table needs to know: the question, the language, the choices of the analysis that it names."""

    protocol: Protocol
    catalogue: Catalogue
    level: float = 0.95
    headline_gain: float = 0.3

    @property
    def interval(self) -> str:
        """The coverage of the intervals, as text."""
        return self.catalogue.numbers.percent(self.level)

    def column(self, key: str, align: Align = "left", weight: float = 1.0, **values: object) -> DisplayColumn:
        """Return a column with the heading ``column_<key>`` of the catalogue."""
        return DisplayColumn(key, self.catalogue.text(f"column_{key}", **values), align, weight)

    def table(
        self,
        key: str,
        columns: Sequence[DisplayColumn],
        rows: Iterable[Sequence[str]],
        notes: Sequence[str] = (),
        *,
        bold_rows: Sequence[int] = (),
    ) -> DisplayTable:
        """Return a table with the title ``table_<key>``; marks it if the data are invented."""
        language = self.catalogue.language
        title = self.catalogue.text(f"table_{key}")
        cells = tuple(tuple(row) for row in rows)
        shown = DisplayTable(key, title, tuple(columns), cells, tuple(notes), tuple(bold_rows), language)
        if not self.protocol.synthetic:
            return shown
        warning = self.catalogue.text("synthetic")
        return replace(shown, title=f"{warning} – {title}", notes=(warning, *notes), mark=warning)

    def disease(self, disease: str, *, short: bool = False) -> str:
        """Return the name of a disease, "all diseases" for the overall rows."""
        if disease == "overall":
            return self.catalogue.text("all_diseases")
        known = self.protocol.by_id.get(disease)
        if known is None:
            return label(disease, self.catalogue.language)
        return (known.short if short else known.name)[self.catalogue.language]

    def rank(self, disease: str) -> tuple[int, str]:
        """Return the sorting key of a disease: protocol order, overall last."""
        order = list(self.protocol.by_id)
        return (order.index(disease) if disease in order else len(order), disease)


def display_tables(
    frames: Mapping[str, pd.DataFrame],
    protocol: Protocol,
    catalogue: Catalogue,
    *,
    level: float = 0.95,
    headline_gain: float = 0.3,
) -> dict[str, DisplayTable]:
    """Return every table of the manuscript by its key.

    Parameters
    ----------
    frames : stage and curated tables by name: results, origins, cumulative_incidences, study_counts,
        characteristics, safety, reports,
        cases, unique_patients, reading_list, sensitivity, diagnostics, moderators, times, open_questions,
        simulation. A table is left out where its frame is not given.
    level : coverage of the intervals.
    headline_gain : smallest share of knowledge from complete sources with which corrected rates are shown.
    """
    style = TableStyle(protocol, catalogue, level, headline_gain)
    tables = {}
    for needed, build in _builders():
        if all(name in frames for name in needed):
            table = build(*(frames[name] for name in needed), style)
            tables[table.key] = table
    return tables


def _builders() -> list[tuple[tuple[str, ...], Callable[..., DisplayTable]]]:
    from casepool.report.tables import checks as checks
    from casepool.report.tables import harm as harm
    from casepool.report.tables import outcomes as outcomes
    from casepool.report.tables import patients as patients
    from casepool.report.tables import rates as rates
    from casepool.report.tables import sensitivity as sensitivity
    from casepool.report.tables import sources as sources

    return [
        (("results", "origins", "cumulative_incidences", "unique_patients", "reports"), rates.response_by_disease),
        (("results",), rates.what_if),
        (("characteristics", "reports"), patients.patient_characteristics),
        (("characteristics",), patients.overall_characteristics),
        (("safety",), harm.safety_overall),
        (("safety",), harm.safety_by_disease),
        (("reports", "study_counts"), sources.included_sources),
        (("reports",), sources.excluded_reports),
        (("cases", "unique_patients", "reports"), sources.excluded_cases),
        (("reading_list",), sources.waiting_to_be_read),
        (("sensitivity", "reports"), sensitivity.sensitivity_analyses),
        (("sensitivity", "reports"), sensitivity.leave_one_out),
        (("sensitivity",), sensitivity.ratio_sweep),
        (("sensitivity", "results"), sensitivity.bounds),
        (("diagnostics",), checks.diagnostics_in_words),
        (("results",), outcomes.other_outcomes),
        (("moderators",), outcomes.response_by_moderator),
        (("times",), outcomes.times_to_events),
        (("open_questions", "reports", "reading_list"), checks.open_questions),
        (("simulation",), checks.simulation_table),
    ]
