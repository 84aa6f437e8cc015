"""What happens to a row between its form and its table: opened, kept as a draft, saved, or found changed meanwhile."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casepool.contract import TABLES
from casepool.desk.fields import cell_label, labels, shown, typed
from casepool.desk.papers import paper_of
from casepool.desk.second import mine as own_reading, place_of_mine
from casepool.desk.workspace import Workspace, as_text, today
from casepool.entry import rows
from casepool.entry.journal import refusal
from casepool.model.message import text
from casepool.model.vocabulary import TermKind
from casepool.rows import missing

FORMS = ("patients", "cohorts", "reports", "appraisal", "cumulative_incidences")
_UNREPORTED = "not_reported"
_ID = re.compile(r"(?!\.)[A-Za-z0-9_.:\-]{1,100}")
_NUMBER = re.compile(r"(.*?)(\d+)")
# What a further row of a report says as the one before it did.
_AGAIN = ("basis", "source_locator", "country", "centre")


@dataclass(frozen=True)
class Entry:
    """A form that is open: the row as it was when it was opened.

    Attributes
    ----------
    opened : key, cells and digest of the row; without cells for a new one.
    mine : it is a row of the reader's own second reading, not of the table.
    """

    workspace: Workspace
    table: str
    opened: rows.Opened
    mine: bool = False

    @property
    def place(self) -> rows.Place:
        """The file of the row."""
        return (
            place_of_mine(self.workspace, self.table) if self.mine else rows.place_of(self.workspace.root, self.table)
        )

    @property
    def report(self) -> str:
        """The report that the row belongs to."""
        return self.opened.key[0]

    @property
    def draft(self) -> dict[str, str]:
        """What was typed earlier and not saved."""
        return dict(self.workspace.private.draft(self.table, self.draft_key).get("values", {}))

    @property
    def draft_key(self) -> str:
        """Under which name its draft is kept: that of its row; of a new row, that of its report."""
        key = "/".join(self.opened.key) if self.opened.cells is not None else f"new {self.opened.key[0]}"
        return f"{self.workspace.reader}: {key}" if self.mine else key

    @property
    def fixed(self) -> frozenset[str]:
        """The columns that cannot be changed here: of a row that stands, its key; of a new one, its report."""
        key = TABLES[self.table].key
        return frozenset(key if self.opened.cells is not None else key[:1])

    @property
    def heading(self) -> str:
        """What the form is called."""
        kind = "row" if self.opened.cells is not None else "new"
        name = " · ".join(self.opened.key[1:]) or self.report
        return self.workspace.words(f"{kind}_{self.table}", name=name)

    @property
    def opened_text(self) -> str:
        """The row as it was opened, to be handed back with the save."""
        one = self.opened
        return json.dumps({"key": one.key, "cells": one.cells and dict(one.cells), "digest": one.digest})

    @property
    def paper(self) -> str:
        """The digest of the PDF of the report, or nothing."""
        return paper_of(self.workspace, self.report)


@dataclass(frozen=True)
class Done:
    """A row was saved: its key, and what is said of it."""

    key: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class ClashRow:
    """One cell of a row that changed meanwhile, in the three states, as the reader writes them (None: no row).

    Attributes
    ----------
    differs : the cell on the disk is other than the one typed.
    changed_here : the cell was changed in the form.
    both : both sides changed it, each to another value.
    """

    column: str
    label: str
    opened: str | None
    now: str | None
    mine: str
    differs: bool
    changed_here: bool
    both: bool


@dataclass(frozen=True)
class Clash:
    """Nothing was saved: the row has changed on the disk; `now` is to be handed back with a knowing save."""

    rows: tuple[ClashRow, ...]
    now: str


def open_entry(workspace: Workspace, table: str, key: Sequence[str], *, mine: bool = False) -> Entry:
    """Return the form of a row as it stands on the disk.

    Raises
    ------
    FileError
        If the file of the table is not in order.
    """
    form = Entry(workspace, table, rows.Opened(tuple(key)), mine)
    return replace(form, opened=rows.open_row(form.place, tuple(key)))


def key_of_new(workspace: Workspace, table: str, report: str, *, mine: bool = False) -> tuple[str, ...]:
    """Return the key that a new row of a report is offered: the next label, the reader, or nothing yet."""
    own = own_reading(workspace, report) if mine else None
    if table == "reports":
        return (report,)
    if table == "appraisal":
        return (report, workspace.reader)
    second = TABLES[table].key[1]
    taken = [str(row[second]) for row in workspace.rows(table, report_id=report)]
    taken = taken if own is None else [name for _, name in own.rows.get(table, ())]
    if table == "cumulative_incidences":
        return (report, str(workspace.rows("cohorts", report_id=report)[-1]["stratum"]) if taken else "", "")
    return (report, _next(taken, "p1" if table == "patients" else "all"))


def _next(taken: Sequence[str], first: str) -> str:
    """Return a label that is not taken: the last one, counted on."""
    name = taken[-1] if taken else first
    while name in taken:
        match = _NUMBER.fullmatch(name)
        name = f"{match[1]}{int(match[2]) + 1}" if match else f"{name}2"
    return name


def prefilled(workspace: Workspace, table: str, key: Sequence[str], *, mine: bool = False) -> dict[str, str]:
    """Return what a new row begins with: its key, reader and day, and what the row before it in the report says too.

    A second reader begins with nothing of the first.
    """
    names = TABLES[table].names
    values = dict.fromkeys(names, "") | dict(zip(TABLES[table].key, key, strict=True))
    others = ("cohorts", "patients") if table == "cohorts" else ("patients", "cohorts")
    before = [row for one in reversed(others) for row in workspace.rows(one, report_id=key[0])]
    if before and not mine and table in {"patients", "cohorts", "appraisal", "cumulative_incidences"}:
        values |= {name: as_text(before[-1][name]) for name in _AGAIN if name in names}
    values |= {name: value for name, value in (("reader", workspace.reader), ("date", today())) if name in names}
    return values


def with_beginning(form: Entry) -> Mapping[str, str]:
    """Return the cells of a row; one that waits to be filled in begins as a new one does."""
    cells = form.opened.cells or {}
    waits = {key for _, key in form.workspace.curated().waiting.get(form.table, ())}
    if form.mine or form.opened.key not in waits:
        return cells
    begun = prefilled(form.workspace, form.table, form.opened.key)
    return {**begun, **{name: cell for name, cell in cells.items() if cell}}


def filled(table: str, values: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Return the values with "not reported" wherever a list was left open, and how many these are."""
    open_ = [one.name for one in TABLES[table].columns if _UNREPORTED in one.members and not values.get(one.name)]
    return {**values, **dict.fromkeys(open_, _UNREPORTED)}, len(open_)


