"""Records and their decisions, for the page on which they are screened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.desk.fields import Choice
from casepool.desk.workspace import Workspace, as_text, stamp, today
from casepool.entry import rows
from casepool.files import sheets
from casepool.model.folding import fold
from casepool.model.study import study
from casepool.model.vocabulary import ScreeningDecision, Stage, label
from casepool.rows import record_names, rows_of
from casepool.screening.state import AWAITING, CONFLICT, CONSENSUS, TO_SCREEN, screening_state
from casepool.screening.waiting import TermFinder, to_screen
from casepool.search.raw import read_raw
from casepool.search.records import merged_records
from casepool.typing import Row

_SHOWN = (
    "title",
    "authors",
    "journal",
    "year",
    "language",
    "publication_types",
    "keywords",
    "abstract",
    "doi",
    "pmid",
    "url",
)
_UNDO = 200  # decisions that can be taken back, last one first


@dataclass(frozen=True)
class Literature:
    """The records of a project with what was decided of them."""

    records: Mapping[str, Row]
    state: Mapping[str, Row]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Screened:
    """A record as it is shown to who decides on it.

    Attributes
    ----------
    stage : at which it is decided now.
    facts : what is known of it: name of a column → text; title and abstract apart.
    others : decisions of others at this stage, shown once the reader has decided: reader, decision, reason.
    """

    record_id: str
    stage: str
    title: tuple[tuple[str, bool], ...]
    abstract: tuple[tuple[str, bool], ...]
    facts: tuple[tuple[str, str], ...]
    state: str
    others: tuple[tuple[str, str, str], ...]
    left: int


def literature(workspace: Workspace) -> Literature:
    """Return the records and the state of each; none where a raw file has a fault (the check names it)."""
    marks = stamp(workspace.root / "data" / "raw", workspace.folder / "screening.csv", workspace.folder / "reports.csv")
    return workspace.kept("literature", marks, lambda: _read(workspace))


def _read(workspace: Workspace) -> Literature:
    snapshot = workspace.project.configuration.pubmed.snapshot
    sources = sheets.check_table("sources", workspace.root / "data" / "raw" / "sources.csv")
    raw = read_raw(sources.frame, workspace.root, snapshot)
    if sources.problems or raw.messages:
        return Literature({}, {}, ())
    screening, reports = (workspace.curated()[name] for name in ("screening", "reports"))
    records = merged_records(raw, sources.frame, workspace.root, snapshot, set(screening["record_id"])).records
    state = screening_state(records, screening, reports)
    waiting = to_screen(records, state, workspace.protocol) if len(records) else pd.DataFrame(columns=["record_id"])
    return Literature(
        {row["record_id"]: row for row in rows_of(records)},
        {row["record_id"]: row for row in rows_of(state)},
        tuple(waiting["record_id"]),
    )


def queue(workspace: Workspace, stage: str) -> list[str]:
    """Return the records on which the reader has not decided, or readers disagree; likely ones first."""
    found = literature(workspace)
    mine = _decided_by(workspace, workspace.reader)
    wanted = {TO_SCREEN, CONFLICT} if stage == Stage.TITLE_ABSTRACT else {AWAITING, CONFLICT}
    return [
        one
        for one in found.waiting
        if found.state[one]["state"] in wanted
        and _stage(found.state[one]) == stage
        and (
            found.state[one]["state"] == CONFLICT
            or not any((name, stage) in mine for name in record_names(found.records[one]))
        )
    ]


def _stage(state: Row) -> str:
    """Return the stage at which a record waits: the first one without an agreed decision."""
    decided = state["title_abstract"]
    return Stage.TITLE_ABSTRACT if as_text(decided) == "" else Stage.FULL_TEXT


def _decided_by(workspace: Workspace, reader: str) -> dict[tuple[str, str], Row]:
    return {(str(one["record_id"]), str(one["stage"])): one for one in workspace.rows("screening", reviewer=reader)}


def screened(workspace: Workspace, record_id: str, stage: str) -> Screened | None:
    """Return a record as it is shown, its words of the protocol marked; None where there is none."""
    found = literature(workspace)
    record = found.records.get(record_id)
    if record is None:
        return None
    finder = TermFinder(workspace.protocol)
    patterns = [finder.drug, *finder.diseases.values()]
    facts = [(name, as_text(record[name])) for name in _SHOWN if name not in {"title", "abstract"}]
    mine = any((name, stage) in _decided_by(workspace, workspace.reader) for name in record_names(record))
    others = [
        (str(one["reviewer"]), label(str(one["decision"]), workspace.language), _reason(one, workspace.language))
        for name in record_names(record)
        for one in workspace.rows("screening", record_id=name, stage=stage)
        if one["reviewer"] != workspace.reader
    ]
    settled = found.state[record_id]["state"] == CONFLICT
    return Screened(
        record_id,
        stage,
        marked(as_text(record["title"]), patterns),
        marked(as_text(record["abstract"]), patterns),
        tuple((name, cell) for name, cell in facts if cell),
        str(found.state[record_id]["state"]),
        tuple(others) if mine or settled else (),
        len(queue(workspace, stage)),
    )


def _reason(row: Row, language: str) -> str:
    reason = as_text(row["exclusion_reason"])
    return label(reason, language) if reason else ""


def marked(text: str, patterns: list[re.Pattern[str]]) -> tuple[tuple[str, bool], ...]:
    """Return a text in pieces, each with whether a pattern of folded words meets it."""
    folded, origin = "", []
    for place, char in enumerate(text):
        plain = " " if char.isspace() or char == "_" else fold(char)
        folded += plain
        origin += [place] * len(plain)
    met = [False] * len(text)
    for pattern in patterns:
        for match in pattern.finditer(folded):
            for place in origin[match.start() : match.end()]:
                met[place] = True
    pieces: list[tuple[str, bool]] = []
    for char, is_met in zip(text, met, strict=True):
        if pieces and pieces[-1][1] == is_met:
            pieces[-1] = (pieces[-1][0] + char, is_met)
        else:
            pieces.append((char, is_met))
    return tuple(pieces)


def reasons(workspace: Workspace) -> tuple[Choice, ...]:
    """Return the reasons for which a record may be excluded."""
    return tuple(Choice(one, label(one, workspace.language)) for one in study().exclusion_reason)


def criteria(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Return what the protocol asks for: heading and text, in the language of the reader."""
    protocol, language, words = workspace.protocol, workspace.language, workspace.words
    asked = [one.name[language] for one in protocol.diseases if one.eligible]
    not_asked = [one.name[language] for one in protocol.diseases if not one.eligible]
    age = protocol.eligibility.minimum_age_years
    found = [
        (words("criterion_drug"), protocol.drug.name),
        (words("criterion_age"), words("criterion_age_text", age=age)),
        (words("criterion_diseases"), " · ".join(asked)),
    ]
    return (*found, (words("criterion_not"), " · ".join(not_asked))) if not_asked else tuple(found)


