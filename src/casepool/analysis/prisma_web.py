"""The table that the PRISMA2020 web tool reads (``results/screening/PRISMA.csv``).

The tool tells databases and registers from other methods (here: websites), and the studies of the
previous version from new ones; it has no box for records of other methods that are merged or screened.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.screening.state import AWAITING, CONFLICT, EXCLUDED_FULL_TEXT, EXCLUDED_TITLE, INCLUDED, TO_SCREEN
from casepool.vocabulary import Origin, label

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
_NONE = "NA"
# (data, node, box, text): the ids by which the tool knows its boxes.
_BOXES = (
    (_NONE, "node4", "prevstud", "Previous studies"),
    ("previous_studies", "node5", "box1", "Studies included in previous version of review"),
    ("previous_reports", _NONE, "box1", "Reports of studies included in previous version of review"),
    (_NONE, "node6", "newstud", "Identification of new studies via databases and registers"),
    ("database_results", "node7", "box2", "Databases"),
    ("database_specific_results", _NONE, "box2", "Specific Databases"),
    ("register_results", _NONE, "box2", "Registers"),
    ("register_specific_results", _NONE, "box2", "Specific Registers"),
    (_NONE, "node16", "othstud", "Identification of new studies via other methods"),
    ("website_results", "node17", "box11", "Websites"),
    ("organisation_results", _NONE, "box11", "Organisations"),
    ("citations_results", _NONE, "box11", "Citation searching"),
    ("duplicates", "node8", "box3", "Duplicate records"),
    ("excluded_automatic", _NONE, "box3", "Records marked as ineligible by automation tools"),
    ("excluded_other", _NONE, "box3", "Records removed for other reasons"),
    ("records_screened", "node9", "box4", "Records screened"),
    ("records_excluded", "node10", "box5", "Records excluded"),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval"),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved"),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval"),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved"),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility"),
    ("dbr_excluded", "node14", "box9", "Reports excluded"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility"),
    ("other_excluded", "node21", "box15", "Reports excluded"),
    ("new_studies", "node15", "box10", "New studies included in review"),
    ("new_reports", _NONE, "box10", "Reports of new included studies"),
    ("total_studies", "node22", "box16", "Total studies included in review"),
    ("total_reports", _NONE, "box16", "Reports of total included studies"),
    ("identification", "node1", "identification", "Identification"),
    ("screening", "node2", "screening", "Screening"),
    ("included", "node3", "included", "Included"),
)


def prisma_web(state: pd.DataFrame, merges: pd.DataFrame, new_records: pd.DataFrame, *, update: bool) -> pd.DataFrame:
    """Return the table of the web tool, counted from the screening state.

    Parameters
    ----------
    new_records : records that the search in use has brought since the one before.
    update : whether there was a search before; else all included studies are new.
    """
    other = state["origin"] == Origin.WEBSITE
    gone = merges["origin"] == Origin.WEBSITE
    counts: dict[str, object] = {
        "database_results": _of(state, merges, Origin.DATABASE),
        "register_results": _of(state, merges, Origin.REGISTER),
        "website_results": int(other.sum()),
        "duplicates": int((~gone).sum()),
        "excluded_other": int((~other & (state["state"] == TO_SCREEN)).sum()),
        "records_screened": int((~other & (state["state"] != TO_SCREEN)).sum()),
        "records_excluded": int((~other & (state["state"] == EXCLUDED_TITLE)).sum()),
        **_reports("dbr", state[~other]),
        **_reports("other", state[other]),
        **_studies(state[state["state"] == INCLUDED], set(new_records["record_id"]), update=update),
    }
    rows = [(*box, *_texts(box), counts.get(box[0], 0)) for box in _BOXES]
    return pd.DataFrame([(*row[:3], *row[4:]) for row in rows], columns=list(COLUMNS))


def _of(state: pd.DataFrame, merges: pd.DataFrame, origin: Origin) -> int:
    return int((state["origin"] == origin).sum() + (merges["origin"] == origin).sum())


def _reports(kind: str, state: pd.DataFrame) -> Mapping[str, object]:
    sought = int(state["state"].isin([AWAITING, CONFLICT, EXCLUDED_FULL_TEXT, INCLUDED]).sum())
    missing = int(state["state"].isin([AWAITING, CONFLICT]).sum())
    reasons = state.loc[state["state"] == EXCLUDED_FULL_TEXT, "exclusion_reason"].value_counts().sort_index()
    told = "; ".join(f"{label(str(reason), 'en')}, {n}" for reason, n in reasons.items())
    return {
        f"{kind}_sought_reports": sought,
        f"{kind}_notretrieved_reports": missing,
        f"{kind}_assessed": sought - missing,
        f"{kind}_excluded": told or 0,
    }


def _studies(included: pd.DataFrame, new: set[str], *, update: bool) -> Mapping[str, object]:
    is_new = included["record_id"].isin(list(new)) if update else pd.Series(data=True, index=included.index)
    before = set(included.loc[~is_new, "study_id"])
    return {
        "previous_studies": len(before),
        "previous_reports": int((~is_new).sum()),
        "new_studies": len(set(included["study_id"]) - before),
        "new_reports": int(is_new.sum()),
        "total_studies": included["study_id"].nunique(),
        "total_reports": len(included),
    }


def _texts(box: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """Return description, text in the box, tooltip and address of a box."""
    text = box[3]
    named = box[1] != _NONE
    page = box[2] if box[0] == _NONE else box[0]
    return text, text, text if named else _NONE, f"{page}.html" if named else _NONE
