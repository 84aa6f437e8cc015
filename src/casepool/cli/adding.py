"""``casepool add``, ``correct`` and ``tidy``: commands that write single rows of the curated tables."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption, TodayOption

if TYPE_CHECKING:
    from casepool.model.message import Message

Fact = Annotated[str, typer.Option(help="As printed; typed where no record of the project has it.")]


def add(
    what: Annotated[str, typer.Argument(help="PMID, DOI, or a file: RIS, NBIB, BibTeX; a PDF is only noted.")] = "",
    reader: Annotated[str, typer.Option(help="Your id: who adds it and is to read it.")] = "",
    patients: Annotated[int | None, typer.Option(min=0, help="Patients described one by one (1).")] = None,
    cohort: Annotated[list[str] | None, typer.Option(help="Name of a group counted together; repeat it.")] = None,
    report: Annotated[str, typer.Option("--id", help="Id of the report (first author and year).")] = "",
    study: Annotated[str, typer.Option(help="Id of the study, where other reports of it are here.")] = "",
    kind: Annotated[str, typer.Option("--type", help="case_report, case_series, letter, …")] = "",
    record: Annotated[str, typer.Option(help="Id of the record that it is, where several are alike.")] = "",
    new: Annotated[bool, typer.Option("--new", help="None of the records that are alike is it.")] = False,
    title: Fact = "",
    authors: Annotated[str, typer.Option(help="Name, Initials; Name, Initials")] = "",
    journal: Fact = "",
    year: Fact = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the last add back, until it is committed to git.")] = False,
    today: TodayOption = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Add a publication: record, screening, report, empty rows to fill in; say what to fill in next."""
    from casepool.entry import asking, undoing
    from casepool.project.loading import load_project

    project = load_project(folder)
    if undo:
        _say(undoing.undo(folder), lang)
        return
    day = f"{today or datetime.now(UTC):%Y-%m-%d}"
    typed = {"title": title, "authors": authors, "journal": journal, "year": year}
    if sys.stdin.isatty():
        reader = reader or typer.prompt("reader")
    if not reader:
        message = "--reader: expected the id of the person who reads the source"
        raise typer.BadParameter(message)
    wish = asking.Asked(
        what,
        reader,
        day,
        n_patients=(0 if cohort else 1) if patients is None else patients,
        cohorts=tuple(cohort or ()),
        report_id=report,
        study_id=study,
        report_type=kind,
        record_id=record,
        new=new,
        facts={name: value for name, value in typed.items() if value},
    )
    snapshot = project.configuration.pubmed.snapshot
    _say(asking.add_asked(folder, snapshot, wish, _ask if sys.stdin.isatty() else None), lang)


def correct(
    table: Annotated[str, typer.Argument(help="patients, cohorts, reports, …")],
    key: Annotated[str, typer.Argument(help="The row: its key, parts joined by / (dupont2026/p1).")],
    column: Annotated[str, typer.Argument(help="The column.")],
    new: Annotated[str, typer.Argument(help='What is right; "" for an empty cell.')],
    reason: Annotated[str, typer.Option(prompt=True, help="Why the old value is wrong.")],
    source: Annotated[str, typer.Option(prompt=True, help="Where the right one stands (table, page, erratum).")],
    reader: Annotated[str, typer.Option(prompt=True, help="Your id.")],
    today: TodayOption = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Correct a cell of a row that is in git: a row of corrections.csv with old value, reason and source."""
    from casepool.entry import correcting
    from casepool.project.loading import load_project

    load_project(folder)
    day = f"{today or datetime.now(UTC):%Y-%m-%d}"
    wanted = correcting.Correction(table, key, column, new, reason, source, reader, day)
    _say(correcting.correct(folder, wanted), lang)


def tidy(
    folder: Annotated[Path, typer.Argument(help="The project folder.", exists=True, file_okay=False)] = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Put tables that a spreadsheet saved into the form of the program (encoding, separator); no value changes."""
    from casepool.cli.options import protocol_of
    from casepool.entry.tidying import tidy as put_in_order

    protocol_of(folder)
    _say(put_in_order(folder), lang)


def _ask(column: str) -> str:
    return str(typer.prompt(column, default="", show_default=False))


def _say(said: tuple[Message, ...], lang: Lang) -> None:
    from casepool.model.message import text

    for one in said:
        typer.echo(text(one, lang.value))
