"""Entries that are one without being compared: they say the same word for word, or carry one id of a register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from casepool.search.formats.citation import safe_id
from casepool.search.publications.titles import SHORTEST
from casepool.typing import Row

# What names one trial wherever it stands; other ids name an entry of their file, and PubMed's are compared as such.
_REGISTER = "trial:"
_SAID = (
    "pmid", "pmcid", "doi", "title", "authors", "journal", "year", "volume", "issue", "pages", "language",
    "publication_types", "url", "abstract", "keywords",
)  # fmt: skip


def own_id(row: Row) -> str:
    """Return the id of an entry within its file: that of a table without the name of the file."""
    return str(row["record_id"]).removeprefix(_prefix(str(row["source_file"])))


@cache
def _prefix(source_file: str) -> str:
    return f"csv:{safe_id(Path(source_file).stem)}."


def repeated(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Yield pairs of entries, by their places, of which the second is the first once more.

    Two entries of one file that carry different ids are two, whatever they say: the second of them is compared with the
    second of another file. Where an entry says little, it is the same only under the same id.
    """
    trials: dict[str, int] = {}
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, row in enumerate(rows):
        name = str(row["record_id"])
        if name.startswith(_REGISTER) and trials.setdefault(name, place) != place:
            yield trials[name], place
        said = tuple(row[field] for field in _SAID)
        alike.setdefault(said if _tells_much(row) else (own_id(row), *said), []).append(place)
    for places in alike.values():
        if len(places) > 1:
            yield from _in_turn(rows, places)


def _tells_much(row: Row) -> bool:
    return len(str(row["title"])) >= SHORTEST and bool(row["authors"])


def _in_turn(rows: Sequence[Row], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    ids: dict[str, dict[str, int]] = {}
    first: dict[int, int] = {}
    for place in places:
        of_file = ids.setdefault(str(rows[place]["source_file"]), {})
        turn = of_file.setdefault(str(rows[place]["record_id"]), len(of_file))
        if first.setdefault(turn, place) != place:
            yield first[turn], place
