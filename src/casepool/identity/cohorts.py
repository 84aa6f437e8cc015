"""Cases that may lie inside a stratum known only by counts; a score never makes that sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casepool.identity import fields
from casepool.identity.encoding import MALE, Encoded
from casepool.identity.fields import COHORT_FIELDS
from casepool.identity.score import Pairs, findings, joined, score_pairs
from casepool.typing import BoolArray

# The strongest candidates of a stratum; a person will not read more.
MAX_PER_COHORT = 50


@dataclass(frozen=True)
class Overlaps:
    """Cases that may lie in a stratum (or be one), and how many were not listed for lack of room."""

    pairs: Pairs
    notes: tuple[str, ...]


def overlaps(encoded: Encoded) -> Overlaps:
    """Return the pairs of a stratum and a case of the same disease, told elsewhere, that share place or authors."""
    found, notes = [], []
    # The registry's released totals are no strata of their own: their links are settled before.
    for cohort in np.flatnonzero(encoded.cohort & ~encoded.registry):
        pairs = _candidates(encoded, int(cohort))
        best = np.lexsort((pairs.i, pairs.j, -pairs.score))[:MAX_PER_COHORT]
        if len(pairs) > MAX_PER_COHORT:
            notes.append(f"{encoded.ids[cohort]}: {len(pairs)} cases may lie inside; {MAX_PER_COHORT} are listed")
        found.append(pairs.where(best))
    return Overlaps(joined(found), tuple(notes))


def _candidates(encoded: Encoded, cohort: int) -> Pairs:
    disease, report = encoded.codes["disease"], encoded.codes["report"]
    like = (disease == disease[cohort]) & (report != report[cohort]) & ~(encoded.cohort & encoded.registry)
    # Two strata come once.
    like &= ~encoded.cohort | (np.arange(len(encoded)) > cohort)
    like &= _sex_fits(encoded, cohort)
    cases = np.flatnonzero(like)
    i, j = np.minimum(cases, cohort), np.maximum(cases, cohort)
    told = findings(encoded, i, j, COHORT_FIELDS)
    alike = np.isin(told["centre"], (0, 1, 2)) | np.isin(told["authors"], (0, 1)) | (told["publication"] == 0)
    # A country holds many patients: enough to ask about one patient, not about two whole strata.
    alike |= (told["country"] == 0) & ~encoded.cohort[cases]
    score = score_pairs(encoded, i, j, COHORT_FIELDS)
    keep = alike & (score >= fields.REVIEW_BITS) & (told["publication_lag"] != 2)
    return Pairs(i[keep], j[keep], score[keep])


def _sex_fits(encoded: Encoded, cohort: int) -> BoolArray:
    """Return which cases may lie in a stratum that tells how many of its patients are women."""
    sex = encoded.codes["sex"]
    treated, known, female = (encoded.numbers[name][cohort] for name in ("n_treated", "n_sex_known", "n_female"))
    if not known or known < treated:
        return np.ones(len(encoded), dtype=bool)
    return np.asarray((sex < 0) | np.where(sex == MALE, female < known, female > 0))
