"""The page of the centres for the coordinator: where each stands, what is asked, what came when, what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.model.message import Message, text
from casepool.model.vocabulary import RowVerdict, label
from casepool.registry.intake.overview import CentreView, FileSeen
from casepool.report.centres.letters import labels, long_day, question
from casepool.report.centres.lines import nothing_noted, number, reminder, verdict
from casepool.rows import missing, rows_of


@dataclass(frozen=True)
class DecisionsMade:
    """What the coordinator has decided: names of centres and pairs of cases, as in the files beside the returns."""

    centres: pd.DataFrame
    pairs: pd.DataFrame


def centres_page(
    views: Sequence[CentreView], without_centre: Sequence[str], decided: DecisionsMade, language: str, today: dt.date
) -> str:
    """Return the page as HTML, without anything from outside."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )

    return environment.get_template("centres.html.j2").render(
        language=language,
        words={name: text(said, language) for name, said in _words(long_day(today, language)).items()},
        number=number,
        views=views,
        verdict=lambda view: text(verdict(view), language),
        last=lambda view: (
            long_day(view.last_contact, language) if view.last_contact else text(nothing_noted(view), language)
        ),
        due=[text(reminder(view), language) for view in views if view.is_due],
        without_centre=without_centre,
        numbers=lambda view: [text(said, language) for said in _numbers(view)],
        sections=lambda view: [(text(heading, language), items) for heading, items in _sections(view, language)],
        tables=[
            (text(Message("decided_centres"), language), _cells(decided.centres, language)),
            (text(Message("decided_pairs"), language), _cells(decided.pairs, language)),
        ],
    )


def _last(view: CentreView, language: str) -> str:
    return long_day(view.last_contact, language) if view.last_contact else text(nothing_noted(view), language)


def _words(today: str) -> dict[str, Message]:
    """Return the words of the page that stand alone."""
    return {
        "title": Message("centres_title"),
        "as_of": Message("centres_as_of", day=today),
        "private": Message("centres_private"),
        "due": Message("reminders_due"),
        "without_centre": Message("files_without_centre"),
        "centre": Message("column_centre"),
        "treated": Message("column_treated"),
        "reported": Message("column_reported"),
        "accepted": Message("column_accepted"),
        "waiting": Message("column_waiting"),
        "objected": Message("column_objected"),
        "complete": Message("column_complete"),
        "last": Message("column_last"),
    }


def _numbers(view: CentreView) -> Iterator[Message]:
    """Yield the numbers of patients by what became of them."""
    if view.accepted:
        yield Message("page_taken", numbers=view.accepted)
    if view.objected:
        yield Message("page_objected", numbers=view.objected)
    if view.never_sent:
        yield Message("page_never_sent", numbers=view.never_sent)
    if view.without_outcome:
        yield Message("page_without_outcome", numbers=view.without_outcome)


def _sections(view: CentreView, language: str) -> Iterator[tuple[Message, list[str]]]:
    """Yield what is asked, what corrections changed, and what came when; those that are empty too."""
    yield Message("page_questions"), [question(one, language) for one in view.questions]
    yield Message("page_changed"), [text(_change(*one, language), language) for one in view.changed]
    trail = [(day, Message("page_contact", day=long_day(day, language), note=note)) for day, note in view.contacts]
    trail += [(one.first_seen, _arrival(one, language)) for one in view.files]
    yield Message("page_trail"), [text(said, language) for _, said in sorted(trail, key=lambda one: one[0])]


def _change(number_: str, day: str, columns: tuple[str, ...], became: str, language: str) -> Message:
    names, fate = labels(language), label(RowVerdict(became), language)
    told = tuple(names.get(one, one) for one in columns)
    return Message("page_change", number=number_, day=long_day(day, language), columns=told, fate=fate)


def _arrival(one: FileSeen, language: str) -> Message:
    day = long_day(one.first_seen, language)
    if one.n_taken is None:
        return Message("page_file_gone", file=one.name, day=day, sha256=one.sha256)
    return Message("page_file", file=one.name, day=day, n=one.n_taken, sha256=one.sha256)


def _cells(frame: pd.DataFrame, language: str) -> list[list[str]]:
    """Return header and rows of a table of decisions; ids with their labels."""
    rows = [["" if missing(value) else label(str(value), language) for value in row.values()] for row in rows_of(frame)]
    return [list(frame.columns), *rows] if rows else []
