"""The forest plot of a pooled result or of bare counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casepool.api.models import pool
from casepool.api.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from casepool.api.models import Countable


def forest_plot(counts: Result | Countable, model: str = "joint", *, title: str = "", language: str = "en") -> Figure:
    """Return a forest plot: every source with its exact interval, raw and pooled rates.

    Parameters
    ----------
    counts : a result of `pool`, or counts as `pool` takes them, which are pooled first.
    model : {"joint", "glmm", "exact"}
        The model, for counts that are not pooled yet.
    title : str
        A line under the heading, such as the drug.
    language : {"en", "fr"}
        Language of the texts.

    Returns
    -------
    matplotlib.figure.Figure
        As tall as it has lines; ``figure.savefig("forest.pdf")``.

    Raises
    ------
    FileError, ConfigError
        As `pool` does.
    """
    result = counts if isinstance(counts, Result) else pool(counts, model)
    return result.forest(title=title, language=language)
