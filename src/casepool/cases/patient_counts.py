"""A patient as counts of one, so that patients and strata add up alike."""

from __future__ import annotations

from casepool.contract.cases import EVENTS
from casepool.model.vocabulary import EVALUABLE, RESPONDED, Answer, CaseKind, Response, Sex
from casepool.rows import missing
from casepool.typing import Row


def patient_counts(row: Row) -> Row:
    """Return the row of a patient (columns of ``patients``) with its counts: a case of one."""
    response = row["response"]
    female = row["sex"] == Sex.FEMALE
    counts: Row = {
        **row,
        "label": row.get("patient_label"),
        "kind": CaseKind.PATIENT,
        "n_treated": 1,
        "n_female": int(female),
        "n_sex_known": int(row["sex"] != Sex.NOT_REPORTED),
        "n_evaluable": int(response in EVALUABLE),
        "n_response": int(response in RESPONDED),
        "n_complete": int(response == Response.COMPLETE),
        "n_complete_at_most": int(response in {Response.COMPLETE, Response.RESPONSE_UNGRADED}),
        "n_none": int(response == Response.NONE),
    }
    cause, underlying = row.get("death_cause"), row.get("underlying_disease")
    counts["death_causes"] = None if missing(cause) else f"{cause} 1"
    counts["n_underlying"] = None if missing(underlying) else 1
    for event in EVENTS:
        at_risk = event != "relapse" or response in RESPONDED
        counts[f"n_{event}"] = counts[f"n_{event}_at_most"] = int(row[event] == Answer.YES)
        counts[f"n_{event}_known"] = int(row[event] != Answer.NOT_REPORTED and at_risk)
    return counts


def publication_ids(pmid: object, doi: object) -> str | None:
    """Return the ids of a publication as one cell, ``pmid:…; doi:…`` (DOIs do not mind case)."""
    told = [] if missing(pmid) else [f"pmid:{pmid}"]
    told += [] if missing(doi) else [f"doi:{str(doi).casefold()}"]
    return "; ".join(told) or None
