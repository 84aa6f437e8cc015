"""Everything that the report is made of: a table that is not handed over is an error, not a missing chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from casepool.model.errors import RenderError

if TYPE_CHECKING:  # the rules of the workflow ask for the names alone, at each start
    from pathlib import Path
    from typing import Self

    import pandas as pd


class Material(Mapping[str, "pd.DataFrame"]):
    """The stage and curated tables of a report by name, all of them.

    Attributes
    ----------
    STAGES, CURATED : names of the tables that the build makes, and of those that people type.

    Raises
    ------
    RenderError
        If a table is missing; all that are missing are named.
    """

    STAGES: tuple[str, ...] = ()
    CURATED: tuple[str, ...] = ()

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        names = (*self.STAGES, *self.CURATED)
        missing = [name for name in names if name not in frames]
        if missing:
            message = f"{type(self).__name__}: {', '.join(missing)} not handed over; expected {', '.join(names)}"
            raise RenderError(message)
        self._frames = {name: frames[name] for name in names}

    @classmethod
    def read(cls, paths: Mapping[str, str | Path]) -> Self:
        """Read every table of the material from its file; what people typed is corrected.

        Parameters
        ----------
        paths : name → file of each table, and of ``corrections``.

        Raises
        ------
        StoredTableError, CuratedDataError
            If a table breaks its contract, or a correction does not match.
        """
        from casepool.extraction.curated import read_tables
        from casepool.files import store

        stages = {name: store.read_table(name, paths[name]) for name in cls.STAGES}
        return cls({**stages, **read_tables({name: paths[name] for name in (*cls.CURATED, "corrections")})})

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

    STAGES = (
        *("results", "steps", "origins", "study_counts", "characteristics", "safety", "cases", "unique_patients"),
        *("sensitivity", "diagnostics", "moderators", "times", "open_questions", "simulation", "registered_trials"),
        "extraction_agreement",
    )
    CURATED = ("reports", "reading_list", "cumulative_incidences", "grade", "appraisal", "patients", "cohorts")


class PageMaterial(Material):
    """What the page is made of: the tables of the manuscript and what its sentences say besides."""

    STAGES: tuple[str, ...] = (
        *TableMaterial.STAGES,
        "ratio_rates",
        "filed_under",
        "counts",
        "prisma_counts",
        "registry_linkage",
        "plan",
    )
    CURATED: tuple[str, ...] = (*TableMaterial.CURATED, "context")


class ProseMaterial(PageMaterial):
    """What the texts of the manuscript are made of: the page, who decided on records, ratings of the authors."""

    STAGES: tuple[str, ...] = (*PageMaterial.STAGES, "screening_agreement", "records")
