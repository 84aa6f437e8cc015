"""The boxes of the PRISMA 2020 flow, counted from the tables; the arithmetic is checked.

Up to the reports included each box is counted three times: for databases and registers, for other methods
(the two arms of the template), and in total (``arm`` empty).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from casepool.contract.literature import MERGES, PRISMA_COUNTS
from casepool.counting.counts import counted_cases
from casepool.model.errors import InconsistentError
from casepool.model.vocabulary import Answer, Arm, ExclusionReason, Origin, ReportType
from casepool.screening.state import AWAITING, CONFLICT, EXCLUDED_FULL_TEXT, EXCLUDED_TITLE, INCLUDED, TO_SCREEN
from casepool.search.pubmed.chain import snapshot_of

_DOWNLOAD = re.compile(r"(?:[\d\W_]++|part(?=[\W_]*\d))*+$", re.IGNORECASE)
_IMPORTS = "data/raw/imports/"
_NOT_RETRIEVED = (AWAITING, CONFLICT)
# Reasons for which a patient is counted elsewhere.
_AGAIN = (ExclusionReason.DUPLICATE_PUBLICATION, ExclusionReason.DUPLICATE_PATIENT)

Box = tuple[str, str, str, int]
ArmOrAll = Arm | None
_ORIGINS: Mapping[ArmOrAll, tuple[Origin, ...]] = {
    None: tuple(Origin),
    Arm.DATABASES: (Origin.DATABASE, Origin.REGISTER),
    Arm.OTHER: (Origin.WEBSITE,),
}


def prisma_counts(
    state: pd.DataFrame,
    cases: pd.DataFrame,
    unique: pd.DataFrame,
    merges: pd.DataFrame | None = None,
    update: pd.DataFrame | None = None,
    new_records: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table ``prisma_counts`` (box, arm, detail, unit, n) of records, reports, studies, patients.

    Parameters
    ----------
    state, cases, unique : stage tables.
    merges : records merged into another (the duplicates).
    update, new_records : what the search has brought since the one before; none on a first search.

    Raises
    ------
    InconsistentError
        If the boxes do not add up, or the arms do not make up the totals.
    """
    gone = pd.DataFrame(columns=MERGES.names) if merges is None else merges
    assessed = cases[~cases["report_id"].isin(_not_read(state, unique))]
    rows = [(box, None, *rest) for box, *rest in (*_source_boxes(state, gone), *_patient_boxes(assessed, unique))]
    for arm, origins in _ORIGINS.items():
        of_arm = state[state["origin"].isin(origins)]
        boxes = (*_record_boxes(of_arm, gone[gone["origin"].isin(origins)]), *_report_boxes(of_arm))
        rows += [(box, arm, *rest) for box, *rest in boxes]
    included = state[state["state"] == INCLUDED]
    rows += [(box, None, *rest) for box, *rest in (*_study_boxes(included), *_analysed_boxes(included, unique))]
    if update is not None and len(update):
        new = set() if new_records is None else set(new_records["record_id"])
        rows += [(box, None, *rest) for box, *rest in _update_boxes(update, included, new)]
    frame = pd.DataFrame(rows, columns=PRISMA_COUNTS.names)
    check_arithmetic(frame)
    return frame.replace("", pd.NA)


def _not_read(state: pd.DataFrame, unique: pd.DataFrame) -> list[str]:
    """Return the reports not retrieved whose patients are in no box; one with a patient who counts has been read.

    Reviewers may still disagree on a report whose patients stand in the curated tables: these are counted.
    """
    awaited = set(state.loc[state["state"].isin(_NOT_RETRIEVED), "report_id"].dropna())
    return sorted(awaited - set(counted_cases(unique)["report_id"].dropna()))


def _source_boxes(state: pd.DataFrame, merges: pd.DataFrame) -> Iterator[Box]:
    for origin in Origin:
        files = [frame.loc[frame["origin"] == origin, "source_file"] for frame in (state, merges)]
        found = pd.concat([one.astype("string") for one in files]).fillna("")
        yield f"records_{origin.value}", "", "records", len(found)
        yield from _by_reason(f"records_{origin.value}", "records", found.map(database_of))


