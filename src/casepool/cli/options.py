"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lang(StrEnum):
    """Language of messages."""

    EN = "en"
    FR = "fr"


LangOption = Annotated[Lang, typer.Option("--lang", envvar="CASEPOOL_LANG", help="Language of the messages.")]
FolderOption = Annotated[Path, typer.Option("--folder", help="The project folder.", exists=True, file_okay=False)]
