"""Rules of the form over dates and times: what cannot have been so, on the day on which the form was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casepool.contract.columns import Rule
from casepool.model.message import Message

if TYPE_CHECKING:
    import pandas as pd

EARLIEST = 2000  # no form was filled in before this year
_WEEKS = 365.25 / 12 / 7  # of a month
_TOLERANCE = 1.0  # months by which rounded times may go beyond the follow-up


def rules_of_time(months_to_loss: str | None) -> tuple[Rule, ...]:
    """Return the rules; `months_to_loss` names the time from a response to its loss, where the form asks it."""
    rules = (
        Rule("filled_on_plausible", "filled_on", Message("date_since", year=EARLIEST), _since_earliest),
        Rule(
            "treated_before_filled",
            "treatment_year",
            Message("year_not_after", column="filled_on"),
            _treated_before_filled,
        ),
        Rule("response_within_follow_up", "time_to_response_weeks", _within("time_to_response_weeks"), _response_seen),
    )
    if months_to_loss is None:
        return rules

    def loss_seen(frame: pd.DataFrame) -> pd.Series:
        weeks = frame["time_to_response_weeks"].fillna(0)
        return _fits(frame[months_to_loss] + weeks / _WEEKS, frame)

    return (*rules, Rule("loss_within_follow_up", months_to_loss, _within(months_to_loss), loss_seen))


def _within(column: str) -> Message:
    return Message("time_within", column="follow_up_months", time=column)


def _year(dates: pd.Series) -> pd.Series:
    return dates.str.slice(0, 4).where(dates.str.fullmatch(r"\d{4}-\d{2}-\d{2}")).astype("Int64")


def _since_earliest(frame: pd.DataFrame) -> pd.Series:
    return (_year(frame["filled_on"]) >= EARLIEST).fillna(value=True).astype(bool)


def _treated_before_filled(frame: pd.DataFrame) -> pd.Series:
    return (frame["treatment_year"] <= _year(frame["filled_on"])).fillna(value=True).astype(bool)


def _response_seen(frame: pd.DataFrame) -> pd.Series:
    return _fits(frame["time_to_response_weeks"] / _WEEKS, frame)


def _fits(months: pd.Series, frame: pd.DataFrame) -> pd.Series:
    return (months <= frame["follow_up_months"] + _TOLERANCE).fillna(value=True).astype(bool)
