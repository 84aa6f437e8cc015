"""The forest plot of a project, as one figure and as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from casepool.defaults import LEVEL
from casepool.model.protocol import Protocol
from casepool.report.figures.forest.layout import ForestLayout
from casepool.report.figures.forest.lines import whole
from casepool.report.figures.forest.plot import forest_page, forest_sheet
from casepool.report.figures.forest.rows import forest_results
from casepool.report.words.catalogue import load_catalogue

if TYPE_CHECKING:
    from casepool.report.figures.canvas.drawn import Drawn


def forest_figures(
    results: pd.DataFrame,
    study_counts: pd.DataFrame,
    reports: pd.DataFrame,
    protocol: Protocol,
    language: str = "en",
    rows_per_page: int = 52,
    *,
    level: float = LEVEL,
    origins: pd.DataFrame | None = None,
    layout: ForestLayout | None = None,
) -> tuple[Drawn, list[Drawn]]:
    """Return the forest plot as one figure as tall as its lines, and as A4 pages.

    Parameters
    ----------
    study_counts : stage table joined with the exact interval (``ci_lower, ci_upper``) and ``citation`` of each report.
    rows_per_page : longer plots are paged; at most 56 rows fit a page.
    layout : further columns and another order of the sources.
    origins : table of that name, for the lines of patients whose antibodies differ in origin.
    """
    catalogue = load_catalogue(language)
    pages = forest_results(
        results, study_counts, reports, protocol, catalogue, min(rows_per_page, 56), level, origins, layout
    )
    sheet = forest_sheet(whole(pages, catalogue), language=language)
    return sheet, [forest_page(page, language=language) for page in pages]
