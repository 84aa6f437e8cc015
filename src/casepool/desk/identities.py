"""Pairs of cases that may be one patient, and the decision on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casepool.contract import TABLES
from casepool.desk.fields import cell_label, labels
from casepool.desk.problems import problems
from casepool.desk.workspace import CURATED_FOLDER, Workspace, stamp, today
from casepool.entry import rows
from casepool.extraction.cases import build_cases
from casepool.identity.ledger import link
from casepool.model.errors import LinkageError
from casepool.model.vocabulary import label
from casepool.rows import rows_of
from casepool.typing import Row

_ASIDE = {"reader", "date"}


@dataclass(frozen=True)
class SideBySide:
    """Two cases that may be one patient.

    Attributes
    ----------
    explanation : of the score, as the ledger gives it.
    rows : label, what the one says, what the other says, whether they differ.
    """

    case_a: str
    case_b: str
    explanation: str
    rows: tuple[tuple[str, str, str, bool], ...]


def open_pairs(workspace: Workspace) -> list[Row]:
    """Return the pairs that a person is asked about; none as long as the tables have problems."""
    return workspace.kept("pairs", stamp(workspace.root / CURATED_FOLDER), lambda: _open(workspace))


def _open(workspace: Workspace) -> list[Row]:
    if problems(workspace):
        return []
    curated = workspace.curated()
    cases = build_cases(curated.frames, workspace.protocol)
    try:
        pairs = rows_of(link(cases, curated["identity_decisions"]).pairs)
    except LinkageError:  # the check says which decisions contradict each other
        return []
    return [row for row in pairs if row["outcome"] == "to_review" and row["source"] != "decision"]


def side_by_side(workspace: Workspace, pair: Row) -> SideBySide:
    """Return a pair with what each of its cases says, column by column."""
    one, other = (_case(workspace, str(pair[name])) for name in ("case_a", "case_b"))
    named = {**labels(workspace, "cohorts"), **labels(workspace, "patients")}
    shown, unreported = [], label("not_reported", workspace.language)
    for name in dict.fromkeys((*one, *other)):
        left, right = one.get(name, ""), other.get(name, "")
        if name not in _ASIDE and (left or right):
            told = bool(left and right) and unreported not in (left, right)
            shown.append((named[name], left, right, told and left != right))
    return SideBySide(str(pair["case_a"]), str(pair["case_b"]), str(pair["explanation"]), tuple(shown))


def _case(workspace: Workspace, case: str) -> dict[str, str]:
    report, _, name = case.partition("/")
    for table, column in (("patients", "patient_label"), ("cohorts", "stratum")):
        row = workspace.row(table, {"report_id": report, column: name})
        if row is not None:
            return {one: cell_label(workspace, table, one, row[one]) for one in TABLES[table].names}
    return {}


def decide_pair(workspace: Workspace, form: Mapping[str, str]) -> rows.Outcome:
    """Save the decision on a pair as a row of ``identity_decisions.csv``.

    Raises
    ------
    FileError
        If nothing can be written now.
    """
    cells = {name: form.get(name, "").strip() for name in ("case_a", "case_b", "decision", "reason")}
    cells |= {"reader": workspace.reader, "date": today()}
    place = rows.place_of(workspace.root, "identity_decisions")
    return rows.save(place, rows.Opened((cells["case_a"], cells["case_b"])), cells)


def pair_asked(workspace: Workspace, number: int) -> Row | None:
    """Return the open pair at a place, or None."""
    found = open_pairs(workspace)
    return found[number] if 0 <= number < len(found) else None
