"""Tables as readers see them: titled, labelled, every cell a text in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from casepool.defaults import LEVEL
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
    row_keys : for each row the key of its source in the references; empty where rows are no sources.
    """

    key: str
    title: str
    columns: tuple[DisplayColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    bold_rows: tuple[int, ...] = ()
    language: str = "en"
    mark: str = ""
    row_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableStyle:
    """What every table needs to know: the question, the language, the choices of the analysis that it names."""

    protocol: Protocol
    catalogue: Catalogue
    level: float = LEVEL

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
        row_keys: Sequence[str] = (),
    ) -> DisplayTable:
        """Return a table with the title ``table_<key>``; marks it if the data are invented."""
        language = self.catalogue.language
        title = self.catalogue.text(f"table_{key}")
        cells = tuple(tuple(row) for row in rows)
        shown = DisplayTable(
            key, title, tuple(columns), cells, tuple(notes), tuple(bold_rows), language, row_keys=tuple(row_keys)
        )
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

    def disease_in_sentence(self, disease: str) -> str:
        """Return the name of a disease for the middle of a sentence: with a small letter unless it is a proper name."""
        name, known = self.disease(disease), self.protocol.by_id.get(disease)
        proper = known is not None and self.catalogue.language in known.proper
        return name if proper else name[0].lower() + name[1:]

    def rank(self, disease: str) -> tuple[int, str]:
        """Return the sorting key of a disease: protocol order, overall last."""
        order = list(self.protocol.by_id)
        return (order.index(disease) if disease in order else len(order), disease)
