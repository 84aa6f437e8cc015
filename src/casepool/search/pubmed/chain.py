"""Which snapshots of PubMed stand in the project, and which files make up one of them.

A snapshot made with ``--since`` holds changes only and continues the snapshot before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.model.vocabulary import NOT_SEARCHED
from casepool.search.formats.pubmed_xml import parse_pubmed

SNAPSHOTS = "data/raw/pubmed/"


def read_description(root: str | Path, snapshot: str) -> dict[str, Any]:
    """Return the content of a snapshot's ``search.json``; where no snapshot was made, that nothing was searched."""
    path = Path(root) / SNAPSHOTS / snapshot / "search.json"
    if not path.parent.exists():
        return {"origin": NOT_SEARCHED, "date": snapshot}
    try:
        content = json.loads(atomic.read_bytes(path))
    except ValueError as error:
        raise FileError(Message("snapshot_not_json", file=str(path), error=str(error))) from error
    return dict(content)


def judge_description(content: bytes, name: str, records: Path) -> None:
    """Refuse a ``search.json`` that is none, or that describes other records than those beside it.

    Raises
    ------
    FileError
        With what was found and expected.
    """
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    if not isinstance(told, dict) or "origin" not in told:
        raise FileError(Message("no_description", file=name))
    found = hashlib.sha256(atomic.read_bytes(records)).hexdigest()
    if told.get("sha256", found) != found:
        raise FileError(Message("describes_others", file=name, found=str(told["sha256"]), expected=found))


def search_described(paths: Sequence[str | Path]) -> dict[str, Any]:
    """Return the content of the ``search.json`` in a list of one file; an empty list says that nothing was searched."""
    for path in paths:
        return dict(json.loads(atomic.read_bytes(path)))
    return {"origin": NOT_SEARCHED}


def chain_of(root: str | Path, snapshot: str) -> list[str]:
    """Return the snapshots whose records hold, newest first: `snapshot` and what it continues."""
    chain = [snapshot]
    while previous := _continued(root, chain[-1]):
        if previous in chain:
            file = f"{SNAPSHOTS}{chain[-1]}/search.json"
            raise FileError(Message("snapshots_in_circle", file=file, previous=previous))
        chain.append(previous)
    return chain


def _continued(root: str | Path, snapshot: str) -> str:
    described = (Path(root) / SNAPSHOTS / snapshot / "search.json").exists()
    return str(read_description(root, snapshot).get("continues") or "") if described else ""


def snapshot_of(path: str) -> str:
    """Return the snapshot that a raw file belongs to, or an empty text."""
    return path.removeprefix(SNAPSHOTS).partition("/")[0] if path.startswith(SNAPSHOTS) else ""


def newest_before(paths: Iterable[str], snapshot: str) -> str:
    """Return the newest snapshot older than `snapshot` among raw files, or an empty text."""
    return max((name for name in map(snapshot_of, paths) if name and name < snapshot), default="")


def snapshot_pmids(root: str | Path, snapshot: str) -> set[str]:
    """Return the PubMed ids of a snapshot and of what it continues."""
    folders = [Path(root) / SNAPSHOTS / name for name in chain_of(root, snapshot)]
    folders = [folder for folder in folders if folder.exists()]  # none where PubMed was not searched
    return {str(record["pmid"]) for folder in folders for record in parse_pubmed(folder / "records.xml.gz")}
