"""Candidate pairs: the few that are worth comparing, found in several passes, never all pairs.

A pass names what two cases must share. Two cases of one report are never a pair: the report tells them as two
people (a centre's registry cases count as one report). Two reports of one study are: an abstract and its
article tell the same patients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import pandas as pd

from casepool.identity.agreement import compare, years_between
from casepool.identity.encoding import Encoded
from casepool.typing import BoolArray, IntArray

# A block with more pairs is narrowed, and left out where that does not help: memory and time stay bounded.
MAX_BLOCK_PAIRS = 4_000_000
_BATCH = 250_000
# Of disease, sex, age and year so many must agree where one of them may be a typing error.
_OF_FOUR = 3
_PERSON, _PLACE = ("disease", "sex", "age", "treatment_year", "publication_lag"), ("centre", "authors")
Batch = tuple[IntArray, IntArray]
Keep = Callable[[IntArray, IntArray], BoolArray]


class Blocking:
    """The passes over the cases; `notes` tells afterwards which blocks were too large."""

    def __init__(self, encoded: Encoded, max_pairs: int = MAX_BLOCK_PAIRS) -> None:
        self._encoded = encoded
        self._max_pairs = max_pairs
        self._narrowed: set[str] = set()
        self._left_out: set[str] = set()
        patient = ~encoded.cohort
        self._literature = patient & ~encoded.registry
        self._registry = patient & encoded.registry
        age, sex = encoded.numbers["age_years"], encoded.codes["sex"]
        self._person_known = patient & ~np.isnan(age) & (sex >= 0)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not compared because a block was too large, one sentence each."""
        limit = f"{self._max_pairs:,} pairs in a block"
        narrowed = (
            f"{name}: more than {limit}; only those with the same known numbers of prior lines and doses were compared"
            for name in sorted(self._narrowed - self._left_out)
        )
        left_out = (f"{name}: more than {limit}; a part was not compared" for name in sorted(self._left_out))
        return (*narrowed, *left_out)

    def batches(self) -> Iterator[Batch]:
        """Yield the pairs of every pass as positions ``i < j``; a pair may come from several passes."""
        for i, j in chain(self._publication(), self._authors(), self._vague()):
            yield from self._between_reports(i, j)
        for i, j in self._person():
            yield from self._between_reports(i, j, self._times_fit)
        for i, j in self._place():
            yield from self._between_reports(i, j, self._all_but_one)

    def _between_reports(self, i: IntArray, j: IntArray, fits: Keep | None = None) -> Iterator[Batch]:
        """Yield the pairs of different reports that fit, ordered."""
        for keep in (lambda i, j: self._encoded.codes["report"][i] != self._encoded.codes["report"][j], fits):
            if keep is not None:
                kept = keep(i, j)
                i, j = i[kept], j[kept]
        if len(i):
            yield np.minimum(i, j), np.maximum(i, j)

    def _times_fit(self, i: IntArray, j: IntArray) -> BoolArray:
        """Return whether years of treatment differ by at most one and ages by what lies between them."""
        treated, age = self._encoded.numbers["treatment_year"], self._encoded.numbers["age_years"]
        too_far = np.abs(treated[i] - treated[j]) > 1  # false where one is not told
        fits = np.abs(age[i] - age[j]) <= 1 + years_between(self._encoded, i, j)
        return np.asarray(fits & ~too_far)

    def _all_but_one(self, i: IntArray, j: IntArray) -> BoolArray:
        """Return where the place or an author is the same, and three of disease, sex, age and year."""
        found = {name: compare(name)(self._encoded, i, j) for name in (*_PERSON, *_PLACE)}
        year = np.isin(found["treatment_year"], (0, 1)) | (found["publication_lag"] == 0)
        agree = [found["disease"] == 0, found["sex"] == 0, np.isin(found["age"], (0, 1, 2)), year]
        place = (found["centre"] == 0) | np.isin(found["authors"], (0, 1))
        mistyped = (found["age"] != 3) | self._one_slip(i, j)
        return np.asarray(place & mistyped & (np.sum(agree, axis=0) >= _OF_FOUR))

    def _one_slip(self, i: IntArray, j: IntArray) -> BoolArray:
        """Return where one age becomes the other by one wrong digit or by two digits in the wrong order."""
        (tens, units), (other_tens, other_units) = (
            np.divmod(self._encoded.numbers["age_years"][side], 10) for side in (i, j)
        )
        turned = (tens == other_units) & (units == other_tens)
        return np.asarray((tens == other_tens) | (units == other_units) | turned)

    def _publication(self) -> Iterator[Batch]:
        """Yield the pairs of a registry case and a patient of the publication that it names."""
        named = _with_members(self._encoded.codes["publication"], self._encoded.publications)
        yield from self._joined("publication", named.where(self._literature), named.where(self._registry))

    def _authors(self, shared: str = "disease") -> Iterator[Batch]:
        """Yield the pairs that share a code, from two reports of one study or with an author in common."""
        codes, n = self._encoded.codes, max(self._encoded.n_authors, 1)
        rows = self._keyed(codes["study"], codes[shared]).where(self._literature)
        yield from self._joined("study", rows, rows)
        rows = self._keyed(codes["authors"], codes[shared]).where(self._literature)
        common = np.concatenate((self._encoded.authors_in_common, np.arange(n) * (n + 1)))  # each list with itself
        place, other = _spread(codes["authors"][rows.rows], common // n, common % n)
        partners = _Keyed(rows.rows[place], (other, rows.keys[1][place]))
        yield from self._joined("authors", partners, rows)

    def _place(self) -> Iterator[Batch]:
        """Yield the pairs of one place or author that share the disease or the sex, as three of four facts do."""
        for shared in ("disease", "sex"):
            rows = self._by_word(shared)
            yield from self._joined("word", rows.where(self._literature), rows.where(~self._encoded.cohort))
        yield from self._authors("sex")

    def _by_word(self, shared: str) -> _Keyed:
        """Return a row for each case and each word of its centre's name."""
        words = _with_members(self._encoded.codes["centre"], [str(name).split() for name in self._encoded.centres])
        return _Keyed(words.rows, (*words.keys, self._encoded.codes[shared][words.rows]))

    def _vague(self) -> Iterator[Batch]:
        """Yield the pairs where a side does not tell age or sex: of a disease, and of a place or a year."""
        encoded = self._encoded
        treated, disease = encoded.numbers["treatment_year"], encoded.codes["disease"]
        year = np.where(np.isnan(treated), -1, treated).astype(np.int64)
        for name, rows in (
            ("country", self._keyed(encoded.codes["country"], disease)),
            ("word", self._by_word("disease")),
            ("year", self._keyed(year, disease)),
        ):
            literature, patients = rows.where(self._literature), rows.where(~encoded.cohort)
            yield from self._joined(name, literature.where(~self._person_known), patients)
            yield from self._joined(name, literature.where(self._person_known), patients.where(~self._person_known))

    def _keyed(self, *keys: IntArray) -> _Keyed:
        return _Keyed(np.arange(len(self._encoded)), keys)

    def _joined(self, name: str, left: _Keyed, right: _Keyed) -> Iterator[Batch]:
        """Yield all pairs of a left and a right row with the same keys (−1 in the first = not told)."""
        left, right = left.told(), right.told()
        ours, theirs = _numbered(left.keys, right.keys)
        order = np.argsort(theirs, kind="stable")
        first, last = (np.searchsorted(theirs[order], ours, side) for side in ("left", "right"))
        _, block, size = np.unique(ours, return_inverse=True, return_counts=True)
        fits = size[block] * (last - first) <= self._max_pairs
        if not fits.all():
            self._left_out.add(f"patients of one {name}")
        yield from _spans(left.rows[fits], right.rows[order], first[fits], last[fits])

    def _person(self) -> Iterator[Batch]:
        """Yield the pairs of a disease and a sex whose ages fit."""
        known = np.flatnonzero(self._person_known)
        blocks = np.stack([self._encoded.codes[name][known] for name in ("disease", "sex")])
        _, block, size = np.unique(blocks, axis=1, return_inverse=True, return_counts=True)
        for members in np.split(known[np.argsort(block, kind="stable")], np.cumsum(size)[:-1]):
            registry = self._encoded.registry[members]
            yield from self._with_literature(members[~registry], members)
            yield from self._two_centres(members[registry])

    def _with_literature(self, literature: IntArray, everyone: IntArray) -> Iterator[Batch]:
        years = np.concatenate([self._encoded.numbers[name][everyone] for name in ("year", "treatment_year")])
        known = years[~np.isnan(years)]
        span = float(known.max() - known.min()) if len(known) else 0.0
        yield from self._near_ages(literature, everyone, 1 + span)

    def _two_centres(self, rows: IntArray) -> Iterator[Batch]:
        """Yield pairs of registry cases: ages of the first dose within a year, and so its year."""
        treated = self._encoded.numbers["treatment_year"][rows]
        years = np.unique(treated[~np.isnan(treated)])
        of_year = {year: rows[treated == year] for year in years}
        for year, members in of_year.items():
            yield from self._near_ages(members, members, 1)
            yield from self._near_ages(members, of_year.get(year + 1, rows[:0]), 1)
        untold = rows[np.isnan(treated)]
        yield from self._near_ages(untold, rows, 1)

    def _near_ages(self, left: IntArray, right: IntArray, width: float, *, narrow: bool = True) -> Iterator[Batch]:
        """Yield the pairs of rows whose ages differ by at most `width`; within one set, each pair once."""
        age, one_set = self._encoded.numbers["age_years"], left is right
        left, right = (rows[np.argsort(age[rows], kind="stable")] for rows in (left, right))
        first = np.searchsorted(age[right], age[left] - width, "left")
        first = np.arange(1, len(left) + 1) if one_set else first
        last = np.searchsorted(age[right], age[left] + width, "right")
        if int((last - first).sum()) <= self._max_pairs:
            yield from _spans(left, right, first, last)
            return
        disease = "patients of one disease, sex and year"
        self._narrowed.add(disease)
        if not narrow:
            self._left_out.add(disease)
            return
        yield from self._narrowly(left, left if one_set else right, width)

    def _narrowly(self, left: IntArray, right: IntArray, width: float) -> Iterator[Batch]:
        numbers = self._encoded.numbers
        key = numbers["n_prior_lines"] * 1000 + numbers["n_doses"]
        for value in np.intersect1d(key[left], key[right]):
            if not np.isnan(value):
                fewer = left[key[left] == value]
                partners = fewer if left is right else right[key[right] == value]
                yield from self._near_ages(fewer, partners, width, narrow=False)


@dataclass(frozen=True)
class _Keyed:
    """Rows of the cases, a case in one or several, with the codes that pairs must share."""

    rows: IntArray
    keys: tuple[IntArray, ...]

    def where(self, cases: BoolArray) -> _Keyed:
        """Return the rows of some of the cases."""
        return self._kept(cases[self.rows])

    def told(self) -> _Keyed:
        """Return the rows whose first code is told."""
        return self._kept(self.keys[0] != -1)

    def _kept(self, keep: BoolArray) -> _Keyed:
        return _Keyed(self.rows[keep], tuple(key[keep] for key in self.keys))


def _with_members(codes: IntArray, lists: Sequence[Sequence[str]]) -> _Keyed:
    """Return a row for each case and each member of its list, by the number of the member."""
    sizes = [len(one) for one in lists]
    members = pd.factorize(np.array(list(chain.from_iterable(lists)), dtype=object))[0]
    rows, numbers = _spread(codes, np.repeat(np.arange(len(lists)), sizes), members)
    return _Keyed(rows, (numbers,))


def _spread(codes: IntArray, of: IntArray, values: IntArray) -> tuple[IntArray, IntArray]:
    """Return the places of codes, each as often as its code has values, and these; ``of`` is the code of a value."""
    order = np.argsort(of, kind="stable")
    first, last = (np.searchsorted(of[order], codes, side) for side in ("left", "right"))
    return np.repeat(np.arange(len(codes)), last - first), values[order][_ranges(first, last)]


def _numbered(left: tuple[IntArray, ...], right: tuple[IntArray, ...]) -> tuple[IntArray, IntArray]:
    """Return one number for the keys of each row, the same where they are the same."""
    number = np.zeros(len(left[0]) + len(right[0]), dtype=np.int64)
    for one, other in zip(left, right, strict=True):
        values, code = np.unique(np.concatenate((one, other)), return_inverse=True)
        number = number * len(values) + code
    return number[: len(left[0])], number[len(left[0]) :]


def _spans(left: IntArray, right: IntArray, first: IntArray, last: IntArray) -> Iterator[Batch]:
    """Yield ``left[k]`` with each of ``right[first[k]:last[k]]``, in batches."""
    counts = last - first
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(_BATCH, int(ends[-1]) + _BATCH if len(ends) else 0, _BATCH), "right")
    for start, stop in pairwise(np.unique([0, *cuts, len(left)])):
        some = slice(start, stop)
        yield np.repeat(left[some], counts[some]), right[_ranges(first[some], last[some])]


def _ranges(first: IntArray, last: IntArray) -> IntArray:
    """Return the places of each range, the last one left out, range after range."""
    n = last - first
    return np.asarray(np.arange(int(n.sum())) + np.repeat(first - (np.cumsum(n) - n), n))
