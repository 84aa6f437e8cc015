"""What a project may add to its forest plot: further columns of the sources, and another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from casepool.extraction.appraisal import DECIDING, holding
from casepool.model.configuration import Forest
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

# Width in inches.
_WIDTHS = {"year": 0.45, "weight": 0.6, "treated": 0.6, "appraisal": 0.95, "setting": 1.5}


@dataclass(frozen=True)
class ForestLayout:
    """The choices of a project, with what the columns need beside the counts.

    Attributes
    ----------
    columns : of year, weight (share of the patients of the disease), treated, appraisal (the three questions that
        decide), setting; in the order in which they stand.
    order : of the sources of a disease: ascertainment (those that report all their patients first), year, weight.
    settings : setting in words by disease and report.
    appraisals : letters of the answers by report.
    """

    columns: Sequence[str] = ()
    order: str = "ascertainment"
    settings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    appraisals: Mapping[str, str] = field(default_factory=dict)

    def heads(self, catalogue: Catalogue) -> tuple[tuple[str, float], ...]:
        """Return heading and width of each column."""
        return tuple((catalogue.text(f"forest_column_{one}"), _WIDTHS[one]) for one in self.columns)

    def cells(self, row: Row, total: int, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the cells of a source of a disease with `total` evaluable patients."""
        numbers, report = catalogue.numbers, str(row["report_id"])
        found = {
            "year": numbers.missing if is_missing(row["year"]) else str(int(float(str(row["year"])))),
            "weight": numbers.percent(int(row["n_evaluable"]) / total),
            "treated": numbers.integer(row["n_treated"]),
            "appraisal": self.appraisals.get(report, numbers.missing),
            "setting": self.settings.get((str(row["disease"]), report), numbers.missing),
        }
        return tuple(found[one] for one in self.columns)

    def place(self, row: Row) -> tuple[float, ...]:
        """Return the sorting key of a source, before that of the usual order; the newest and the largest last."""
        year = 0.0 if is_missing(row["year"]) else float(str(row["year"]))
        return {"year": (year,), "weight": (float(row["n_evaluable"]),)}.get(self.order, ())


def forest_layout(chosen: Forest, unique: pd.DataFrame, appraisal: pd.DataFrame, language: str) -> ForestLayout:
    """Return the layout of a project.

    Parameters
    ----------
    unique, appraisal : the tables ``unique_patients`` and ``appraisal``.
    """
    catalogue = load_catalogue(language)
    settings: dict[tuple[str, str], list[str]] = {}
    for row in rows_of(unique[unique["counted"] == "yes"]):
        if not is_missing(row["setting"]):
            settings.setdefault((str(row["disease"]), str(row["report_id"])), []).append(str(row["setting"]))
    named = {key: catalogue.join([catalogue.label(one) for one in sorted(set(all_))]) for key, all_ in settings.items()}
    letters = {
        str(row["report_id"]): " ".join(_letter(row[one], catalogue) for one in DECIDING)
        for row in rows_of(holding(appraisal))
    }
    return ForestLayout(chosen.columns, chosen.order, named, letters)


def _letter(answer: object, catalogue: Catalogue) -> str:
    return "·" if is_missing(answer) else catalogue.text(f"appraisal_letter_{answer}")
