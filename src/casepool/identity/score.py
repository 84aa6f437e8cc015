"""The weight of pairs of cases in bits, what it makes of them, and one line that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casepool.identity import fields
from casepool.identity.agreement import COMPARE, Levels, centre_likeness
from casepool.identity.encoding import Encoded
from casepool.identity.fields import FIELD, FIELDS, Field
from casepool.rows import missing
from casepool.typing import BoolArray, FloatArray, IntArray

ALL_FIELDS = tuple(field.name for field in FIELDS)
# Bits of each finding; the last place, which −1 reaches, is for what is not told.
_BITS = {field.name: np.array([*(level.bits for level in field.levels), 0.0]) for field in FIELDS}
_MOST = {name: max(bits) for name, bits in _BITS.items()}
# Fields from the most to the least telling, with what the later ones could add at most.
_ORDER = sorted(ALL_FIELDS, key=lambda name: -_MOST[name])
_BY_WEIGHT = [(name, sum(_MOST[later] for later in _ORDER[place + 1 :])) for place, name in enumerate(_ORDER)]
_CONTRADICTS = {field.name: np.array([*(level.contradicts for level in field.levels), False]) for field in FIELDS}


@dataclass(frozen=True)
class Pairs:
    """Pairs of cases by position (``i < j``) with their scores in bits."""

    i: IntArray
    j: IntArray
    score: FloatArray

    def __len__(self) -> int:
        return len(self.i)

    def where(self, keep: BoolArray | IntArray) -> Pairs:
        """Return the pairs that a mask or an order names."""
        return Pairs(self.i[keep], self.j[keep], self.score[keep])


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Return the pairs of all parts, in order."""
    none = np.zeros(0, dtype=np.int64)
    i, j = (np.concatenate([none, *sides]) for sides in ([part.i for part in parts], [part.j for part in parts]))
    return Pairs(i, j, np.concatenate([np.zeros(0), *(part.score for part in parts)]))


def probability(score: FloatArray) -> FloatArray:
    """Return the probability that a pair is one patient: ``1 / (1 + 2^-score)``."""
    return np.asarray(1 / (1 + np.exp2(-np.asarray(score, dtype=float))))


def findings(encoded: Encoded, i: IntArray, j: IntArray, names: Iterable[str] = ALL_FIELDS) -> dict[str, Levels]:
    """Return field → finding of each pair (−1 = not told)."""
    return {name: COMPARE[name](encoded, i, j) for name in names}


def prior_bits(encoded: Encoded, i: IntArray, j: IntArray) -> FloatArray:
    """Return the log2 odds that a pair is one patient before anything is compared."""
    centres = encoded.registry[i] & encoded.registry[j]
    cohorts = encoded.cohort[i] | encoded.cohort[j]
    prior = np.where(centres, fields.PRIOR_BITS_TWO_CENTRES, fields.PRIOR_BITS)
    return np.where(cohorts, fields.PRIOR_BITS_COHORT, prior)


def score_pairs(encoded: Encoded, i: IntArray, j: IntArray, names: Sequence[str] = ALL_FIELDS) -> FloatArray:
    """Return the weight of each pair: prior plus the bits of its findings."""
    total = prior_bits(encoded, i, j)
    for name in names:
        total += _BITS[name][COMPARE[name](encoded, i, j)]
    return total


def score_batches(encoded: Encoded, batches: Iterable[tuple[IntArray, IntArray]]) -> Pairs:
    """Return the pairs of all batches that reach the threshold of review, each once, sorted."""
    pairs = joined([_reaching(encoded, i, j) for i, j in batches])
    _, first = np.unique(pairs.i * len(encoded) + pairs.j, return_index=True)
    pairs = pairs.where(first)
    return Pairs(pairs.i, pairs.j, score_pairs(encoded, pairs.i, pairs.j))


def _reaching(encoded: Encoded, i: IntArray, j: IntArray) -> Pairs:
    """Return the pairs that reach the threshold, with fields added up by weight.

    A pair is dropped as soon as it could not reach the threshold even if all the other fields agreed.
    """
    pairs = Pairs(i, j, prior_bits(encoded, i, j))
    for name, still_to_come in _BY_WEIGHT:
        score = pairs.score + _BITS[name][COMPARE[name](encoded, pairs.i, pairs.j)]
        pairs = Pairs(pairs.i, pairs.j, score).where(score + still_to_come >= fields.REVIEW_BITS)
    return pairs


