"""``casepool registry publish``: what a build shows of the registry is written down as published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.files import store
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.registry.release.published import (
    Before,
    Ledger,
    Published,
    ledger_file,
    read_ledger,
    read_release,
    write,
)
from casepool.rows import rows_of
from casepool.typing import Row


@dataclass(frozen=True)
class Publication:
    """What a build shows of the registry, and what it may not show.

    Attributes
    ----------
    cases : the totals in public (table ``cases``).
    withheld : table ``registry_withheld``.
    release : what the ledger does not hold yet; None where it holds everything.
    ledger : what was published before.
    """

    cases: pd.DataFrame
    withheld: pd.DataFrame
    release: Published | None
    ledger: Ledger


def shown_by_build(root: Path, returns: str) -> Publication:
    """Return what the last build of a project shows of the registry.

    Parameters
    ----------
    returns : the folder of returns, where the ledger lies.

    Raises
    ------
    FileError
        If there is no build, or it is not one of this ledger.
    PrivacyError
        If the ledger is damaged.
    """
    results = root / "results"
    if not (results / "private" / "release.json").is_file():
        raise FileError(Message("no_release"))
    release, built_on = (read_release(results / "private" / "release.json"), results / "private" / "published.json")
    ledger = read_ledger(ledger_file(root / returns))
    cases = store.read_table("cases", results / "tables" / "cases.csv")
    totals = cases[cases["report_id"].isin(list(RELEASED_REPORTS))]
    before = Before(ledger)
    known = before.holds(release)
    if not _are_of(release, totals) or not (known or ledger == read_ledger(built_on)):
        raise FileError(Message("other_release"))
    withheld = store.read_table("registry_withheld", results / "private" / "withheld.csv")
    return Publication(totals, withheld, None if known else release, ledger)


def _are_of(release: Published, totals: pd.DataFrame) -> bool:
    shown = {str(row["case_id"]): row for row in rows_of(totals)}
    counts = ((name, column, n) for name, row in release.totals.items() for column, n in row.items())
    return all(name in shown and str(shown[name][column]) == str(n) for name, column, n in counts)


def publish(publication: Publication, root: Path, returns: str, day: str) -> Path | None:
    """Write down that a release leaves the machine; return the ledger, or nothing where it holds it already.

    Parameters
    ----------
    day : the date, YYYY-MM-DD.
    """
    if publication.release is None:
        return None
    path = ledger_file(root / returns)
    dated = publication.release.model_copy(update={"published_on": day})
    write(Ledger(releases=(*publication.ledger.releases, dated)), path)
    return path


def told_of(publication: Publication) -> list[Message]:
    """Return what a build shows of the registry, and which groups it may not show and why."""
    totals = rows_of(publication.cases.sort_values("case_id"))
    lines = [
        Message("published_total", total=one["case_id"], n=int(one["n_treated"]), centres=int(one["n_centres"]))
        for one in totals
    ]
    lines = [Message("published_totals"), *lines] if lines else [Message("published_no_total")]
    if len(publication.withheld):
        lines.append(Message("withheld_totals"))
    return lines + [_withheld(row) for row in rows_of(publication.withheld)]


def _withheld(row: Row) -> Message:
    counts = {"n": int(str(row["n_unpublished"])), "centres": int(str(row["n_centres"]))}
    total, told_in = str(row["total"]), row["told_in"]
    if told_in is None:
        instead = Message("in_no_total")
    else:
        instead = Message("in_earlier_total" if told_in == total else "in_other_total")
    return Message("withheld_total", total=total, reason=str(row["reason"]), instead=instead, **counts)
