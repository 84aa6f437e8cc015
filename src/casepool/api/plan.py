"""Which centre to call next, asked of a built project or of any counts: ``plan(".")``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from casepool.counts_file.data import diseases_of, own_data
from casepool.counts_file.read import read_file
from casepool.files import store
from casepool.model.errors import ConfigError
from casepool.planning.build import plan_of_build
from casepool.planning.plan import Question, plan as plan_evidence
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.plan import plan_text

if TYPE_CHECKING:
    from casepool.model.protocol import Protocol

_TABLES = Path("results") / "tables"


@dataclass(frozen=True, repr=False)
class PlanResult:
    """What further patients of each disease are expected to bring.

    Attributes
    ----------
    table : DataFrame
        A row for each disease, kind of further evidence and number of patients.
    protocol : Protocol or None
        Names the diseases of a project.
    """

    table: pd.DataFrame
    protocol: Protocol | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.table.copy()

    def to_json(self) -> str:
        """Return the rows as JSON."""
        return str(self.table.to_json(orient="records", indent=2))

    def text(self, language: str = "en") -> str:
        """Return tables and sentences for a terminal, in ``en`` or ``fr``."""
        catalogue = load_catalogue(language)
        style = TableStyle(self.protocol, catalogue) if self.protocol else None

        def name(disease: str) -> str:
            key = f"plan_{disease}"
            if catalogue.has(key):
                return catalogue.text(key)
            return style.disease_in_sentence(disease) if style else disease

        return plan_text(self.table, catalogue, name)

    def __str__(self) -> str:
        """Return the English text."""
        return self.text()


def plan(
    source: str | Path = ".",
    *,
    patients: Sequence[int] | None = None,
    threshold: float | None = None,
    level: float | None = None,
) -> PlanResult:
    """Return what further patients of each disease are expected to bring to its own interval.

    Parameters
    ----------
    source : path
        The folder of a built project, or a file of counts as `pool` takes it.
    patients : sequence of int, optional
        Numbers of further patients, of one disease; those of the configuration, else 5, 10, 20, 40.
    threshold : float, optional
        The rate that an interval should exclude; that of the configuration, else 0.5.
    level : float, optional
        Coverage of the intervals; that of the configuration, else 0.95.

    Raises
    ------
    ConfigError
        For a folder that is no project or was not built, or a choice out of range.
    FileError
        With every problem of the counts.
    """
    asked = {"patients": patients and tuple(patients), "threshold": threshold, "level": level}
    chosen = {name: value for name, value in asked.items() if value is not None}
    if Path(source).is_dir():
        return _of_project(Path(source), chosen)
    counts = read_file(Path(source), "joint")
    return PlanResult(plan_evidence(own_data(counts), diseases_of(counts), _question(Question(), chosen)))


def _of_project(folder: Path, chosen: Mapping[str, object]) -> PlanResult:
    from casepool.project.loading import load_project

    project = load_project(folder)
    if not (folder / _TABLES / "study_counts.csv").is_file():
        message = f"{folder}: found no {_TABLES / 'study_counts.csv'}; expected a built project (casepool build)"
        raise ConfigError(message)
    names = ("study_counts", "registry_linkage")
    studies, linkage = (store.read_table(name, folder / _TABLES / f"{name}.csv") for name in names)
    configuration = project.configuration
    question = _question(Question.of(configuration.pooling, configuration.planning), chosen)
    return PlanResult(plan_of_build(studies, linkage, project.protocol, question), project.protocol)


def _question(question: Question, chosen: Mapping[str, object]) -> Question:
    try:
        return replace(question, **chosen)  # type: ignore[arg-type]
    except ValueError as error:
        message = f"plan: {error}"
        raise ConfigError(message) from error
