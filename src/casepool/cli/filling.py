"""``casepool merge``: filled templates into the curated tables."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption, TodayOption, protocol_of


def merge(
    file: Annotated[Path, typer.Argument(help="A filled template or table, XLSX or CSV.", exists=True)],
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    reason: Annotated[
        str, typer.Option(help="Why the file is right where a table says otherwise: corrections are written.")
    ] = "",
    reader: Annotated[str, typer.Option(help="Your id, with --reason.")] = "",
    today: TodayOption = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Put a filled template into the tables: show new rows, filled and other cells, then write; never over a value."""
    from casepool.entry import filling
    from casepool.model.errors import format_problems
    from casepool.model.message import Message, text

    if bool(reason) != bool(reader):
        message = "--reason and --reader: expected both, or neither"
        raise typer.BadParameter(message)
    protocol_of(folder)
    found = filling.offer(folder, file)
    for one in found.said():
        typer.echo(text(one, lang.value))
    if found.problems:
        typer.echo(format_problems(found.problems, lang.value))
        raise typer.Exit(1)
    correction = None
    if reason:
        correction = filling.Correction(reason, reader, f"{today or datetime.now(UTC):%Y-%m-%d}")
    if not found.writes and not (correction and found.changes):
        typer.echo(text(Message("merge_kept") if found.changes else Message("merge_nothing"), lang.value))
        return
    asked = text(Message("merge_ask"), lang.value)
    if not yes and not (sys.stdin.isatty() and typer.confirm(asked)):
        typer.echo(text(Message("merge_preview"), lang.value))
        return
    for one in filling.merge(folder, file, correction):
        typer.echo(text(one, lang.value))
