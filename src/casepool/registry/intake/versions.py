"""What becomes of the rows of all returns together: one row stands for each patient of a centre."""

from __future__ import annotations

import pandas as pd

from casepool.contract.registry import FORM
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import RowVerdict
from casepool.registry.intake.agreement import WILLING, Stance

LATER_DATE = Message("later_date")
_NO_DATE = "9999-99-99"  # goes before every row


def settle(rows: pd.DataFrame) -> pd.Series:
    """Return the verdict on each row: accepted, quarantined, already_known, replaced or objected.

    An objection that is settled, and every row of a patient who objects, is taken out. A row waits that has faults, is
    of a patient who was forgotten or may be the one who objects, or is an objection to settle. Of the others, in the
    order of label and row: one with the content of an earlier one is already known. A row without an answer on the
    right to object takes out those of its date and before. The latest date stands, and replaces the others; of two rows
    of that date with different content the second waits.

    Parameters
    ----------
    rows : ``gathered_rows`` with ``open`` (an objection to settle), ``objecting``, ``held`` and ``forgotten``.
    """
    verdicts = pd.Series(str(RowVerdict.QUARANTINED), index=rows.index)
    objects = rows["objecting"] & ~rows["forgotten"] | (rows["stance"] == Stance.OBJECTS)
    verdicts[objects & ~rows["open"]] = RowVerdict.OBJECTED
    countable = rows["valid"] & rows["stance"].isin(WILLING) & ~(rows["objecting"] | rows["held"] | rows["forgotten"])
    valid = rows.loc[countable, ["return_label", "row", "pseudonym", "filled_on"]].sort_values(["return_label", "row"])
    again = _again(valid["pseudonym"], rows)
    verdicts[valid.index[again]] = RowVerdict.ALREADY_KNOWN
    standing = valid[~again]
    out = standing["filled_on"] <= standing["pseudonym"].map(_unanswered(rows)).fillna("")
    latest = standing["pseudonym"].map(_latest(standing, "pseudonym"))
    replaced = (out | (standing["filled_on"] < latest)).astype(bool)
    verdicts[standing.index[replaced]] = RowVerdict.REPLACED
    standing = standing[~replaced]
    first = ~standing.duplicated("pseudonym")
    verdicts[standing.index[first]] = RowVerdict.ACCEPTED
    return verdicts


def _again(patients: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Return which rows say the same as an earlier row of the same patient, whatever case and accents."""
    several = patients.index[patients.duplicated(keep=False)]
    content = rows.loc[several, ["pseudonym", *(name for name in FORM.names if name not in FORM.key)]]
    for column in FORM.columns:
        if column.name in content and column.kind == "text":
            content[column.name] = content[column.name].map(fold, na_action="ignore")
    return content.duplicated().reindex(patients.index, fill_value=False)


def _unanswered(rows: pd.DataFrame) -> pd.Series:
    """Return the date of the latest row of each patient without an answer on the right to object.

    A text that nobody understands may be an objection, and so has no date.
    """
    without = rows["stance"].isin([Stance.EMPTY, Stance.UNCLEAR]) & rows["pseudonym"].notna()
    told = rows.loc[without, ["stance", "pseudonym", "filled_on"]]
    dated = FORM.column("filled_on").fits(told["filled_on"]) & told["filled_on"].notna()
    dated &= told["stance"] == Stance.EMPTY
    return _latest(told.assign(filled_on=told["filled_on"].where(dated, _NO_DATE)), "pseudonym")


def _latest(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return the latest date of each value of a column."""
    last = rows.sort_values("filled_on").drop_duplicates(name, keep="last")
    return last.set_index(name)["filled_on"]
