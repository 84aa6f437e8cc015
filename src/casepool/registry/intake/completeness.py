"""Which centres report every patient: proved by their totals, their rows and their answers, or not so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.contract.registry import CENTRE_STATUS
from casepool.model.message import Message
from casepool.model.study import study
from casepool.model.vocabulary import Ascertainment, RowVerdict
from casepool.rows import missing, rows_of
from casepool.typing import Row

_TOTALS = ["centre_n_treated", "centre_n_reported"]


@dataclass(frozen=True)
class Completeness:
    """What is known of each centre.

    Attributes
    ----------
    table : table ``centre_status``.
    lacking : pseudonym of a centre → why it does not count as complete.
    """

    table: pd.DataFrame
    lacking: Mapping[str, tuple[Message, ...]]


def judge_centres(
    rows: pd.DataFrame, n_objected: Mapping[str, int], in_doubt: frozenset[str], evaluable_share: float
) -> Completeness:
    """Return which centres count as complete.

    A centre is complete where the patients accepted, and those who object, are as many as it treated; where it does not
    say that it reports fewer; where enough of them have an outcome; and where nothing about it is open.

    Parameters
    ----------
    rows : ``gathered_rows`` with ``verdict``.
    n_objected : pseudonym of a centre → its patients who object or were forgotten.
    in_doubt : pseudonyms of centres about whose name or objections a question is open.
    evaluable_share : the least share of the accepted patients whose outcome is known.
    """
    counts = _counts(rows)
    counts["n_objected"] = counts["centre_pseudonym"].map(n_objected).fillna(0).astype("int64")
    told = [
        (row, tuple(_lacking(row, in_doubt=row["centre_pseudonym"] in in_doubt, evaluable_share=evaluable_share)))
        for row in rows_of(counts)
    ]
    status = [
        row
        | {"ascertainment": Ascertainment.SELECTIVE if lacks else Ascertainment.COMPLETE}
        | {"reason": "; ".join(map(str, lacks)) or None}
        for row, lacks in told
    ]
    table = pd.DataFrame(status, columns=CENTRE_STATUS.names).astype(CENTRE_STATUS.dtypes)
    return Completeness(table, {row["centre_pseudonym"]: lacks for row, lacks in told if lacks})


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, for each centre, its rows by their fate and what its latest accepted rows report as its totals."""
    asked = ["centre_pseudonym", "centre", "verdict", "filled_on", "response", *_TOTALS]
    named = rows.loc[rows["centre_pseudonym"].notna(), asked]
    centres = named.groupby("centre_pseudonym")
    accepted = named[named["verdict"] == RowVerdict.ACCEPTED]
    by_centre = accepted.groupby("centre_pseudonym")
    latest = accepted[accepted["filled_on"] == by_centre["filled_on"].transform("max")].groupby("centre_pseudonym")
    first = latest[_TOTALS].first()
    counts = pd.DataFrame(
        {
            "centre": centres["centre"].min(),
            "last_filled_on": by_centre["filled_on"].max(),
            "n_treated": first["centre_n_treated"],
            "n_reported": first["centre_n_reported"],
            "n_accepted": by_centre.size(),
            "n_evaluable": accepted["response"].isin(study().evaluable).groupby(accepted["centre_pseudonym"]).sum(),
            "n_waiting": (named["verdict"] == RowVerdict.QUARANTINED).groupby(named["centre_pseudonym"]).sum(),
            "n_totals": latest[_TOTALS].nunique().max(axis="columns"),
        }
    )
    numbers = ["n_accepted", "n_evaluable", "n_waiting"]
    return counts.fillna(dict.fromkeys(numbers, 0)).rename_axis("centre_pseudonym").reset_index()


def _lacking(row: Row, *, in_doubt: bool, evaluable_share: float) -> Iterator[Message]:
    """Yield what a centre lacks to count as complete."""
    if not row["n_accepted"] or missing(row["n_treated"]):
        yield Message("lacks_patients")
        return
    known = row["n_accepted"] + row["n_objected"]
    if row["n_totals"] > 1:
        yield Message("lacks_one_total")
    if known < row["n_treated"]:
        yield Message("lacks_some", n=int(row["n_treated"] - known), n_treated=int(row["n_treated"]))
    if known > row["n_treated"]:
        yield Message("has_too_many", n=int(known), n_treated=int(row["n_treated"]))
    if not row["n_accepted"] <= row["n_reported"]:
        yield Message("reports_fewer", n=int(row["n_reported"]), n_accepted=int(row["n_accepted"]))
    if row["n_evaluable"] < evaluable_share * row["n_accepted"]:
        share = f"{100 * evaluable_share:g}"
        yield Message("lacks_outcomes", n=int(row["n_evaluable"]), n_accepted=int(row["n_accepted"]), share=share)
    if in_doubt:
        yield Message("lacks_decision")
