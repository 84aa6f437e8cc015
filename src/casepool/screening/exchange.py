"""Decisions made in ASReview, Rayyan or Covidence, as rows of ``screening.csv``.

Every exported record carries its id (``casepool_id``); where a program drops it, the PubMed id, the DOI,
then the title name the record.

A label that ASReview wrote to several records is no decision on any of them: it has shown one
(``findings/asreview_groups.sh``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from casepool.contract.curated import SCREENING
from casepool.model.errors import FileError, Problem
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.rows import missing, record_names, rows_of
from casepool.screening.returned import ReturnedRow
from casepool.screening.verdicts import Cells, Verdict, covidence_list, tells_decisions, verdicts, wrong_label
from casepool.typing import Row

_GROUP = "asreview_group_id"
_ID = re.compile(r"casepool_id: *([A-Za-z0-9_.:\-]+)")
_MARK = re.compile(r"\[casepool: record \d+; ([^;\]]+)")  # what the export puts where ASReview needs an abstract


@dataclass(frozen=True)
class Imported:
    """Decisions read from a program: rows to add, how many stood there already, and what cannot be used."""

    rows: pd.DataFrame
    n_known: int
    n_unlabelled: int
    problems: tuple[Problem, ...]


def import_decisions(
    told: Sequence[ReturnedRow],
    records: pd.DataFrame,
    screening: pd.DataFrame,
    who_when: tuple[str, str],
    file: str,
    listed: str = "",
) -> Imported:
    """Return the decisions that a program's export holds.

    Parameters
    ----------
    told : rows of the file.
    who_when : id of the reviewer where the program names none, and the date of the decisions.
    file : name of the file, for messages and for the list of Covidence that it names.
    listed : the list of Covidence that it is, where its name does not say so.

    Raises
    ------
    FileError
        If nothing in the file can be a decision.
    """
    reviewer, day = who_when
    cells = [row.cells for row in told]
    covidence = covidence_list(file, cells, listed)
    if told and covidence is None and not tells_decisions(cells):
        columns = sorted({column for row in cells for column in row if column})
        raise FileError(Message("no_decisions_in_file", file=file, columns=tuple(columns)))
    made = [list(verdicts(row, reviewer, covidence)) for row in cells]
    find = _finder(records)
    ids = [find(row) if one else "" for row, one in zip(cells, made, strict=True)]
    taking = _Taking(file, day, screening, _groups(cells, ids))
    for row, one, record_id in zip(told, made, ids, strict=True):
        taking.take(row, one, record_id)
    frame = pd.DataFrame(list(taking.rows.values()), columns=SCREENING.names)
    return Imported(frame, taking.n_known, sum(not one for one in made), tuple(taking.problems))


class _Taking:
    """The decisions taken so far, beside those that stand."""

    def __init__(self, file: str, day: str, screening: pd.DataFrame, groups: Mapping[str, set[str]]) -> None:
        self.file, self.day, self.groups = file, day, groups
        self.standing = {_key(row["record_id"], row["stage"], row["reviewer"]): row for row in rows_of(screening)}
        self.rows: dict[tuple[str, str, str], Row] = {}
        self.problems: list[Problem] = []
        self.n_known = 0

    def take(self, row: ReturnedRow, made: Sequence[Verdict], record_id: str) -> None:
        """Add the verdicts of a row on a record; an empty id is a record that nobody knows."""
        wrong = wrong_label(row.cells)
        if wrong:
            self._problem(row, "", *wrong, Message("label_zero_or_one"))
        elif made and not record_id:
            shown = row.cells.get("title", "")[:80] or Message("no_title")
            self._problem(row, "", "title", shown, Message("project_record"))
        else:
            for verdict in made:
                self._add(row, verdict, record_id)

    def _add(self, row: ReturnedRow, verdict: Verdict, record_id: str) -> None:
        key = _key(record_id, verdict.stage, verdict.reviewer)
        named = f"record_id={record_id}, reviewer={verdict.reviewer}"
        group = row.cells.get(_GROUP, "")
        n_shared = len(self.groups.get(group, ()))
        before = self.standing.get(key)
        if before is None and n_shared > 1:
            self._problem(row, named, _GROUP, group, Message("label_of_one_record", n=n_shared))
        elif before is None and key in self.rows and self.rows[key]["decision"] != verdict.decision:
            other = Message("one_decision_a_file", decision=str(self.rows[key]["decision"]))
            self._problem(row, named, "decision", verdict.decision, other)
        elif before is None:
            self.rows[key] = _row(record_id, verdict, self.day)
        elif n_shared > 1 or before["decision"] == verdict.decision:  # a decision on the record itself holds
            self.n_known += 1
        else:
            stands = Message("decision_stands", decision=str(before["decision"]))
            self._problem(row, named, "decision", verdict.decision, stands)

    def _problem(self, row: ReturnedRow, key: str, column: str, found: Message | str, expected: Message) -> None:
        self.problems.append(Problem(self.file, row.line, key, column, found, expected))


def _key(record_id: object, stage: object, reviewer: object) -> tuple[str, str, str]:
    return str(record_id), str(stage), str(reviewer)


def _groups(told: Sequence[Cells], ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the labelled records of each group of ASReview."""
    groups: dict[str, set[str]] = {}
    for row, record_id in zip(told, ids, strict=True):
        if row.get(_GROUP) and record_id:
            groups.setdefault(row[_GROUP], set()).add(record_id)
    return groups


def _finder(records: pd.DataFrame) -> Callable[[Cells], str]:
    """Return the function that names the record which a row of an export tells."""
    by: dict[tuple[str, str], set[str]] = {}
    for record in rows_of(records):
        key = str(record["record_id"])
        for name in record_names(record):
            by.setdefault(("id", name), set()).add(key)
        for column in ("pmid", "doi", "title"):
            if not missing(record[column]):
                by.setdefault((column, fold(str(record[column]))), set()).add(key)

    def find(told: Cells) -> str:
        for kind, value in _names(told):
            found = by.get((kind, value if kind == "id" else fold(value)), set()) if value else set()
            if len(found) == 1:
                return next(iter(found))
        return ""

    return find


def _names(told: Cells) -> list[tuple[str, str]]:
    """Return what may name the record of a row, the surest first."""
    noted, marked = _ID.search(told.get("notes", "")), _MARK.match(told.get("abstract", ""))
    ids = [told.get("casepool_id", ""), noted[1] if noted else "", told.get("key", ""), told.get("id", "")]
    ids.append(marked[1] if marked else "")
    pmid = told.get("pubmed_id", "").removesuffix(".0")
    return [
        *(("id", one) for one in ids),
        ("pmid", pmid),
        ("doi", told.get("doi", "")),
        ("title", told.get("title", "")),
    ]


def _row(record_id: str, verdict: Verdict, day: str) -> Row:
    return {
        "record_id": record_id,
        "stage": verdict.stage.value,
        "reviewer": verdict.reviewer,
        "decision": verdict.decision.value,
        "exclusion_reason": verdict.reason or None,
        "date": day,
        "note": verdict.note,
    }
