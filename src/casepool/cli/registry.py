"""``casepool registry``: the commands of the coordinator of the registry."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption, TodayOption

registry = typer.Typer(help="What comes back from the call for observations.", no_args_is_help=True)


@registry.command()
def key(folder: FolderOption = Path(), lang: LangOption = Lang.EN) -> None:
    """Make the key of the pseudonyms, once; it is never shown and never overwritten."""
    from casepool.model.configuration import load_configuration
    from casepool.model.message import Message, text
    from casepool.privacy.pseudonym import KEY_VARIABLE, write_new_key

    key_file = folder / load_configuration(folder / "config" / "config.yaml").registry.key_file
    write_new_key(key_file)
    typer.echo(text(Message("key_made", file=str(key_file)), lang.value))
    if os.environ.get(KEY_VARIABLE, "").strip():
        typer.echo(text(Message("key_of_the_environment_first", name=KEY_VARIABLE), lang.value))


@registry.command()
def status(folder: FolderOption = Path(), lang: LangOption = Lang.EN, today: TodayOption = None) -> None:
    """Tell of each return what became of its rows, and what must be corrected; shows no value.

    Notes which files came, and when, in arrivals.csv beside them.
    """
    from casepool.checks.registry import take_in
    from casepool.project.loading import load_project
    from casepool.registry.intake.arrivals import note_arrivals
    from casepool.registry.intake.reading import returned_files
    from casepool.report.registry_status import status_text

    project = load_project(folder)
    returns = folder / project.configuration.registry.dir
    note_arrivals(returns, returned_files(returns), today.date() if today else date.today())
    intake = take_in(folder, project.configuration.registry, project.protocol)
    typer.echo(status_text(intake, lang.value))
    raise typer.Exit(0 if intake.is_settled else 1)


@registry.command()
def forget(
    centre: Annotated[str, typer.Argument(help="The centre, as a return writes it.")],
    number: Annotated[str, typer.Argument(help="The patient's number at the centre, as P3.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, what would be done is shown.")] = False,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Empty a patient's lines in the returns, and let nobody of that centre and number in again."""
    from casepool.checks.registry import forget_patient
    from casepool.project.loading import load_project
    from casepool.report.registry_status import forgetting_text

    project = load_project(folder)
    found = forget_patient(folder, project.configuration.registry, project.protocol, centre, number, do_it=yes)
    typer.echo(forgetting_text(found, lang.value, done=yes))


@registry.command()
def publish(
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
    *,
    show: Annotated[bool, typer.Option("--show", help="Show what would be written down, and write nothing.")] = False,
) -> None:
    """Write down which totals leave the machine: what is published later is held against them.

    Shows too which groups may not be public, and why. Type it when results are sent or put on the web, not after each
    build.
    """
    from datetime import UTC, datetime

    from casepool.model.message import Message, text
    from casepool.project.loading import load_project
    from casepool.registry.release import publishing

    project = load_project(folder)
    returns = project.configuration.registry.dir
    publication = publishing.shown_by_build(folder, returns)
    lines = publishing.told_of(publication)
    if not show:
        path = publishing.publish(publication, folder, returns, datetime.now(UTC).date().isoformat())
        lines.append(Message("published_now", file=str(path)) if path else Message("published_already"))
    typer.echo("\n".join(text(line, lang.value) for line in lines))


@registry.command()
def centres(
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder for a letter to each centre.", file_okay=False)
    ] = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
    today: TodayOption = None,
) -> None:
    """Tell where each centre stands, what it is asked and whom to remind; write letters and a page, all private."""
    from casepool.cli.centres import tell_centres
    from casepool.model.message import Message, text
    from casepool.project.loading import load_project

    told = tell_centres(load_project(folder), lang.value, today.date() if today else date.today(), out)
    typer.echo(told.lines)
    typer.echo(text(Message("page_written", file=str(told.page)), lang.value), err=True)
    if out is not None:
        typer.echo(text(Message("letters_written", n=told.n_letters, folder=str(out)), lang.value), err=True)


@registry.command("judge-text")
def judge(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A text, one remark on each line.")],
    lang: LangOption = Lang.EN,
) -> None:
    """Tell of each line whether it would refuse its file, make its row wait, or is fine, and why; shows no text."""
    from casepool.files.encoding import decode
    from casepool.model.message import text
    from casepool.privacy.finding.find import judge_text, kind_in_words

    content, _ = decode(file.read_bytes())
    for line in content.removesuffix("\n").split("\n"):
        verdict, kinds = judge_text(line)
        typer.echo("\t".join([verdict, "; ".join(text(kind_in_words(kind), lang.value) for kind in kinds)]).rstrip())
