"""A search of PubMed as a dated snapshot: whole or not there at all, and never overwritten."""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from casepool import __version__
from casepool.files import atomic, sheets, store
from casepool.files.holding import held
from casepool.model.errors import CasepoolError, ConfigError, FileError, NetworkError
from casepool.model.message import Message
from casepool.search.formats.pubmed_xml import parse_pubmed
from casepool.search.pubmed.chain import SNAPSHOTS, newest_before, read_description, snapshot_pmids
from casepool.search.pubmed.collecting import Progress, collect, discard, only_one
from casepool.search.pubmed.eutils import TOOL, Client, Found

_SOURCES = "data/raw/sources.csv"
_SET = re.compile(rb"<PubmedArticleSet(?:\s[^>]*)?>")
_END = b"</PubmedArticleSet>"
_LISTED = 5  # missing records that a message names
_EMPTY = b'<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet></PubmedArticleSet>\n'


@dataclass(frozen=True)
class Searched:
    """A finished search: where it stands, what it holds, and what is new since the snapshot before."""

    folder: str
    description: dict[str, Any]
    n_records: int
    previous: str
    new_pmids: tuple[str, ...]


def search_pubmed(
    root: str | Path, query: str, client: Client, name: str, since: date | None, progress: Progress
) -> Searched:
    """Return a new snapshot ``data/raw/pubmed/<name>``; nothing changes unless all its records came.

    Parameters
    ----------
    root : the project folder.
    name : date of the snapshot, its folder.
    since : fetch only what was added or changed since that day; the snapshot continues the one before.
    progress : called with the numbers of records received and announced.
    """
    base = Path(root) / SNAPSHOTS
    previous = _previous(Path(root), name, since)
    with only_one(base / ".partial"):
        if not (base / name / "search.json").exists():  # else a run was killed between the snapshot and its description
            _make(base, query, client, name, (since, previous if since else ""), progress)
        with held(root):
            _describe(Path(root), name)
    found = snapshot_pmids(root, name)
    known = snapshot_pmids(root, previous) if previous else found
    new = tuple(sorted(found - known, key=int))
    return Searched(f"{SNAPSHOTS}{name}", read_description(root, name), len(found), previous, new)


def _previous(root: Path, name: str, since: date | None) -> str:
    paths = set(sheets.read_table("sources", root / _SOURCES)["path"])
    if f"{SNAPSHOTS}{name}/records.xml.gz" in paths:
        raise FileError(Message("snapshot_there", folder=f"{SNAPSHOTS}{name}", name=name))
    previous = newest_before(paths, name)
    if since and (not previous or read_description(root, previous)["origin"] != "live"):
        raise FileError(Message("since_continues"))
    return previous


def _make(
    base: Path, query: str, client: Client, name: str, increment: tuple[date | None, str], progress: Progress
) -> None:
    since, continues = increment
    partial = base / ".partial"
    found, files = collect(partial, query, since, client, progress)
    ready = partial / "snapshot"
    try:
        _refuse_nothing(found, since)
        content = _joined([path.read_bytes() for path in files])
        atomic.write_bytes(ready / "records.xml.gz", gzip.compress(content, mtime=0))
        received = [str(record["pmid"]) for record in parse_pubmed(ready / "records.xml.gz")]
        _refuse_incomplete(found, received)
    except CasepoolError:
        discard(partial)  # else every later run would read the same
        raise
    description = {
        "origin": "live",
        "database": "PubMed",
        "date": name,
        "searched_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "address": client.transport.base_url,
        "query": query,
        "since": since.isoformat() if since else None,
        "continues": continues or None,
        "translation": found.translation,
        "count": found.count,
        "received": len(received),
        "received_twice": sorted((one for one, n in Counter(received).items() if n > 1), key=int),
        "errors": list(found.errors),
        "warnings": list(found.warnings),
        "slices": [[one.date_type, one.first, one.last, one.count] for one in found.slices],
        "software": {TOOL: __version__, "python": platform.python_version()},
        "sha256": hashlib.sha256((ready / "records.xml.gz").read_bytes()).hexdigest(),
    }
    atomic.write_text(ready / "search.json", json.dumps(description, indent=2, ensure_ascii=False) + "\n")
    ready.replace(base / name)
    discard(partial)


def _refuse_nothing(found: Found, since: date | None) -> None:
    if found.count == 0 and since is None:
        reasons = (*found.errors, *found.warnings) or Message("no_reason_given")
        raise ConfigError(Message("nothing_found", reasons=reasons))


def _refuse_incomplete(found: Found, received: Sequence[str]) -> None:
    announced = {one for part in found.slices for one in part.ids}
    lost = sorted(announced - set(received), key=int)
    if lost or len(received) < found.count:
        missing = (*lost[:_LISTED], *(("…",) if len(lost) > _LISTED else ()))
        came = len(set(received) & announced)
        raise NetworkError(Message("not_all_came", announced=found.count, came=came, missing=missing))


def _joined(batches: Sequence[bytes]) -> bytes:
    """Return one set of all articles, each byte as received; only the envelopes of the batches go."""
    if not batches:
        return _EMPTY
    opened = [_SET.search(one) for one in batches]
    inner = [one[found.end() : one.rindex(_END)] for one, found in zip(batches, opened, strict=True) if found]
    first = opened[0]
    head = batches[0][: first.end()] if first else b""
    return head + b"".join(inner) + _END + b"\n"


def _describe(root: Path, name: str) -> None:
    """Add the two files of a snapshot to ``sources.csv``."""
    sources = sheets.read_table("sources", root / _SOURCES)
    told = read_description(root, name)
    folder = f"{SNAPSHOTS}{name}"
    shared = {"origin": "database", "url": told["address"], "accessed_on": told["searched_at"][:10]}
    shared |= {"licence": "citation facts; abstracts belong to their publishers"}
    since = f" (added or changed since {told['since']})" if told["since"] else ""
    rows = [
        {"path": f"{folder}/records.xml.gz", "query_or_release": f"{told['query']}{since}", "note": "as received"},
        {"path": f"{folder}/search.json", "query_or_release": "description of records.xml.gz"},
    ]
    for row in rows:
        digest = hashlib.sha256(atomic.read_bytes(root / row["path"])).hexdigest()
        row |= {**shared, "sha256": digest, "n_records": told["received"]}
    added = pd.concat([sources, pd.DataFrame(rows, columns=sources.columns)], ignore_index=True)
    store.write_table("sources", added, root / _SOURCES)
