"""Exports of REDCap as a centre returns them: no patient here exists."""

from __future__ import annotations

from bad_returns import text

from casepool.contract.registry import FORM
from casepool.registry.form.redcap import checkbox_header, prior_codes

REPEATS = ["redcap_repeat_instrument", "redcap_repeat_instance"]
BOXES = [checkbox_header(code) for code in prior_codes()]
FIELDS = [name for name in FORM.names if not name.startswith("prior_")]
RAW = ["record_id", *REPEATS, "redcap_survey_identifier", *FIELDS[:5], "centre_complete"]
RAW += ["patient_timestamp", *FIELDS[5:], *BOXES, "prior_treatments____99", "patient_complete"]
CENTRE = {"centre": "Alpha", "country": "Utopie", "filled_on": "2026-01-31"}
CENTRE |= {"centre_n_treated": 2, "centre_n_reported": 2, "centre_complete": 2}
PATIENT = {"redcap_repeat_instrument": "patient", "objection_checked": "yes", "age_years": "47.3", "sex": "female"}
PATIENT |= {"disease": "itp", "setting": "primary", "autoimmune": "yes", "response": "partial", "patient_complete": 2}
PATIENT |= dict.fromkeys(BOXES, 0)


def centre(record: int = 1, **changes) -> dict:
    return {"record_id": record} | CENTRE | changes


def patient(number: int = 1, record: int = 1, **changes) -> dict:
    told = {"record_id": record, "patient_code": number, "redcap_repeat_instance": number}
    return PATIENT | told | changes


def export(*rows: dict, header: list[str] = RAW) -> bytes:
    return text(header, [[str(row.get(name, "")) for name in header] for row in rows]).encode()
