"""What is known of a publication: its facts, its rows, what is still to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from casepool.contract import TABLES
from casepool.desk.entering import publication_name
from casepool.desk.fields import cell_label, labels
from casepool.desk.papers import paper_of, papers_folder
from casepool.desk.second import reads_blind
from casepool.desk.waiting import reports_of
from casepool.desk.workspace import Workspace, as_text
from casepool.extraction.appraisal import ascertainment_of, effect_of
from casepool.model.folding import fold
from casepool.model.message import text
from casepool.model.vocabulary import ScreeningDecision, label
from casepool.typing import Row

# What is shown of a row in the list of its report.
_SHOWN = {
    "patients": ("patient_label", "age_years", "sex", "disease", "response", "reader"),
    "cohorts": ("stratum", "disease", "n_treated", "n_evaluable", "n_response", "reader"),
    "cumulative_incidences": ("stratum", "time_months", "proportion", "reader"),
    "appraisal": ("reader", "murad_1", "jbi_4", "jbi_5"),
}


@dataclass(frozen=True)
class Listing:
    """The rows of one table that belong to a report: heads, for each row its key and cells, and the keys that wait."""

    table: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    waiting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Publication:
    """A report with everything that was read of it.

    Attributes
    ----------
    facts : label and text of each cell that is filled.
    siblings : other reports of its study: id and name.
    ascertainment : of the source, by its appraisals, with what that does to the rates; empty without one.
    is_blind : the reader reads it blind at present: rows are not shown.
    paper : digest of its PDF, or nothing; `kept_in` says where PDFs lie.
    """

    report: str
    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    listings: tuple[Listing, ...]
    siblings: tuple[tuple[str, str], ...]
    ascertainment: tuple[str, str]
    paper: str
    kept_in: str
    step: tuple[str, str, str]
    is_blind: bool


def listed(workspace: Workspace, sought: str, only: Collection[str] | None) -> list[tuple[Row, str, str]]:
    """Return the reports that hold every word sought: row, name, decision in words."""
    words = fold(sought).split()
    found = []
    for row in reports_of(workspace):
        text = fold(" ".join(as_text(cell) for cell in row.values()))
        if (only is None or row["report_id"] in only) and all(word in text for word in words):
            name = publication_name(workspace, str(row["report_id"]))
            found.append((row, name, label(str(row["decision"]), workspace.language)))
    return found


def publication(workspace: Workspace, report: str) -> Publication | None:
    """Return a report as its page shows it, or None."""
    row = workspace.row("reports", {"report_id": report})
    if row is None:
        return None
    named = labels(workspace, "reports")
    facts = [(named[name], cell_label(workspace, "reports", name, row[name])) for name in TABLES["reports"].names]
    siblings = [
        (str(one["report_id"]), publication_name(workspace, str(one["report_id"])))
        for one in workspace.rows("reports", study_id=str(row["study_id"]))
        if one["report_id"] != report
    ]
    is_blind = reads_blind(workspace, report)
    listings = () if is_blind else tuple(_listing(workspace, table, report) for table in _SHOWN)
    return Publication(
        report,
        publication_name(workspace, report),
        as_text(row["title"]),
        tuple((name, cell) for name, cell in facts if cell),
        listings,
        tuple(siblings),
        ("", "") if is_blind else _ascertainment(workspace, report),
        paper_of(workspace, report),
        str(papers_folder()),
        ("", "", "") if is_blind else _step(listings, str(row["decision"])),
        is_blind,
    )


def _listing(workspace: Workspace, table: str, report: str) -> Listing:
    named, shown = labels(workspace, table), _SHOWN[table]
    rows = [
        (
            "/".join(as_text(row[name]) for name in TABLES[table].key),
            tuple(cell_label(workspace, table, name, row[name]) for name in shown),
        )
        for row in workspace.rows(table, report_id=report)
    ]
    waits = ["/".join(key) for _, key in workspace.curated().waiting.get(table, ()) if key[0] == report]
    rows += [(key, (key.split("/", 1)[1], *("" for _ in shown[1:]))) for key in waits]
    return Listing(table, tuple(named[name] for name in shown), tuple(sorted(rows)), frozenset(waits))


def _ascertainment(workspace: Workspace, report: str) -> tuple[str, str]:
    rows = workspace.rows("appraisal", report_id=report)
    if not rows:
        return "", ""
    answers = tuple(rows[0][name] for name in ("murad_1", "jbi_4", "jbi_5"))
    effect = text(effect_of(*answers), workspace.language)
    return label(ascertainment_of(*answers), workspace.language), effect


def _step(listings: tuple[Listing, ...], decision: str) -> tuple[str, str, str]:
    """Return what is to be done next on a report: its id, and table and key of the row where there is one."""
    by_table = {one.table: one for one in listings}
    for table in ("patients", "cohorts"):
        if by_table[table].waiting:
            return "fill", table, min(by_table[table].waiting)
    if not by_table["patients"].rows and not by_table["cohorts"].rows:
        return ("rows", "", "") if decision != ScreeningDecision.EXCLUDE else ("", "", "")
    if by_table["appraisal"].waiting:
        return "appraise", "appraisal", min(by_table["appraisal"].waiting)
    if not by_table["appraisal"].rows:
        return "appraise", "", ""
    return ("decide", "", "") if decision == ScreeningDecision.AWAITING else ("", "", "")
