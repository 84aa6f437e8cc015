"""Short citations of reports: first author and year; where the authors are not known it says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from string import ascii_lowercase

import pandas as pd

from casepool.reporting.language import load_catalogue
from casepool.reporting.numbers import is_missing
from casepool.schemas.cases import RELEASED_REPORTS
from casepool.vocabulary import label

_INITIALS = re.compile(r"(\s+(?:[A-ZÀ-Þ]{1,3}|(?:[A-ZÀ-Þ]\.[-\s]?)+))+$")


def citations(reports: pd.DataFrame, language: str) -> dict[str, str]:
    """Return report id → short citation; letters tell apart those that would be the same.

    The released totals of the registry are named in `language`.
    """
    rows = reports.sort_values("report_id", kind="stable").to_dict("records")
    plain = {str(row["report_id"]): cite(row, language) for row in rows}
    total, used = Counter(plain.values()), Counter[str]()
    lettered = {}
    for report_id, text in plain.items():
        suffix = ascii_lowercase[used[text] % 26] if total[text] > 1 else ""
        used[text] += 1
        lettered[report_id] = _lettered(text, suffix)
    return lettered | {report: label(report, language) for report in RELEASED_REPORTS}


def _lettered(text: str, letter: str) -> str:
    """Return the citation with its letter behind the year, inside a bracket that ends it: (Blood 2020a)."""
    plain = text.removesuffix(")")
    space = " " if letter and not plain[-1:].isdigit() else ""
    return f"{plain}{space}{letter}{text[len(plain) :]}"


def cite(row: Mapping[str, object] | Mapping[object, object], language: str) -> str:
    """Return the first author's name and the year.

    Where the authors are not known it says so, with journal and year: neither a journal nor an internal id stands in
    the place of an author.
    """
    cells = {str(name): value for name, value in row.items()}
    year = "" if is_missing(cells.get("year")) else str(int(float(str(cells["year"]))))
    if not is_missing(cells.get("authors")):
        return f"{_first_author(str(cells['authors']))} {year}".strip()
    journal = "" if is_missing(cells.get("journal")) else str(cells["journal"])
    place = journal if year in journal else f"{journal} {year}".strip()
    catalogue = load_catalogue(language)
    return catalogue.text("authors_not_known_in", place=place) if place else catalogue.text("authors_not_known")


def _first_author(authors: str) -> str:
    first = re.split(r"[;,]|\bet al\b| and | & ", authors.strip())[0].strip()
    return _INITIALS.sub("", first) or first
