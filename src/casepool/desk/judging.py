"""A row judged as ``casepool check`` judges it, before it is in the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from casepool.contract import TABLES
from casepool.desk.fields import DISEASES, labels
from casepool.desk.second import as_read
from casepool.desk.workspace import Workspace, fits, today
from casepool.extraction.appraisal import effect_of
from casepool.extraction.consistency import consistency_problems
from casepool.extraction.improbable import improbabilities
from casepool.extraction.plausible import plausibility_problems
from casepool.files import sheets
from casepool.files.dialect import normalise
from casepool.model.errors import Problem
from casepool.model.message import Message, text
from casepool.model.vocabulary import label
from casepool.rows import rows_of

_BARE = frozenset({"text", "identifier"})  # what is expected says nothing to whoever has left the field empty
# The answers that decide what a source is; what they do to the rates is said while they are given.
_DECIDING = ("murad_1", "jbi_4", "jbi_5")


@dataclass(frozen=True)
class Remark:
    """What is said beside a field.

    Attributes
    ----------
    column : the field; empty where it concerns the row.
    said : a sentence in the language of the reader.
    stops : the row cannot be saved as it is.
    offer : the words of a button by which what was typed becomes a known name of the disease; empty where none helps.
    """

    column: str
    said: str
    stops: bool
    offer: str = ""


@dataclass(frozen=True)
class Judged:
    """A row that was judged: its cells in the form of the tables, and what is said of them."""

    cells: Mapping[str, str]
    remarks: tuple[Remark, ...]

    @property
    def stops(self) -> tuple[Remark, ...]:
        """The remarks for which the row cannot be saved."""
        return tuple(one for one in self.remarks if one.stops)


def judge(
    workspace: Workspace, table: str, cells: Mapping[str, str], key: Mapping[str, str] | None, *, mine: bool = False
) -> Judged:
    """Return a row with everything that the check would say of it.

    Parameters
    ----------
    cells : column → text, as typed.
    key : of the row that these cells take the place of; None for a new row.
    mine : it is a row of the reader's own second reading.
    """
    contract, file = TABLES[table], f"{table}.csv"
    rows = [contract.names, [cells[name] for name in contract.names]]
    normal = normalise(rows, contract)
    unanswered = [
        one for one in contract.columns if "not_reported" in one.members and one.required and not cells[one.name]
    ]
    checked = sheets.check_cells(normal, contract, file)
    unknown = [name for name in DISEASES & cells.keys() if cells[name] and cells[name] not in workspace.protocol.by_id]
    said_already = {*unknown, *(column.name for column in unanswered)}
    found = [(one, True) for one in checked.problems if str(one.column) not in said_already]
    if checked.frame.empty and not found and not said_already:
        return Judged(dict(cells), (Remark("", workspace.words("nothing_typed"), stops=True),))
    if not found and not said_already:
        found += _among_others(workspace, table, checked.frame, key, mine=mine)
    found += [(one, False) for one in checked.warnings]
    remarks = [Remark(one.name, workspace.words("unanswered"), stops=True) for one in unanswered]
    remarks += [Remark(name, _no_disease(workspace, cells[name]), stops=True) for name in unknown]
    remarks += [_remark(workspace, table, one, cells, stops=stops) for one, stops in found]
    if table == "appraisal" and any(cells[name] for name in _DECIDING):
        effect = effect_of(*(normal.frame[name].iloc[0] for name in _DECIDING))
        remarks.append(Remark(_DECIDING[0], text(effect, workspace.language), stops=False))
    kept = {name: "" if value is None else str(value) for name, value in rows_of(normal.frame)[0].items()}
    return Judged(kept, tuple(dict.fromkeys(remarks)))


def _no_disease(workspace: Workspace, text: str) -> str:
    """Return what is said of a name that means no disease of the protocol, or several."""
    words, names, language = workspace.words, workspace.names(), workspace.language
    by_id = workspace.protocol.by_id
    meant = names.recognise(text).candidates
    if meant:
        return words("disease_open", found=text, names=" · ".join(by_id[one].name[language] for one in meant))
    near = names.recognise(names.nearest(text)).disease
    said = words("disease_unknown", found=text)
    return f"{said} {words('did_you_mean', nearest=by_id[near].name[language])}" if near else said


def _among_others(
    workspace: Workspace, table: str, row: pd.DataFrame, key: Mapping[str, str] | None, *, mine: bool
) -> Iterator[tuple[Problem, bool]]:
    """Yield what a row breaks beside the rows of all tables, and what is improbable of it; with whether it stops."""
    curated = as_read(workspace, str(row["report_id"].iloc[0])) if mine else workspace.curated()
    if not curated.readable:
        return
    others = curated[table]
    if key is not None:
        others = others[[not fits(one, key) for one in rows_of(others)]]
    place = int(others.index.max()) + 1 if len(others) else 0
    frame = pd.concat([others, row.set_axis([place])])
    again = frame.duplicated(list(TABLES[table].key)).to_numpy()
    if again[-1]:
        said = sheets.key_of(rows_of(row)[0], TABLES[table])
        yield Problem(f"{table}.csv", place + 2, said, TABLES[table].key[-1], said, Message("each_key_once")), True
        return
    around = replace(curated, frames={**curated.frames, table: frame})
    protocol = workspace.protocol
    wrong = [*consistency_problems(around, protocol), *plausibility_problems(around, protocol)]
    looked_at = improbabilities(around, protocol, dt.date.fromisoformat(today()))
    for stops, found in ((True, wrong), (False, looked_at)):
        for one in found:
            if one.file == f"{table}.csv" and one.row == place + 2:
                yield one, stops


def _remark(workspace: Workspace, table: str, problem: Problem, cells: Mapping[str, str], *, stops: bool) -> Remark:
    column = str(problem.column).split("/")[-1]
    known = column if column in TABLES[table].names else ""
    if problem.expected.id != "no_term_in_text":
        said = sentence(workspace, table, problem)
        return Remark(known, said if stops else workspace.words("look", said=said), stops)
    disease = workspace.protocol.by_id[cells["disease"]].name[workspace.language]
    found, words = cells[column], workspace.words
    near = f" {words('did_you_mean', nearest=problem.nearest)}" if problem.nearest else ""
    return Remark(
        known,
        words("no_term", found=found, disease=disease) + near,
        stops=True,
        offer=words("add_term", found=found, disease=disease),
    )


def sentence(workspace: Workspace, table: str, problem: Problem) -> str:
    """Return what is said of a field: what is expected there, by labels, and the nearest value."""
    words, language = workspace.words, workspace.language
    if problem.found == Message("empty") and problem.expected.id in _BARE:
        return words("needed", name=labels(workspace, table)[str(problem.column)])
    expected = _by_labels(problem.expected, language)
    said = words("expected", expected=text(expected, language, labels(workspace, table)))
    if not problem.nearest:
        return said
    return f"{said} {words('did_you_mean', nearest=label(problem.nearest, language))}"


def _by_labels(expected: Message, language: str) -> Message:
    if expected.id != "one_of":
        return expected
    members = expected["members"]
    shown = members if isinstance(members, tuple) else (members,)
    return Message("one_of", members=tuple(label(str(one), language) for one in shown))
