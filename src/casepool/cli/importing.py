"""``casepool import`` and ``casepool dedupe``: what takes exports of any program."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption


class Source(StrEnum):
    """Where an export comes from."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"


def import_exports(
    files: Annotated[
        list[Path], typer.Argument(help="Exports, folders of exports, zip archives; any format.", exists=True)
    ],
    origin: Annotated[
        Source | None, typer.Option(help="database, register or website; what the program writes if not given.")
    ] = None,
    query: Annotated[str, typer.Option(help="The query as it was typed into the database.")] = "",
    day: Annotated[str, typer.Option("--date", help="Day of the search (YYYY-MM-DD); today if not given.")] = "",
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Read exports of any database, count and show what was understood, and describe them in data/raw/sources.csv."""
    from casepool.entry.writing import writing
    from casepool.model.message import text
    from casepool.project.loading import require_project
    from casepool.search.importing import Described, import_files, import_text

    told = Described(_day(day), origin.value if origin else "", query)
    with writing(require_project(folder)) as earlier:
        outcomes = import_files(folder, files, told)
    for one in earlier:
        typer.echo(text(one, lang.value))
    typer.echo(import_text(outcomes, told, lang.value))
    raise typer.Exit(1 if any(outcome.fault for outcome in outcomes) else 0)


def dedupe(
    files: Annotated[
        list[Path], typer.Argument(help="Exports, folders of exports, zip archives; any format.", exists=True)
    ],
    out: Annotated[Path, typer.Option(help="The folder for records.csv, merges.csv and pairs.csv.", file_okay=False)],
    lang: LangOption = Lang.EN,
) -> None:
    """Find each publication once in any exports, outside a project; say why, and list what is doubtful."""
    from casepool.model.message import text
    from casepool.search import dedupe as search_dedupe

    done = search_dedupe.dedupe(files, lang.value)
    for path in search_dedupe.write(done, out):
        typer.echo(path)
    for note in done.notes:
        typer.echo(text(note, lang.value))


def _day(given: str) -> str:
    try:
        return date.fromisoformat(given).isoformat() if given else datetime.now(UTC).date().isoformat()
    except ValueError as error:
        message = f"--date: found {given!r}; expected a date YYYY-MM-DD"
        raise typer.BadParameter(message) from error
