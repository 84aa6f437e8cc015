"""The table of candidate pairs: what people decided, what is sure, what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casepool.contract.cases import CANDIDATE_PAIRS
from casepool.identity.decided import Decided, Pair
from casepool.identity.encoding import Encoded
from casepool.identity.fields import COHORT_FIELDS
from casepool.identity.score import Pairs, all_fields, explain, probability, score_pairs
from casepool.model.vocabulary import IdentityDecision
from casepool.typing import Row

_DECIDED_OUTCOME = {
    IdentityDecision.SAME_PATIENT: "same",
    IdentityDecision.DIFFERENT: "distinct",
    IdentityDecision.UNSURE: "to_review",
}


@dataclass(frozen=True)
class Verdicts:
    """What became of the pairs.

    Attributes
    ----------
    decided : by people.
    sure, review : pairs of patients that are one for sure, that are open.
    overlap : cases that may lie inside a cohort.
    refused : sure pairs that could not be joined, with the reason.
    """

    decided: Decided
    sure: Pairs
    review: Pairs
    overlap: Pairs
    refused: Mapping[Pair, str]


def pair_table(
    eligible: pd.DataFrame, encoded: Encoded, verdicts: Verdicts, shared: Mapping[tuple[str, str], list[str]]
) -> pd.DataFrame:
    """Return the table ``candidate_pairs``.

    Parameters
    ----------
    eligible : the cases that were encoded, in their order.
    shared : pairs of cohorts → patients who lie inside both.
    """
    disease = dict(zip(eligible["case_id"], eligible["disease"], strict=True))
    rows = [*_decided(verdicts.decided, encoded)]
    rows += _scored(eligible, encoded, verdicts)
    listed = {frozenset((row["case_a"], row["case_b"])) for row in rows}
    rows += [row for row in _in_two_cohorts(shared) if frozenset((row["case_a"], row["case_b"])) not in listed]
    table = pd.DataFrame(rows, columns=CANDIDATE_PAIRS.names)
    table["disease"] = table["case_a"].map(disease)
    score = table["score"].astype("Float64")
    table["score"] = score.round(2)
    table["probability"] = score.map(lambda bits: round(float(probability(bits)), 4), na_action="ignore")
    types = CANDIDATE_PAIRS.dtypes
    return table.astype(types)


def _decided(decided: Decided, encoded: Encoded) -> Iterator[Row]:
    position = {case: place for place, case in enumerate(encoded.ids)}
    rows = [
        {
            "case_a": row["case_a"],
            "case_b": row["case_b"],
            "outcome": _DECIDED_OUTCOME[IdentityDecision(row["decision"])],
            "source": "decision",
            "explanation": row["reason"],
        }
        for row in decided.rows
    ]
    rows += [
        {
            "case_a": encoded.ids[a],
            "case_b": encoded.ids[b],
            "outcome": "same",
            "source": "extraction",
            "explanation": "same_patient_as",
        }
        for a, b in decided.told
    ]
    for row in rows:
        a, b = position[row["case_a"]], position[row["case_b"]]
        names = COHORT_FIELDS if encoded.cohort[a] or encoded.cohort[b] else all_fields()
        yield row | {"score": float(score_pairs(encoded, np.array([a]), np.array([b]), names)[0])}


def _scored(eligible: pd.DataFrame, encoded: Encoded, verdicts: Verdicts) -> Iterator[Row]:
    for outcome, pairs, names in (
        ("same", verdicts.sure, all_fields()),
        ("to_review", verdicts.review, all_fields()),
        ("to_review", verdicts.overlap, COHORT_FIELDS),
    ):
        lines = explain(encoded, eligible, pairs, names)
        for a, b, score, line in zip(pairs.i, pairs.j, pairs.score, lines, strict=True):
            refusal = verdicts.refused.get((int(a), int(b)))
            yield {
                "case_a": encoded.ids[a],
                "case_b": encoded.ids[b],
                "outcome": outcome if refusal is None else "to_review",
                "source": "score",
                "score": float(score),
                "explanation": line if refusal is None else f"{line}; not merged: {refusal}",
            }


def _in_two_cohorts(shared: Mapping[tuple[str, str], list[str]]) -> Iterator[Row]:
    for (one, other), patients in sorted(shared.items()):
        yield {
            "case_a": one,
            "case_b": other,
            "outcome": "to_review",
            "source": "overlap",
            "explanation": f"{', '.join(patients)} lie inside both and may be counted in each",
        }
