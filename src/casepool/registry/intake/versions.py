"""What becomes of the rows of all returns together: one row stands for each patient of a centre."""

from __future__ import annotations

import pandas as pd

from casepool.contract.registry import FORM
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import RowVerdict

LATER_DATE = Message("later_date")
_NO_DATE = "9999-99-99"  # an objection without a date goes before every row


def settle(rows: pd.DataFrame) -> pd.Series:
    """Return the verdict on each row: accepted, quarantined, already_known or replaced.

    A row with faults waits. Of the others, in the order of label and row: one with the content of an
    earlier one is already known. A row of the patient without confirmed right to object takes out those of
    its date and before. The latest date stands, and replaces the others; of two rows of that date
    with different content the second waits.

    Parameters
    ----------
    rows : columns of the form (typed), ``return_label``, ``row``, ``pseudonym`` (empty where the patient
        cannot be told), ``valid`` and ``objects``.
    """
    verdicts = pd.Series(str(RowVerdict.QUARANTINED), index=rows.index)
    valid = rows[rows["valid"]].sort_values(["return_label", "row"])
    again = _again(valid)
    verdicts[valid.index[again]] = RowVerdict.ALREADY_KNOWN
    standing = valid[~again]
    out = standing["filled_on"] <= standing["pseudonym"].map(_objections(rows)).fillna("")
    latest = standing["pseudonym"].map(_latest(standing, "pseudonym"))
    replaced = (out | (standing["filled_on"] < latest)).astype(bool)
    verdicts[standing.index[replaced]] = RowVerdict.REPLACED
    standing = standing[~replaced]
    first = ~standing.duplicated("pseudonym")
    verdicts[standing.index[first]] = RowVerdict.ACCEPTED
    return verdicts


def _again(valid: pd.DataFrame) -> pd.Series:
    """Return which rows say the same as an earlier row of the same patient, whatever case and accents."""
    several = valid[valid.duplicated("pseudonym", keep=False)]
    content = several[["pseudonym", *(name for name in FORM.names if name not in FORM.key)]].copy()
    for column in FORM.columns:
        if column.name in content and column.kind == "text":
            content[column.name] = content[column.name].map(fold, na_action="ignore")
    return content.duplicated().reindex(valid.index, fill_value=False)


def _objections(rows: pd.DataFrame) -> pd.Series:
    """Return the date of the latest row of each patient without confirmed right to object."""
    told = rows[rows["objects"] & rows["pseudonym"].notna()]
    dated = FORM.column("filled_on").fits(told["filled_on"]) & told["filled_on"].notna()
    return _latest(told.assign(filled_on=told["filled_on"].where(dated, _NO_DATE)), "pseudonym")


def _latest(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return the latest date of each value of a column."""
    last = rows.sort_values("filled_on").drop_duplicates(name, keep="last")
    return last.set_index(name)["filled_on"]


def centre_totals(registry: pd.DataFrame) -> pd.DataFrame:
    """Return, for each centre, its accepted patients and what its latest rows tell of its totals.

    Columns: ``n_accepted``, ``n_treated``, ``n_reported``, ``agree`` (whether all rows of the latest date
    tell the same totals); index: ``centre_pseudonym``.
    """
    of_latest = registry["centre_pseudonym"].map(_latest(registry, "centre_pseudonym"))
    told = registry[registry["filled_on"] == of_latest].groupby("centre_pseudonym")[
        ["centre_n_treated", "centre_n_reported"]
    ]
    first, different = told.first(), told.nunique().max(axis="columns")
    return pd.DataFrame(
        {
            "n_accepted": registry.groupby("centre_pseudonym").size(),
            "n_treated": first["centre_n_treated"],
            "n_reported": first["centre_n_reported"],
            "agree": different <= 1,
        }
    )
