"""``casepool registry``: the commands of the coordinator of the registry."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from casepool.cli.options import FolderOption, Lang, LangOption

registry = typer.Typer(help="What comes back from the call for observations.", no_args_is_help=True)


@registry.command()
def key(folder: FolderOption = Path()) -> None:
    """Make the key of the pseudonyms, once; it is never shown and never overwritten."""
    from casepool.model.configuration import load_configuration
    from casepool.privacy.pseudonym import KEY_VARIABLE, write_new_key

    key_file = folder / load_configuration(folder / "config" / "config.yaml").registry.key_file
    write_new_key(key_file)
    typer.echo(f"A new key stands in {key_file}; only you can read it.")
    typer.echo("Keep it and back it up outside git: with another key every registry patient gets another pseudonym,")
    typer.echo("and the identity decisions that name the old ones are lost. Show it to nobody.")
    typer.echo("Type `make hooks` now, so that git refuses to take in registry rows.")
    if os.environ.get(KEY_VARIABLE, "").strip():
        typer.echo(f"The environment variable {KEY_VARIABLE} is set and goes before this file.")


@registry.command()
def status(folder: FolderOption = Path(), lang: LangOption = Lang.EN) -> None:
    """Tell of each return what became of its rows, and what must be corrected; shows no value."""
    from casepool.checks.registry import take_in
    from casepool.project.loading import load_project
    from casepool.report.registry_status import status_text

    project = load_project(folder)
    intake = take_in(folder, project.configuration.registry, project.protocol)
    typer.echo(status_text(intake, lang.value))
    raise typer.Exit(0 if intake.quarantine.empty else 1)
