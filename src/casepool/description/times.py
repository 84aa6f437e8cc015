"""Time to response and to its loss by Kaplan–Meier, where patients are told with their times."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from casepool.contract.estimates import TIMES
from casepool.counting.counts import counted_cases
from casepool.model.study import Study, study
from casepool.model.vocabulary import CaseKind, Response
from casepool.typing import Row

WEEKS_PER_MONTH = 365.25 / 12 / 7
# A Kaplan–Meier curve of fewer patients describes chance.
MIN_PATIENTS = 10
TO_RESPONSE = "time_to_response_weeks"
UNDATED, TOO_FEW = "undated", "too_few"


def times(unique: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the table ``times``: cumulative incidence of response (weeks) and of its loss (months).

    Patients who did not respond (or not lose it) leave at the end of their follow-up. Of an outcome with an event
    without its date, or with fewer than ``MIN_PATIENTS`` patients, there is no curve but one row that says why
    (``status``): leaving out the undated events and keeping the others would bend the curve down.
    """
    cases = counted_cases(unique)
    patients = cases[cases["kind"] == CaseKind.PATIENT]
    rows = [*_curve(TO_RESPONSE, *_to_response(patients), level)]
    if study().loss:
        rows += _curve(study().months_to_loss, *_to_loss(patients, study()), level)
    frame = pd.DataFrame(rows, columns=TIMES.names)
    return frame.astype(TIMES.dtypes)


def _to_response(patients: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return durations in weeks, and how many responses have no date."""
    responded = patients["response"].isin(list(study().responded))
    told = responded & patients["time_to_response_weeks"].notna()
    censored = (patients["response"] == Response.NONE) & patients["follow_up_months"].notna()
    weeks = patients["time_to_response_weeks"].where(told, patients["follow_up_months"] * WEEKS_PER_MONTH)
    return _durations(weeks, told, censored), int((responded & ~told).sum())


def _to_loss(patients: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, int]:
    """Return durations in months, and how many losses of response have no date."""
    of, dated = study.counted[study.loss.id if study.loss else ""], study.months_to_loss
    responded = patients["response"].isin(list(study.responded))
    lost = patients[of.least] > 0
    told = responded & lost & patients[dated].notna()
    known = patients[of.known] > 0
    censored = responded & known & ~lost & patients["follow_up_months"].notna()
    months = patients[dated].where(told, patients["follow_up_months"])
    undated = (responded & lost & ~told).fillna(value=False)
    return _durations(months, told, censored), int(undated.sum())


def _durations(duration: pd.Series, event: pd.Series, censored: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"duration": duration, "event": event.fillna(value=False)})
    used = event.fillna(value=False) | censored.fillna(value=False)
    # Weeks reckoned from months and weeks as told are one time where only the last digits differ.
    return frame[used.astype(bool)].astype({"duration": float, "event": bool}).round({"duration": 9})


def _curve(outcome: str, durations: pd.DataFrame, n_undated: int, level: float) -> Iterator[Row]:
    n = len(durations)
    if n_undated or n < MIN_PATIENTS:
        common = {"n_at_risk": n, "n_event": int(durations["event"].sum()), "n_total": n, "n_undated": n_undated}
        yield {"outcome": outcome, **common, "status": UNDATED if n_undated else TOO_FEW}
        return
    from lifelines import KaplanMeierFitter

    fitter = KaplanMeierFitter(alpha=1 - level)
    fitter.fit(durations["duration"], durations["event"])
    survival = fitter.survival_function_.iloc[:, 0]
    limits = fitter.confidence_interval_survival_function_
    table = fitter.event_table
    for time in table.index:
        cumulative = float(1 - survival.loc[time])
        # Greenwood's variance is zero before the first and after the last event: no interval then.
        known = 0.0 < cumulative < 1.0
        lower, upper = 1 - limits.loc[time].to_numpy()[::-1]
        yield {
            "outcome": outcome,
            "time": float(time),
            "n_at_risk": int(table.loc[time, "at_risk"]),
            "n_event": int(table.loc[time, "observed"]),
            "n_total": n,
            "n_undated": 0,
            "cumulative": cumulative,
            "ci_lower": float(np.clip(lower, 0, 1)) if known else None,
            "ci_upper": float(np.clip(upper, 0, 1)) if known else None,
            "status": "ok",
        }
