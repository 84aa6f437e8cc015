"""``casepool merge-driver``: what git calls to merge a curated table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import Lang, LangOption


def merge_driver(
    base: Annotated[Path, typer.Argument(help="%O: the version that both come from.", exists=True)],
    ours: Annotated[Path, typer.Argument(help="%A: our version; the merged one takes its place.", exists=True)],
    theirs: Annotated[Path, typer.Argument(help="%B: their version.", exists=True)],
    path: Annotated[str, typer.Argument(help="%P: the table in the repository.")],
    lang: LangOption = Lang.EN,
) -> None:
    """Merge a curated table by its keys; called by git (see docs/together.md)."""
    from casepool.entry import merge_driver

    raise typer.Exit(merge_driver.merge_driver(base, ours, theirs, path, lang.value))
