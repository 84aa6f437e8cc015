"""A letter to each centre: what was taken, what is asked, what is missing. It repeats no answer of a patient."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.dates import format_date

from casepool.files import atomic
from casepool.model.folding import fold
from casepool.model.message import Message, locale_of, text
from casepool.model.vocabulary import RowVerdict
from casepool.registry.form.texts import column_labels
from casepool.registry.intake.overview import Asked, CentreView

# What the coordinator is told → what a centre is, which knows neither the commands nor the configuration.
_TO_A_CENTRE = {
    "complete_in_redcap": Message("letter_complete_in_redcap"),
    "date_before_arrival": Message("letter_date_before_arrival"),
    "nobody_forgotten": Message("letter_nobody_forgotten"),
    "objection_finds_nobody": Message("letter_objection_finds_nobody"),
    "objection_in_unused_file": Message("letter_objection_in_unused_file"),
    "objection_may_be_several": Message("letter_objection_may_be_several"),
}
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def write_letters(folder: Path, views: Sequence[CentreView], language: str, today: dt.date) -> list[Path]:
    """Write a text for each centre into a folder of which git takes nothing, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write_text(folder / ".gitignore", "*\n")
    written: list[Path] = []
    for view in views:
        name = stem = _NOT_IN_A_NAME.sub("-", fold(view.name)).strip("-") or "centre"
        number = 1
        while folder / f"{name}.txt" in written:
            number += 1
            name = f"{stem}-{number}"
        written.append(folder / f"{name}.txt")
        atomic.write_text(written[-1], letter(view, language, today))
    return written


def letter(view: CentreView, language: str, today: dt.date) -> str:
    """Return the letter to a centre: receipt, questions without values, what is missing."""
    parts = [
        [text(Message("letter_subject", centre=view.name), language)],
        [text(Message("letter_greeting"), language)],
        [_opening(view, language, today)],
        list(_receipt(view, language)),
        _listed(Message("letter_questions"), [question(one, language) for one in view.questions], language),
        list(_missing(view, language)),
        [text(Message("letter_how" if view.files else "letter_form"), language)],
        [text(Message("letter_closing"), language)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def question(one: Asked, language: str) -> str:
    """Return a question: number, file and line, column as the form calls it, what is expected."""
    number = one.number or Message("no_number")
    column = one.column if isinstance(one.column, Message) else labels(language).get(one.column, one.column)
    expected = _TO_A_CENTRE.get(one.expected.id, one.expected)
    said = Message("letter_question", number=number, file=one.file, row=one.row, column=column, expected=expected)
    return text(said, language, labels(language))


def labels(language: str) -> dict[str, str]:
    """Return column → what it is called on the form, without its details: a centre knows no ids."""
    quoted = "« {} »" if language == "fr" else "“{}”"
    shown = column_labels("fr" if language == "fr" else "en")
    return {name: quoted.format(told.partition(" (")[0]) for name, told in shown.items()}


def long_day(day: dt.date | str, language: str) -> str:
    """Return a day in words: 28 novembre 2026."""
    found = dt.date.fromisoformat(day) if isinstance(day, str) else day
    words = str(format_date(found, "long", locale=locale_of(language)))
    return f"1er{words[1:]}" if language == "fr" and found.day == 1 else words


def _opening(view: CentreView, language: str, today: dt.date) -> str:
    if not view.files:
        return text(Message("letter_nothing_came", day=long_day(today, language)), language)
    return text(Message("letter_opening", day=long_day(today, language)), language)


def _receipt(view: CentreView, language: str) -> Iterator[str]:
    said = [Message("letter_file", file=one.name, day=long_day(one.first_seen, language)) for one in view.files]
    said += [Message("letter_taken", n=len(view.accepted), numbers=view.accepted)] if view.accepted else []
    said += [Message("letter_objected", n=len(view.objected), numbers=view.objected)] if view.objected else []
    for number, day, columns, verdict in view.changed:
        on = long_day(day, language)
        if verdict == RowVerdict.QUARANTINED:
            said.append(Message("letter_change_waits", number=number, day=on, columns=columns))
        else:
            said.append(Message("letter_changed", number=number, day=on, columns=columns))
    yield from (text(one, language, labels(language)) for one in said)


def _missing(view: CentreView, language: str) -> Iterator[str]:
    if view.is_complete and view.files:
        yield text(Message("letter_complete"), language)
    if view.never_sent:
        n_treated = view.n_treated or 0
        yield text(
            Message("letter_never_sent", n=len(view.never_sent), numbers=view.never_sent, of=n_treated), language
        )
    if view.without_outcome:
        said = Message("letter_without_outcome", n=len(view.without_outcome), numbers=view.without_outcome)
        yield text(said, language)


def _listed(heading: Message, items: list[str], language: str) -> list[str]:
    return [text(heading, language), *(f"- {item}" for item in items)] if items else []
