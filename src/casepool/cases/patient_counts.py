"""A patient as counts of one, so that patients and strata add up alike."""

from __future__ import annotations

from casepool.model.publication_ids import BETWEEN
from casepool.model.study import Study, study
from casepool.model.vocabulary import Answer, CaseKind, Response, Sex
from casepool.rows import missing
from casepool.typing import Row


def patient_counts(row: Row) -> Row:
    """Return the row of a patient (columns of ``patients``) with its counts: a case of one."""
    response = row["response"]
    female = row["sex"] == Sex.FEMALE
    declared = study()
    counts: Row = {
        **row,
        "label": row.get("patient_label"),
        "kind": CaseKind.PATIENT,
        "n_treated": 1,
        "n_female": int(female),
        "n_sex_known": int(row["sex"] != Sex.NOT_REPORTED),
        "n_evaluable": int(response in declared.evaluable),
        "n_response": int(response in declared.responded),
        "n_none": int(response == Response.NONE),
    }
    counts["n_underlying"] = None if missing(row.get("underlying_disease")) else 1
    for outcome in declared.further_outcomes:
        of = declared.counted[outcome.id]
        counts[of.least] = int(response in outcome.success)
        counts[of.most] = int(response in declared.may_succeed(outcome))
    return counts | _events(row, declared)


def _events(row: Row, declared: Study) -> Row:
    counts: Row = {}
    for event in declared.events.values():
        of, answer = declared.counted[event.id], row[event.id]
        at_risk = event.among == "treated" or row["response"] in declared.responded
        counts[of.least] = counts[of.most] = int(answer == Answer.YES)
        counts[of.known] = int(answer != Answer.NOT_REPORTED and at_risk)
        if event.causes:
            cause = row.get(f"{event.id}_cause")
            counts[f"{event.id}_causes"] = None if missing(cause) else f"{cause} 1"
    return counts


def publication_ids(pmid: object, doi: object) -> str | None:
    """Return the ids of one or more publications as one cell, ``pmid:…; doi:…`` (DOIs do not mind case)."""
    told = [] if missing(pmid) else [f"pmid:{one}" for one in str(pmid).split(BETWEEN)]
    told += [] if missing(doi) else [f"doi:{one}" for one in str(doi).casefold().split(BETWEEN)]
    return BETWEEN.join(told) or None
