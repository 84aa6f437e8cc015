"""What several commands share: options, and the protocol of the project folder."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casepool.model.protocol import Protocol


class Lang(StrEnum):
    """Language of messages."""

    EN = "en"
    FR = "fr"


class Format(StrEnum):
    """How a command prints its result."""

    TEXT = "text"
    JSON = "json"


LangOption = Annotated[Lang, typer.Option("--lang", envvar="CASEPOOL_LANG", help="Language of the messages.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Print a text or JSON.")]
TodayOption = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], help="The day on which it is asked (default: that of the clock)."),
]
FolderOption = Annotated[Path, typer.Option("--folder", help="The project folder.", exists=True, file_okay=False)]


def protocol_of(folder: Path) -> Protocol:
    """Return the protocol of a project folder, whose ids hold from then on."""
    from casepool.project.loading import load_project

    return load_project(folder).protocol
