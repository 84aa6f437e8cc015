"""Short citations of reports: first author and year, or journal and year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from string import ascii_lowercase

import pandas as pd

from casepool.reporting.numbers import is_missing
from casepool.schemas.cases import RELEASED_REPORTS
from casepool.vocabulary import label

_INITIALS = re.compile(r"(\s+(?:[A-ZÀ-Þ]{1,3}|(?:[A-ZÀ-Þ]\.[-\s]?)+))+$")


def citations(reports: pd.DataFrame, language: str) -> dict[str, str]:
    """Return report id → short citation; letters tell apart those that would be the same.

    The released totals of the registry are named in `language`.
    """
    rows = reports.sort_values("report_id", kind="stable").to_dict("records")
    plain = {str(row["report_id"]): cite(row) for row in rows}
    total, used = Counter(plain.values()), Counter[str]()
    lettered = {}
    for report_id, text in plain.items():
        suffix = ascii_lowercase[used[text] % 26] if total[text] > 1 else ""
        used[text] += 1
        lettered[report_id] = text + suffix
    return lettered | {report: label(report, language) for report in RELEASED_REPORTS}


def cite(row: Mapping[str, object] | Mapping[object, object]) -> str:
    """Return the first author's name and the year; journal and year where authors are not told."""
    cells = {str(name): value for name, value in row.items()}
    year = "" if is_missing(cells.get("year")) else str(int(float(str(cells["year"]))))
    for column in ("authors", "journal", "citation_key", "report_id"):
        if not is_missing(cells.get(column)):
            name = _first_author(str(cells[column])) if column == "authors" else str(cells[column])
            told = column != "authors" and year in name
            return name if told else f"{name} {year}".strip()
    return year


def _first_author(authors: str) -> str:
    first = re.split(r"[;,]|\bet al\b| and | & ", authors.strip())[0].strip()
    return _INITIALS.sub("", first) or first
