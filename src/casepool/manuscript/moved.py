"""What moved between two builds: each number from, to, and the records that did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from casepool.contract.results import RESULTS
from casepool.files.atomic import write_text
from casepool.files.formulas import rows_as_csv
from casepool.manuscript.kept import State, current, last
from casepool.manuscript.records import Cause, cause_of, changed_records, changed_settings
from casepool.model.errors import FileError
from casepool.model.estimate import OWN, POOLED, Estimate
from casepool.model.message import Message, text
from casepool.report.numbers.named import forms_of, is_shown, name_of
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.numbers import Numbers

_FEW = 8
HEAD = {
    "number": Message("moved_column_number"),
    "from": Message("moved_column_from"),
    "to": Message("moved_column_to"),
    "change": Message("moved_column_change"),
    "cause": Message("moved_column_cause"),
}
_RANKS = {OWN: 0, POOLED: 1, "raw": 1}
_LAST = 3
_SECOND = ("above", "own_median", "pooled_median", "tipping", "at_ratio")  # follow the rate that stands before them


@dataclass(frozen=True)
class Moved:
    """A number that reads otherwise than before.

    Attributes
    ----------
    name : of the number.
    before, after : as a reader sees them; empty where there was or is no such number.
    difference : of the two values; None where one of them has none.
    unit : of the difference.
    cause : what did it.
    rank : how soon a reader quotes it: corrected rates, pooled and raw ones, the rest, what follows from them.
    """

    name: str
    before: str
    after: str
    difference: float | None
    unit: str
    cause: Cause
    rank: int

    def change(self, language: str) -> str:
        """Return by how much, in percentage points where it is a rate; empty where that is no number."""
        if self.difference is None or self.unit not in {"proportion", "probability"}:
            return ""
        points = Numbers(language).signed_points(self.difference)
        return text(Message("moved_points", points=points), language)

    def line(self, language: str) -> str:
        """Return it as one line."""
        dash = Numbers(language).missing
        moved = Message("moved_line", name=self.name, before=self.before or dash, after=self.after or dash)
        parts = [text(moved, language), self.change(language), self.cause.text(language)]
        return "  ".join(part for part in parts if part)


def moved(before: State, after: State, language: str) -> list[Moved]:
    """Return the numbers of two builds that read otherwise: of each rank those that moved most first."""
    records, settings = changed_records(before, after), changed_settings(before, after)
    old, new = _shown(before, language), _shown(after, language)
    found = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name, _NOTHING), new.get(name, _NOTHING)
        if was.shown != now.shown:
            estimate = (now.estimate or was.estimate) or Estimate()
            cause = cause_of(estimate.disease, records, settings)
            difference = _difference(was.estimate, now.estimate)
            found.append(Moved(name, was.shown, now.shown, difference, estimate.measure, cause, _rank(estimate)))
    return sorted(found, key=lambda one: (one.rank, -abs(one.difference or 0.0), one.name))


@dataclass(frozen=True)
class _Reading:
    shown: str = ""
    estimate: Estimate | None = None


_NOTHING = _Reading()


def _shown(state: State, language: str) -> dict[str, _Reading]:
    catalogue = load_catalogue(language)
    level = catalogue.numbers.percent(state.results["meta"]["level"])
    estimates = (estimate_of(row) for row in state.results["results"])
    return {name_of(one): _Reading(forms_of(one, catalogue, level)["both"], one) for one in estimates}


def estimate_of(row: Mapping[str, Any]) -> Estimate:
    """Return a row of ``results.json`` as an estimate."""
    cells: dict[str, Any] = {column.name: row.get(column.name) for column in RESULTS.columns if column.name != "name"}
    return Estimate(**{**cells, "cases": "; ".join(row.get("cases") or [])})


def _rank(estimate: Estimate) -> int:
    if not is_shown(estimate) or estimate.analysis.startswith(_SECOND):
        return _LAST
    return _RANKS.get(estimate.analysis, _LAST - 1)


def _difference(was: Estimate | None, now: Estimate | None) -> float | None:
    if was is None or now is None or not (was.headlined and now.headlined):
        return None
    return None if was.value is None or now.value is None else now.value - was.value


def in_short(root: Path, language: str) -> list[str]:
    """Return what a build that ends says of the one before: the numbers that moved most, and how many more.

    Nothing where no earlier build is kept, or where it has the same results.
    """
    earlier = last(root)
    if earlier is None:
        return []
    found = moved(earlier, current(root), language)
    if not found:
        return [text(Message("moved_nothing"), language)]
    shown = [one for one in found if one.rank < _LAST][:_FEW]
    lines = [text(Message("moved_heading", n=len(found)), language), *(f"  {one.line(language)}" for one in shown)]
    if len(found) > len(shown):
        lines.append(f"  {text(Message('moved_more', n=len(found) - len(shown)), language)}")
    return lines


def as_text(found: list[Moved], language: str) -> str:
    """Return everything that moved, one number a line."""
    if not found:
        return text(Message("moved_nothing"), language)
    heading = text(Message("moved_heading", n=len(found)), language)
    return "\n".join([heading, *(f"  {one.line(language)}" for one in found)])


def write_moved(found: list[Moved], path: Path, language: str) -> None:
    """Write what moved as a table: CSV or HTML, by the ending of the name.

    Raises
    ------
    FileError
        If the name ends otherwise.
    """
    head = [text(name, language) for name in HEAD.values()]
    rows = [[one.name, one.before, one.after, one.change(language), one.cause.text(language)] for one in found]
    if path.suffix.lower() == ".csv":
        write_text(path, "\ufeff" + rows_as_csv([head, *rows]))
    elif path.suffix.lower() == ".html":
        write_text(path, _page(head, rows, language))
    else:
        raise FileError(Message("moved_file_kind", file=str(path)))


def _page(head: list[str], rows: list[list[str]], language: str) -> str:
    title = escape(text(Message("moved_heading", n=len(rows)), language))
    cells = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    style = "body{font:16px/1.4 sans-serif;margin:2rem}td,th{padding:.3rem .6rem;text-align:left;vertical-align:top}"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}tr{{border-bottom:1px solid #ccc}}table{{border-collapse:collapse}}</style></head>\n"
        f"<body>\n<h1>{title}</h1>\n<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n"
        "</body>\n</html>\n"
    )
