"""The problems of ``casepool check``, each with the page on which it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casepool.checks.data import CheckReport
from casepool.contract import TABLES
from casepool.desk.entering import FORMS
from casepool.desk.fields import labels
from casepool.desk.judging import sentence
from casepool.desk.workspace import Workspace, as_text, stamp
from casepool.files.cells import read_cells
from casepool.model.errors import CasepoolError, Problem
from casepool.model.message import text
from casepool.project.loading import check


@dataclass(frozen=True)
class Listed:
    """A problem as the page shows it.

    Attributes
    ----------
    place : table and key of the row, for people.
    said : what is wrong.
    path : of the page on which it is mended; empty where it is mended in a file.
    """

    place: str
    said: str
    path: str


def report(workspace: Workspace) -> CheckReport:
    """Return what ``casepool check`` finds; checked again when a file of data or configuration has changed."""
    marks = stamp(workspace.root / "data", workspace.root / "config")
    return workspace.kept("check", marks, lambda: check(workspace.project, show_returns=True))


def problems(workspace: Workspace) -> tuple[Problem, ...]:
    """Return the problems of the project."""
    return report(workspace).problems


def listed(workspace: Workspace) -> list[Listed]:
    """Return every problem with the page on which it is mended."""
    return [_listed(workspace, one) for one in problems(workspace)]


def warned(workspace: Workspace) -> list[Listed]:
    """Return what is possible and improbable, each with the page on which it is looked at."""
    return [_listed(workspace, one) for one in report(workspace).warnings]


def hints(workspace: Workspace) -> list[str]:
    """Return what a person may want to look at."""
    return [text(one, workspace.language) for one in report(workspace).hints]


def _listed(workspace: Workspace, problem: Problem) -> Listed:
    table = Path(problem.file).stem
    key = _key_at(workspace, problem) if table in FORMS and problem.row > 1 else ()
    if not key:
        return Listed("", problem.text(workspace.language), "")
    column = str(problem.column)
    path = f"/row/{table}/{'/'.join(key)}" + (f"#f-{column}" if column in TABLES[table].names else "")
    place = f"{workspace.words(f'table_{table}')} · {' · '.join(key)}"
    names = labels(workspace, table)
    found = f"{names[column]} : {text(problem.found, workspace.language)}. " if column in names else ""
    return Listed(place, f"{found}{sentence(workspace, table, problem)}", path)


def _key_at(workspace: Workspace, problem: Problem) -> tuple[str, ...]:
    """Return the key of the row of a problem, or nothing where the file cannot be read."""
    try:
        rows, _ = read_cells(workspace.folder / problem.file)
    except (OSError, CasepoolError):
        return ()
    table = TABLES[Path(problem.file).stem]
    if not 1 < problem.row <= len(rows) or not set(table.key) <= set(rows[0]):
        return ()
    row = dict(zip(rows[0], rows[problem.row - 1], strict=False))
    key = tuple(as_text(row.get(name)) for name in table.key)
    return key if all(key) else ()
