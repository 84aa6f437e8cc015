"""How the forms are cut into parts: the column with which each begins, in the order of the contract."""

from __future__ import annotations

from collections.abc import Sequence

from casepool.contract import TABLES
from casepool.model.study import study

# Table → (part, first column); a column that the protocol declares falls into the part that it stands in.
_STARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "patients": (
        ("person", "report_id"),
        ("disease", "disease"),
        ("before", "n_prior_lines"),
        ("treatment", "route"),
        ("course", "response"),
        ("source", "same_patient_as"),
    ),
    "cohorts": (
        ("people", "report_id"),
        ("disease", "disease"),
        ("treatment", "route"),
        ("response", "response_definition"),
        ("people_described", "age_median"),
        ("source", "includes_case"),
    ),
    "reports": (("publication", "report_id"), ("study", "report_type"), ("decision", "decision")),
    "appraisal": (("report", "report_id"), ("selection", "murad_1"), ("source", "basis")),
    "cumulative_incidences": (("stratum", "report_id"), ("incidence", "time_months"), ("source", "basis")),
}


def sections(table: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the parts of the form of a table, each with its columns."""
    names = TABLES[table].names
    starts = [(part, names.index(column)) for part, column in (*_STARTS[table], *_events(table))]
    starts.sort(key=lambda start: start[1])
    ends = [*(first for _, first in starts[1:]), len(names)]
    return [(part, tuple(names[first:end])) for (part, first), end in zip(starts, ends, strict=True)]


def _events(table: str) -> Sequence[tuple[str, str]]:
    """Return where the declared events begin: a part of their own, where there are any."""
    if table == "patients" and study().harms:
        return (("events", study().harms[0].id),)
    if table == "cohorts" and study().events:
        return (("events", f"n_{next(iter(study().events))}"),)
    return ()
