"""Checks of what a row says beyond its own cells: numbers that no stage could use, lists, ids with a meaning."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.cases import RELEASED_REPORTS
from casepool.extraction.curated import Curated
from casepool.files import sheets
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Ascertainment, ReportType
from casepool.rows import missing, numbered_rows, split_ids
from casepool.typing import Row

MOST_PATIENTS = 10_000
LONGEST_CELL = 32_767  # what a cell of a spreadsheet holds; far below what the reader of CSV files takes
LONGEST_ID = 100
_COUNTED = ("cohorts", "reading_list")


def plausibility_problems(curated: Curated, protocol: Protocol) -> Iterator[Problem]:
    """Yield what the schemas let pass and the stages could not use."""
    yield from _long_cells(curated)
    yield from _large_counts(curated)
    yield from _registry_names(curated)
    yield from _shared_labels(curated)
    yield from _incidences(curated)
    yield from _reading_list(curated, protocol)


def uncounted_hints(curated: Curated, protocol: Protocol) -> Iterator[Message]:
    """Yield each publication of the reading list whose counts no analysis uses, for its disease is not asked about."""
    for line, row in numbered_rows(curated["reading_list"]):
        diseases = split_ids(row["disease"])
        told = not missing(row["n_evaluable"]) and not missing(row["n_response"])
        if told and len(diseases) == 1 and diseases[0] not in protocol.eligible_ids:
            yield Message("not_counted", row=line, key=str(row["citation_key"]), disease=diseases[0])


def _problem(name: str, line: int, row: Row, column: str, found: object, expected: Message, near: str = "") -> Problem:
    key = _short(sheets.key_of(row, TABLES[name]))
    shown = Message("empty") if missing(found) else _short(str(found))
    return Problem(f"{name}.csv", line, key, column, shown, expected, near)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}…"


def _rows_where(frame: pd.DataFrame, condition: pd.Series) -> list[tuple[int, Row]]:
    mask = condition.fillna(value=False).astype(bool)
    return numbered_rows(frame[mask]) if mask.any() else []


def _long_cells(curated: Curated) -> Iterator[Problem]:
    for name, frame in curated.frames.items():
        for column in TABLES[name].columns:
            if column.kind != "text":
                continue
            named = column.pattern is not None or column.name in TABLES[name].key
            most = LONGEST_ID if named and name != "corrections" else LONGEST_CELL
            long = frame[column.name].str.len() > most
            for line, row in _rows_where(frame, long):
                yield _problem(name, line, row, column.name, row[column.name], Message("text_at_most", n=most))


def _large_counts(curated: Curated) -> Iterator[Problem]:
    for name in _COUNTED:
        frame = curated[name]
        for column in (one for one in TABLES[name].names if one.startswith("n_")):
            for line, row in _rows_where(frame, frame[column] > MOST_PATIENTS):
                yield _problem(name, line, row, column, row[column], Message("patients_at_most", n=MOST_PATIENTS))


def _registry_names(curated: Curated) -> Iterator[Problem]:
    """Yield reports that would be taken for the registry: its rows come from returns, never from a table."""
    for line, row in numbered_rows(curated["reports"]):
        if row["report_type"] == ReportType.REGISTRY_CALL:
            expected = Message("publication_kind")
            yield _problem("reports", line, row, "report_type", row["report_type"], expected)
        if row["report_id"] in RELEASED_REPORTS:
            expected = Message("another_report_id")
            yield _problem("reports", line, row, "report_id", row["report_id"], expected)


def _shared_labels(curated: Curated) -> Iterator[Problem]:
    """Yield strata under the label of a patient of the same report: the two would be one case."""
    patients = curated["patients"]
    taken = set(zip(patients["report_id"], patients["patient_label"], strict=True))
    for line, row in numbered_rows(curated["cohorts"]):
        if (row["report_id"], row["stratum"]) in taken:
            expected = Message("label_of_no_patient")
            yield _problem("cohorts", line, row, "stratum", row["stratum"], expected)


def _incidences(curated: Curated) -> Iterator[Problem]:
    cohorts = curated["cohorts"]
    strata = set((cohorts["report_id"] + "/" + cohorts["stratum"]).dropna())
    for line, row in numbered_rows(curated["cumulative_incidences"]):
        cohort = f"{row['report_id']}/{row['stratum']}"
        if cohort not in strata:
            near = sheets.nearest(cohort, sorted(strata))
            expected = Message("stratum")
            yield _problem("cumulative_incidences", line, row, "stratum", cohort, expected, near)
        for column, expected in _unfit_limits(row):
            yield _problem("cumulative_incidences", line, row, column, row[column], expected)


def _unfit_limits(row: Row) -> Iterator[tuple[str, Message]]:
    """Yield column and expectation of what is wrong with an interval: it has both limits and a level, or neither."""
    proportion, lower, upper = (row[name] for name in ("proportion", "ci_lower", "ci_upper"))
    if missing(proportion):
        yield "proportion", Message("proportion")
        return
    if missing(lower) and missing(upper):
        return
    for name in ("ci_lower", "ci_upper", "level"):
        if missing(row[name]):
            yield name, Message("number_of_interval")
            return
    if not 0 < lower < proportion:
        yield "ci_lower", Message("below_proportion")
    if not proportion < upper < 1:
        yield "ci_upper", Message("above_proportion")


def _reading_list(curated: Curated, protocol: Protocol) -> Iterator[Problem]:
    reports = sorted(curated["reports"]["report_id"].dropna())
    for line, row in numbered_rows(curated["reading_list"]):
        for column, valid, expected in (
            ("disease", list(protocol.by_id), Message("disease_ids")),
            ("replaces", reports, Message("report_ids")),
        ):
            for item in split_ids(row[column]):
                if item not in valid:
                    yield _problem("reading_list", line, row, column, item, expected, sheets.nearest(item, valid))
        if not missing(row["ascertainment"]) and row["ascertainment"] not in set(Ascertainment):
            kinds, found = [kind.value for kind in Ascertainment], str(row["ascertainment"])
            expected = Message("one_of", members=tuple(kinds))
            yield _problem("reading_list", line, row, "ascertainment", found, expected, sheets.nearest(found, kinds))
        if not missing(row["n_evaluable"]) and len(split_ids(row["disease"])) > 1:
            yield _problem("reading_list", line, row, "disease", row["disease"], Message("one_disease"))
