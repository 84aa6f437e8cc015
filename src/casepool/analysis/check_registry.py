"""What is wrong with the registry returns, for the coordinator who can ask the centres."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from casepool.configuration import Registry
from casepool.errors import Problem
from casepool.protocol import Protocol
from casepool.registry.intake import Intake, key_of_returns, read_registry
from casepool.rows import rows_of

NOT_SHOWN = "(not shown)"


def take_in(
    root: str | Path, registry: Registry, protocol: Protocol, environment: Mapping[str, str] = os.environ
) -> Intake:
    """Return the intake of a project's returns.

    Raises
    ------
    PrivacyError
        If there are returns and no key.
    """
    folder = Path(root) / registry.dir
    return read_registry(folder, key_of_returns(folder, environment, Path(root) / registry.key_file), protocol)


def registry_problems(intake: Intake) -> list[Problem]:
    """Return each row that waits as a problem: file, row, column, expectation; never what stands there."""
    return [
        Problem(intake.file_names[row["return_label"]], int(row["row"]), "", row["column"], NOT_SHOWN, row["expected"])
        for row in rows_of(intake.quarantine)
    ]
