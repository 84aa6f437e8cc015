"""The forest plot of a project as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from casepool.defaults import LEVEL
from casepool.model.protocol import Protocol
from casepool.report.figures.forest.plot import forest_plot
from casepool.report.figures.forest.rows import forest_results
from casepool.report.words.catalogue import load_catalogue

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def forest_pages(
    results: pd.DataFrame,
    study_counts: pd.DataFrame,
    reports: pd.DataFrame,
    protocol: Protocol,
    language: str = "en",
    rows_per_page: int = 52,
    *,
    level: float = LEVEL,
    origins: pd.DataFrame | None = None,
) -> list[Figure]:
    """Return the forest plot as A4 pages.

    Parameters
    ----------
    study_counts : stage table joined with the exact interval (``ci_lower, ci_upper``) and ``citation`` of each report.
    rows_per_page : longer plots are paged; at most 56 rows fit a page.
    origins : table of that name, for the lines of patients whose antibodies differ in origin.
    """
    catalogue = load_catalogue(language)
    pages = forest_results(results, study_counts, reports, protocol, catalogue, min(rows_per_page, 56), level, origins)
    return [forest_plot(page, language=language).get_figure(root=True) for page in pages]  # type: ignore[misc]