def opened_from(handed: str, table: str) -> rows.Opened:
    """Return the row as it was opened, from what the form hands back.

    Raises
    ------
    ValueError
        If it is none: the form did not come from here.
    """
    plain = json.loads(handed)
    key, cells = tuple(map(str, plain["key"])), plain["cells"]
    if len(key) != len(TABLES[table].key) or not _ID.fullmatch(key[0]):
        message = f"no key of {table}"
        raise ValueError(message)
    return rows.Opened(key, None if cells is None else {str(k): str(v) for k, v in cells.items()}, str(plain["digest"]))


def replaced(opened: rows.Opened, table: str) -> dict[str, str] | None:
    """Return the key of the row that a form takes the place of, or None for a new row."""
    return None if opened.cells is None else dict(zip(TABLES[table].key, opened.key, strict=True))


def keep_draft(form: Entry, values: Mapping[str, str]) -> str:
    """Keep what stands in a form until it is saved; return what is to be said where the disk refuses it, or nothing."""
    kept = {name: values.get(name, "") for name in TABLES[form.table].names}
    draft = {"table": form.table, "key": form.opened.key, "new": form.opened.cells is None, "mine": form.mine}
    try:
        form.workspace.private.keep_draft(form.table, form.draft_key, {**draft, "values": kept})
    except OSError as error:
        return form.workspace.words("draft_not_kept", why=text(refusal(error, form.table), form.workspace.language))
    return ""