def sure_pairs(encoded: Encoded, pairs: Pairs) -> BoolArray:
    """Return which pairs are one patient for sure.

    They reach the upper threshold, nothing contradicts, the evidence is hard (the registry case names the
    publication; or sex, age, place and several facts agree), and no other candidate comes near.
    """
    sure = (pairs.score >= fields.SURE_BITS) & ~(encoded.cohort[pairs.i] | encoded.cohort[pairs.j])
    found = findings(encoded, pairs.i, pairs.j)
    for name, finding in found.items():
        sure &= ~_CONTRADICTS[name][finding]
    one_registry = encoded.registry[pairs.i] ^ encoded.registry[pairs.j]
    named = (found["publication"] == 0) & one_registry
    place = (found["centre"] == 0) | np.isin(found["authors"], (0, 1))
    person = (found["sex"] == 0) & np.isin(found["age"], (0, 1)) & place
    facts = np.sum([found[name] == 0 for name in fields.FACTS], axis=0)
    told = person & (facts >= fields.SURE_FACTS) & ~(encoded.registry[pairs.i] & encoded.registry[pairs.j])
    return np.asarray(sure & (named | told) & (_lead(encoded, pairs) >= fields.AHEAD_BITS))


def _lead(encoded: Encoded, pairs: Pairs) -> FloatArray:
    """Return how far each pair is ahead of the next candidate, for either of its cases.

    Candidates compete within a report, and within the registry as a whole.
    """
    group = np.where(encoded.registry, -1, encoded.codes["report"])
    both = pd.DataFrame(
        {
            "case": np.concatenate([pairs.i, pairs.j]),
            "group": np.concatenate([group[pairs.j], group[pairs.i]]),
            "score": np.tile(pairs.score, 2),
        }
    ).sort_values(["case", "group", "score"], ascending=[True, True, False], kind="stable")
    ranked = both.groupby(["case", "group"], sort=False)["score"]
    best, place = ranked.transform("first"), ranked.cumcount()
    second = both["score"].where(place == 1).groupby([both["case"], both["group"]], sort=False).transform("max")
    rival = best.where(place > 0, second).fillna(-np.inf)
    lead = (both["score"] - rival).sort_index().to_numpy()
    n = len(pairs)
    return np.asarray(np.minimum(lead[:n], lead[n:]))


def explain(encoded: Encoded, cases: pd.DataFrame, pairs: Pairs, names: Sequence[str] = ALL_FIELDS) -> list[str]:
    """Return, for each pair, the fields that agree, differ and are unknown, with their bits.

    Parameters
    ----------
    cases : the cases that were encoded, in their order.
    """
    found = findings(encoded, pairs.i, pairs.j, names)
    alike = centre_likeness(encoded, pairs.i, pairs.j) / 100
    rows = np.unique(np.concatenate([pairs.i, pairs.j]))
    values = {column: _words(cases[column], rows) for column in (FIELD[name].column for name in names)}
    prior = prior_bits(encoded, pairs.i, pairs.j)
    lines = []
    for place, (i, j) in enumerate(zip(pairs.i, pairs.j, strict=True)):
        told = [(FIELD[name], int(found[name][place])) for name in names]
        parts = [(float(prior[place]), "prior")]
        for field, level in told:
            if level >= 0:
                column = values[field.column]
                words = field.levels[level].words.format(a=column[i], b=column[j], x=f"{alike[place]:.2f}")
                parts.append((field.levels[level].bits, words))
        unknown = list(_unknown(told, registry=bool(encoded.registry[i] or encoded.registry[j])))
        lines.append(_line(parts, unknown, float(pairs.score[place])))
    return lines


def _line(parts: list[tuple[float, str]], unknown: list[str], score: float) -> str:
    ordered = sorted(parts, key=lambda part: -part[0])
    pieces = [f"{signed(bits)} {words}" for bits, words in ordered]
    pieces += [f"unknown: {', '.join(unknown)}"] if unknown else []
    # A line that began with a sign would be taken for a formula by a spreadsheet.
    return f"score {signed(score)} bits = {'; '.join(pieces)}"


def signed(bits: float) -> str:
    """Return bits with a sign and one decimal."""
    return f"{bits:+.1f}".replace("-", "−").replace("−0.0", "+0.0")


def _unknown(told: list[tuple[Field, int]], *, registry: bool) -> Iterator[str]:
    """Yield the labels of what could be compared but is not told."""
    known = {field.label for field, level in told if level >= 0}
    known.add("authors" if registry else "publication")
    yield from dict.fromkeys(field.label for field, level in told if level < 0 and field.label not in known)


def _words(values: pd.Series, rows: IntArray) -> dict[int, str]:
    return {int(row): _shown(value) for row, value in zip(rows, values.iloc[rows], strict=True)}


def _shown(value: object) -> str:
    if missing(value):
        return "?"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
