"""Later lines of a patient who seems to be another person: the number is nearly always wrong, so the centre is asked.

The line waits, and the earlier one stands, until a further line of a later date says the same again.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.registry import CENTRE, FORM, OBJECTION
from casepool.model.message import Message
from casepool.model.vocabulary import Answer
from casepool.rows import missing, rows_of
from casepool.typing import Row

Doubts = dict[int, tuple[str, Message]]
OTHER_PERSON = Message("same_person")
_YEAR = 1  # by which an age may be rounded otherwise
# What may change without another patient: who answers, when, and the remark.
_ABOUT_THE_LINE = {*(column.name for column in CENTRE), "patient_code", OBJECTION.name, "note"}


def doubtful_versions(rows: pd.DataFrame) -> Doubts:
    """Return index of a row → column and question, of the rows that seem to tell of another patient.

    Asked is of a later row that changes the sex, or the age by more than a year, and of one that holds what an earlier
    row told of another number of the centre, while that number now tells something else: numbers were exchanged.

    Parameters
    ----------
    rows : the rows that may count: columns of the form (typed), ``return_label``, ``row``, ``pseudonym`` and
        ``centre_pseudonym``.
    """
    order = rows.loc[rows.duplicated("pseudonym", keep=False), ["filled_on", "return_label", "row"]]
    if order.empty:
        return {}
    several = rows.loc[order.sort_values(order.columns.tolist()).index]
    told = several[[name for name in FORM.names if name not in _ABOUT_THE_LINE]]
    content = pd.Series(told.groupby(told.columns.tolist(), dropna=False, sort=False).ngroup(), index=several.index)
    versions = several[["pseudonym", "centre_pseudonym", "patient_code", "filled_on", "sex", "age_years"]].assign(
        content=content
    )
    moved = _moved(versions)
    found: Doubts = {}
    for _, group in versions.groupby("pseudonym", sort=False):
        if len(group["content"].unique()) > 1:
            found |= dict(_of_patient(group, moved))
    return found


def _moved(versions: pd.DataFrame) -> dict[int, Message]:
    """Return index → question, of rows with what another number of the centre said at first, and says no more."""
    changed = versions[versions.groupby("pseudonym")["content"].transform("nunique") > 1]
    owners = {(row["centre_pseudonym"], row["content"]): row for row in rows_of(changed.drop_duplicates("pseudonym"))}
    found = {}
    for index, row in zip(changed.index, rows_of(changed), strict=True):
        owner = owners.get((row["centre_pseudonym"], row["content"]), row)
        if owner["pseudonym"] != row["pseudonym"] and owner["filled_on"] < row["filled_on"]:
            found[index] = Message("number_of_another", number=owner["patient_code"])
    return found


def _of_patient(group: pd.DataFrame, moved: dict[int, Message]) -> Iterator[tuple[int, tuple[str, Message]]]:
    """Yield the rows of a patient that wait, with the question; a repeated answer is believed."""
    waiting: list[tuple[int, Row]] = []
    standing: Row | None = None
    for index, row in zip(group.index, rows_of(group), strict=True):
        doubt = (
            standing is not None
            and row["filled_on"] > standing["filled_on"]
            and (index in moved or _other_person(standing, row))
        )
        if not doubt or any(_repeats(before, row, exactly=index in moved) for _, before in waiting):
            standing, waiting = row, []
        else:
            waiting.append((index, row))
    for index, row in waiting:
        if index in moved:
            yield index, ("patient_code", moved[index])
        else:
            column = "sex" if standing is not None and _sexes_differ(standing, row) else "age_years"
            yield index, (column, OTHER_PERSON)


def _repeats(before: Row, row: Row, *, exactly: bool) -> bool:
    same = row["content"] == before["content"] if exactly else not _other_person(before, row)
    return bool(row["filled_on"] > before["filled_on"] and same)


def _other_person(one: Row, other: Row) -> bool:
    ages = (one["age_years"], other["age_years"])
    apart = not any(missing(age) for age in ages) and abs(ages[0] - ages[1]) > _YEAR
    return bool(apart or _sexes_differ(one, other))


def _sexes_differ(one: Row, other: Row) -> bool:
    sexes = {one["sex"], other["sex"]} - {Answer.NOT_REPORTED.value}
    return len({sex for sex in sexes if not missing(sex)}) > 1
