"""The commands of whoever writes: a number explained, what moved, a document brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption


def explain(
    name: Annotated[
        str, typer.Argument(help="A name; with stars all that fit; empty: every name with its value and meaning.")
    ] = "",
    find: Annotated[str, typer.Option(help="Words that stand in the name or meaning of the numbers to list.")] = "",
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Explain a number by its name: what it is, how it was reckoned, who stands behind it, as of which build."""
    from casepool.manuscript.build import load_build, nearest
    from casepool.manuscript.explain import by_name, explanation, listed
    from casepool.model.message import Message, text

    build = load_build(folder, lang.value)
    if not name or "*" in name:
        typer.echo(listed(name or find, build))
        return
    if by_name(name, build) not in build.numbers:
        near = nearest(name, build.numbers)
        said = Message("name_unknown", name=name, nearest=near) if near else Message("name_unknown_far", name=name)
        typer.echo(text(said, lang.value), err=True)
        raise typer.Exit(2)
    typer.echo(explanation(name, build))


def diff(
    against: Annotated[
        str,
        typer.Option(help="A project or results folder, a results.json, or the commit of a kept build; else the last."),
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Also write it: .csv or .html.", dir_okay=False)] = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Say which numbers moved since an earlier build, from what to what, and which records did it."""
    from casepool.manuscript import kept
    from casepool.manuscript.moved import as_text, moved, write_moved
    from casepool.model.message import Message, text
    from casepool.project.loading import require_project

    require_project(folder)
    earlier = kept.found(against, folder) if against else kept.before(folder)
    if earlier is None:
        typer.echo(text(Message("no_earlier_build"), lang.value))
        return
    found = moved(earlier, kept.current(folder), lang.value)
    typer.echo(as_text(found, lang.value))
    if out is not None:
        write_moved(found, out, lang.value)
        typer.echo(out)


def pull(
    document: Annotated[Path, typer.Argument(help="A thesis: .docx, or the source of one: .tex, .typ, .qmd, .md.")],
    start: Annotated[
        bool, typer.Option("--start", help="Write a first chapter of results to go on from; never over a file.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what the author typed inside a control, too.")
    ] = False,
    folder: FolderOption = Path(),
    lang: Annotated[
        Lang | None,
        typer.Option(
            "--lang", envvar="CASEPOOL_LANG", help="Language of numbers and messages (default: as last time)."
        ),
    ] = None,
) -> None:
    """Bring the numbers, tables and figures of a manuscript up to date; the words of its author stay."""
    from casepool.manuscript.pull import pull_document, start_document

    if start:
        start_document(document, folder, lang.value if lang else None)
    pulled, language = pull_document(document, folder, lang.value if lang else None, force=force)
    typer.echo("\n".join(pulled.lines(language)), err=bool(pulled.problems))
    if pulled.problems:
        raise typer.Exit(1)
    if not dry_run:
        for path in pulled.write(document, language):
            typer.echo(path)
