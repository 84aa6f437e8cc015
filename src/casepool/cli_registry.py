"""``casepool registry``: the commands of the coordinator of the registry."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

registry = typer.Typer(help="The key of the pseudonyms of registry patients.", no_args_is_help=True)
FolderOption = Annotated[Path, typer.Option("--folder", help="The project folder.", exists=True, file_okay=False)]


@registry.callback()
def _root() -> None:
    """Keep sub-commands even where there is one only."""


@registry.command()
def key(folder: FolderOption = Path()) -> None:
    """Make the key of the pseudonyms, once; it is never shown and never overwritten."""
    from casepool.configuration import load_configuration
    from casepool.registry.pseudonym import KEY_VARIABLE, write_new_key

    key_file = folder / load_configuration(folder / "config" / "config.yaml").registry.key_file
    write_new_key(key_file)
    typer.echo(f"A new key stands in {key_file}; only you can read it.")
    typer.echo("Keep it and back it up outside git: with another key every registry patient gets another pseudonym,")
    typer.echo("and the identity decisions that name the old ones are lost. Show it to nobody.")
    if os.environ.get(KEY_VARIABLE, "").strip():
        typer.echo(f"The environment variable {KEY_VARIABLE} is set and goes before this file.")
