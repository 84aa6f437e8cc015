"""The pairs of records worth comparing, of all the pairs there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from casepool.search.publications.facts import Facts
from casepool.typing import BoolArray, FloatArray, IntArray

COMPARED = 55.0  # titles less alike are compared only where an id or the place is the same
_WINDOW = 20  # neighbours in the order of titles, among the records that share a key
_CLOSEST = 8  # pairs of a record that are looked at, where a collection of like titles has more
_CLOSEST_NUMBERS = 2  # the same of titles with other numbers, which are not one publication
_RARE = 4  # rarest words of a title, each of which is a key
_END = 18  # letters of the beginning and the end of a title
_HEAD = 32  # letters of the beginning under which a title that was cut is compared with the whole one
_CHUNK = 250_000

_Keys = Iterator[tuple[Hashable, int]]


def candidates(facts: Sequence[Facts]) -> IntArray:
    """Return the pairs worth comparing, shape (pairs, 2), each once, the smaller place first.

    Parameters
    ----------
    facts : in the order of their titles, which decides where more records share a key than can be compared.
    """
    glance = _Glance(facts)
    found = [np.empty((0, 2), dtype=np.int64)]
    for keys, anyway in _kinds(facts):
        pairs = _sharing(keys)
        alike = glance.likeness(pairs)
        pairs, alike = (pairs, alike) if anyway else (pairs[alike >= COMPARED], alike[alike >= COMPARED])
        found.append(pairs[glance.closest(pairs, alike)])
    pairs = each_once(np.concatenate(found))
    return pairs[glance.closest(pairs, glance.likeness(pairs))]


def each_once(pairs: IntArray) -> IntArray:
    """Return pairs in order, each once."""
    most = int(pairs.max(initial=0)) + 1
    coded = np.unique(pairs @ np.array([most, 1]))
    return np.stack((coded // most, coded % most), axis=1)


def _kinds(facts: Sequence[Facts]) -> Iterator[tuple[_Keys, bool]]:
    """Yield the keys of each kind with the records that have them, and whether unlike titles are compared too."""
    numbered = list(enumerate(facts))
    yield ((one.doi, n) for n, one in numbered if one.doi), True
    yield ((one.pmid, n) for n, one in numbered if one.pmid), True
    yield (((one.volume, one.pages.first, one.year), n) for n, one in numbered if one.pages.first), True
    yield (((one.authors.surname, one.pages.first), n) for n, one in numbered if one.pages.first), True
    yield (((one.authors.surname, head), n) for n, one in numbered if len(head := _pressed(one)[:_HEAD]) == _HEAD), True
    yield (((one.authors.surname, one.year), n) for n, one in numbered if one.authors.surname), False
    yield ((_pressed(one)[:_END], n) for n, one in numbered if one.title.text), False
    yield ((_pressed(one)[-_END:], n) for n, one in numbered if one.title.text), False
    yield _rare_words(facts), False


def _pressed(one: Facts) -> str:
    return one.title.text.replace(" ", "")


def _rare_words(facts: Sequence[Facts]) -> _Keys:
    words = [set(one.title.text.split()) for one in facts]
    number = Counter(word for some in words for word in some)
    for n, some in enumerate(words):
        shared = [word for word in some if len(word) > 3 and number[word] > 1]
        shared.sort(key=lambda word: (number[word], word))
        yield from ((word, n) for word in shared[:_RARE])


def _sharing(keys: _Keys) -> IntArray:
    """Return the pairs of records that share a key; of very many, each with its neighbours."""
    codes: dict[Hashable, int] = {}
    code, place = [], []
    for key, n in keys:
        code.append(codes.setdefault(key, len(codes)))
        place.append(n)
    key_of, record = np.array(code, dtype=np.int64), np.array(place, dtype=np.int64)
    order = np.lexsort((record, key_of))
    key_of, record = key_of[order], record[order]
    found = [np.empty((0, 2), dtype=np.int64)]
    for step in range(1, _WINDOW + 1):
        same = key_of[:-step] == key_of[step:]
        if not same.any():
            break
        found.append(np.stack((record[:-step][same], record[step:][same]), axis=1))
    return np.concatenate(found)


class _Glance:
    """What is seen of many pairs at once: how alike the titles are, and which facts are equal."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        self._titles = np.array([one.title.ordered for one in facts], dtype=object)
        self._numbers = _codes([" ".join(one.title.numbers) for one in facts])
        self._told = [
            _codes([one.doi for one in facts]),
            _codes([one.authors.surname for one in facts]),
            _codes([one.year or "" for one in facts]),
            _codes([one.volume for one in facts]),
            _codes([one.pages.first or "" for one in facts]),
        ]

    def likeness(self, pairs: IntArray) -> FloatArray:
        """Return how alike the titles of pairs are, from 0 to 100; 0 below what is compared."""
        found = [np.empty(0)]
        for start in range(0, len(pairs), _CHUNK):
            a, b = pairs[start : start + _CHUNK].T
            found.append(cpdist(self._titles[a], self._titles[b], scorer=fuzz.ratio, score_cutoff=COMPARED))
        return np.concatenate(found)

    def closest(self, pairs: IntArray, alike: FloatArray) -> BoolArray:
        """Return which pairs are among the closest of one of their records."""
        promise = alike / 100
        for code in self._told:
            a, b = code[pairs].T
            promise += np.where((a > 0) & (b > 0), np.where(a == b, 0.2, -0.2), 0)
        a, b = self._numbers[pairs].T
        kept = np.zeros(len(pairs), dtype=bool)
        for kind, most in ((a == b, _CLOSEST), (a != b, _CLOSEST_NUMBERS)):
            places = np.flatnonzero(kind)
            for side in (0, 1):
                order = places[np.lexsort((pairs[places, 1 - side], -promise[places], pairs[places, side]))]
                record = pairs[order, side]
                kept[order[np.arange(len(record)) - np.searchsorted(record, record) < most]] = True
        return kept


def _codes(values: Sequence[Hashable]) -> IntArray:
    """Return a number for each value, the same for the same; 0 where nothing is told."""
    codes: dict[Hashable, int] = {"": 0}
    return np.array([codes.setdefault(value, len(codes)) for value in values], dtype=np.int64)
