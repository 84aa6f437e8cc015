"""The rules over several columns of a row typed by people; each says where it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casepool.contract.columns import Rule
from casepool.model.message import Message
from casepool.model.study import Study
from casepool.model.vocabulary import Answer, ScreeningDecision, TermKind
from casepool.rows import missing

if TYPE_CHECKING:
    import pandas as pd

LOSS_RULE = "loss_needs_response"


def causes_of(cell: object) -> dict[str, int]:
    """Return cause of death → number of a cell such as ``gvhd_or_infection 7; treated_disease 1``.

    An empty cell, or one that cannot be read, tells no cause.
    """
    told = [] if missing(cell) else [part.strip().rsplit(" ", 1) for part in str(cell).split(";")]
    return {cause[0]: int(cause[1]) for cause in told if len(cause) == 2 and cause[1].isdecimal()}


def at_most(small: str, large: str) -> Rule:
    """Return the rule that one count does not exceed another where both are told."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        return (frame[small] <= frame[large]).fillna(value=True).astype(bool)

    return Rule(f"{small}_at_most_{large}", small, Message("at_most_column", column=large), holds)


def where_given(*columns: str) -> Message:
    """Return the expectation of a number where one of some columns is filled."""
    return Message("number_where_given", columns=columns)


def together_at_most(*parts: str, whole: str) -> Message:
    """Return the expectation that some counts together do not exceed another."""
    return Message("sum_at_most", parts=parts, whole=whole)


def parts_fit(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, responders and non-responders are not more than the evaluable."""
    total = frame["n_response"] + frame["n_none"]
    return (total <= frame["n_evaluable"]).fillna(value=True).astype(bool)


def grade_rules(study: Study) -> tuple[Rule, Rule]:
    """Return the rules of the graded responders of a cohort: they stand beside the responders, and are not more."""
    columns = [f"n_{grade.id}" for grade in study.graded]

    def graded_respond(frame: pd.DataFrame) -> pd.Series:
        return ~frame[columns].notna().any(axis=1) | frame["n_response"].notna()

    def grades_fit(frame: pd.DataFrame) -> pd.Series:
        graded = frame[columns].fillna(0).sum(axis=1)
        return (graded <= frame["n_response"]).fillna(value=True).astype(bool)

    return (
        Rule("grades_have_response", "n_response", where_given(*columns), graded_respond),
        Rule("grades_fit", columns[0], together_at_most(*columns, whole="n_response"), grades_fit),
    )


def response_has_evaluable(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, responders have a denominator."""
    return frame["n_response"].isna() | frame["n_evaluable"].notna()


def evaluable_has_treated(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, evaluable patients have the treated beside them."""
    return frame["n_evaluable"].isna() | frame["n_treated"].notna()


def event_rules(event: str, study: Study) -> tuple[Rule, ...]:
    """Return the rules of an event of a cohort: not more than could have it, and "at most" not below."""
    of = study.counted[event]
    least, most, at_risk = of.least, of.most, of.at_risk

    def least_is_given(frame: pd.DataFrame) -> pd.Series:
        return frame[most].isna() | frame[least].notna()

    given = Rule(f"{least}_given", least, where_given(most), least_is_given)
    return at_most(least, at_risk), at_most(most, at_risk), at_most(least, most), given


def underlying(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, an underlying disease and its number stand together."""
    return (frame["underlying_disease"].notna() == frame["n_underlying"].notna()).astype(bool)


def causes_rule(event: str) -> Rule:
    """Return the rule that the causes of an event in a cohort name each once, and not more than it happened."""
    column, n_event = f"{event}_causes", f"n_{event}"

    def holds(frame: pd.DataFrame) -> pd.Series:
        told = [causes_of(cell) for cell in frame[column]]
        fit = [
            not causes or (sum(causes.values()) <= int(n) and len(causes) == str(cell).count(";") + 1)
            for causes, n, cell in zip(told, frame[n_event].fillna(0), frame[column], strict=True)
        ]
        import pandas as pd

        return pd.Series(fit, index=frame.index, dtype=bool)

    return Rule(f"causes_fit_{event}", column, Message("each_cause_once", column=n_event), holds)


def cause_rule(event: str) -> Rule:
    """Return the rule that a cause stands only where the patient had the event."""
    column = f"{event}_cause"

    def holds(frame: pd.DataFrame) -> pd.Series:
        return (frame[column].isna() | (frame[event] == Answer.YES).fillna(value=False)).astype(bool)

    return Rule(f"cause_needs_{event}", column, Message("cause_of_event", event=event), holds)


def reason_iff_excluded(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, a reason stands where something is excluded, and only there."""
    excluded = (frame["decision"] == ScreeningDecision.EXCLUDE).fillna(value=False)
    return (excluded == frame["exclusion_reason"].notna()).astype(bool)


def loss_rule(event: str, study: Study) -> Rule:
    """Return the rule that only who responded can lose the response."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        told = (frame[event] == Answer.YES).fillna(value=False)
        return (~told | frame["response"].isin(list(study.responded))).astype(bool)

    return Rule(LOSS_RULE, event, Message("loss_of_responder"), holds)


def fits_kind(frame: pd.DataFrame) -> pd.Series:
    """Return whether, row by row, the ids of a term are as its kind says."""
    several = frame["disease"].str.contains(";", regex=False).fillna(value=False)
    asked = (frame["kind"] == TermKind.ASKED).fillna(value=False)
    word = frame["kind"].isin([TermKind.NEUTRAL, TermKind.SMALL])
    return ((frame["disease"].isna() == word) & (~several | asked)).astype(bool)


def type_unless_awaiting(frame: pd.DataFrame) -> pd.Series:
    """Return whether the kind of a report is named, row by row; one that is still to be read may be of no kind yet."""
    awaiting = (frame["decision"] == ScreeningDecision.AWAITING).fillna(value=False)
    return (frame["report_type"].notna() | awaiting).astype(bool)
