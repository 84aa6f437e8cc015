"""A project folder: its configuration, its protocol, and the check of its tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from casepool.contract.question import load_question
from casepool.entry.journal import pending
from casepool.extras import missing_package
from casepool.model.configuration import Configuration, load_configuration
from casepool.model.errors import ConfigError
from casepool.model.protocol import Protocol
from casepool.model.study import use

if TYPE_CHECKING:
    from casepool.checks.data import CheckReport

CONFIGURATION = Path("config") / "config.yaml"


@dataclass(frozen=True)
class Project:
    """A project: where it lies, what it asks, and the choices of its analysis."""

    folder: Path
    configuration: Configuration
    protocol: Protocol


def require_project(folder: str | Path) -> Path:
    """Return the folder, or raise ConfigError unless it holds the configuration of a project."""
    root = Path(folder)
    if not (root / CONFIGURATION).is_file():
        message = f"{root}: found no {CONFIGURATION}; expected the folder of a project (casepool init makes one)"
        raise ConfigError(message)
    return root


def load_project(folder: str | Path = ".") -> Project:
    """Return the project in a folder, with its configuration and protocol validated; its protocol is in force.

    Parameters
    ----------
    folder : path
        The folder that holds ``config/`` and ``data/``.

    Raises
    ------
    ConfigError
        If the folder is no project, or with every problem of its configuration or protocol.
    """
    root = require_project(folder)
    configuration = load_configuration(root / CONFIGURATION)
    return Project(root, configuration, use(load_question(configuration, root)).protocol)


def check(project: Project | str | Path = ".", *, show_returns: bool = False) -> CheckReport:
    """Return what ``casepool check`` finds in a project: problems, hints, numbers of rows.

    Parameters
    ----------
    project : Project or path
        A project or its folder.
    show_returns : bool, default False
        Name the files of registry returns; never to be shown to others.

    Raises
    ------
    ConfigError
        If the folder is no project; problems of its tables are in the report.
    MissingPackageError
        If the packages of the extra ``workflow`` are not installed.
    """
    # Whoever asks for a project alone need not wait for what a check imports.
    try:
        from casepool.checks.data import check_data
        from casepool.checks.registry import with_registry
    except ModuleNotFoundError as error:
        raise missing_package(error) or error from error

    found = project if isinstance(project, Project) else load_project(project)
    use(found.protocol)
    searched = found.configuration.pubmed.snapshot
    today = dt.datetime.now(dt.UTC).date()
    report = check_data(found.folder, found.protocol, searched, today=today)
    if cut_short := pending(found.folder):
        report = replace(report, hints=(cut_short, *report.hints))
    return with_registry(report, found.folder, found.configuration.registry, found.protocol, named=show_returns)