def database_of(file: str) -> str:
    """Return the database, register or site of a raw file: PubMed for a search, else its folder, if any, or its name.

    Numbers and dates at its end are of the download: ``embase_1.ris`` and ``embase-2026-01-30.ris`` are ``embase``.
    """
    if snapshot_of(file):
        return "PubMed"
    name = file.removeprefix(_IMPORTS).partition("/")[0] if file.startswith(_IMPORTS) else Path(file).name
    stem = name.partition(".")[0]
    return re.sub(r"[\W_]+", " ", _DOWNLOAD.sub("", stem) or stem).strip() or "not recorded"


def _record_boxes(state: pd.DataFrame, merges: pd.DataFrame) -> Iterator[Box]:
    yield "duplicates_removed", "", "records", len(merges)
    screened = state[state["state"] != TO_SCREEN]
    yield "records_to_screen", "", "records", int((state["state"] == TO_SCREEN).sum())
    yield "records_screened", "", "records", len(screened)
    excluded = state[state["state"] == EXCLUDED_TITLE]
    yield "records_excluded", "", "records", len(excluded)
    yield from _by_reason("records_excluded", "records", excluded["exclusion_reason"])


def _by_reason(box: str, unit: str, reasons: pd.Series, weights: pd.Series | None = None) -> Iterator[Box]:
    counted = reasons.groupby(reasons).size() if weights is None else weights.groupby(reasons).sum()
    for reason, n in counted.sort_index().items():
        yield box, str(reason), unit, int(n)


def _report_boxes(state: pd.DataFrame) -> Iterator[Box]:
    sought = state[state["state"].isin([*_NOT_RETRIEVED, EXCLUDED_FULL_TEXT, INCLUDED])]
    excluded = state[state["state"] == EXCLUDED_FULL_TEXT]
    missing = int(sought["state"].isin(_NOT_RETRIEVED).sum())
    yield "reports_sought", "", "reports", len(sought)
    yield "reports_not_retrieved", "", "reports", missing
    yield "reports_assessed", "", "reports", len(sought) - missing
    yield "reports_excluded", "", "reports", len(excluded)
    yield from _by_reason("reports_excluded", "reports", excluded["exclusion_reason"])
    yield "reports_included", "", "reports", int((state["state"] == INCLUDED).sum())


def _study_boxes(included: pd.DataFrame) -> Iterator[Box]:
    """Count studies in total only: the reports of one study may have come by either arm."""
    yield "studies_included", "", "studies", int(included["study_id"].nunique())


def _analysed_boxes(included: pd.DataFrame, unique: pd.DataFrame) -> Iterator[Box]:
    """Count the included reports, and their studies, with a patient who counts and can be evaluated."""
    evaluable = unique[(unique["n_evaluable"].fillna(0) > 0).astype(bool)]
    analysed = included[included["report_id"].isin(counted_cases(evaluable)["report_id"])]
    yield "reports_analysed", "", "reports", len(analysed)
    yield "studies_analysed", "", "studies", int(analysed["study_id"].nunique())


def _update_boxes(update: pd.DataFrame, included: pd.DataFrame, new: set[str]) -> Iterator[Box]:
    """Tell what an earlier search knew from what is new; a new report of a known study is no new study."""
    is_new = included["record_id"].isin(list(new))
    before = included.loc[~is_new, "study_id"].nunique()
    yield "previous_records", "", "records", int(update["n_previous"].iloc[0])
    yield "new_records", "", "records", int(update["n_new"].iloc[0])
    yield "previous_reports", "", "reports", int((~is_new).sum())
    yield "new_reports", "", "reports", int(is_new.sum())
    yield "previous_studies", "", "studies", before
    yield "new_studies", "", "studies", int(included["study_id"].nunique()) - before


def _patient_boxes(cases: pd.DataFrame, unique: pd.DataFrame) -> Iterator[Box]:
    """Count the patients of the reports assessed; those of reports not retrieved are in none of the boxes."""
    treated = cases["n_treated"].fillna(0).astype(int)
    registry = int(treated[(cases["report_type"] == ReportType.REGISTRY_CALL).astype(bool)].sum())
    again = cases["exclusion_reason"].isin(list(_AGAIN))  # met twice, not unfit: as who stands in two reports
    out = cases[((cases["eligible"] == Answer.NO) & ~again).astype(bool)]
    counted = counted_cases(unique)
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


