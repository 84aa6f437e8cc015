"""Each centre as its coordinator sees it: what came, what counts, what is asked, what is missing, when to remind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.model.message import Message
from casepool.model.study import study
from casepool.model.vocabulary import Ascertainment, RowVerdict
from casepool.registry.intake.arrivals import checksum
from casepool.registry.intake.centres import Centres
from casepool.registry.intake.reading import Intake
from casepool.rows import missing, rows_of
from casepool.typing import Row


@dataclass(frozen=True)
class Asked:
    """A question to a centre: where, of whom (a number, where it is known), what was expected; never what was found."""

    file: str
    row: int
    number: str | None
    column: str | Message
    expected: Message


@dataclass(frozen=True)
class FileSeen:
    """A file that came: under which name, with which content, on which day, and what of it counts.

    Attributes
    ----------
    n_taken : rows of the centre that count; None where the file lies there no more in this content.
    """

    name: str
    sha256: str
    first_seen: str
    n_taken: int | None


@dataclass(frozen=True)
class CentreView:
    """What is known of a centre.

    Attributes
    ----------
    n_treated, n_reported : as its latest accepted lines say; None where none says so.
    lacking : why it does not count as complete; empty where it does.
    last_contact, days : the last day on which something came or somebody was in touch, and how many days ago that is.
    is_due : whether to remind it.
    accepted, objected, never_sent, without_outcome : numbers of patients.
    questions : what it is asked.
    changed : number, day and columns of each correction, with what became of it.
    """

    name: str
    is_complete: bool
    lacking: tuple[Message, ...]
    last_contact: dt.date | None
    days: int | None
    is_due: bool
    n_treated: int | None = None
    n_reported: int | None = None
    n_accepted: int = 0
    n_waiting: int = 0
    n_objected: int = 0
    accepted: tuple[str, ...] = ()
    objected: tuple[str, ...] = ()
    never_sent: tuple[str, ...] = ()
    without_outcome: tuple[str, ...] = ()
    questions: tuple[Asked, ...] = ()
    changed: tuple[tuple[str, str, tuple[str, ...], str], ...] = ()
    files: tuple[FileSeen, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trail:
    """What came and when, and who was contacted.

    Attributes
    ----------
    files : name → file of every return that lies there now.
    days : how long a centre with something open may be silent.
    """

    files: Mapping[str, Path]
    arrivals: pd.DataFrame
    contacts: pd.DataFrame
    centres: Centres
    today: dt.date
    days: int


def centre_views(intake: Intake, trail: Trail) -> tuple[CentreView, ...]:
    """Return every centre that sent something or was contacted, by name."""
    sent = {str(row["centre_pseudonym"]): row for row in rows_of(intake.centres)}
    names = {pseudonym: trail.centres.name(str(row["centre"])) for pseudonym, row in sent.items()}
    contacts = _contacts(trail)
    found = [_view(pseudonym, row, names[pseudonym], intake, trail, contacts) for pseudonym, row in sent.items()]
    known = {trail.centres.of(name) for name in names.values()}
    silent = {name: trail.centres.name(name) for name in trail.contacts["centre"].dropna()}
    found += [
        _silent(name, trail, contacts) for name in dict.fromkeys(silent.values()) if trail.centres.of(name) not in known
    ]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def unattributed(intake: Intake) -> tuple[str, ...]:
    """Return the files of which no line is of a known centre, as those that were refused or could not be read."""
    used = set(intake.fates.loc[intake.fates["centre_pseudonym"].notna(), "return_label"])
    return tuple(name for label, name in sorted(intake.file_names.items(), key=lambda one: one[1]) if label not in used)


def _contacts(trail: Trail) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(trail.contacts.sort_values("date")):
        found.setdefault(trail.centres.of(row["centre"]), []).append((row["date"], row["note"] or ""))
    return found


def _silent(name: str, trail: Trail, contacts: Mapping[str, list[tuple[str, str]]]) -> CentreView:
    """Return a centre that was contacted and has sent nothing."""
    told = tuple(contacts[trail.centres.of(name)])
    last, days, is_due = _silence([day for day, _ in told], trail, is_open=True)
    return CentreView(name, False, (Message("nothing_came"),), last, days, is_due, contacts=told)


def _view(
    pseudonym: str,
    row: Row,
    name: str,
    intake: Intake,
    trail: Trail,
    contacts: Mapping[str, list[tuple[str, str]]],
) -> CentreView:
    rows = intake.fates[intake.fates["centre_pseudonym"] == pseudonym]
    of_verdict = {one: _numbers(rows.loc[rows["verdict"] == one, "patient_code"]) for one in RowVerdict}
    accepted = intake.registry[intake.registry["centre_pseudonym"] == pseudonym]
    unknown = accepted.loc[~accepted["response"].isin(study().evaluable), "patient_code"]
    told = tuple(contacts.get(trail.centres.of(name), ()))
    files = tuple(_files(rows, intake, trail))
    is_complete = row["ascertainment"] == Ascertainment.COMPLETE
    is_open = not is_complete or bool(row["n_waiting"])
    last, days, is_due = _silence(
        [*(one.first_seen for one in files), *(day for day, _ in told)], trail, is_open=is_open
    )
    return CentreView(
        name,
        is_complete,
        intake.lacking.get(pseudonym, ()),
        last,
        days,
        is_due,
        n_treated=_whole(row["n_treated"]),
        n_reported=_whole(row["n_reported"]),
        n_accepted=int(row["n_accepted"]),
        n_waiting=int(row["n_waiting"]),
        n_objected=int(row["n_objected"]),
        accepted=of_verdict[RowVerdict.ACCEPTED],
        objected=of_verdict[RowVerdict.OBJECTED],
        never_sent=_never_sent(rows, row["n_treated"]),
        without_outcome=_numbers(unknown),
        questions=tuple(_questions(rows, intake)),
        changed=tuple(_changed(intake.changes[intake.changes["centre_pseudonym"] == pseudonym])),
        files=files,
        contacts=told,
    )


def _whole(value: object) -> int | None:
    return None if missing(value) else int(str(value))


def _silence(days: list[str], trail: Trail, *, is_open: bool) -> tuple[dt.date | None, int | None, bool]:
    """Return the last day, how long ago it is, and whether to remind."""
    if not days:
        return None, None, is_open
    last = dt.date.fromisoformat(max(days))
    ago = (trail.today - last).days
    return last, ago, is_open and ago > trail.days


def _numbers(codes: pd.Series) -> tuple[str, ...]:
    """Return numbers of patients, each once, in their order: P2 before P10."""
    return tuple(sorted({str(code) for code in codes.dropna()}, key=lambda code: (len(code), code)))


def _never_sent(rows: pd.DataFrame, n_treated: object) -> tuple[str, ...]:
    """Return the numbers from P1 to that of the last patient treated under which no line came.

    None is named where as many numbers as patients came: a centre may number otherwise.
    """
    sent = set(rows["patient_code"].dropna())
    if missing(n_treated) or len(sent) >= int(str(n_treated)):
        return ()
    return tuple(code for code in (f"P{n}" for n in range(1, int(str(n_treated)) + 1)) if code not in sent)


def _questions(rows: pd.DataFrame, intake: Intake) -> Iterator[Asked]:
    places = zip(rows["return_label"], rows["row"], strict=True)
    number = {
        place: None if missing(code) else str(code) for place, code in zip(places, rows["patient_code"], strict=True)
    }
    for one in intake.reasons:
        if (one.label, one.row) in number:
            yield Asked(intake.file_names[one.label], one.row, number[one.label, one.row], one.column, one.expected)


def _changed(changes: pd.DataFrame) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    for (number, day, verdict), block in changes.groupby(["patient_code", "filled_on", "verdict"], sort=True):
        yield str(number), str(day), tuple(block["column"]), str(verdict)


def _files(rows: pd.DataFrame, intake: Intake, trail: Trail) -> Iterator[FileSeen]:
    """Yield the files of a centre, and earlier contents that came under their names."""
    taken = (rows["verdict"] == RowVerdict.ACCEPTED).groupby(rows["return_label"]).sum()
    n_taken = {intake.file_names[str(label)]: int(n) for label, n in taken.items()}
    current = {name: checksum(trail.files[name]) for name in n_taken}
    for row in rows_of(trail.arrivals.sort_values(["first_seen", "file"])):
        if row["file"] in n_taken:
            now = row["sha256"] == current.get(row["file"])
            yield FileSeen(row["file"], row["sha256"], row["first_seen"], n_taken[row["file"]] if now else None)
