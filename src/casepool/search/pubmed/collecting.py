"""The batches of a search, kept as they come, so that a search that was killed is continued."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.search.pubmed.eutils import Client, Found, HistoryError, Slice

Progress = Callable[[int, int], None]
_REMEMBERED = 6 * 3600.0  # seconds; the history server forgets after eight hours
_LISTS = ("ids", "errors", "warnings")
_BATCHES = "[0-9]*.xml"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder of a search; a second search at the same time is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise FileError(Message("search_running", folder=str(folder))) from None
    try:
        yield
    finally:
        lock.release()


def collect(
    folder: Path, query: str, since: date | None, client: Client, progress: Progress
) -> tuple[Found, list[Path]]:
    """Return what a search finds and the files of all its batches, in order.

    What a killed run of the same search has left in `folder` is used. A search that the service has forgotten
    is asked for anew, at once; what came stays where the new search lists the same records in the same order.

    Raises
    ------
    NetworkError
        If the service refuses, fails at every attempt, or forgets the search at every attempt.
    """
    asked = {"query": query, "since": str(since or ""), "base_url": client.transport.base_url}
    found = _begun(folder, asked) or _begin(folder, asked, client, since)
    held, fruitless = -1, 0
    while True:
        try:
            return found, list(_batches(folder, client, found, progress))
        except HistoryError:
            before, held = held, len(list(folder.glob(_BATCHES)))
            fruitless = fruitless + 1 if held == before else 0
            if fruitless == client.transport.endurance.attempts - 1:
                raise
            client.transport.rest(fruitless)
            found = _begin_anew(folder, asked, client, since, found)


def discard(folder: Path) -> None:
    """Remove what a search has left."""
    for path in folder.glob("*"):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def _begin(folder: Path, asked: dict[str, str], client: Client, since: date | None) -> Found:
    discard(folder)
    found = client.search(asked["query"], since)
    _remember(folder, asked, found)
    return found


def _begin_anew(folder: Path, asked: dict[str, str], client: Client, since: date | None, before: Found) -> Found:
    found = client.search(asked["query"], since)
    if [one.ids for one in found.slices] != [one.ids for one in before.slices]:
        discard(folder)
    _remember(folder, asked, found)
    return found


def _remember(folder: Path, asked: dict[str, str], found: Found) -> None:
    plan = {"asked": asked, "at": time.time(), "found": asdict(found)}
    atomic.write_text(folder / "plan.json", json.dumps(plan))


def _begun(folder: Path, asked: dict[str, str]) -> Found | None:
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if plan["asked"] != asked or not 0 <= time.time() - plan["at"] < _REMEMBERED:
        return None
    found = plan["found"]
    slices = tuple(Slice(**{**one, **{name: tuple(one[name]) for name in _LISTS}}) for one in found["slices"])
    return Found(found["count"], found["translation"], tuple(found["errors"]), tuple(found["warnings"]), slices)


def _batches(folder: Path, client: Client, found: Found, progress: Progress) -> Iterator[Path]:
    received = 0
    progress(received, found.count)
    for batch in client.batches(found):
        path = folder / f"{found.slices.index(batch.slice):03d}-{batch.start:05d}-{batch.size:05d}.xml"
        if not path.exists():
            atomic.write_bytes(path, client.fetch(batch))
        received += batch.size
        progress(received, found.count)
        yield path
