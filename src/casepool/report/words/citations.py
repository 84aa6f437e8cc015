"""Short citations of reports: first author and year; where the authors are not known it says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from string import ascii_lowercase

import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.model.vocabulary import label
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.numbers import is_missing

_INITIALS = re.compile(r"(\s+(?:[A-ZÀ-Þ]{1,3}|(?:[A-ZÀ-Þ]\.[-\s]?)+))+$")


def citations(reports: pd.DataFrame, language: str) -> dict[str, str]:
    """Return report id → short citation; letters tell apart those that would be the same.

    The released totals of the registry are named in `language`.
    """
    told = reports[[name for name in ("report_id", "authors", "year") if name in reports]]
    rows = told.sort_values("report_id", kind="stable").to_dict("records")
    plain = {str(row["report_id"]): cite(row, language) for row in rows}
    total, used = Counter(plain.values()), Counter[str]()
    lettered = {}
    for report_id, text in plain.items():
        suffix = _suffix(text, used[text]) if total[text] > 1 else ""
        used[text] += 1
        lettered[report_id] = text + suffix
    return lettered | {report: label(report, language) for report in RELEASED_REPORTS}


def cite(row: Mapping[str, object] | Mapping[object, object], language: str) -> str:
    """Return the first author's name and the year.

    Where the authors are not known it says so: neither a journal nor an internal id stands in the place of an author.
    """
    cells = {str(name): value for name, value in row.items()}
    catalogue = load_catalogue(language)
    known = not is_missing(cells.get("authors"))
    name = _first_author(str(cells["authors"])) if known else catalogue.text("authors_not_known")
    year = "" if is_missing(cells.get("year")) else str(int(float(str(cells["year"]))))
    return f"{name} {year}".strip() if year or known else f"{name}, {catalogue.text('no_date')}"


def _suffix(text: str, number: int) -> str:
    """Return the letter that tells the number-th citation of a text apart: a to z, then aa and so on."""
    rounds, place = divmod(number, len(ascii_lowercase))
    letter = ascii_lowercase[place] * (rounds + 1)
    return letter if text[-1].isdigit() else f"\u00a0{letter}"


def _first_author(authors: str) -> str:
    first = re.split(r"[;,]|\bet al\b| and | & ", authors.strip())[0].strip()
    return _INITIALS.sub("", first) or first
