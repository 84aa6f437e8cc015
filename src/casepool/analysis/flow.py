"""The boxes of the PRISMA 2020 flow, counted from the tables; the arithmetic is checked."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.errors import SourceDataError
from casepool.schemas.literature import MERGES, PRISMA_COUNTS
from casepool.screening.state import (
    AWAITING,
    CONFLICT,
    EXCLUDED_FULL_TEXT,
    EXCLUDED_TITLE,
    INCLUDED,
    TO_SCREEN,
)
from casepool.vocabulary import Answer, Origin, ReportType

Box = tuple[str, str, str, int]


def prisma_counts(
    state: pd.DataFrame,
    cases: pd.DataFrame,
    unique: pd.DataFrame,
    merges: pd.DataFrame | None = None,
    update: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table ``prisma_counts`` (box, detail, unit, n) of records, reports, studies, patients.

    Parameters
    ----------
    state, cases, unique : stage tables.
    merges : records merged into another (the duplicates).
    update : what the search has brought since the one before; none on a first search.

    Raises
    ------
    SourceDataError
        If the boxes do not add up.
    """
    gone = pd.DataFrame(columns=MERGES.names) if merges is None else merges
    boxes = [*_record_boxes(state, gone), *_update_boxes(update), *_report_boxes(state), *_patient_boxes(cases, unique)]
    frame = pd.DataFrame(boxes, columns=PRISMA_COUNTS.names)
    check_arithmetic(frame)
    return frame.replace("", pd.NA)


def _record_boxes(state: pd.DataFrame, merges: pd.DataFrame) -> Iterator[Box]:
    for origin in Origin:
        n = int((state["origin"] == origin).sum()) + int((merges["origin"] == origin).sum())
        yield f"records_{origin.value}", "", "records", n
    yield "duplicates_removed", "", "records", len(merges)
    screened = state[state["state"] != TO_SCREEN]
    yield "records_to_screen", "", "records", int((state["state"] == TO_SCREEN).sum())
    yield "records_screened", "", "records", len(screened)
    excluded = state[state["state"] == EXCLUDED_TITLE]
    yield "records_excluded", "", "records", len(excluded)
    yield from _by_reason("records_excluded", "records", excluded["exclusion_reason"])


def _update_boxes(update: pd.DataFrame | None) -> Iterator[Box]:
    if update is not None and len(update):
        yield "previous_records", "", "records", int(update["n_previous"].iloc[0])
        yield "new_records", "", "records", int(update["n_new"].iloc[0])


def _by_reason(box: str, unit: str, reasons: pd.Series, weights: pd.Series | None = None) -> Iterator[Box]:
    counted = reasons.groupby(reasons).size() if weights is None else weights.groupby(reasons).sum()
    for reason, n in counted.sort_index().items():
        yield box, str(reason), unit, int(n)


def _report_boxes(state: pd.DataFrame) -> Iterator[Box]:
    sought = state[state["state"].isin([AWAITING, EXCLUDED_FULL_TEXT, INCLUDED, CONFLICT])]
    excluded = state[state["state"] == EXCLUDED_FULL_TEXT]
    included = state[state["state"] == INCLUDED]
    missing = int(sought["state"].isin([AWAITING, CONFLICT]).sum())
    yield "reports_sought", "", "reports", len(sought)
    yield "reports_not_retrieved", "", "reports", missing
    yield "reports_assessed", "", "reports", len(sought) - missing
    yield "reports_excluded", "", "reports", len(excluded)
    yield from _by_reason("reports_excluded", "reports", excluded["exclusion_reason"])
    yield "reports_included", "", "reports", len(included)
    yield "studies_included", "", "studies", int(included["study_id"].nunique())


def _patient_boxes(cases: pd.DataFrame, unique: pd.DataFrame) -> Iterator[Box]:
    treated = cases["n_treated"].fillna(0).astype(int)
    registry = int(treated[(cases["report_type"] == ReportType.REGISTRY_CALL).astype(bool)].sum())
    out = cases[cases["eligible"] == Answer.NO]
    counted = unique[unique["counted"] == Answer.YES]
    n_counted, n_evaluable = _total(counted, "n_treated"), _total(counted, "n_evaluable")
    n_excluded = int(treated[out.index].sum())
    yield "patients_told", "", "patients", int(treated.sum()) - registry
    yield "patients_registry", "", "patients", registry
    yield "patients_excluded", "", "patients", n_excluded
    yield from _by_reason("patients_excluded", "patients", out["exclusion_reason"], treated[out.index])
    yield "patients_duplicate", "", "patients", int(treated.sum()) - n_excluded - n_counted
    yield "patients_included", "", "patients", n_counted
    yield "patients_not_evaluable", "", "patients", n_counted - n_evaluable
    yield "patients_evaluable", "", "patients", n_evaluable


def _total(frame: pd.DataFrame, column: str) -> int:
    return int(frame[column].fillna(0).sum())


# Each box is the sum of the boxes on the right (minus sign: taken off).
_SUMS: dict[str, tuple[tuple[str, int], ...]] = {
    "records_screened": (
        ("records_database", 1),
        ("records_register", 1),
        ("records_website", 1),
        ("duplicates_removed", -1),
        ("records_to_screen", -1),
    ),
    "new_records": (("records_screened", 1), ("records_to_screen", 1), ("previous_records", -1)),
    "reports_sought": (("records_screened", 1), ("records_excluded", -1)),
    "reports_assessed": (("reports_sought", 1), ("reports_not_retrieved", -1)),
    "reports_included": (("reports_assessed", 1), ("reports_excluded", -1)),
    "patients_included": (
        ("patients_told", 1),
        ("patients_registry", 1),
        ("patients_excluded", -1),
        ("patients_duplicate", -1),
    ),
    "patients_evaluable": (("patients_included", 1), ("patients_not_evaluable", -1)),
}


def box_total(boxes: pd.DataFrame, box: str) -> int:
    """Return the number in a box of the flow."""
    return int(boxes.loc[(boxes["box"] == box) & boxes["detail"].isna(), "n"].iloc[0])


def check_arithmetic(boxes: pd.DataFrame) -> None:
    """Raise SourceDataError unless every box equals the sum that it stands for, none negative."""
    totals = boxes[boxes["detail"].fillna("") == ""].set_index("box")["n"].to_dict()
    details = boxes[boxes["detail"].fillna("") != ""].groupby("box")["n"].sum().to_dict()
    wrong = [
        f"{box} = {totals[box]}, its parts give {sum(sign * totals[part] for part, sign in parts)}"
        for box, parts in _SUMS.items()
        if box in totals and totals[box] != sum(sign * totals[part] for part, sign in parts)
    ]
    wrong += [f"{box} = {totals[box]}, its reasons give {n}" for box, n in details.items() if totals[box] != n]
    wrong += [f"{box} = {n} is negative" for box, n in totals.items() if n < 0]
    if wrong:
        message = f"the flow does not add up: {'; '.join(wrong)}"
        raise SourceDataError(message)
