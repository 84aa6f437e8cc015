"""``casepool screening``: records go out to ASReview, Rayyan or Covidence, and their decisions come back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption, protocol_of
from casepool.screening.lists import CovidenceList

screening = typer.Typer(
    help="Exchange records and decisions with ASReview, Rayyan and Covidence.", no_args_is_help=True
)


class Program(StrEnum):
    """The screening programs."""

    ASREVIEW = "asreview"
    RAYYAN = "rayyan"
    COVIDENCE = "covidence"


@screening.command("export")
def export_screening(
    out: Annotated[Path, typer.Argument(help="The file to write: CSV, or RIS where its name ends in .ris.")],
    program: Annotated[Program, typer.Option(help="asreview, rayyan or covidence (always RIS).")],
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Write the records that wait for a decision."""
    from casepool.model.message import text
    from casepool.screening import handover

    protocol_of(folder)
    typer.echo(text(handover.export_screening(folder, program.value, out), lang.value))


@screening.command("import")
def import_screening(
    file: Annotated[Path, typer.Argument(help="The file that the program exported, whatever its format; or its zip.")],
    reviewer: Annotated[str, typer.Option(help="Your reviewer id (Rayyan names its own).")],
    listed: Annotated[
        CovidenceList | None,
        typer.Option("--list", help="Covidence: the list that the file is, where its name does not say so."),
    ] = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Add the decisions made there to data/curated/screening.csv."""
    from casepool.entry.writing import writing
    from casepool.model.message import text
    from casepool.screening import handover

    protocol_of(folder)
    with writing(folder) as earlier:
        done = handover.import_screening(folder, file, reviewer, listed.value if listed else "")
    for one in (*earlier, *done):
        typer.echo(text(one, lang.value))
