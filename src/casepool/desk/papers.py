"""PDFs beside the forms: kept outside the repository under the SHA-256 of their content, never in git."""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path

from casepool.desk.workspace import Workspace
from casepool.files import atomic
from casepool.files.formulas import rows_as_csv
from casepool.files.private import private_folder

_HEAD = b"%PDF-"
_COLUMNS = "sha256,report_id,file\n"


def papers_folder() -> Path:
    """Return where PDFs are kept: CASEPOOL_PAPERS, or the folder of the system for data of a person."""
    named = os.environ.get("CASEPOOL_PAPERS")
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "casepool" / "papers"


def paper_of(workspace: Workspace, report: str) -> str:
    """Return the digest of the PDF that was noted last of a report and is still there, or an empty text."""
    there = (row["sha256"] for row in reversed(_noted(workspace)) if row["report_id"] == report and _is_there(row))
    return next(there, "")


def keep_paper(workspace: Workspace, report: str, content: bytes) -> Path:
    """Keep the PDF of a report, and note it beside those that ``casepool add`` notes; return where it lies.

    Raises
    ------
    ValueError
        If it is no PDF by its first bytes.
    """
    if not content.startswith(_HEAD):
        message = "no PDF"
        raise ValueError(message)
    digest = hashlib.sha256(content).hexdigest()
    place = papers_folder() / f"{digest}.pdf"
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write_bytes(place, content, 0o600)
    if paper_of(workspace, report) != digest:
        index = _index(workspace)
        before = index.read_bytes() if index.exists() else _COLUMNS.encode()
        atomic.write_bytes(index, before + rows_as_csv([[digest, report, str(place)]]).encode(), 0o600)
    return place


def read_paper(workspace: Workspace, digest: str) -> Path | None:
    """Return the file of a PDF that was noted for this project, or None; no other file is ever given."""
    found = (Path(row["file"]) for row in _noted(workspace) if row["sha256"] == digest and _is_there(row))
    return next(found, None)


def _index(workspace: Workspace) -> Path:
    return private_folder(workspace.root) / "files.csv"


def _noted(workspace: Workspace) -> list[dict[str, str]]:
    index = _index(workspace)
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row.keys() >= {"sha256", "report_id", "file"}]


def _is_there(row: dict[str, str]) -> bool:
    path = Path(row["file"])
    if not path.is_file():
        return False
    with path.open("rb") as handle:
        return handle.read(len(_HEAD)) == _HEAD
