"""Several files changed in one step: all of them or none, whatever happens in the middle.

The step is written down first, whole, in the private folder; from then on it counts. A step that was cut short is
finished by the next writer. Where a file was changed in between, it is taken back as far as the other files go, and
kept aside: nothing that somebody typed is written over.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casepool.files import atomic
from casepool.files.private import PRIVATE_FOLDER, private_folder
from casepool.model.errors import FileError
from casepool.model.message import Message, as_plain, from_plain

_JOURNAL = "journal.json"
_ASIDE = "journal_not_finished.json"


@dataclass(frozen=True)
class Change:
    """One file of a step: what it holds before and after; None where it is not there.

    Attributes
    ----------
    path : relative to the project, with slashes.
    """

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Step:
    """Several files that change together, and how the step is called when it is told of."""

    name: Message
    changes: tuple[Change, ...]


def carry_out(root: str | Path, step: Step) -> None:
    """Change every file of a step; the caller holds the project (`casepool.entry.writing.writing`).

    Raises
    ------
    FileError
        If a file is not as the step found it, or cannot be written (disk full): every file is then as before, or, where
        the disk refuses that too, the next writer settles it.
    """
    base = Path(root)
    other = [one.path for one in step.changes if _content(base / one.path) != one.before]
    if other:
        raise FileError(Message("nothing_written", why=Message("changed_meanwhile", files=tuple(other))))
    journal = private_folder(root) / _JOURNAL
    try:
        atomic.write_bytes(journal, _as_bytes(step), mode=0o600)
        _sync(journal.parent)
        for one in step.changes:
            put(base / one.path, one.after)
    except OSError as error:
        try:
            _take_back(base, step, journal)
        except OSError as again:
            raise FileError(Message("step_still_open", step=step.name, error=str(again.strerror))) from error
        raise FileError(Message("nothing_written", why=refusal(error, str(step.name)))) from error
    journal.unlink()


def pending(root: str | Path) -> Message | None:
    """Return what is to be said of a step that was cut short and that no writer has settled yet, or None."""
    journal = Path(root) / PRIVATE_FOLDER / _JOURNAL
    return Message("step_pending", step=_from_bytes(journal.read_bytes()).name) if journal.exists() else None


def settle(root: str | Path) -> tuple[Message, ...]:
    """Finish the step that a killed command left, or take it back; return what is to be told of it.

    Raises
    ------
    FileError
        If the disk refuses; the step stays written down.
    """
    base, journal = Path(root), private_folder(root) / _JOURNAL
    if not journal.exists():
        return ()
    step = _from_bytes(journal.read_bytes())
    now = {one.path: _content(base / one.path) for one in step.changes}
    foreign = [one.path for one in step.changes if now[one.path] not in (one.before, one.after)]
    try:
        if not foreign:
            for one in step.changes:
                put(base / one.path, one.after)
            journal.unlink()
            return (Message("step_finished", step=step.name),)
        for one in step.changes:
            if now[one.path] == one.after:
                put(base / one.path, one.before)
        journal.replace(journal.with_name(_ASIDE))
    except OSError as error:
        raise FileError(Message("step_still_open", step=step.name, error=str(error.strerror))) from error
    kept = f"{journal.parent.name}/{_ASIDE}"
    return (Message("step_taken_back", step=step.name, files=tuple(foreign), kept=kept),)


def changed(root: str | Path, contents: Mapping[str, bytes | None]) -> tuple[Change, ...]:
    """Return the changes that put these contents in the place of what stands there now."""
    base = Path(root)
    return tuple(Change(path, _content(base / path), after) for path, after in contents.items())


def put(path: Path, content: bytes | None) -> None:
    """Give a file its content, durably, or remove it (None); what a killed writer left beside it goes.

    Raises
    ------
    OSError
        If the disk refuses; the file is then as it was.
    """
    atomic.sweep(path)
    if content is None:
        path.unlink(missing_ok=True)
    elif _content(path) != content:
        atomic.write_bytes(path, content, mode=path.stat().st_mode & 0o777 if path.exists() else 0o644)
    _sync(path.parent)


def refusal(error: OSError, what: str) -> Message:
    """Return why the system refuses to write something."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Message("no_space_left")
    return Message("system_refuses", file=str(error.filename or what), error=str(error.strerror))


def digest(content: bytes | None) -> str:
    """Return the SHA-256 of a content, or an empty text where there is no file."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _take_back(base: Path, step: Step, journal: Path) -> None:
    """Undo what was done; where that fails too, the journal stays and the next writer settles it."""
    for one in step.changes:
        if _content(base / one.path) == one.after != one.before:
            put(base / one.path, one.before)
    journal.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make names durable: after a power cut a renamed file is otherwise there under its old name."""
    if os.name != "posix" or not folder.exists():
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _as_bytes(step: Step) -> bytes:
    changes = [{"path": one.path, "before": _encoded(one.before), "after": _encoded(one.after)} for one in step.changes]
    return json.dumps({"name": as_plain(step.name), "changes": changes}).encode()


def _from_bytes(content: bytes) -> Step:
    plain: dict[str, Any] = json.loads(content)
    changes = (Change(one["path"], _decoded(one["before"]), _decoded(one["after"])) for one in plain["changes"])
    return Step(from_plain(plain["name"]), tuple(changes))


def _encoded(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _decoded(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
