"""Headers of returned files: labels of the form, names of its columns, headers of REDCap exports."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from casepool.model.folding import fold
from casepool.model.protocol import Protocol
from casepool.registry.form.redcap import (
    CENTRE_INSTRUMENT,
    PATIENT_INSTRUMENT,
    PRIOR_TREATMENTS,
    RECORD_ID,
    label_headers,
)
from casepool.registry.form.texts import LANGUAGES, column_of_header
from casepool.registry.form.words import words
from casepool.registry.intake.grids import Recognise

REPEAT, SURVEY_ID = "redcap_repeat_instrument", "redcap_survey_identifier"
# Whether an instrument is complete; with labels the centre's and the patient's have the same header.
STATUS = frozenset({f"{PATIENT_INSTRUMENT} complete", "complete?", "complete ?", "complet?", "complet ?"})
_LONGEST_HEADER = 300
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # labels of REDCap may hold HTML
# Headers that REDCap writes by itself, folded; with labels and raw.
_REDCAP = {
    "redcap repeat instrument": REPEAT,
    "repeat instrument": REPEAT,
    "redcap survey identifier": SURVEY_ID,
    "survey identifier": SURVEY_ID,
    **dict.fromkeys(
        (
            "redcap repeat instance",
            "repeat instance",
            "redcap event name",
            "event name",
            "redcap data access group",
            "data access group",
            "survey timestamp",
            f"{CENTRE_INSTRUMENT} complete",
            *(f"{name} timestamp" for name in (CENTRE_INSTRUMENT, PATIENT_INSTRUMENT)),
            *STATUS,
        ),
        "",
    ),
}


def recogniser(protocol: Protocol) -> Recognise:
    """Return the function that tells what a header stands for.

    It returns a column of the form, a field of a REDCap export, an empty text for what REDCap adds and
    nobody needs, and None for an unknown header.
    """
    known = dict(_REDCAP)
    for language in LANGUAGES:
        exported = label_headers(protocol, language)
        known |= {fold(shown): name for shown, name in exported.items()}
        known |= {fold(name): name for name in exported.values()}
        known[fold(words(language)["redcap"]["prior_treatments"])] = PRIOR_TREATMENTS
    # The form's own labels come last: in them two columns stand for what REDCap asks in one field.
    known |= {fold(RECORD_ID): RECORD_ID, fold(PRIOR_TREATMENTS): PRIOR_TREATMENTS, **column_of_header()}

    @lru_cache(maxsize=4096)
    def recognise(header: str) -> str | None:
        if len(header) > _LONGEST_HEADER:
            return None
        folded = (
            fold(_TAG.sub("", html.unescape(header))).replace("(choix=", "(choice=").replace("(choix =", "(choice=")
        )
        return known.get(folded, known.get(folded.rstrip(" *:")))

    return recognise
