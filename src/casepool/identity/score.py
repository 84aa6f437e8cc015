"""The weight of pairs of cases in bits, what it makes of them, and one line that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from casepool.identity import fields
from casepool.identity.agreement import Levels, centre_likeness, compare
from casepool.identity.encoding import Encoded
from casepool.identity.fields import Field
from casepool.model.study import Study, study
from casepool.rows import missing
from casepool.typing import BoolArray, FloatArray, IntArray

_APART = ("sex", "country", "treatment_year", "n_prior_lines", "response")
_LINKS = ("centre", "authors", "publication")
_NOT_PUBLISHED = 3


@dataclass(frozen=True)
class _Weights:
    """The bits of each finding by field; the last place, which −1 reaches, is for what is not told.

    Attributes
    ----------
    by_weight : fields from the most to the least telling, with what the later ones could add at most.
    """

    bits: Mapping[str, FloatArray]
    towards_sure: Mapping[str, FloatArray]
    contradicts: Mapping[str, BoolArray]
    by_weight: tuple[tuple[str, float], ...]


def _weights() -> _Weights:
    return _weights_of(study())


@cache
def _weights_of(_declared: Study) -> _Weights:
    levels = {name: field.levels for name, field in fields.fields().items()}
    bits = {name: np.array([*(level.bits for level in found), 0.0]) for name, found in levels.items()}
    sure = {name: np.array([*(level.towards_sure for level in found), 0.0]) for name, found in levels.items()}
    contradicts = {name: np.array([*(level.contradicts for level in found), False]) for name, found in levels.items()}
    most = {name: float(max(found)) for name, found in bits.items()}
    order = sorted(bits, key=lambda name: -most[name])
    by_weight = tuple((name, sum(most[later] for later in order[place + 1 :])) for place, name in enumerate(order))
    return _Weights(bits, sure, contradicts, by_weight)


def all_fields() -> tuple[str, ...]:
    """Return the names of the fields that two patients are compared by."""
    return tuple(fields.fields())


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


def findings(encoded: Encoded, i: IntArray, j: IntArray, names: Iterable[str] | None = None) -> dict[str, Levels]:
    """Return field → finding of each pair (−1 = not told)."""
    return {name: compare(name)(encoded, i, j) for name in (all_fields() if names is None else names)}


def prior_bits(encoded: Encoded, i: IntArray, j: IntArray) -> FloatArray:
    """Return the log2 odds that a pair is one patient before anything is compared."""
    centres = encoded.registry[i] & encoded.registry[j]
    cohorts = encoded.cohort[i] | encoded.cohort[j]
    prior = np.where(centres, fields.PRIOR_BITS_TWO_CENTRES, fields.PRIOR_BITS)
    return np.where(cohorts, fields.PRIOR_BITS_COHORT, prior)


def score_pairs(encoded: Encoded, i: IntArray, j: IntArray, names: Sequence[str] | None = None) -> FloatArray:
    """Return the weight of each pair: prior plus the bits of its findings."""
    total = prior_bits(encoded, i, j)
    bits = _weights().bits
    for name in all_fields() if names is None else names:
        total += bits[name][compare(name)(encoded, i, j)]
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
    for name, still_to_come in _weights().by_weight:
        score = pairs.score + _weights().bits[name][compare(name)(encoded, pairs.i, pairs.j)]
        pairs = Pairs(pairs.i, pairs.j, score).where(score + still_to_come >= fields.REVIEW_BITS)
    return pairs


def sure_pairs(encoded: Encoded, pairs: Pairs) -> BoolArray:
    """Return which pairs are one patient for sure.

    They reach the upper threshold without what many pairs share, nothing contradicts, the evidence is hard (the
    registry case names the publication; or sex, age, place and telling facts agree), and no other candidate comes near.
    """
    found = findings(encoded, pairs.i, pairs.j)
    bits = {name: _weights().towards_sure[name][finding] for name, finding in found.items()}
    score = prior_bits(encoded, pairs.i, pairs.j) + sum(bits.values())
    cohort, both_registry = (
        encoded.cohort[pairs.i] | encoded.cohort[pairs.j],
        encoded.registry[pairs.i] & encoded.registry[pairs.j],
    )
    named = (found["publication"] == 0) & (encoded.registry[pairs.i] ^ encoded.registry[pairs.j])
    place = (found["centre"] == 0) | np.isin(found["authors"], (0, 1))
    person = (found["sex"] == 0) & np.isin(found["age"], (0, 1)) & place
    facts = sum(bits[name] for name in fields.facts()) >= fields.SURE_FACT_BITS
    sure = (score >= fields.SURE_BITS) & ~cohort & ~_any(contradictions(found))
    return np.asarray(sure & (named | (person & facts & ~both_registry)) & (_lead(encoded, pairs) >= fields.AHEAD_BITS))


def far_pairs(encoded: Encoded, pairs: Pairs) -> BoolArray:
    """Return which pairs nobody is asked about: apart in a fact, and linked by no place, author or publication.

    A follow-up that shrinks, or another publication that is named, is no such fact: a patient is often told twice.
    """
    found = findings(encoded, pairs.i, pairs.j, [*_APART, *_LINKS])
    links = np.isin(found["centre"], (0, 1, 2)) | np.isin(found["authors"], (0, 1)) | (found["publication"] == 0)
    apart = contradictions({name: found[name] for name in _APART})
    return np.asarray((_any(apart) | (found["publication"] == _NOT_PUBLISHED)) & ~links)


def contradictions(found: Mapping[str, Levels]) -> dict[str, BoolArray]:
    """Return field → the pairs that it keeps from being one patient for sure."""
    return {name: _weights().contradicts[name][finding] for name, finding in found.items()}


def _any(masks: Mapping[str, BoolArray]) -> BoolArray:
    return np.asarray(np.any(list(masks.values()), axis=0))


def contradicting(encoded: Encoded, ours: Sequence[int], theirs: Sequence[int]) -> tuple[str, ...]:
    """Return the labels of what contradicts between two groups of tellings, whoever is compared with whom.

    What a telling says of its publication speaks of one report alone, and is not asked here.
    """
    i, j = (side.ravel() for side in np.meshgrid(ours, theirs))
    found = contradictions(findings(encoded, i, j, [name for name in all_fields() if name != "publication"]))
    return tuple(dict.fromkeys(fields.fields()[name].label for name, pairs in found.items() if pairs.any()))


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


def explain(encoded: Encoded, cases: pd.DataFrame, pairs: Pairs, names: Sequence[str]) -> list[str]:
    """Return, for each pair, the fields that agree, differ and are unknown, with their bits.

    Parameters
    ----------
    cases : the cases that were encoded, in their order.
    """
    found = findings(encoded, pairs.i, pairs.j, names)
    alike = centre_likeness(encoded, pairs.i, pairs.j) / 100
    rows = np.unique(np.concatenate([pairs.i, pairs.j]))
    values = {column: _words(cases[column], rows) for column in (fields.fields()[name].column for name in names)}
    prior = prior_bits(encoded, pairs.i, pairs.j)
    lines = []
    for place, (i, j) in enumerate(zip(pairs.i, pairs.j, strict=True)):
        told = [(fields.fields()[name], int(found[name][place])) for name in names]
        parts = [(float(prior[place]), "prior")]
        for field, level in told:
            if level >= 0:
                column = values[field.column]
                words = field.levels[level].words.format(a=column[i], b=column[j], x=f"{alike[place]:.2f}")
                parts.append((field.levels[level].bits, words))
        never = [field.label for field, level in told if level >= 0 and field.levels[level].contradicts]
        unknown = _unknown(told, registry=bool(encoded.registry[i] or encoded.registry[j]))
        lines.append(_line(parts, {"never sure": never, "unknown": list(unknown)}, float(pairs.score[place])))
    return lines


def _line(parts: list[tuple[float, str]], labels: Mapping[str, list[str]], score: float) -> str:
    ordered = sorted(parts, key=lambda part: -part[0])
    pieces = [f"{signed(bits)} {words}" for bits, words in ordered]
    pieces += [f"{word}: {', '.join(dict.fromkeys(named))}" for word, named in labels.items() if named]
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
