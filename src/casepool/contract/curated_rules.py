"""The rules over several columns of a row typed by people; each says where it holds."""

from __future__ import annotations

import pandas as pd

from casepool.contract.cases import COUNTED
from casepool.contract.columns import Rule
from casepool.model.message import Message
from casepool.model.vocabulary import RESPONDED, Answer, ScreeningDecision, TermKind


def causes_of(cell: object) -> dict[str, int]:
    """Return cause of death → number of a cell such as ``gvhd_or_infection 7; treated_disease 1``.

    An empty cell, or one that cannot be read, tells no cause.
    """
    told = [] if cell is None or cell is pd.NA else [part.strip().rsplit(" ", 1) for part in str(cell).split(";")]
    return {cause[0]: int(cause[1]) for cause in told if len(cause) == 2 and cause[1].isdecimal()}


def at_most(small: str, large: str) -> Rule:
    """Return the rule that one count does not exceed another where both are told."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        return (frame[small] <= frame[large]).fillna(value=True).astype(bool)

    return Rule(f"{small}_at_most_{large}", small, Message("at_most_column", column=large), holds)


def where_given(*columns: str) -> Message:
    """Return the expectation of a number where one of one or two columns is filled."""
    if len(columns) == 1:
        return Message("number_where_given", column=columns[0])
    first, second = columns
    return Message("number_where_either_given", first=first, second=second)


def together_at_most(first: str, second: str, whole: str) -> Message:
    """Return the expectation that two counts together do not exceed a third."""
    return Message("sum_at_most", first=first, second=second, whole=whole)


def parts_fit(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, responders and non-responders are not more than the evaluable."""
    total = frame["n_response"] + frame["n_none"]
    return (total <= frame["n_evaluable"]).fillna(value=True).astype(bool)


def grades_fit(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, complete and partial responders are not more than the responders."""
    graded = frame["n_complete"].fillna(0) + frame["n_partial"].fillna(0)
    return (graded <= frame["n_response"]).fillna(value=True).astype(bool)


def response_has_evaluable(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, responders have a denominator."""
    return frame["n_response"].isna() | frame["n_evaluable"].notna()


def evaluable_has_treated(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, evaluable patients have the treated beside them."""
    return frame["n_evaluable"].isna() | frame["n_treated"].notna()


def graded_respond(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, grades stand beside the responders whose they are."""
    graded = frame["n_complete"].notna() | frame["n_partial"].notna()
    return ~graded | frame["n_response"].notna()


def event_rules(event: str) -> tuple[Rule, ...]:
    """Return the rules of an event of a cohort: not more than could have it, and "at most" not below."""
    least, most = f"n_{event}", f"n_{event}_at_most"
    at_risk = COUNTED[event].at_risk

    def least_is_given(frame: pd.DataFrame) -> pd.Series:
        return frame[most].isna() | frame[least].notna()

    given = Rule(f"{least}_given", least, where_given(most), least_is_given)
    return at_most(least, at_risk), at_most(most, at_risk), at_most(least, most), given


def underlying(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, an underlying disease and its number stand together."""
    return (frame["underlying_disease"].notna() == frame["n_underlying"].notna()).astype(bool)


def causes_fit(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, the causes name each once, and not more deaths than there are."""
    told = [causes_of(cell) for cell in frame["death_causes"]]
    deaths = frame["n_death"].fillna(0)
    fit = [
        not causes or (sum(causes.values()) <= int(n) and len(causes) == str(cell).count(";") + 1)
        for causes, n, cell in zip(told, deaths, frame["death_causes"], strict=True)
    ]
    return pd.Series(fit, index=frame.index, dtype=bool)


def cause_needs_death(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, a cause stands at a death only."""
    return (frame["death_cause"].isna() | (frame["death"] == Answer.YES).fillna(value=False)).astype(bool)


def reason_iff_excluded(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, a reason stands where something is excluded, and only there."""
    excluded = (frame["decision"] == ScreeningDecision.EXCLUDE).fillna(value=False)
    return (excluded == frame["exclusion_reason"].notna()).astype(bool)


def relapse_needs_response(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, only who responded relapses."""
    told = (frame["relapse"] == Answer.YES).fillna(value=False)
    return (~told | frame["response"].isin(list(RESPONDED))).astype(bool)


def fits_kind(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, the ids of a term are as its kind says."""
    several = frame["disease"].str.contains(";", regex=False).fillna(value=False)
    asked = (frame["kind"] == TermKind.ASKED).fillna(value=False)
    word = frame["kind"].isin([TermKind.NEUTRAL, TermKind.SMALL])
    return ((frame["disease"].isna() == word) & (~several | asked)).astype(bool)