# Each box is the sum of the boxes on the right (minus sign: taken off), in total and, where it has them, in each arm.
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
    "new_reports": (("reports_included", 1), ("previous_reports", -1)),
    "new_studies": (("studies_included", 1), ("previous_studies", -1)),
    "patients_included": (
        ("patients_told", 1),
        ("patients_registry", 1),
        ("patients_excluded", -1),
        ("patients_duplicate", -1),
    ),
    "patients_evaluable": (("patients_included", 1), ("patients_not_evaluable", -1)),
}


def box_total(boxes: pd.DataFrame, box: str, arm: ArmOrAll = None) -> int:
    """Return the number in a box of the flow, in total or in one of its arms."""
    rows = _rows_of_box(boxes, box, arm)
    return int(rows.loc[rows["detail"].isna(), "n"].iloc[0])


def box_reasons(boxes: pd.DataFrame, box: str, arm: ArmOrAll = None) -> dict[str, int]:
    """Return the reasons under a box of the flow and their numbers, in the order of the table."""
    rows = _rows_of_box(boxes, box, arm)
    told = rows[rows["detail"].notna()]
    return {str(reason): int(n) for reason, n in zip(told["detail"], told["n"], strict=True)}


def _rows_of_box(boxes: pd.DataFrame, box: str, arm: ArmOrAll) -> pd.DataFrame:
    of_arm = boxes["arm"].isna() if arm is None else (boxes["arm"] == arm).fillna(value=False)
    return boxes[(boxes["box"] == box) & of_arm]


def check_arithmetic(boxes: pd.DataFrame) -> None:
    """Raise InconsistentError unless every box equals the sum that it stands for, in each arm and over the arms."""
    keys = boxes[["box", "arm", "detail"]].astype(object).fillna("")
    numbers = {(box, arm, detail): n for (box, arm, detail), n in zip(keys.to_numpy(), boxes["n"], strict=True)}
    wrong = [*_wrong_sums(numbers), *_wrong_reasons(numbers), *_wrong_arms(numbers)]
    wrong += [f"{_named(*key)} = {n} is negative" for key, n in numbers.items() if n < 0]
    if wrong:
        message = f"the flow does not add up: {'; '.join(wrong)}"
        raise InconsistentError(message)


Numbers = dict[tuple[str, str, str], int]


def _wrong_sums(numbers: Numbers) -> Iterator[str]:
    for (box, arm, detail), n in numbers.items():
        if box in _SUMS and not detail:
            parts = sum(sign * _part(numbers, part, arm) for part, sign in _SUMS[box])
            if n != parts:
                yield f"{_named(box, arm)} = {n}, its parts give {parts}"


def _part(numbers: Numbers, part: str, arm: str) -> int:
    """Return a part of a sum within an arm; the records of a source are told once and belong to one arm."""
    origin = part.removeprefix("records_")
    if not arm or origin not in set(Origin):
        return numbers[part, arm, ""]
    return numbers[part, "", ""] if origin in _ORIGINS[Arm(arm)] else 0


def _wrong_reasons(numbers: Numbers) -> Iterator[str]:
    sums: dict[tuple[str, str], int] = {}
    for (box, arm, detail), n in numbers.items():
        if detail:
            sums[box, arm] = sums.get((box, arm), 0) + n
    for (box, arm), n in sums.items():
        if numbers[box, arm, ""] != n:
            yield f"{_named(box, arm)} = {numbers[box, arm, '']}, its reasons give {n}"


def _wrong_arms(numbers: Numbers) -> Iterator[str]:
    armed = {box for box, arm, _ in numbers if arm}
    for box, detail in dict.fromkeys((box, detail) for box, _, detail in numbers if box in armed):
        n, arms = numbers.get((box, "", detail), 0), sum(numbers.get((box, arm, detail), 0) for arm in Arm)
        if n != arms:
            yield f"{_named(box, '', detail)} = {n}, its arms give {arms}"


def _named(box: str, arm: str = "", detail: str = "") -> str:
    told = ", ".join(one for one in (arm, detail) if one)
    return f"{box} ({told})" if told else box
