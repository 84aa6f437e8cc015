"""``casepool desk``: the pages over the tables of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import Lang


def desk(
    folder: Annotated[Path, typer.Argument(help="The project folder.", exists=True, file_okay=False)] = Path(),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0: that of the last start, else a free one.")
    ] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Show the address, open no browser.")] = False,
    lang: Annotated[
        Lang | None,
        typer.Option("--lang", envvar="CASEPOOL_LANG", help="Language of the pages (default: as last chosen)."),
    ] = None,
) -> None:
    """Open the tables of a project in the browser, on this machine only: screen, enter reports, check."""
    from casepool.desk.web.serving import serve

    serve(folder, port=port, open_browser=not no_open, language=None if lang is None else lang.value, say=typer.echo)