def decide(workspace: Workspace, record_id: str, stage: str, decision: str, reason: str, note: str) -> rows.Outcome:
    """Save the reader's decision on a record, as a row of ``screening.csv``; it can be taken back.

    A record on which readers disagree is settled by a row of the reader ``consensus``.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    found = literature(workspace)
    mine = _decided_by(workspace, workspace.reader)
    record = found.records[record_id]
    earlier = next((mine[name, stage] for name in record_names(record) if (name, stage) in mine), None)
    settles = found.state[record_id]["state"] == CONFLICT and earlier is not None
    key = (str(earlier["record_id"]) if earlier else record_id, stage, CONSENSUS if settles else workspace.reader)
    place = rows.place_of(workspace.root, "screening")
    opened = rows.open_row(place, key)
    excluded = decision == ScreeningDecision.EXCLUDE
    cells = {
        "record_id": key[0], "stage": stage, "reviewer": key[2], "decision": decision,
        "exclusion_reason": reason if excluded else "", "date": today(), "note": note,
    }  # fmt: skip
    outcome = rows.save(place, opened, cells)
    if isinstance(outcome, rows.Saved):
        before = dict(opened.cells) if opened.cells is not None else None
        undo = [*workspace.private.settings().get("undo", []), {"key": list(key), "before": before}]
        workspace.private.set(undo=undo[-_UNDO:])
    return outcome


def history(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Return the last decisions that can be taken back: record, title, decision; the latest first."""
    found, undo = literature(workspace), workspace.private.settings().get("undo", [])
    shown = []
    for one in reversed(undo[-10:]):
        row = workspace.row("screening", dict(zip(("record_id", "stage", "reviewer"), one["key"], strict=True)))
        title = as_text(found.records.get(one["key"][0], {}).get("title"))
        if row is not None:
            shown.append((one["key"][0], title, label(str(row["decision"]), workspace.language)))
    return shown


def take_back(workspace: Workspace) -> tuple[str, str] | None:
    """Take the last decision back; return record and stage, or None where there is none.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    undo = workspace.private.settings().get("undo", [])
    if not undo:
        return None
    last = undo[-1]
    place, key = rows.place_of(workspace.root, "screening"), tuple(last["key"])
    opened = rows.open_row(place, key)
    if opened.cells is not None:
        if last["before"] is None:
            rows.delete(place, opened)
        else:
            rows.save(place, opened, last["before"])
    workspace.private.set(undo=undo[:-1])
    return key[0], key[1]
