"""Names of publications: no two carry one id, though keys such as "smith2021" stand in several files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casepool.model.message import Message


@dataclass(frozen=True)
class Named:
    """Ids of the publications in order, the other ids that mean each, and what is to be told of changed ones."""

    ids: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    notes: tuple[Message, ...]


def named(publications: Sequence[Sequence[str]]) -> Named:
    """Return the names of publications.

    An id that records of two publications carry stays with the first of them; a later one is called by it with -2.

    Parameters
    ----------
    publications : ids of the records of each, that of the record to keep first.
    """
    owner: dict[str, int] = {}
    for number, ids in enumerate(publications):
        for one in ids:
            owner.setdefault(one, number)
    found, others, notes = [], [], []
    for number, ids in enumerate(publications):
        name = ids[0]
        if owner[name] != number:
            name = _free(name, owner)
            owner[name] = number
            notes.append(Message("id_of_two", id=ids[0], name=name))
        found.append(name)
        others.append(tuple(dict.fromkeys(one for one in ids if owner[one] == number and one != name)))
    return Named(tuple(found), tuple(others), tuple(notes))


def _free(name: str, taken: dict[str, int]) -> str:
    return next(free for n in range(2, len(taken) + 3) if (free := f"{name}-{n}") not in taken)
