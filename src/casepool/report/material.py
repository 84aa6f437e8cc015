"""Everything that the report is made of: a table that is not handed over is an error, not a missing chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from casepool.model.errors import RenderError

_OF_TABLES = (
    *("results", "origins", "study_counts", "characteristics", "safety", "cases", "unique_patients"),
    *("sensitivity", "diagnostics", "moderators", "times", "open_questions", "simulation"),
    *("reports", "reading_list", "cumulative_incidences"),
)
_OF_PAGE = (*_OF_TABLES, "filed_under", "counts", "prisma_counts", "registry_linkage", "quarantine", "context")


class Material(Mapping[str, pd.DataFrame]):
    """The stage and curated tables of a report by name, all of them.

    Raises
    ------
    RenderError
        If a table is missing; all that are missing are named.
    """

    NAMES: tuple[str, ...] = ()

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        missing = [name for name in self.NAMES if name not in frames]
        if missing:
            message = f"{type(self).__name__}: {', '.join(missing)} not handed over; expected {', '.join(self.NAMES)}"
            raise RenderError(message)
        self._frames = {name: frames[name] for name in self.NAMES}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table by its name in the contract."""
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._frames)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._frames)


class TableMaterial(Material):
    """What the tables of the manuscript are made of."""

    NAMES = _OF_TABLES


class PageMaterial(Material):
    """What the page is made of: the tables of the manuscript and what its sentences say besides."""

    NAMES = _OF_PAGE
