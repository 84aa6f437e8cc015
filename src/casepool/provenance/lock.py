"""One build of a folder at a time; a build that died holds nothing up.

The operating system keeps the lock and lets go of it when the process ends, however it ends: a lock that can be had is
free, and what Snakemake left of its own may be removed.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from casepool.model.errors import CasepoolError
from casepool.model.message import Message

_FOLDER = Path(".snakemake")
_held: list[TextIO] = []  # open for as long as the process lives


class BuildRunningError(CasepoolError):
    """Another build is at work in the folder."""


def hold() -> list[Message]:
    """Hold the current folder for the build of this process; return what is to be said of the one before.

    Raises
    ------
    BuildRunningError
        If another process builds here, or one on another machine may.
    """
    _FOLDER.mkdir(exist_ok=True)
    handle = (_FOLDER / "building").open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BuildRunningError(Message("build_running", **_who(handle))) from None
    except OSError:  # a network drive without locks: Snakemake's own remains
        return []
    before = _who(handle)
    if before["machine"] not in {"", platform.node()}:
        told = Message("build_elsewhere", file=handle.name, machine=before["machine"], since=before["since"])
        raise BuildRunningError(told)
    _held.append(handle)
    _sign(handle, {"machine": platform.node(), "pid": str(os.getpid()), "since": f"{datetime.now():%Y-%m-%d %H:%M}"})
    atexit.register(_release, handle)
    for left in (_FOLDER / "locks").glob("*.lock"):
        left.unlink()
    return [Message("build_was_killed", since=before["since"])] if before["machine"] else []


def _who(handle: TextIO) -> dict[str, str]:
    handle.seek(0)
    try:
        found: dict[str, Any] = json.loads(handle.read())
    except ValueError:  # empty after a build that ended, cut after one that was killed
        found = {}
    return {name: str(found.get(name, "")) for name in ("machine", "pid", "since")}


def _release(handle: TextIO) -> None:
    with handle:
        handle.truncate(0)


def _sign(handle: TextIO, who: dict[str, str]) -> None:
    handle.truncate(0)
    handle.write(json.dumps(who))
    handle.flush()
