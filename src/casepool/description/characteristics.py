"""Who the patients are: characteristics by disease, each with the number for whom it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.estimates import CHARACTERISTICS
from casepool.counting.counts import counted_cases
from casepool.model.estimate import OVERALL
from casepool.model.protocol import Protocol
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Autoimmune, CaseKind
from casepool.rows import rows_of
from casepool.typing import Row

_MEASURES = ("age_years", "n_prior_lines", "follow_up_months")
# What a cohort gives for a measure: its median stands beside the patients, never among them.
COHORT_MEDIANS = {"age_years": "age_median", "follow_up_months": "follow_up_months_median"}
COHORT = "_cohort"
# Fewer values have no median worth the name: they are listed.
MIN_MEDIAN = 3


def characteristics(unique: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Return the table ``characteristics`` by disease and overall.

    Numbers with a median rest on patients reported one by one; of fewer than ``MIN_MEDIAN`` values there is no
    median, only the lowest and the highest. The median of a cohort has a row of its own (item with ``COHORT``, level =
    its case). Counts weigh a cohort by its treated patients.
    """
    cases = counted_cases(unique).assign(n_treated=lambda frame: frame["n_treated"].fillna(0))
    rows: list[Row] = []
    for disease in protocol.eligible_ids:
        block = cases[cases["disease"] == disease]
        rows += list(_describe(block, disease)) if len(block) else []
    rows += list(_describe(cases, OVERALL))
    frame = pd.DataFrame(rows, columns=CHARACTERISTICS.names)
    return frame.astype(CHARACTERISTICS.dtypes)


def _describe(cases: pd.DataFrame, disease: str) -> Iterator[Row]:
    total = int(cases["n_treated"].sum())
    yield _count(disease, "patients", "", total, total)
    yield _count(disease, "female", "", _sum(cases["n_female"]), _sum(cases["n_sex_known"]))
    for measure in _MEASURES:
        yield _median(cases, disease, measure)
        yield from _cohort_medians(cases, disease, measure)
    for item in (*(covariate.id for covariate in study().covariates), "monotherapy"):
        yield _answer(cases, disease, item)
    levels = (("setting", study().setting), ("autoimmune", Autoimmune), ("route", study().route))
    for item, vocabulary in levels:
        known = cases[cases[item] != "not_reported"]
        for level in vocabulary:
            weight = _sum(known.loc[known[item] == level, "n_treated"])
            if level != "not_reported" and weight:
                yield _count(disease, item, level.value, weight, _sum(known["n_treated"]))


def _answer(cases: pd.DataFrame, disease: str, item: str) -> Row:
    known = cases[cases[item] != Answer.NOT_REPORTED]
    yes = known[known[item] == Answer.YES]
    return _count(disease, item, "yes", _sum(yes["n_treated"]), _sum(known["n_treated"]))


def _median(cases: pd.DataFrame, disease: str, measure: str) -> Row:
    values = cases.loc[cases["kind"] == CaseKind.PATIENT, measure].dropna().astype(float)
    row = _count(disease, measure, "", None, len(values))
    if len(values):
        row |= {"lowest": values.min(), "highest": values.max()}
    if len(values) >= MIN_MEDIAN:
        row["median"] = values.median()
    return row


def _cohort_medians(cases: pd.DataFrame, disease: str, measure: str) -> Iterator[Row]:
    """Yield the medians of the cohorts; one of whom some patients count singly is described by these."""
    column = COHORT_MEDIANS.get(measure)
    if column is None:
        return
    whole = (cases["kind"] == CaseKind.COHORT) & cases["explanation"].isna() & cases[column].notna()
    for row in rows_of(cases[whole.astype(bool)].sort_values("case_id")):
        found = _count(disease, f"{measure}{COHORT}", str(row["case_id"]), None, int(row["n_treated"]))
        yield found | {"median": float(row[column])}


def _count(disease: str, item: str, level: str, n: int | None, known: int) -> Row:
    return {"disease": disease, "item": item, "level": level or pd.NA, "n": n, "n_known": known}


def _sum(values: pd.Series) -> int:
    return int(values.fillna(0).sum())
