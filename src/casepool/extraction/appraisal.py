"""Ascertainment of a source, derived from its appraisal (Murad 2018 question 1; JBI series 4 and 5)."""

from __future__ import annotations

import pandas as pd

from casepool.model.message import Message
from casepool.model.vocabulary import AppraisalAnswer, Ascertainment
from casepool.rows import missing, rows_of

# Several readers who disagree yield the more cautious reading.
_CAUTION = {Ascertainment.COMPLETE: 0, Ascertainment.SELECTIVE: 2, Ascertainment.UNCLEAR: 1}


def ascertainment_of(murad_1: object, jbi_4: object, jbi_5: object) -> Ascertainment:
    """Return the ascertainment that three answers yield.

    Complete: the source represents the whole experience of its authors (Murad 1), or inclusion was
    consecutive (JBI 4) and complete (JBI 5). Unclear: Murad 1 cannot be answered. Else selective.
    """
    if _is(murad_1, AppraisalAnswer.YES) or _all_in_turn(jbi_4, jbi_5):
        return Ascertainment.COMPLETE
    return Ascertainment.UNCLEAR if _is(murad_1, AppraisalAnswer.UNCLEAR) else Ascertainment.SELECTIVE


def effect_of(murad_1: object, jbi_4: object, jbi_5: object) -> Message:
    """Return what three answers make of a source and of its place in the correction, and by which of them."""
    kind = ascertainment_of(murad_1, jbi_4, jbi_5)
    if kind is Ascertainment.COMPLETE:
        by_murad = _is(murad_1, AppraisalAnswer.YES)
        return Message("effect_complete") if by_murad else Message("effect_complete_in_turn")
    return Message("effect_unclear") if kind is Ascertainment.UNCLEAR else Message("effect_selective")


def contradictory(murad_1: object, jbi_4: object, jbi_5: object) -> bool:
    """Return whether a source is complete by JBI 4 and 5, though by Murad 1 it does not represent the whole."""
    return _is(murad_1, AppraisalAnswer.NO) and _all_in_turn(jbi_4, jbi_5)


def _all_in_turn(jbi_4: object, jbi_5: object) -> bool:
    return _is(jbi_4, AppraisalAnswer.YES) and _is(jbi_5, AppraisalAnswer.YES)


def _is(answer: object, expected: AppraisalAnswer) -> bool:
    return not missing(answer) and str(answer) == expected


def ascertainment_by_report(appraisal: pd.DataFrame) -> dict[str, Ascertainment]:
    """Return report_id → ascertainment."""
    derived: dict[str, Ascertainment] = {}
    for row in rows_of(appraisal):
        found = ascertainment_of(row["murad_1"], row["jbi_4"], row["jbi_5"])
        known = derived.get(row["report_id"], found)
        derived[row["report_id"]] = max(known, found, key=_CAUTION.__getitem__)
    return derived