def drop_draft(form: Entry) -> None:
    """Forget the draft of a form."""
    form.workspace.private.drop_draft(form.table, form.draft_key)


def save(form: Entry, cells: Mapping[str, str]) -> Done | Clash:
    """Save a row that was judged, and forget its draft; where it has changed meanwhile, say how.

    Raises
    ------
    FileError
        If nothing can be written now (git is at work, the disk is full, the file is not in order).
    """
    workspace, table, opened = form.workspace, form.table, form.opened
    target = opened if opened.cells is not None else rows.Opened(tuple(cells[name] for name in TABLES[table].key))
    outcome = rows.save(form.place, target, cells)
    if isinstance(outcome, rows.Conflict):
        return clash_of(workspace, table, outcome)
    if isinstance(outcome, rows.Refused):  # judged a moment ago by the same functions, before the file changed
        return clash_of(workspace, table, rows.Conflict((), rows.open_row(form.place, target.key)))
    drop_draft(form)
    saved = workspace.words(f"saved_{table}", name=" · ".join(outcome.row.key))
    return Done(outcome.row.key, (saved, *(text(note, workspace.language) for note in outcome.notes)))


def clash_of(workspace: Workspace, table: str, conflict: rows.Conflict) -> Clash:
    """Return how a row has changed meanwhile, in the words of the reader."""
    names = labels(workspace, table)

    def said(column: str, cell: str | None) -> str | None:
        return None if cell is None else cell_label(workspace, table, column, cell)

    listed = tuple(
        ClashRow(
            one.column,
            names[one.column],
            said(one.column, one.opened),
            said(one.column, one.on_disk),
            said(one.column, one.mine) or "",
            one.on_disk != one.mine,
            one.mine != one.opened,
            one.clashes,
        )
        for one in conflict.fields
    )
    return Clash(listed, Entry(workspace, table, conflict.on_disk).opened_text)


def chosen(
    workspace: Workspace, table: str, now: rows.Opened, form: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return a row put together of the one on the disk and the one that was typed, and the columns without a choice.

    Parameters
    ----------
    now : the row as it is on the disk.
    form : what was typed, and ``keep_<column>``: ``mine`` or ``now``.
    """
    values, open_ = {name: form.get(name, "") for name in TABLES[table].names}, []
    on_disk = shown(workspace, table, now.cells or {})
    mine = typed(workspace, table, values)
    for name in TABLES[table].names:
        if now.cells is None or mine[name] == now.cells.get(name, ""):
            continue
        choice = form.get(f"keep_{name}")
        if choice == "now":
            values[name] = on_disk[name]
        elif choice is None and f"asked_{name}" in form:
            open_.append(name)
    return values, open_


def add_term(workspace: Workspace, cells: Mapping[str, str]) -> str:
    """Make what a source calls a disease a known name of it, in ``disease_terms.csv``; return what is said.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    term, disease = cells["disease_as_reported"], cells["disease"]
    row = {"term": term, "kind": TermKind.NAME.value, "disease": disease, "language": workspace.language}
    outcome = rows.save(rows.place_of(workspace.root, "disease_terms"), rows.Opened((term,)), row)
    if not isinstance(outcome, rows.Saved):
        return workspace.words("term_not_added", found=term)
    return workspace.words("term_added", found=term, disease=workspace.protocol.by_id[disease].name[workspace.language])


def publication_name(workspace: Workspace, report: str) -> str:
    """Return how a publication is called on the pages: first author, year, id."""
    row = workspace.row("reports", {"report_id": report})
    if row is None:
        return report
    author = "" if missing(row["authors"]) else re.split(r"[;,]| et al", str(row["authors"]))[0].strip()
    year = "" if missing(row["year"]) else str(row["year"])
    named = " ".join(part for part in (author, year) if part)
    return f"{named} ({report})" if named else report
