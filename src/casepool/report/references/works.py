"""Works to be cited: the included and the excluded reports, and the methods; authors are read, never invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from casepool.model.vocabulary import ReportType, ScreeningDecision
from casepool.report.words.catalogue import Catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.screening.state import match_reports
from casepool.typing import Row

# What a report lacks is taken from its record; its own word stands wherever it has one.
_FILLED = ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid")
_INITIALS = r"(?:[A-ZÀ-Þ]{1,3}|(?:[A-ZÀ-Þ]\.[-\s]?)+)(?:-[A-ZÀ-Þ])?"
_NAME_AND_INITIALS = re.compile(rf"(?P<family>\S.*?)\s+(?P<given>{_INITIALS}(?:\s+{_INITIALS})*)")
_OTHERS = re.compile(r"[\s,;]*\bet al\b\.?|[\s,;]*…$", re.IGNORECASE)


@dataclass(frozen=True)
class Author:
    """An author: family name, and given names or initials where they are known."""

    family: str
    given: str = ""


@dataclass(frozen=True)
class Work:
    """A publication as it is cited.

    Attributes
    ----------
    key : by which tables and texts name it; that of a report is its id.
    group : "included", "excluded" or "cited".
    others : whether there are more authors than named.
    note : why it was excluded, or what is not known of it.
    """

    key: str
    group: str
    title: str = ""
    authors: tuple[Author, ...] = ()
    others: bool = False
    journal: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    language: str = ""
    note: str = ""
    conference: bool = False


def works(reports: pd.DataFrame, records: pd.DataFrame, catalogue: Catalogue, *, synthetic: bool = False) -> list[Work]:
    """Return every work by its key: included and excluded reports, then the methods that the texts cite.

    Parameters
    ----------
    reports, records : tables of those names; a record fills what its report leaves open.
    catalogue : words of the notes.
    synthetic : whether the reports are invented, which each of them says then.
    """
    mark = catalogue.text("synthetic") if synthetic else ""
    found = {str(report["report_id"]): record for record, report in _records_of(reports, records)}
    told = [
        _of_report(row, found.get(str(row["report_id"]), {}), catalogue, mark)
        for row in rows_of(reports.sort_values("report_id", kind="stable"))
        if row["report_type"] != ReportType.REGISTRY_CALL
    ]
    order = {"included": 0, "excluded": 1}
    known = [one for one in told if one.group in order]
    more = catalogue.text("reference_others")
    cited = [replace(one, note=more) if one.others else one for one in methods()]
    return [*sorted(known, key=lambda one: (order[one.group], one.key)), *cited]


def _records_of(reports: pd.DataFrame, records: pd.DataFrame) -> Iterable[tuple[Row, Row]]:
    linked = match_reports(records, reports)
    return [(row, linked[str(row["record_id"])]) for row in rows_of(records) if str(row["record_id"]) in linked]


def _of_report(report: Row, record: Row, catalogue: Catalogue, mark: str) -> Work:
    cells = {name: _first(report.get(name), record.get(name)) for name in _FILLED}
    cells["authors"] = _fuller(_first(report.get("authors")), _first(record.get("authors")))
    authors, others = authors_of(cells.pop("authors"))
    included = report["decision"] == ScreeningDecision.INCLUDE
    work = Work(
        key=str(report["report_id"]), group="included" if included else "excluded", authors=authors, others=others,
        language=_first(report.get("language")), conference=report["report_type"] == ReportType.CONFERENCE_ABSTRACT,
        **cells,
    )  # fmt: skip
    notes = [f"{mark}."] if mark else []
    if not included:
        notes.append(catalogue.text("reference_excluded", reason=catalogue.label(report["exclusion_reason"])))
    unknown = [name for name in ("authors", "title", "journal", "year") if not getattr(work, name)]
    if unknown:
        names = catalogue.join([catalogue.text(f"reference_field_{name}") for name in unknown])
        notes.append(catalogue.text("reference_not_known", names=names))
    if others or not all(one.given for one in authors):
        notes.append(catalogue.text("reference_authors_short"))
    title = work.title or catalogue.text("reference_no_title")
    return replace(work, title=title, note=" ".join(notes))


def _first(*values: object) -> str:
    """Return the first value that is there as text; years and volumes without decimals."""
    told = next((value for value in values if not is_missing(value)), "")
    return str(int(told)) if isinstance(told, float) and told.is_integer() else str(told).strip()


def _fuller(own: str, recorded: str) -> str:
    """Return the authors of a report, or those of its record where these begin with the same name and tell more."""
    if not own:
        return recorded
    first, others = authors_of(own)
    second, _ = authors_of(recorded)
    same = bool(second) and not others and len(first) <= len(second) and first[0].family == second[0].family
    return recorded if same and len(recorded) > len(own) else own


def authors_of(text: str) -> tuple[tuple[Author, ...], bool]:
    """Return the authors that a text names, and whether it says that there are more.

    Read are ``Dupont A; Durand B``, ``Dupont, Anne; Durand, B.``, ``Dupont A, Durand B, et al.`` and single family
    names; a name that cannot be split is a family name.
    """
    names = _OTHERS.sub("", text).strip(" ;,.") if _OTHERS.search(text) else text.strip(" ;,")
    parts = re.split(r"\s*;\s*|\s+and\s+|\s*&\s*", names)
    if len(parts) == 1 and all(_NAME_AND_INITIALS.fullmatch(one.strip()) for one in names.split(",")):
        parts = names.split(",")
    return tuple(_author(one.strip()) for one in parts if one.strip()), bool(_OTHERS.search(text))


def _author(name: str) -> Author:
    if "," in name:
        family, given = name.split(",", 1)
        return Author(family.strip(), given.strip())
    found = _NAME_AND_INITIALS.fullmatch(name)
    return Author(found["family"], found["given"]) if found else Author(name)


@cache
def methods() -> tuple[Work, ...]:
    """Return the methods that the texts cite, by their keys."""
    source = files("casepool.report.references").joinpath("cited.yaml").read_text(encoding="utf-8")
    told: Mapping[str, dict[str, Any]] = yaml.safe_load(source)
    return tuple(_method(key, dict(cells)) for key, cells in sorted(told.items()))


def _method(key: str, cells: dict[str, Any]) -> Work:
    authors = tuple(_author(str(name)) for name in cells["authors"])
    told: dict[str, Any] = {name: str(cell) for name, cell in cells.items() if name not in {"authors", "others"}}
    return Work(key, "cited", authors=authors, others=bool(cells.get("others")), **told)


def short_citation(work: Work, catalogue: Catalogue) -> str:
    """Return how a work is cited in a text: names and year."""
    names = [one.family for one in work.authors]
    if not names:
        shown = catalogue.text("authors_not_known")
    elif len(names) > 2 or work.others:
        shown = f"{names[0]} et al."
    else:
        shown = catalogue.join(names)
    return f"{shown} {work.year or catalogue.text('no_date')}"


def plain_reference(work: Work, catalogue: Catalogue) -> str:
    """Return a work as a line of a list of references."""
    names = ", ".join(f"{one.family} {one.given}".strip() for one in work.authors) + (", et al." if work.others else "")
    place = " ".join(one for one in (work.journal, work.year) if one)
    place += f";{work.volume}" if work.volume else ""
    place += f"({work.issue})" if work.issue else ""
    place += f":{work.pages}" if work.pages else ""
    doi = f"doi:{work.doi}" if work.doi else f"PMID {work.pmid}" if work.pmid else ""
    parts = [names or catalogue.text("authors_not_known"), work.title, place, doi]
    return ". ".join(one.rstrip(".") for one in parts if one) + "."
