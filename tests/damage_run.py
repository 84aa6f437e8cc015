"""Damaged exports are read or refused, never lost in silence; ``python tests/damage_run.py 2000`` prints the outcomes.

A file of eight invented records in each format is damaged in one place: bytes flipped, cut out, put in, doubled, lines
lost or exchanged, the end cut off, another encoding. What is read must hold every record whose bytes were not touched,
as it was; else there must be a remark or an error of casepool. ``--seed 17`` repeats one.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from citation_writers import WRITERS

from casepool.model.errors import CasepoolError
from casepool.search.formats.reading import Reading, read_export

N_RECORDS = 8
_PUT_IN = (b"\x00\x00", b"\xff\xfe", b'"', b"{", b"}", b"\n\n", b"\r", b"<", b"&", b"\x1a", b"\xc3", b"@{", b"\t")
_FIELDS = ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "abstract")


@dataclass(frozen=True)
class Trial:
    """What became of a damaged file: read whole, read with a remark, or refused; `fault` where it should not be so."""

    kind: str
    format: str
    seed: int
    verdict: str
    fault: str = ""


def record(number: int) -> dict[str, str]:
    """Return an invented record; no two share a word that tells one from another."""
    name = "abcdefgh"[number] * 4
    return {
        "key": f"key{name}", "title": f"Title {name} of an invented SYNTHETIC case",
        "authors": f"Au{name}, B; Co{name}, D",
        "journal": f"Journal {name}", "year": str(2001 + number), "volume": str(11 + number), "issue": str(1 + number),
        "pages": f"{101 + number}-{901 + number}", "doi": f"10.99999/{name}", "pmid": str(99999901 + number),
        "abstract": f"Abstract {name}: été, naïve, two patients. Both responded to {name}.", "language": "eng",
        "doi_as_id": f"10.99999/{name} [doi]", "pmid_marked": f"PMID: {99999901 + number}",
        "first_page": str(101 + number), "last_page": str(901 + number), "article_number": "",
    }  # fmt: skip


@cache
def whole(format_: str) -> bytes:
    """Return the sound file of a format."""
    return WRITERS[format_]([record(number) for number in range(N_RECORDS)])


@cache
def unplaced_at_first(format_: str) -> dict[str, int]:
    """Return what fills no field in the sound file; more of it is told too, for `casepool import` lists it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(whole(format_))
        return dict(read_export(path).unplaced)


def _span(content: bytes, draw: random.Random, longest: int = 60) -> tuple[int, int]:
    start = draw.randrange(len(content))
    return start, min(len(content), start + draw.randint(1, longest))


def _flip(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    start, end = _span(content, draw, 8)
    return content[:start] + bytes(draw.randrange(256) for _ in range(end - start)) + content[end:], start, end


def _cut_out(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    start, end = _span(content, draw, 400)
    return content[:start] + content[end:], start, end


def _put_in(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    place = draw.randrange(len(content))
    what = draw.choice(
        [b"\x00\x00", b"\xff\xfe", b'"', b"{", b"}", b"\n\n", b"\r", b"<", b"&", b"\x1a", b"\xc3", b"@{", b"\t"]
    )
    return content[:place] + what + content[place:], place, place


def _double(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    start, end = _span(content, draw, 400)
    return content[:end] + content[start:end] + content[end:], start, end


def _lines(
    content: bytes, draw: random.Random, change: Callable[[list[bytes], int], list[bytes]]
) -> tuple[bytes, int, int]:
    lines = content.split(b"\n")
    place = draw.randrange(max(1, len(lines) - 1))
    start = sum(len(line) + 1 for line in lines[:place])
    end = start + sum(len(line) + 1 for line in lines[place : place + 2])
    return b"\n".join(change(lines, place)), start, end


def _lose_line(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    return _lines(content, draw, lambda lines, place: lines[:place] + lines[place + 1 :])


def _swap_lines(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    return _lines(
        content, draw, lambda lines, place: lines[:place] + lines[place : place + 2][::-1] + lines[place + 2 :]
    )


def _cut_off(content: bytes, draw: random.Random) -> tuple[bytes, int, int]:
    end = draw.randrange(len(content))
    return content[:end], end, len(content)


KINDS: dict[str, Callable[[bytes, random.Random], tuple[bytes, int, int]]] = {
    "bytes flipped": _flip,
    "bytes cut out": _cut_out,
    "bytes put in": _put_in,
    "a part doubled": _double,
    "a line lost": _lose_line,
    "two lines exchanged": _swap_lines,
    "the end cut off": _cut_off,
}


def try_damage(kind: str, seed: int) -> Trial:
    """Return what became of a file that was damaged in one way."""
    draw = random.Random(f"{kind} {seed}")
    format_ = draw.choice(list(WRITERS))
    sound = whole(format_)
    content, start, end = KINDS[kind](sound, draw)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(content)
        try:
            found = read_export(path)
        except CasepoolError:
            return Trial(kind, format_, seed, "refused")
        except Exception:  # whatever it is, it would be a traceback for a user
            return Trial(kind, format_, seed, "traceback", traceback.format_exc())
    if found.remarks or found.unplaced != unplaced_at_first(format_):
        return Trial(kind, format_, seed, "read, with a remark")
    lost = _lost(found, sound, start, end)
    return Trial(kind, format_, seed, "read", f"lost in silence: {', '.join(lost)}" if lost else "")


def _lost(found: Reading, sound: bytes, start: int, end: int) -> list[str]:
    """Return the records that the damage did not touch, and that are not there as they were."""
    told = {tuple(str(one[name]) for name in _FIELDS) for one in found.records}
    untouched = [one for one in map(record, range(N_RECORDS)) if not _touched(one, sound, start, end)]
    return [one["key"] for one in untouched if tuple(one[name] for name in _FIELDS) not in told]


def _touched(one: dict[str, str], sound: bytes, start: int, end: int) -> bool:
    """Return whether a damage lies in the text of a record or next to it; of a packed file it touches all."""
    encoding = "utf-16-le" if sound.startswith(b"\xff\xfe") else "utf-8"
    texts = [
        *(one[name] for name in ("title", "doi", "abstract", "pmid", "journal", "key")),
        *one["authors"].split("; "),
    ]
    places = [sound.find(text.encode(encoding)) for text in texts]
    known = [place for place in places if place >= 0]
    return not known or (start <= max(known) + 200 and end >= min(known) - 120)


def main() -> int:
    """Damage as many files as asked, print the verdicts, and fail on a traceback or a silent loss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=2000)
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args()
    seeds = [asked.seed] if asked.seed is not None else range(-(-asked.n // len(KINDS)))
    trials = [try_damage(kind, seed) for seed in seeds for kind in KINDS]
    for verdict, n in Counter(trial.verdict for trial in trials).most_common():
        print(f"{n:6} {verdict}")
    faults = [trial for trial in trials if trial.fault]
    for trial in faults:
        print(f"{trial.kind}, {trial.format}, seed {trial.seed}: {trial.fault}")
    print(f"{len(trials)} damaged files, {len(faults)} with a traceback or a silent loss")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
