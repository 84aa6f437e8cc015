"""One simulated literature with its truth, and how a series of them is drawn in chunks.

Chunk i has its own spawned seed, so that it can be repeated alone and a longer run extends
a shorter one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from casepool.stats.joint.data import JointData
from casepool.stats.own.data import OwnData
from casepool.typing import FloatArray, IntArray

TwoLists = tuple[IntArray, IntArray, IntArray]

CHUNK = 50


@dataclass(frozen=True)
class World:
    """What is seen, and the truth behind it.

    Attributes
    ----------
    data : JointData
        Counts by disease and kind of ascertainment.
    own : OwnData
        The same patients by source.
    rate : ndarray, shape (D,)
        True response probabilities.
    events, n : ndarray, shape (K,)
        Responders and patients of each report in print.
    lists : tuple of ndarray or None
        Patients in the registry, in print, and in both, shape (D, 2) each, responders first.
    names : tuple of str, length D or 0
        Diseases, where they have names.
    """

    data: JointData
    own: OwnData
    rate: FloatArray
    events: IntArray
    n: IntArray
    lists: TwoLists | None = None
    names: tuple[str, ...] = ()


class Worlds(Protocol):
    """Worlds drawn together."""

    def __len__(self) -> int:
        """Return their number."""

    def world(self, s: int) -> World:
        """Return one of them."""


class Truth(Protocol):
    """What worlds are drawn from."""

    def draw(self, size: int, rng: np.random.Generator) -> Worlds:
        """Return worlds."""


def draw_chunk(truth: Truth, size: int, seed: int, index: int) -> Worlds:
    """Return the worlds of one chunk, drawn from its own spawned seed."""
    child = np.random.SeedSequence(seed, spawn_key=(index,))
    return truth.draw(size, np.random.default_rng(child))


def n_chunks(n_worlds: int, size: int = CHUNK) -> int:
    """Return in how many chunks worlds are drawn."""
    return -(-n_worlds // size)


def draw_worlds(
    truth: Truth, n_worlds: int, seed: int, size: int = CHUNK, *, chunks: Iterable[int] | None = None
) -> Iterator[World]:
    """Yield worlds one by one; the first are the same whatever their number.

    Parameters
    ----------
    chunks : numbers of the chunks to draw, from 0; all by default.
    """
    for index in range(n_chunks(n_worlds, size)) if chunks is None else chunks:
        worlds = draw_chunk(truth, size, seed, index)
        for s in range(min(size, n_worlds - index * size)):
            yield worlds.world(s)
