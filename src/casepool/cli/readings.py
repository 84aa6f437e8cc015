"""``casepool readings``: two people read one report, and what they differ in is decided by field."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casepool.cli.options import FolderOption, Lang, LangOption, TodayOption, protocol_of
from casepool.model.vocabulary import ReadingMode
from casepool.readings.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from casepool.model.errors import Problem
    from casepool.model.message import Message
    from casepool.readings.steps import ReadingStep
    from casepool.readings.work import Work

readings = typer.Typer(help="Two readers of one report: read, compare, adjudicate, agree.", no_args_is_help=True)

Reader = Annotated[str, typer.Argument(help="The reader: small letters, digits and _.")]
Report = Annotated[str, typer.Argument(help="The report_id.")]
Only = Annotated[str, typer.Option("--report", help="Only this report_id.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, what would be done is shown.")]


@readings.command()
def status(folder: FolderOption = Path(), lang: LangOption = Lang.EN) -> None:
    """Tell who reads which report, how far they are, and what comes next; shows nothing of a reading."""
    from casepool.readings.showing import status_lines

    _say(status_lines(_work(folder, None).kept), lang)


@readings.command()
def start(
    reader: Reader,
    report: Report,
    mode: Annotated[ReadingMode, typer.Option(help="Without sight of the first reading, or checking it.")] = (
        ReadingMode.BLIND
    ),
    source: Annotated[
        Source | None,
        typer.Option("--from", help="Where the first reader's rows are: git (default), or the tables as they stand."),
    ] = None,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
    today: TodayOption = None,
) -> None:
    """Begin a reading: makes the tables to fill in, and keeps what a first reader has read alone."""
    work = _work(folder, today)
    _do(work, work.begin(reader, report, mode, source), lang)


@readings.command()
def close(
    reader: Reader, report: Report, folder: FolderOption = Path(), lang: LangOption = Lang.EN, today: TodayOption = None
) -> None:
    """Say that a reading is finished: its rows are checked and sealed, and can be compared."""
    work = _work(folder, today)
    _do(work, work.close(reader, report), lang)


@readings.command()
def withdraw(
    reader: Reader, report: Report, folder: FolderOption = Path(), lang: LangOption = Lang.EN, today: TodayOption = None
) -> None:
    """Take back a reading that was begun and will not be finished; what was typed stays, nobody waits for it."""
    work = _work(folder, today)
    _do(work, work.withdraw(reader, report), lang)


@readings.command()
def pair(
    file: Annotated[Path | None, typer.Argument(help="Pairs that you have corrected.", exists=True)] = None,
    by: Annotated[str, typer.Option(help="Who confirms the pairs; without, they are only shown.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the proposed pairs to this CSV file.")] = None,
    report: Only = "",
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
    today: TodayOption = None,
) -> None:
    """Show which patients of two readers are the same, and confirm it: before that, no field is compared."""
    from casepool.files.atomic import write_bytes
    from casepool.model.message import Message
    from casepool.readings.showing import pair_lines
    from casepool.readings.work import pairs_as_csv

    work = _work(folder, today)
    found = work.compared(report)
    pairs = [one for each in found for one in each.pairs if not one.confirmed]
    if by:
        _do(work, work.confirm_file(found, file, by) if file else work.confirm(found, by), lang)
        return
    _do(work, work.opening(found), lang)
    _say([*pair_lines(pairs), Message("pairs_to_confirm", n=len(pairs))], lang)
    if out:
        write_bytes(out, pairs_as_csv(pairs))


@readings.command()
def compare(
    out: Annotated[Path | None, typer.Option(help="Write a sheet to fill in: .xlsx or .csv.")] = None,
    report: Only = "",
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
    today: TodayOption = None,
) -> None:
    """Show the fields in which two finished readings differ; from then on these readings never change."""
    from casepool.files.atomic import write_bytes
    from casepool.model.message import Message
    from casepool.readings import showing
    from casepool.readings.filled import as_file, sheet_rows

    work = _work(folder, today)
    found = work.compared(report)
    differences = [one for each in found for one in each.unsettled]
    rows = as_file(sheet_rows(differences, lang.value), out, "comparison") if out else b""
    _do(work, work.opening(found), lang)
    _say((Message("reading_to_pair", report=one.report) for one in found if not one.paired), lang)
    _say(map(showing.difference_line, differences), lang)
    _say([Message("differences", n=len(differences), reports=sum(one.paired for one in found))], lang)
    if out:
        write_bytes(out, rows)
        _say([Message("sheet_written", file=str(out))], lang)


@readings.command()
def adjudicate(
    file: Annotated[Path | None, typer.Argument(help="The sheet of compare, filled in.", exists=True)] = None,
    *,
    yes: Yes = False,
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
    today: TodayOption = None,
) -> None:
    """Take in a filled sheet; reports in which nothing is left to decide get their rows in the tables."""
    from casepool.model.message import Message
    from casepool.readings.showing import change_lines

    work = _work(folder, today)
    step = work.adjudicate(file)
    _say(change_lines(step.rows), lang)
    if yes:
        _do(work, step, lang)
    else:
        _say([*step.told, Message("nothing_done_yet")], lang)


@readings.command()
def agreement(folder: FolderOption = Path(), lang: LangOption = Lang.EN) -> None:
    """Show how far readers agreed before anybody adjudicated: all fields, and each in which they differ."""
    from casepool.model.configuration import load_configuration
    from casepool.readings.agreement import extraction_agreement
    from casepool.readings.showing import agreement_lines

    level = load_configuration(folder / "config" / "config.yaml").pooling.level
    _say(agreement_lines(extraction_agreement(_work(folder, None).compared(), level)), lang)


def _work(folder: Path, today: datetime | None) -> Work:
    from casepool.readings.work import work_on

    day = today.date() if today else date.today()
    return work_on(folder, protocol_of(folder), day.isoformat())


def _do(work: Work, step: ReadingStep, lang: Lang) -> None:
    from casepool.entry.reading_steps import write_step

    earlier = write_step(work.root, step) if step.files or step.rows else ()
    _say([*earlier, *step.told], lang)


def _say(lines: Iterable[Message | Problem], lang: Lang) -> None:
    from casepool.model.message import Message, text

    for line in lines:
        typer.echo(text(line, lang.value) if isinstance(line, Message) else line.text(lang.value))
